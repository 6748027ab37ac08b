#include <algorithm>

#include "backends/reference/ops.h"

namespace ponnuki::nn::reference {

void scaleBias(const RowContext& row, const ScaleBiasAttrs& attrs, Shape shape, const float* in, float* out) {
  const bool onPoints = shape.domain == Domain::Points;
  const size_t channels = static_cast<size_t>(shape.channels);
  for (int point = 0; point < (onPoints ? row.points() : 1); point++) {
    const size_t start = static_cast<size_t>(point) * channels;
    const bool zero = onPoints && attrs.masked && row.mask[point] == 0;
    for (size_t c = 0; c < channels; c++) {
      const float scale = attrs.scale.empty() ? 1.0f : attrs.scale[c];
      const float bias = attrs.bias.empty() ? 0.0f : attrs.bias[c];
      out[start + c] = zero ? 0.0f : applyActivation(attrs.activation, scale * in[start + c] + bias);
    }
  }
}

void activate(Activation activation, size_t count, const float* in, float* out) {
  for (size_t i = 0; i < count; i++) out[i] = applyActivation(activation, in[i]);
}

void add(size_t count, const float* a, const float* b, float* out) {
  for (size_t i = 0; i < count; i++) out[i] = a[i] + b[i];
}

void mul(size_t count, const float* a, const float* b, float* out) {
  for (size_t i = 0; i < count; i++) out[i] = a[i] * b[i];
}

void broadcastAdd(const RowContext& row, int channels, const float* points, const float* vector, float* out) {
  for (int point = 0; point < row.points(); point++) {
    for (int c = 0; c < channels; c++) out[c] = points[c] + vector[c];
    points += channels;
    out += channels;
  }
}

void applyMask(const RowContext& row, int channels, const float* in, float* out) {
  for (int point = 0; point < row.points(); point++) {
    for (int c = 0; c < channels; c++) out[c] = row.mask[point] == 0 ? 0.0f : in[c];
    in += channels;
    out += channels;
  }
}

}  // namespace ponnuki::nn::reference
