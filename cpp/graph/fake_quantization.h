// 8-bit products written with float ops alone: what an 8-bit backend computes, on any backend. For measuring
// what a quantisation costs where no 8-bit kernels exist, and as a second opinion where they do. Pure functions.
#pragma once

#include <vector>

#include "graph/graph.h"

namespace ponnuki::nn {

// The integers w of Quantization times their scales.
Weights roundedWeights(const Weights& weights, const std::vector<float>& scales);

// The same graph with every quantised product replaced by rounding ops and a float product. The integers are
// those of Quantization but for ties, which the zero point may round the other way; sums are in float.
// Needs Precision::Fp32: 16-bit elementwise arithmetic would undo the rounding.
Graph fakeQuantized(const Graph& graph);

}  // namespace ponnuki::nn
