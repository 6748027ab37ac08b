// Walks matrices [row][outC] in packed blocks of sixteen output channels, reading each row where it lies.
#pragma once

#include <algorithm>

#include "backends/cpu/kernels/kernel_table.h"
#include "backends/cpu/pack.h"

namespace ponnuki::nn {

// The weights of up to 16 output channels.
struct BlockWeights {
  const float* first;
  size_t stride, lanes;  // from row to row; 16, or less in the last block of a matrix

  float at(size_t row, size_t lane) const { return first[row * stride + lane]; }
  template <class T>
  void copyRow(size_t row, T* to) const {
    std::copy_n(first + row * stride, lanes, to);
  }
};

inline size_t totalBlocks(const std::vector<MatrixPart>& parts) {
  size_t n = 0;
  for (const MatrixPart& p : parts) n += static_cast<size_t>(blocksFor(p.outC));
  return n;
}

// Calls body(weights, block) for every packed block.
template <class Body>
void forBlocks(const std::vector<MatrixPart>& parts, Body body) {
  size_t block = 0;
  for (const MatrixPart& part : parts) {
    const size_t outC = static_cast<size_t>(part.outC);
    for (size_t oc = 0; oc < outC; oc += kBlock)
      body(BlockWeights{part.weights.data() + oc, outC, std::min<size_t>(kBlock, outC - oc)}, block++);
  }
}

}  // namespace ponnuki::nn
