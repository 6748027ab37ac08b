// Each CPU kernel against plain loops in double precision, on odd sizes, for every ISA this machine can run.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "backends/cpu/dispatch.h"
#include "backends/cpu/pack.h"
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

std::vector<float> randomValues(int n, const char* seed, float scale = 1) {
  Rng rng(seed);
  std::vector<float> v(sz(n));
  for (float& x : v) x = (static_cast<float>(rng.next32() >> 8) / static_cast<float>(1 << 23) - 1.0f) * scale;
  return v;
}
AlignedFloats padded(const std::vector<float>& values) {
  AlignedFloats out(sz(blocksFor(static_cast<int>(values.size())) * kBlock));
  std::copy(values.begin(), values.end(), out.data());
  return out;
}
std::vector<float> cornerMask(int x, int y) {  // the last row and column are off the board
  std::vector<float> mask(sz(x * y), 1.0f);
  for (int i = 0; i < x * y; i++)
    if (i % x == x - 1 || i / x == y - 1) mask[sz(i)] = 0;
  return mask;
}

void checkGemm(const KernelTable& kernels, int rows, int k, int n) {
  CAPTURE(rows);
  CAPTURE(k);
  CAPTURE(n);
  const auto a = randomValues(rows * k, "a"), b = randomValues(k * n, "b"), bias = randomValues(n, "bias");
  const auto residual = randomValues(rows * n, "residual"), scale2 = randomValues(n, "scale");
  const AlignedFloats ab = blocked(a, rows, k), bb = packMatrices({{b, n}}, k),
                      rb = blocked(residual, rows, n);
  const AlignedFloats biasPadded = padded(bias), scalePadded = padded(scale2);
  const int blocks = blocksFor(n);
  AlignedFloats out(sz(blocks * rows * kBlock)), out2(out.size());
  std::vector<BlockEpilogue> epilogues(sz(blocks));
  for (int i = 0; i < blocks; i++) {
    const int first = i * rows * kBlock;
    epilogues[sz(i)] = {.bias = biasPadded.data() + i * kBlock,
                        .residual = rb.data() + first,
                        .out = out.data() + first,
                        .out2 = out2.data() + first,
                        .scale2 = scalePadded.data() + i * kBlock,
                        .act2 = 1};
  }
  GemmArgs g = {};
  g.a = ab.data(), g.aStride = sz(rows * kBlock);
  g.b = bb.data(), g.bStride = sz(k * kBlock);
  g.k = k, g.blocks = blocks, g.pointsPerRow = rows;
  g.epilogues = epilogues.data();
  kernels.gemm(g, 0, rows);
  double worst = 0;
  for (int r = 0; r < rows; r++) {
    for (int c = 0; c < n; c++) {
      double sum = static_cast<double>(bias[sz(c)]) + residual[sz(r * n + c)];
      for (int i = 0; i < k; i++) sum += static_cast<double>(a[sz(r * k + i)]) * b[sz(i * n + c)];
      worst = std::max(worst, std::fabs(blockedAt(out, rows, r, c) - sum));
      worst = std::max(worst, std::fabs(blockedAt(out2, rows, r, c) - std::max(0.0, sum * scale2[sz(c)])));
    }
  }
  CHECK(worst < 1e-5);
}

void checkWinograd(const KernelTable& kernels, int edge, int x, int y, int inC, int outC, int rows) {
  CAPTURE(edge);
  CAPTURE(x);
  CAPTURE(inC);
  CAPTURE(outC);
  const int points = rows * x * y, half = edge / 2;
  const auto in = randomValues(points * inC, "in");
  const auto weights =
      randomValues(edge * edge * inC * outC, "w", 1.0f / std::sqrt(static_cast<float>(edge * edge * inC)));
  const AlignedFloats inB = blocked(in, points, inC), u = packWinograd({{weights, outC}}, edge, inC);
  WinogradArgs w = {};
  w.boardX = x, w.boardY = y, w.outTile = 8 - edge;
  w.tilesX = (x + w.outTile - 1) / w.outTile, w.tilesY = (y + w.outTile - 1) / w.outTile;
  w.rows = rows, w.inBlocks = blocksFor(inC), w.outBlocks = blocksFor(outC), w.k = inC;
  w.in = inB.data(), w.inStride = sz(points * kBlock), w.u = u.data();
  w.tileStride = sz(rows * w.tilesX * w.tilesY * kBlock);
  AlignedFloats v(kWinogradPoints * sz(w.inBlocks) * w.tileStride), m(kWinogradPoints * 3 * w.tileStride);
  AlignedFloats out(sz(w.outBlocks * points * kBlock));
  w.v = v.data(), w.m = m.data();
  std::vector<BlockEpilogue> epilogues(sz(w.outBlocks));
  for (int i = 0; i < w.outBlocks; i++) epilogues[sz(i)].out = out.data() + i * points * kBlock;
  w.epilogues = epilogues.data();
  w.groupBlocks = kernels.maxGroupBlocks;
  kernels.winogradInput(w, 0, w.inBlocks * rows);
  kernels.winogradOutput(w, 0, (w.outBlocks + w.groupBlocks - 1) / w.groupBlocks);
  double worst = 0;
  for (int p = 0; p < points; p++) {
    const int row = p / (x * y), py = p % (x * y) / x, px = p % x;
    for (int oc = 0; oc < outC; oc++) {
      double sum = 0;
      for (int tap = 0; tap < edge * edge; tap++) {
        const int iy = py + tap / edge - half, ix = px + tap % edge - half;
        if (iy < 0 || iy >= y || ix < 0 || ix >= x) continue;
        for (int ic = 0; ic < inC; ic++)
          sum += static_cast<double>(in[sz(((row * y + iy) * x + ix) * inC + ic)]) *
                 weights[sz((tap * inC + ic) * outC + oc)];
      }
      worst = std::max(worst, std::fabs(blockedAt(out, points, p, oc) - sum));
    }
  }
  CHECK(worst < 3e-5);
}

double activationInDouble(int act, double x) {
  if (act == 1) return std::max(0.0, x);
  if (act == 2) return x * std::tanh(std::log1p(std::exp(x)));
  if (act == 3) return x / (1 + std::exp(-x));
  return x;
}

// Scores of q and k multiplied by 3 reach 30: a few keys take all the weight of most queries.
double attentionError(const KernelTable& kernels, bool int16, float spread) {
  const int points = 117, heads = 4, kvHeads = 2, qDim = 12, vDim = 20;
  const auto mask = cornerMask(13, 9);
  const auto q = randomValues(points * heads * qDim, "q", spread),
             k = randomValues(points * kvHeads * qDim, "k", spread);
  const auto v = randomValues(points * kvHeads * vDim, "v");
  const AlignedFloats qb = blocked(q, points, heads * qDim), kb = blocked(k, points, kvHeads * qDim);
  const AlignedFloats vb = blocked(v, points, kvHeads * vDim);
  AlignedFloats out(sz(blocksFor(heads * vDim) * points * kBlock));
  AttentionArgs a = {};
  a.q = qb.data(), a.k = kb.data(), a.v = vb.data(), a.out = out.data(), a.mask = mask.data();
  a.heads = heads, a.kvHeads = kvHeads, a.qDim = qDim, a.vDim = vDim, a.rows = 1, a.points = points;
  a.int16 = int16;
  AlignedFloats scratch(kernels.attentionScratch(a));
  a.scratch = scratch.data();
  kernels.attention(a, 0, kvHeads * kAttentionSplit);
  double worst = 0;
  for (int h = 0; h < heads; h++) {
    const int kv = h / (heads / kvHeads);
    for (int i = 0; i < points; i++) {
      std::vector<double> p(sz(points), 0.0), sum(sz(vDim), 0.0);
      double total = 0, top = -1e300;
      for (int j = 0; j < points; j++) {
        for (int d = 0; d < qDim; d++)
          p[sz(j)] += static_cast<double>(q[sz((i * heads + h) * qDim + d)]) * k[sz((j * kvHeads + kv) * qDim + d)] /
                      std::sqrt(static_cast<double>(qDim));
        if (mask[sz(j)] != 0) top = std::max(top, p[sz(j)]);
      }
      for (int j = 0; j < points; j++) total += p[sz(j)] = mask[sz(j)] != 0 ? std::exp(p[sz(j)] - top) : 0;
      for (int d = 0; d < vDim; d++) {
        for (int j = 0; j < points; j++)
          sum[sz(d)] += p[sz(j)] / total * v[sz((j * kvHeads + kv) * vDim + d)];
        const double error = std::fabs(blockedAt(out, points, i, h * vDim + d) - sum[sz(d)]);
        worst = std::max(worst, std::isfinite(error) ? error : 1e9);
      }
    }
  }
  return worst;
}

}  // namespace

TEST_CASE("the matrix product with its epilogue agrees with plain loops") {
  forEachIsa([](const KernelTable& kernels) {
    for (const int rows : {1, 7, 49, 117})
      for (const int k : {3, 33, 96})
        for (const int n : {1, 33, 64, 96, 112}) checkGemm(kernels, rows, k, n);
  });
}

TEST_CASE("Winograd convolutions agree with direct ones") {
  forEachIsa([](const KernelTable& kernels) {
    for (const int edge : {3, 5}) {
      checkWinograd(kernels, edge, 7, 7, 3, 33, 2);
      checkWinograd(kernels, edge, 13, 9, 33, 3, 1);
      checkWinograd(kernels, edge, 19, 19, 22, 96, 1);
      checkWinograd(kernels, edge, 2, 3, 5, 16, 3);
    }
  });
}

TEST_CASE("activations have a relative error below 1e-6 and stay finite far out") {
  forEachIsa([](const KernelTable& kernels) {
    constexpr int kPoints = 4001;
    std::vector<float> x(kPoints);
    for (int i = 0; i < kPoints; i++) x[sz(i)] = static_cast<float>(i - 2000) * 0.0201f;
    x[0] = -1e4f, x[1] = 1e4f, x[2] = -100, x[3] = 100;
    const AlignedFloats in = blocked(x, kPoints, 1);
    for (const int act : {0, 1, 2, 3}) {
      CAPTURE(act);
      AlignedFloats out(in.size());
      ElementwiseArgs e = {};
      e.in = in.data(), e.out = out.data(), e.act = act, e.rows = 1, e.pointsPerRow = kPoints;
      kernels.elementwise(e, 0, 1);
      double worst = 0;
      for (int i = 0; i < kPoints; i++) {
        const double want = activationInDouble(act, x[sz(i)]), got = blockedAt(out, kPoints, i, 0);
        worst = std::max(worst, std::fabs(got - want) / std::max(std::fabs(want), 1e-30));
        if (std::fabs(want) < 1e-20) worst = std::fabs(got) < 1e-15 ? 0.0 : 1.0;
      }
      CHECK(worst < 1e-6);
    }
  });
}

TEST_CASE("element-wise steps scale, add, multiply, broadcast and mask") {
  forEachIsa([](const KernelTable& kernels) {
    const int rows = 2, points = 63, channels = 33, all = rows * points;
    const auto a = randomValues(all * channels, "a"), b = randomValues(all * channels, "b");
    const auto scale = randomValues(channels, "s"), bias = randomValues(channels, "t");
    const auto vec = randomValues(rows * channels, "v");
    auto mask = cornerMask(9, 7);
    mask.insert(mask.end(), mask.begin(), mask.end());
    const AlignedFloats ab = blocked(a, all, channels), bb = blocked(b, all, channels),
                        vb = blocked(vec, rows, channels);
    const AlignedFloats sp = padded(scale), tp = padded(bias);
    for (const bool multiply : {false, true}) {
      AlignedFloats out(ab.size());
      const ElementwiseArgs e = {ab.data(),  bb.data(), sp.data(), tp.data(), vb.data(), mask.data(),
                                 out.data(), multiply,  1,         rows,      points};
      kernels.elementwise(e, 0, blocksFor(channels));
      double worst = 0;
      for (int p = 0; p < all; p++) {
        for (int c = 0; c < channels; c++) {
          double v = static_cast<double>(a[sz(p * channels + c)]) * scale[sz(c)] + bias[sz(c)] +
                     vec[sz(p / points * channels + c)];
          v = multiply ? v * b[sz(p * channels + c)] : v + b[sz(p * channels + c)];
          worst = std::max(worst, std::fabs(blockedAt(out, all, p, c) - mask[sz(p)] * std::max(0.0, v)));
        }
      }
      CHECK(worst < 1e-6);
    }
  });
}

TEST_CASE("pooling sees only points on the board") {
  forEachIsa([](const KernelTable& kernels) {
    const int points = 63, channels = 33;
    const auto mask = cornerMask(9, 7);
    auto in = randomValues(points * channels, "pool");
    for (int i = 0; i < points * channels; i++) in[sz(i)] *= mask[sz(i / channels)];
    const AlignedFloats inB = blocked(in, points, channels);
    for (const bool moments : {false, true}) {
      AlignedFloats out(sz(blocksFor(3 * channels) * kBlock));
      const PoolArgs p = {inB.data(), out.data(), mask.data(), channels, 1, points, moments};
      kernels.pool(p, 0, blocksFor(channels));
      const double area = 48, d = std::sqrt(area) - 14;
      for (int c = 0; c < channels; c++) {
        double sum = 0, most = -1;
        for (int i = 0; i < points; i++) {
          sum += in[sz(i * channels + c)];
          if (mask[sz(i)] != 0) most = std::max<double>(most, in[sz(i * channels + c)]);
        }
        const double mean = sum / area;
        CHECK(blockedAt(out, 1, 0, c) == doctest::Approx(mean).epsilon(1e-5));
        CHECK(blockedAt(out, 1, 0, channels + c) == doctest::Approx(mean * d * 0.1).epsilon(1e-5));
        CHECK(blockedAt(out, 1, 0, 2 * channels + c) ==
              doctest::Approx(moments ? mean * (d * d * 0.01 - 0.1) : most).epsilon(1e-5));
      }
    }
  });
}

TEST_CASE("attention with grouped keys, a mask and head sizes that fill no block agrees with plain loops") {
  forEachIsa([](const KernelTable& kernels) {
    CHECK(attentionError(kernels, false, 3) < 3e-6);
    // 15 bits: a score of 30 moves by up to 1e-3, and the probability that hangs on it as much. Halves have 11.
    const double unit = kernels.halfPairs ? 5 : 1;
    CHECK(attentionError(kernels, true, 3) < unit * 2e-3);
    CHECK(attentionError(kernels, true, 1) < unit * 2e-4);
    CHECK(attentionError(kernels, true, 0) < unit * 2e-4);
    CHECK(attentionError(kernels, true, 300) < 2);  // scores of 300,000: still means of values
  });
}
