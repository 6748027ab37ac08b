#include <algorithm>
#include <cmath>

#include "backends/reference/ops.h"

namespace ponnuki::nn::reference {

void globalPool(const RowContext& row, PoolKind kind, int channels, const float* in, float* out) {
  const float d = std::sqrt(row.area) - 14.0f;
  for (int c = 0; c < channels; c++) {
    float sum = 0, largest = -1;
    for (int point = 0; point < row.points(); point++) {
      const float v = in[static_cast<ptrdiff_t>(point) * channels + c];
      sum += v;
      largest = std::max(largest, v + (row.mask[point] - 1.0f));
    }
    const float mean = sum / row.area;
    out[c] = mean;
    out[channels + c] = mean * d * 0.1f;
    out[2 * channels + c] = kind == PoolKind::MeanMax ? largest : mean * (d * d * 0.01f - 0.1f);
  }
}

void rmsNorm(const RowContext& row, const RmsNormAttrs& attrs, int channels, const float* in, float* out) {
  const auto squares = [&](int point) {
    const float* values = in + static_cast<ptrdiff_t>(point) * channels;
    float sum = 0;
    for (int c = 0; c < channels; c++) sum += values[c] * values[c];
    return sum;
  };
  float wholeRow = 0;
  if (attrs.spatial)
    for (int point = 0; point < row.points(); point++)
      if (row.mask[point] != 0) wholeRow += squares(point);

  for (int point = 0; point < row.points(); point++) {
    const bool zero = attrs.masked && row.mask[point] == 0;
    const float meanSquare = attrs.spatial ? wholeRow / (row.area * static_cast<float>(channels))
                                           : squares(point) / static_cast<float>(channels);
    const float r = 1.0f / std::sqrt(meanSquare + attrs.epsilon);
    for (int c = 0; c < channels; c++) {
      const size_t at = static_cast<size_t>(point) * static_cast<size_t>(channels) + static_cast<size_t>(c);
      const float bias = attrs.bias.empty() ? 0.0f : attrs.bias[static_cast<size_t>(c)];
      const float v = in[at] * r * attrs.scale[static_cast<size_t>(c)] + bias;
      out[at] = zero ? 0.0f : applyActivation(attrs.activation, v);
    }
  }
}

}  // namespace ponnuki::nn::reference
