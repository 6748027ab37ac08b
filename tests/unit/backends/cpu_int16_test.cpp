// The 16-bit kernels (int16, or half precision where KernelTable::halfPairs) against plain loops in double
// precision, on odd sizes and at the extremes, for every ISA this machine can run.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "backends/cpu/dispatch.h"
#include "backends/cpu/pack_half.h"
#include "base/rng.h"
#include "support/blocked.h"
#include "support/each_isa.h"

using namespace ponnuki;
using namespace ponnuki::nn;
using ponnuki::test::blocked;
using ponnuki::test::blockedAt;
using ponnuki::test::forEachIsa;
using ponnuki::test::sz;

namespace {

enum class Values { Random, AllEqual, OneHuge, Zero };

std::vector<float> makeValues(size_t n, const char* seed, Values kind) {
  Rng rng(seed);
  std::vector<float> v(n);
  for (float& x : v) x = static_cast<float>(rng.next32() >> 8) / static_cast<float>(1 << 23) - 1.0f;
  if (kind == Values::AllEqual) std::fill(v.begin(), v.end(), 1.0f);
  if (kind == Values::Zero) std::fill(v.begin(), v.end(), 0.0f);
  if (kind == Values::OneHuge) v[n / 2] = 1e4f;
  return v;
}

// Blocked outputs of a kernel, and their largest error relative to the root mean square of what was wanted.
struct Result {
  Result(int numPoints, int numChannels)
      : points(numPoints), channels(numChannels), out(sz(blocksFor(numChannels) * numPoints * kBlock)) {
    epilogues.resize(sz(blocksFor(channels)));
    for (size_t i = 0; i < epilogues.size(); i++) epilogues[i].out = out.data() + i * sz(points * kBlock);
  }
  float at(int p, int c) const { return blockedAt(out, points, p, c); }
  template <class Want>
  double relativeError(Want want) const {
    double worst = 0, squares = 0;
    for (int p = 0; p < points; p++) {
      for (int c = 0; c < channels; c++) {
        const double w = want(p, c);
        squares += w * w;
        worst = std::max(worst, std::fabs(w - static_cast<double>(at(p, c))));
      }
    }
    return squares == 0 ? worst : worst / std::sqrt(squares / points / channels);
  }
  int points, channels;
  AlignedFloats out;
  std::vector<BlockEpilogue> epilogues;
};

// Halves have 11 bits where the integers have 15, and their sums are rounded too.
double roundingOf(const KernelTable& kernels) {
  return kernels.halfPairs ? 16 : 1;
}

double convolved(const std::vector<float>& in, const std::vector<float>& w, int x, int y, int inC, int outC,
                 int point, int oc) {
  const int board = point / (x * y), py = point % (x * y) / x, px = point % x;
  double sum = 0;
  for (int ky = 0; ky < 3; ky++) {
    for (int kx = 0; kx < 3; kx++) {
      const int iy = py + ky - 1, ix = px + kx - 1;
      if (iy < 0 || iy >= y || ix < 0 || ix >= x) continue;
      for (int c = 0; c < inC; c++)
        sum += static_cast<double>(in[sz(((board * y + iy) * x + ix) * inC + c)]) *
               static_cast<double>(w[sz(((ky * 3 + kx) * inC + c) * outC + oc)]);
    }
  }
  return sum;
}

struct LayerShape {
  int x, y, inC, outC, rows;
};

Result runWinograd(const KernelTable& kernels, const LayerShape& s, const std::vector<float>& in,
                   const std::vector<float>& weights) {
  const int points = s.rows * s.x * s.y;
  const AlignedFloats inB = blocked(in, points, s.inC);
  Int16Weights packed = packInt16Winograd({{weights, s.outC}}, s.inC);
  if (kernels.halfPairs) packed = asHalves(std::move(packed));
  Result result(points, s.outC);
  WinogradInt16Args w = {};
  w.boardX = s.x, w.boardY = s.y, w.rows = s.rows;
  w.tilesX = (s.x + kInt16OutTile - 1) / kInt16OutTile, w.tilesY = (s.y + kInt16OutTile - 1) / kInt16OutTile;
  w.inBlocks = blocksFor(s.inC), w.outBlocks = blocksFor(s.outC), w.pairs = pairsFor(s.inC);
  w.in = inB.data(), w.inStride = sz(points * kBlock);
  w.boardStride = sz(w.tilesX * w.tilesY * kBlock),
  w.tileStride = (w.boardStride * sz(s.rows) + 31) / 32 * 32;
  AlignedFloats transformed(kInt16Points * sz(w.inBlocks) * w.boardStride),
      peaks(sz(s.rows * w.inBlocks * kInt16Points * kBlock)), scales(sz(s.rows * kInt16Points));
  AlignedArray<int16_t> v(kInt16Points * sz(w.inBlocks) * w.tileStride);
  AlignedArray<int32_t> m(kInt16Points * 3 * w.tileStride);
  w.transformed = transformed.data(), w.peaks = peaks.data(), w.scales = scales.data(), w.v = v.data(),
  w.m = m.data();
  w.norm = packed.norm, w.u = packed.u.data(), w.uScale = packed.scale.data();
  w.epilogues = result.epilogues.data();
  w.groupBlocks = kernels.maxGroupBlocks;
  for (int row = 0; row < s.rows; row++) {
    kernels.winogradInt16Input(w, row, 0, w.inBlocks);
    kernels.winogradInt16Quantize(w, row, 0, w.inBlocks);
  }
  kernels.winogradInt16Output(w, 0, (w.outBlocks + w.groupBlocks - 1) / w.groupBlocks);
  return result;
}

double winogradError(const KernelTable& kernels, const LayerShape& s, Values inputs, Values weightKind) {
  const auto in = makeValues(sz(s.rows * s.x * s.y * s.inC), "in", inputs),
             weights = makeValues(sz(9 * s.inC * s.outC), "w", weightKind);
  return runWinograd(kernels, s, in, weights).relativeError([&](int point, int oc) {
    return convolved(in, weights, s.x, s.y, s.inC, s.outC, point, oc);
  });
}

double gemmError(const KernelTable& kernels, int rows, int k, int n, Values inputs, Values weightKind,
                 bool bf16) {
  const auto a = makeValues(sz(rows * k), "a", inputs), b = makeValues(sz(k * n), "b", weightKind);
  const AlignedFloats ab = blocked(a, rows, k);
  Result result(rows, n);
  if (bf16) {
    const AlignedArray<uint16_t> packed = packBf16({{b, n}}, k);
    AlignedArray<uint16_t> panel(sz(blocksFor(k) * kPanelRows * kBlock));
    kernels.gemmBf16({.a = ab.data(),
                      .aStride = sz(rows * kBlock),
                      .b = packed.data(),
                      .pairs = pairsFor(k),
                      .blocks = blocksFor(n),
                      .panel = panel.data(),
                      .epilogues = result.epilogues.data(),
                      .pointsPerRow = rows},
                     0, rows);
  } else {
    Int16Matrix packed = packInt16({{b, n}}, k);
    if (kernels.halfPairs) packed = asHalves(std::move(packed));
    AlignedArray<int16_t> panel(sz(blocksFor(k) * kPanelRows * kBlock));
    kernels.gemmInt16({.a = ab.data(),
                       .aStride = sz(rows * kBlock),
                       .b = packed.b.data(),
                       .bScale = packed.scale.data(),
                       .pairs = pairsFor(k),
                       .blocks = blocksFor(n),
                       .norm = packed.norm,
                       .panel = panel.data(),
                       .epilogues = result.epilogues.data(),
                       .pointsPerRow = rows},
                      0, rows);
  }
  return result.relativeError([&](int r, int c) {
    double sum = 0;
    for (int i = 0; i < k; i++)
      sum += static_cast<double>(a[sz(r * k + i)]) * static_cast<double>(b[sz(i * n + c)]);
    return sum;
  });
}

}  // namespace

TEST_CASE("int16 Winograd convolution agrees with plain loops") {
  forEachIsa([](const KernelTable& kernels) {
    for (const LayerShape& s :
         {LayerShape{19, 19, 96, 20, 1}, LayerShape{19, 19, 33, 50, 2}, LayerShape{7, 7, 3, 3, 3},
          LayerShape{13, 9, 40, 16, 2}, LayerShape{5, 4, 16, 17, 1}, LayerShape{1, 2, 5, 1, 1},
          LayerShape{9, 9, 300, 33, 1}}) {
      CAPTURE(s.x);
      CAPTURE(s.inC);
      CHECK(winogradError(kernels, s, Values::Random, Values::Random) <
            roundingOf(kernels) * 5e-4 * (1 + std::sqrt(s.inC)));
    }
  });
}

TEST_CASE("int16 Winograd convolution neither overflows nor saturates at the extremes") {
  forEachIsa([](const KernelTable& kernels) {
    for (const int channels : {64, 96, 512}) {
      CAPTURE(channels);
      const LayerShape s{9, 9, channels, 16, 1};
      // Everything at its peak with one sign: the largest sums that can be.
      CHECK(winogradError(kernels, s, Values::AllEqual, Values::AllEqual) < roundingOf(kernels) * 2e-3);
      CHECK(winogradError(kernels, s, Values::OneHuge, Values::AllEqual) <
            roundingOf(kernels) * 5e-4 * (1 + std::sqrt(channels)));
      CHECK(winogradError(kernels, s, Values::AllEqual, Values::OneHuge) < roundingOf(kernels) * 2e-3);
      CHECK(winogradError(kernels, s, Values::Zero, Values::Random) == 0);
      CHECK(winogradError(kernels, s, Values::Random, Values::Zero) < 1e-6);
    }
  });
}

TEST_CASE("a board's int16 results do not depend on the other boards of its batch") {
  const LayerShape one{9, 9, 32, 16, 1}, two{9, 9, 32, 16, 2};
  const auto weights = makeValues(9 * 32 * 16, "w", Values::Random);
  // The huge value stands at the start of the second board.
  const auto alone = makeValues(81 * 32, "in", Values::Random),
             both = makeValues(2 * 81 * 32, "in", Values::OneHuge);
  REQUIRE(std::equal(alone.begin(), alone.end(), both.begin()));
  forEachIsa([&](const KernelTable& kernels) {
    const Result a = runWinograd(kernels, one, alone, weights), b = runWinograd(kernels, two, both, weights);
    int different = 0;
    for (int p = 0; p < 81; p++)
      for (int c = 0; c < 16; c++) different += a.at(p, c) != b.at(p, c);
    CHECK(different == 0);
  });
}

TEST_CASE("int16 matrix products agree with plain loops, at the extremes too") {
  forEachIsa([](const KernelTable& kernels) {
    for (const std::array<int, 3>& size :
         {std::array{1, 1, 1}, {7, 33, 40}, {49, 96, 96}, {97, 256, 17}, {3, 1200, 48}}) {
      const int rows = size[0], k = size[1], n = size[2];
      CAPTURE(rows);
      CAPTURE(k);
      for (const Values a : {Values::Random, Values::AllEqual, Values::OneHuge, Values::Zero})
        for (const Values b : {Values::Random, Values::AllEqual, Values::OneHuge, Values::Zero})
          // A huge value takes the precision of those beside it: up to the square root of their number.
          CHECK(gemmError(kernels, rows, k, n, a, b, false) <
                roundingOf(kernels) *
                    (a == Values::OneHuge || b == Values::OneHuge ? 5e-3 : 5e-5 * (1 + std::sqrt(k))));
    }
  });
}

TEST_CASE("bfloat16 matrix products agree with plain loops where the processor has them") {
  forEachIsa([](const KernelTable& kernels) {
    if (!kernels.gemmBf16) return;
    for (const auto& [rows, k, n] : {std::array{1, 1, 1}, {7, 33, 40}, {49, 96, 96}, {97, 256, 17}})
      CHECK(gemmError(kernels, rows, k, n, Values::Random, Values::Random, true) < 2e-2);
  });
}
