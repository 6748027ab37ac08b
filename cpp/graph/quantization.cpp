#include "graph/quantization.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

#include "base/error.h"

namespace ponnuki::nn {

// NaN becomes `least`, as in the kernels.
static int rounded(float v, float least, float most) {
  return static_cast<int>(std::nearbyint(v > least ? std::min(v, most) : least));
}

InputRange pointRange(float least, float most) {
  const float scale = (most - least) * (1.0f / 255);
  if (!(scale >= 0x1p-120f && scale <= 0x1p120f)) return {};
  return {scale, rounded(-least * (1.0f / scale), 0, 255)};
}

InputRange pointRange(std::span<const float> channels) {
  float least = 0, most = 0;
  for (const float v : channels) least = std::min(least, v), most = std::max(most, v);
  return pointRange(least, most);
}

int quantizedInput(const InputRange& range, float in) {
  const float zero = static_cast<float>(range.zero);
  return rounded(in * (1.0f / range.scale), -zero, 255 - zero) + range.zero;
}

int quantizedWeight(float weight, float weightScale) {
  return rounded(weight / weightScale, -127, 127);
}

std::vector<float> weightScales(std::span<const float> weights, int outC) {
  std::vector<float> scales(static_cast<size_t>(outC), 0.0f);
  for (size_t i = 0; i < weights.size(); i++) {
    float& most = scales[i % scales.size()];
    most = std::max(most, std::fabs(weights[i]));
  }
  for (float& scale : scales) {
    scale = scale > 0 ? std::max(scale / 127, 0x1p-120f) : 1.0f;
    scale = std::bit_cast<float>((std::bit_cast<uint32_t>(scale) + 0x8000) & 0xffff0000);
  }
  return scales;
}

std::shared_ptr<const Quantization> withScaledOutputs(const std::shared_ptr<const Quantization>& q,
                                                      std::span<const float> factors) {
  if (!q || factors.empty()) return q;
  ENSURE(q->weightScale.size() == factors.size());
  auto scaled = std::make_shared<Quantization>(*q);
  for (size_t o = 0; o < factors.size(); o++)
    if (factors[o] != 0) scaled->weightScale[o] *= std::fabs(factors[o]);  // weights of 0 fit any scale
  return scaled;
}

}  // namespace ponnuki::nn
