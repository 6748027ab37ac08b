// The weights of a net's products in 8 bits, rounded for what these layers read on real positions, and biases
// against what the outputs of quantised ones then lack on average. Not thread-safe; deterministic.
#pragma once

#include <map>

#include "engine/precision_check.h"
#include "graph/product.h"

namespace ponnuki {

enum class RoundedLayers {
  Quantized,  // those with a Quantization
  All,        // others too, but for what reads the net's inputs: only their storage has 8 bits, they get no bias
};

// By index of the op, for products of board tensors: multiples of the scales of their Quantization, without one
// of nn::weightScales(). model: with the weights of float32.
std::map<size_t, nn::RoundedProduct> roundWeights(const LoadedModel& model, RoundedLayers layers,
                                                  const InputRows& rows, nn::Backend& backend,
                                                  const CheckProgress& progress = {});

}  // namespace ponnuki
