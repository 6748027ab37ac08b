// Scales of weights that are stored in 8 bits but computed in higher precision: finer than those of a
// Quantization, since no integer sum has to share them. Every output channel has one for each group of
// inputs. Pure functions.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "graph/graph.h"

namespace ponnuki {

struct GroupScales {
  size_t groupSize = 0;  // inputs that share a scale; the last group may have fewer
  float largest = 1;
  // [groups][outC]: how often the largest is halved to make the scale of a group, in sixteenths.
  std::vector<unsigned char> halvings;

  std::vector<float> scales() const;  // [groups][outC], the same on every machine
};

// The finest with which no weight exceeds 127 of its scale. weights: [inputs][outC]; inputs of a convolution:
// [tap][inC].
GroupScales groupScales(std::span<const float> weights, int outC, size_t groupSize);
size_t groupsOf(size_t inputs, size_t groupSize);

// The size for a product: small where it reads the net's inputs, which are of many kinds.
size_t storedGroupSize(const nn::Graph& graph, const nn::Op& op);

}  // namespace ponnuki
