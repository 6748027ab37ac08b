// The weights of a net's quantised products, rounded for what these layers read on real positions, and biases
// against what their outputs then lack on average. Not thread-safe; deterministic.
#pragma once

#include <map>

#include "engine/precision_check.h"
#include "graph/product.h"

namespace ponnuki {

// By index of the op, for every product of board tensors with a Quantization, whose scales stay. model: with
// the weights of float32.
std::map<size_t, nn::RoundedProduct> roundWeights(const LoadedModel& model, const InputRows& rows,
                                                  nn::Backend& backend, const CheckProgress& progress = {});

}  // namespace ponnuki
