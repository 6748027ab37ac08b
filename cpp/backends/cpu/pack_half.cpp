#include "backends/cpu/pack_half.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "backends/cpu/kernel_transform.h"
#include "backends/cpu/pack_blocks.h"
#include "base/error.h"
#include "base/half.h"

namespace ponnuki::nn {

namespace {

constexpr size_t kEdge = kInt16Tile, kPoints = kInt16Points, kBlockSize = kBlock, kPairSize = 2 * kBlock;
constexpr double kMostInt16 = 32767;
// A row and a column with these norms, in either order, have a product of at most 2^31 - 2^16.
constexpr double kSmallNorm = 32767, kLargeNorm = 65536;

uint16_t toBf16(float value) {
  const uint32_t bits = std::bit_cast<uint32_t>(value);
  return static_cast<uint16_t>((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

// Rounding n numbers to integers moves their norm by at most this.
double roundingNorm(size_t n) {
  return 0.5 * std::sqrt(static_cast<double>(n));
}
// Room for it and for float32 errors of a norm found while running.
float rowNorm(double bound, size_t n) {
  return static_cast<float>((bound - roundingNorm(n)) * (1 - 1e-5));
}

// The scales of 16 columns of weights: the smallest that keep each in 16 bits and its norm within `norm`.
class ColumnScales {
 public:
  void add(const Lanes& weights) {
    for (size_t lane = 0; lane < kBlockSize; lane++) {
      squares_[lane] += weights[lane] * weights[lane];
      most_[lane] = std::max(most_[lane], std::fabs(weights[lane]));
    }
  }
  Lanes finish(double norm, size_t depth) const {
    const double room = norm - roundingNorm(depth);
    ENSURE(room > 0);
    Lanes scales;
    for (size_t lane = 0; lane < kBlockSize; lane++)
      scales[lane] = std::max({std::sqrt(squares_[lane]) / room, most_[lane] / kMostInt16, 1e-30});
    return scales;
  }

 private:
  Lanes squares_{}, most_{};
};

// One row of 16 columns, in units of their scales.
class ColumnIntegers {
 public:
  void add(const Lanes& weights, const Lanes& scales, int16_t* to, size_t step) {
    std::array<int32_t, kBlockSize> rounded;
    for (size_t lane = 0; lane < kBlockSize; lane++) {
      const double value = weights[lane] / scales[lane];
      rounded[lane] = static_cast<int32_t>(value + std::copysign(0.5, value));
      squares_[lane] += static_cast<double>(rounded[lane] * rounded[lane]);
    }
    for (size_t lane = 0; lane < kBlockSize; lane++) to[lane * step] = static_cast<int16_t>(rounded[lane]);
  }
  void prove(double norm) const {
    for (const double squares : squares_) ENSURE(squares <= norm * norm);
  }

 private:
  Lanes squares_{};
};

void storeScales(const Lanes& scales, size_t lanes, float* to) {
  for (size_t lane = 0; lane < lanes; lane++) to[lane] = static_cast<float>(scales[lane]);
}

// [...][16][2] -> [...][2][16]
void toHalves(AlignedArray<int16_t>& integers) {
  for (size_t first = 0; first < integers.size(); first += kPairSize) {
    std::array<int16_t, kPairSize> halves;
    for (size_t i = 0; i < kPairSize; i++)
      halves[i % 2 * kBlockSize + i / 2] = std::bit_cast<int16_t>(
          halfOfFloat(static_cast<float>(integers.data()[first + i]) / kHalfPairsScale));
    std::copy(halves.begin(), halves.end(), integers.data() + first);
  }
}

}  // namespace

Int16Matrix asHalves(Int16Matrix packed) {
  toHalves(packed.b);
  return packed;
}
Int16Weights asHalves(Int16Weights packed) {
  toHalves(packed.u);
  return packed;
}

AlignedArray<uint16_t> packBf16(const std::vector<MatrixPart>& parts, int k) {
  const size_t pairs = static_cast<size_t>(pairsFor(k));
  AlignedArray<uint16_t> out(totalBlocks(parts) * pairs * kPairSize);
  forBlocks(parts, [&](const BlockWeights& weights, size_t block) {
    for (size_t i = 0; i < static_cast<size_t>(k); i++)
      for (size_t lane = 0; lane < weights.lanes; lane++)
        out.data()[(block * pairs + i / 2) * kPairSize + lane * 2 + i % 2] = toBf16(weights.at(i, lane));
  });
  return out;
}

Int16Matrix packInt16(const std::vector<MatrixPart>& parts, int k) {
  const size_t depth = static_cast<size_t>(k), pairs = static_cast<size_t>(pairsFor(k));
  Int16Matrix packed;
  packed.b = AlignedArray<int16_t>(totalBlocks(parts) * pairs * kPairSize);
  packed.scale = AlignedFloats(totalBlocks(parts) * kBlockSize);
  packed.norm = rowNorm(kSmallNorm, depth);
  forBlocks(parts, [&](const BlockWeights& weights, size_t block) {
    Lanes row{};
    ColumnScales columns;
    for (size_t i = 0; i < depth; i++) {
      weights.copyRow(i, row.data());
      columns.add(row);
    }
    const Lanes scales = columns.finish(kLargeNorm, depth);
    storeScales(scales, weights.lanes, packed.scale.data() + block * kBlockSize);
    ColumnIntegers integers;
    for (size_t i = 0; i < depth; i++) {
      weights.copyRow(i, row.data());
      integers.add(row, scales, packed.b.data() + (block * pairs + i / 2) * kPairSize + i % 2, 2);
    }
    integers.prove(kLargeNorm);
  });
  return packed;
}

// The transforms of a block are computed twice, for its scales and for its integers: that is quicker than to
// keep them.
Int16Weights packInt16Winograd(const std::vector<MatrixPart>& parts, int inC) {
  static const auto g =
      transformMatrix<kEdge, 3>({0, std::sqrt(0.5), -std::sqrt(0.5), std::sqrt(2.0), -std::sqrt(2.0)});
  const size_t depth = static_cast<size_t>(inC), pairs = static_cast<size_t>(pairsFor(inC));
  const size_t blocks = totalBlocks(parts);
  Int16Weights packed;
  packed.u = AlignedArray<int16_t>(blocks * kPoints * pairs * kPairSize);
  packed.scale = AlignedFloats(blocks * kPoints * kBlockSize);
  packed.norm = rowNorm(kLargeNorm, depth);
  forBlocks(parts, [&](const BlockWeights& weights, size_t block) {
    std::array<Lanes, 9> kernels{};
    std::array<Lanes, kPoints> u;
    const auto transformed = [&](size_t ic) {
      for (size_t tap = 0; tap < kernels.size(); tap++)
        weights.copyRow(tap * depth + ic, kernels[tap].data());
      transformKernels(g, kernels, u);
    };
    std::array<ColumnScales, kPoints> columns;
    for (size_t ic = 0; ic < depth; ic++) {
      transformed(ic);
      for (size_t p = 0; p < kPoints; p++) columns[p].add(u[p]);
    }
    std::array<Lanes, kPoints> scales;
    for (size_t p = 0; p < kPoints; p++) {
      scales[p] = columns[p].finish(kSmallNorm, depth);
      storeScales(scales[p], weights.lanes, packed.scale.data() + (block * kPoints + p) * kBlockSize);
    }
    std::array<ColumnIntegers, kPoints> integers;
    for (size_t ic = 0; ic < depth; ic++) {
      transformed(ic);
      int16_t* to = packed.u.data() + (block * kPoints * pairs + ic / 2) * kPairSize + ic % 2;
      for (size_t p = 0; p < kPoints; p++) integers[p].add(u[p], scales[p], to + p * pairs * kPairSize, 2);
    }
    for (const ColumnIntegers& points : integers) points.prove(kSmallNorm);
  });
  return packed;
}

}  // namespace ponnuki::nn
