// How one product (convolution or matrix) is computed in 8-bit integers (spec quantization 4).
// Plain data beside the float weights of the op, which stay the truth for every other arithmetic: a backend
// that has no 8-bit kernels, or is asked for another precision, ignores it.
#pragma once

#include <memory>
#include <span>
#include <vector>

namespace ponnuki::nn {

// out[o] = scale * weightScale[o] * sum_k (u[k] - zero) * w[k][o], summed in 32-bit integers, with
//   u = clamp(round(in * (1 / scale)) + zero, 0, 255)
//   w = clamp(round(weight / weightScale[o]), -127, 127)
// Rounding is to nearest even in both places and the reciprocal is a float, so the integers are the same on
// every machine. Points off the board hold 0.0, that is u = zero.
struct Quantization {
  float inputScale = 1;            // > 0: that of all inputs; 0: every point has its own, see pointRange
  int inputZero = 0;               // 0..255; 0 if every point has its own
  std::vector<float> weightScale;  // [outC], > 0

  // Matrices only: a convolution mixes points.
  bool perPoint() const { return inputScale == 0; }
};

struct InputRange {
  float scale = 1;
  int zero = 0;
};
// Of a point whose channels lie between `least` <= 0 and `most` >= 0: zero = round(-least * (1 / scale)) with
// scale = (most - least) / 255, or 1 if that is not a normal number.
InputRange pointRange(float least, float most);
InputRange pointRange(std::span<const float> channels);

int quantizedInput(const InputRange& range, float in);  // u
int quantizedWeight(float weight, float weightScale);  // w

// Scales with which the largest weight of every output channel becomes 127 (1 for a channel of zeros), with nothing in
// their lower 16 bits, so that files keep two bytes of each. weights: output channel innermost.
std::vector<float> weightScales(std::span<const float> weights, int outC);

// What is right for an op whose weights of output o were multiplied with factors[o]: the integers stay the
// same but for their sign. Null stays null.
std::shared_ptr<const Quantization> withScaledOutputs(const std::shared_ptr<const Quantization>& q,
                                                      std::span<const float> factors);

}  // namespace ponnuki::nn
