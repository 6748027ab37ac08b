#include "backends/cpu/pack_half.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "backends/cpu/kernels/kernel_table.h"
#include "base/error.h"

namespace ponnuki::nn {

namespace {

constexpr size_t kEdge = kInt16Tile, kPoints = kInt16Points, kBlockSize = kBlock;
constexpr double kMostInt16 = 32767;
// A row and a column with these norms, in either order, have a product of at most 2^31 - 2^16.
constexpr double kSmallNorm = 32767, kLargeNorm = 65536;

uint16_t toBf16(float value) {
  const uint32_t bits = std::bit_cast<uint32_t>(value);
  return static_cast<uint16_t>((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

// Weight side of the Toom-Cook product for the points of kernels/winograd_int16.inc.
std::array<std::array<double, 3>, kEdge> weightTransform() {
  const std::array<double, kEdge - 1> points = {0, std::sqrt(0.5), -std::sqrt(0.5), std::sqrt(2.0),
                                                -std::sqrt(2.0)};
  std::array<std::array<double, 3>, kEdge> g{};
  for (size_t i = 0; i < points.size(); i++) {
    double f = 1;
    for (size_t j = 0; j < points.size(); j++)
      if (j != i) f *= points[i] - points[j];
    g[i] = {1 / f, points[i] / f, points[i] * points[i] / f};
  }
  g[kEdge - 1][2] = 1;
  return g;
}

using Transformed = std::array<double, kPoints>;
Transformed transform(const MatrixPart& part, size_t inC, size_t ic, size_t oc) {
  static const auto g = weightTransform();
  double half[kEdge][3] = {};
  for (size_t i = 0; i < kEdge; i++)
    for (size_t x = 0; x < 3; x++)
      for (size_t y = 0; y < 3; y++)
        half[i][x] += g[i][y] * part.weights[((y * 3 + x) * inC + ic) * static_cast<size_t>(part.outC) + oc];
  Transformed u{};
  for (size_t i = 0; i < kEdge; i++)
    for (size_t j = 0; j < kEdge; j++)
      for (size_t x = 0; x < 3; x++) u[i * kEdge + j] += half[i][x] * g[j][x];
  return u;
}

// Rounding n numbers to integers moves their norm by at most this.
double roundingNorm(size_t n) {
  return 0.5 * std::sqrt(static_cast<double>(n));
}
// Room for it and for float32 errors of a norm found while running.
float rowNorm(double bound, size_t n) {
  return static_cast<float>((bound - roundingNorm(n)) * (1 - 1e-5));
}

// Weights of one output in units of the scale it returns: the smallest that keeps them in 16 bits and their
// norm within `norm`.
double quantizeColumn(const std::vector<double>& weights, double norm, std::vector<int16_t>& out) {
  double squares = 0, most = 0, proof = 0;
  for (const double w : weights) {
    squares += w * w;
    most = std::max(most, std::fabs(w));
  }
  const double room = norm - roundingNorm(weights.size());
  ENSURE(room > 0);
  const double scale = std::max({std::sqrt(squares) / room, most / kMostInt16, 1e-30});
  for (size_t i = 0; i < weights.size(); i++) {
    out[i] = static_cast<int16_t>(std::lround(weights[i] / scale));
    proof += static_cast<double>(out[i]) * out[i];
  }
  ENSURE(proof <= norm * norm);
  return scale;
}

template <class Body>
void forOutputs(const std::vector<MatrixPart>& parts, Body body) {
  size_t block = 0;
  for (const MatrixPart& part : parts) {
    for (int oc = 0; oc < part.outC; oc++) {
      const size_t c = static_cast<size_t>(oc);
      body(part, c, block + c / kBlockSize, c % kBlockSize);
    }
    block += static_cast<size_t>(blocksFor(part.outC));
  }
}
size_t totalBlocks(const std::vector<MatrixPart>& parts) {
  size_t n = 0;
  for (const MatrixPart& p : parts) n += static_cast<size_t>(blocksFor(p.outC));
  return n;
}

}  // namespace

AlignedArray<uint16_t> packBf16(const std::vector<MatrixPart>& parts, int k) {
  const size_t pairs = static_cast<size_t>(pairsFor(k));
  AlignedArray<uint16_t> out(totalBlocks(parts) * pairs * kBlockSize * 2);
  forOutputs(parts, [&](const MatrixPart& part, size_t oc, size_t block, size_t lane) {
    for (size_t i = 0; i < static_cast<size_t>(k); i++)
      out.data()[((block * pairs + i / 2) * kBlockSize + lane) * 2 + i % 2] =
          toBf16(part.weights[i * static_cast<size_t>(part.outC) + oc]);
  });
  return out;
}

Int16Matrix packInt16(const std::vector<MatrixPart>& parts, int k) {
  const size_t depth = static_cast<size_t>(k), pairs = static_cast<size_t>(pairsFor(k));
  Int16Matrix packed;
  packed.b = AlignedArray<int16_t>(totalBlocks(parts) * pairs * kBlockSize * 2);
  packed.scale = AlignedFloats(totalBlocks(parts) * kBlockSize);
  packed.norm = rowNorm(kSmallNorm, depth);
  std::vector<double> column(depth);
  std::vector<int16_t> integers(depth);
  forOutputs(parts, [&](const MatrixPart& part, size_t oc, size_t block, size_t lane) {
    for (size_t i = 0; i < depth; i++)
      column[i] = static_cast<double>(part.weights[i * static_cast<size_t>(part.outC) + oc]);
    packed.scale.data()[block * kBlockSize + lane] =
        static_cast<float>(quantizeColumn(column, kLargeNorm, integers));
    for (size_t i = 0; i < depth; i++)
      packed.b.data()[((block * pairs + i / 2) * kBlockSize + lane) * 2 + i % 2] = integers[i];
  });
  return packed;
}

Int16Weights packInt16Winograd(const std::vector<MatrixPart>& parts, int inC) {
  const size_t depth = static_cast<size_t>(inC), pairs = static_cast<size_t>(pairsFor(inC));
  const size_t blocks = totalBlocks(parts);
  Int16Weights packed;
  packed.u = AlignedArray<int16_t>(blocks * kPoints * pairs * kBlockSize * 2);
  packed.scale = AlignedFloats(blocks * kPoints * kBlockSize);
  packed.norm = rowNorm(kLargeNorm, depth);
  std::vector<Transformed> kernels(depth);
  std::vector<double> column(depth);
  std::vector<int16_t> integers(depth);
  forOutputs(parts, [&](const MatrixPart& part, size_t oc, size_t block, size_t lane) {
    for (size_t ic = 0; ic < depth; ic++) kernels[ic] = transform(part, depth, ic, oc);
    for (size_t p = 0; p < kPoints; p++) {
      const size_t plane = block * kPoints + p;
      for (size_t ic = 0; ic < depth; ic++) column[ic] = kernels[ic][p];
      packed.scale.data()[plane * kBlockSize + lane] =
          static_cast<float>(quantizeColumn(column, kSmallNorm, integers));
      for (size_t ic = 0; ic < depth; ic++)
        packed.u.data()[((plane * pairs + ic / 2) * kBlockSize + lane) * 2 + ic % 2] = integers[ic];
    }
  });
  return packed;
}

}  // namespace ponnuki::nn
