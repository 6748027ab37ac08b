// The weights of a net's products in 8 bits, rounded for what these layers read on real positions, and biases
// against what the outputs of quantised ones then lack on average. Not thread-safe; deterministic.
#pragma once

#include <map>

#include "engine/precision_check.h"
#include "graph/product.h"

namespace ponnuki {

enum class RoundedLayers {
  Quantized,  // those with a Quantization
  Inner,      // others too, but for those that read the net's inputs: only their storage has 8 bits, they get no bias
  All,        // those too
};

enum class RoundingOrder {
  EachByItself,      // for the inputs of the exact net: what is right for a layer whatever becomes of the others
  OneAfterTheOther,  // in order, for the inputs that the layers rounded before give it, towards the exact outputs: better
                     // for all of them together, in transformers above all; every layer takes two runs of the net
};

// By index of the op, for products of board tensors: multiples of the scales of their Quantization, without one
// of groupScales() for a storedGroupSize(). model: with the weights of float32.
std::map<size_t, nn::RoundedProduct> roundWeights(const LoadedModel& model, RoundedLayers layers,
                                                  RoundingOrder order, const InputRows& rows,
                                                  nn::Backend& backend, const CheckProgress& progress = {});

}  // namespace ponnuki
