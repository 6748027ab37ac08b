// Weights in the layouts of kernels/kernel_table.h: packed matrices [output block][k][16] and padded vectors.
#pragma once

#include <span>
#include <vector>

#include "backends/cpu/aligned.h"
#include "graph/op.h"

namespace ponnuki::nn {

constexpr int blocksFor(int channels) {
  return (channels + 15) / 16;
}

// Values of several layers, each padded with zeros to a multiple of 16. An empty part stands for `channels`
// fills.
struct VectorPart {
  const Weights* values;
  int channels;
};
AlignedFloats packVectors(const std::vector<VectorPart>& parts, float fill);

// Matrices [k][outC] side by side; every layer starts at a new block.
struct MatrixPart {
  std::span<const float> weights;
  int outC;
};
AlignedFloats packMatrices(const std::vector<MatrixPart>& parts, int k);
// Kernels [edge][edge][inC][outC] -> [output block][49][inC][16] for 3x3 (outTile 5) and 5x5 (outTile 3).
AlignedFloats packWinograd(const std::vector<MatrixPart>& parts, int edge, int inC);
// [taps][inC][outC] with k = taps * blocks of inC * 16, for products on gathered patches.
AlignedFloats packPatches(const std::vector<MatrixPart>& parts, int taps, int inC);

}  // namespace ponnuki::nn
