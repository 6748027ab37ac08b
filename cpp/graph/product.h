// What the two kinds of products, Conv2d and MatMul, have in common: weights [..., outC] and perhaps an 8-bit form.
// Pure functions.
#pragma once

#include <memory>

#include "graph/op.h"

namespace ponnuki::nn {

bool isProduct(const Op& op);
bool isMatrix(const Op& op);  // a product that is applied to every point by itself

// Of products only.
const Weights& weightsOf(const Op& op);
void setWeights(Op& op, Weights weights);
int outChannels(const Op& op);
void setQuantization(Op& op, std::shared_ptr<const Quantization> quantization);
// The 8-bit form with these inputs (see Quantization) and the finest scales that the weights allow.
std::shared_ptr<const Quantization> makeQuantization(const Op& op, float inputScale, int inputZero);

// Weights that are multiples of the scales in a product's Quantization, and the bias that goes with them (empty: none).
struct RoundedProduct {
  Weights weights, bias;
};
void setRounded(Op& op, const RoundedProduct& rounded);

}  // namespace ponnuki::nn
