// How one product (convolution or matrix) is computed in 8-bit integers (spec quantization 4).
// Plain data beside the float weights of the op, which stay the truth for every other arithmetic: a backend
// that has no 8-bit kernels, or is asked for another precision, ignores it.
#pragma once

#include <memory>
#include <span>
#include <vector>

namespace ponnuki::nn {

// out[o] = inputScale * weightScale[o] * sum_k (u[k] - inputZero) * w[k][o], summed in 32-bit integers, with
//   u = clamp(round(in * (1 / inputScale)) + inputZero, 0, 255)
//   w = clamp(round(weight / weightScale[o]), -127, 127)
// Rounding is to nearest even in both places and the reciprocal is a float, so the integers are the same on
// every machine. Points off the board hold 0.0, that is u = inputZero.
struct Quantization {
  float inputScale = 1;            // > 0
  int inputZero = 0;               // 0..255
  std::vector<float> weightScale;  // [outC], > 0
};

int quantizedInput(const Quantization& q, float in);   // u
int quantizedWeight(float weight, float weightScale);  // w

// Scales with which the largest weight of every output channel becomes 127 (1 for a channel of zeros). weights: output
// channel innermost.
std::vector<float> weightScales(std::span<const float> weights, int outC);

// What is right for an op whose weights of output o were multiplied with factors[o]: the integers stay the
// same but for their sign. Null stays null.
std::shared_ptr<const Quantization> withScaledOutputs(const std::shared_ptr<const Quantization>& q,
                                                      std::span<const float> factors);

}  // namespace ponnuki::nn
