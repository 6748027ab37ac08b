// Which range of a layer's inputs 8 bits should cover (spec quantization 4). Pure functions.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ponnuki {

struct InputScale {
  float scale = 1;
  int zero = 0;
};

// Max: everything seen. Percentile: all but one value in 10000. Mse: the least mean square of rounding and clipping
// errors. Kl: the least divergence of the distribution of values.
inline constexpr std::string_view kRangeMethods[] = {"max", "percentile", "mse", "kl"};

// `samples`: values of the tensor, in any order; least and most: of all values, also those not sampled. The range
// always holds 0, which gets an integer of its own.
InputScale chooseScale(std::string_view method, std::span<const float> samples, float least, float most);
InputScale scaleOfRange(float low, float high);  // low <= 0 <= high

}  // namespace ponnuki
