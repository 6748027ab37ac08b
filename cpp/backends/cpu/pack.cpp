#include "backends/cpu/pack.h"

#include <array>

#include "backends/cpu/kernel_transform.h"
#include "backends/cpu/pack_blocks.h"
#include "base/error.h"

namespace ponnuki::nn {

namespace {

// For the points of kernels/winograd.inc.
template <size_t Edge>
AlignedFloats packTransformed(const std::vector<MatrixPart>& parts, size_t depth) {
  static const auto g = transformMatrix<kWinogradTile, Edge>({0, 1, -1, 0.5, -0.5, -2});
  AlignedFloats out(totalBlocks(parts) * kWinogradPoints * depth * kBlock);
  forBlocks(parts, [&](const BlockWeights& weights, size_t block) {
    std::array<Lanes, Edge * Edge> kernels{};
    std::array<Lanes, kWinogradPoints> transformed;
    for (size_t ic = 0; ic < depth; ic++) {
      for (size_t tap = 0; tap < kernels.size(); tap++)
        weights.copyRow(tap * depth + ic, kernels[tap].data());
      transformKernels(g, kernels, transformed);
      for (size_t p = 0; p < kWinogradPoints; p++) {
        float* to = out.data() + ((block * kWinogradPoints + p) * depth + ic) * kBlock;
        for (size_t lane = 0; lane < kBlock; lane++) to[lane] = static_cast<float>(transformed[p][lane]);
      }
    }
  });
  return out;
}

}  // namespace

AlignedFloats packVectors(const std::vector<VectorPart>& parts, float fill) {
  size_t n = 0;
  for (const VectorPart& p : parts) n += static_cast<size_t>(blocksFor(p.channels)) * kBlock;
  AlignedFloats out(n);
  float* at = out.data();
  for (const VectorPart& p : parts) {
    ENSURE(p.values->empty() || p.values->size() == static_cast<size_t>(p.channels));
    for (int c = 0; c < p.channels; c++)
      at[c] = p.values->empty() ? fill : (*p.values)[static_cast<size_t>(c)];
    at += blocksFor(p.channels) * kBlock;
  }
  return out;
}

AlignedFloats packMatrices(const std::vector<MatrixPart>& parts, int k) {
  const size_t depth = static_cast<size_t>(k);
  AlignedFloats out(totalBlocks(parts) * depth * kBlock);
  forBlocks(parts, [&](const BlockWeights& weights, size_t block) {
    for (size_t i = 0; i < depth; i++) weights.copyRow(i, out.data() + (block * depth + i) * kBlock);
  });
  return out;
}

AlignedFloats packWinograd(const std::vector<MatrixPart>& parts, int edge, int inC) {
  ENSURE(edge == 3 || edge == 5);
  const size_t depth = static_cast<size_t>(inC);
  return edge == 3 ? packTransformed<3>(parts, depth) : packTransformed<5>(parts, depth);
}

AlignedFloats packPatches(const std::vector<MatrixPart>& parts, int taps, int inC) {
  const size_t channels = static_cast<size_t>(inC), padded = static_cast<size_t>(blocksFor(inC)) * kBlock,
               depth = static_cast<size_t>(taps) * padded;
  AlignedFloats out(totalBlocks(parts) * depth * kBlock);
  forBlocks(parts, [&](const BlockWeights& weights, size_t block) {
    for (size_t tap = 0; tap < static_cast<size_t>(taps); tap++)
      for (size_t ic = 0; ic < channels; ic++)
        weights.copyRow(tap * channels + ic, out.data() + (block * depth + tap * padded + ic) * kBlock);
  });
  return out;
}

}  // namespace ponnuki::nn
