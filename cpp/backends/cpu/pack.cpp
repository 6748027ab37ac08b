#include "backends/cpu/pack.h"

#include <array>
#include <cmath>

#include "backends/cpu/kernels/kernel_table.h"
#include "base/error.h"

namespace ponnuki::nn {

namespace {

int totalBlocks(const std::vector<MatrixPart>& parts) {
  int n = 0;
  for (const MatrixPart& p : parts) n += blocksFor(p.outC);
  return n;
}

// Calls body(part, oc, packed output index) for every output channel.
template <class Body>
void forOutputs(const std::vector<MatrixPart>& parts, Body body) {
  size_t first = 0;
  for (const MatrixPart& part : parts) {
    for (int oc = 0; oc < part.outC; oc++)
      body(part, static_cast<size_t>(oc), first + static_cast<size_t>(oc));
    first += static_cast<size_t>(blocksFor(part.outC)) * kBlock;
  }
}
size_t packedAt(size_t n, size_t k, size_t depth) {
  return (n / kBlock * depth + k) * kBlock + n % kBlock;
}

// Weight side of the Toom-Cook product for the points of kernels/winograd.inc: row i is [1, p, p^2, ...] /
// f(p).
std::array<std::array<double, 5>, kWinogradTile> weightTransform(int edge) {
  constexpr std::array<double, kWinogradTile - 1> kPoints = {0, 1, -1, 0.5, -0.5, -2};
  std::array<std::array<double, 5>, kWinogradTile> g{};
  for (size_t i = 0; i < kPoints.size(); i++) {
    double f = 1;
    for (size_t j = 0; j < kPoints.size(); j++)
      if (j != i) f *= kPoints[i] - kPoints[j];
    for (int k = 0; k < edge; k++) g[i][static_cast<size_t>(k)] = std::pow(kPoints[i], k) / f;
  }
  g[kWinogradTile - 1][static_cast<size_t>(edge - 1)] = 1;
  return g;
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
  AlignedFloats out(static_cast<size_t>(totalBlocks(parts)) * depth * kBlock);
  forOutputs(parts, [&](const MatrixPart& part, size_t oc, size_t n) {
    for (size_t i = 0; i < depth; i++)
      out.data()[packedAt(n, i, depth)] = part.weights[i * static_cast<size_t>(part.outC) + oc];
  });
  return out;
}

AlignedFloats packWinograd(const std::vector<MatrixPart>& parts, int edge, int inC) {
  const size_t depth = static_cast<size_t>(inC), taps = static_cast<size_t>(edge);
  AlignedFloats out(static_cast<size_t>(totalBlocks(parts)) * kWinogradPoints * depth * kBlock);
  const auto g = weightTransform(edge);
  forOutputs(parts, [&](const MatrixPart& part, size_t oc, size_t n) {
    for (size_t ic = 0; ic < depth; ic++) {
      double half[kWinogradTile][5] = {};
      for (size_t i = 0; i < kWinogradTile; i++)
        for (size_t x = 0; x < taps; x++)
          for (size_t y = 0; y < taps; y++)
            half[i][x] +=
                g[i][y] * part.weights[((y * taps + x) * depth + ic) * static_cast<size_t>(part.outC) + oc];
      for (size_t i = 0; i < kWinogradTile; i++) {
        for (size_t j = 0; j < kWinogradTile; j++) {
          double sum = 0;
          for (size_t x = 0; x < taps; x++) sum += half[i][x] * g[j][x];
          const size_t at = (n / kBlock * kWinogradPoints + i * kWinogradTile + j) * depth + ic;
          out.data()[at * kBlock + n % kBlock] = static_cast<float>(sum);
        }
      }
    }
  });
  return out;
}

AlignedFloats packPatches(const std::vector<MatrixPart>& parts, int taps, int inC) {
  const size_t padded = static_cast<size_t>(blocksFor(inC)) * kBlock,
               depth = static_cast<size_t>(taps) * padded;
  AlignedFloats out(static_cast<size_t>(totalBlocks(parts)) * depth * kBlock);
  forOutputs(parts, [&](const MatrixPart& part, size_t oc, size_t n) {
    for (size_t t = 0; t < static_cast<size_t>(taps); t++)
      for (size_t ic = 0; ic < static_cast<size_t>(inC); ic++)
        out.data()[packedAt(n, t * padded + ic, depth)] =
            part.weights[(t * static_cast<size_t>(inC) + ic) * static_cast<size_t>(part.outC) + oc];
  });
  return out;
}

}  // namespace ponnuki::nn
