#include "backends/cpu/peak.h"

#include <algorithm>
#include <chrono>

#include "backends/cpu/aligned.h"

namespace ponnuki::nn {

// The best of 20 rounds of operations(), which returns how many it did, in 10^9 a second.
template <class Operations>
static double bestRate(Operations operations) {
  using Clock = std::chrono::steady_clock;
  double best = 0;
  for (int round = 0; round < 20; round++) {
    const auto start = Clock::now();
    const double done = operations();
    best = std::max(best, done / std::chrono::duration<double>(Clock::now() - start).count() / 1e9);
  }
  return best;
}

double peakOfOneThread(const KernelTable& kernels) {
  constexpr int kDepth = 96, kProducts = 2000;
  const int blocks = kernels.maxGroupBlocks, rows = kernels.rowTile * 2;
  const AlignedFloats a(static_cast<size_t>(rows * kDepth)), b(static_cast<size_t>(blocks * kDepth * kBlock));
  AlignedFloats c(static_cast<size_t>(rows * blocks * kBlock));
  GemmArgs g = {};
  g.a = a.data(), g.aStride = static_cast<size_t>(rows * kBlock);
  g.b = b.data(), g.bStride = static_cast<size_t>(kDepth * kBlock);
  g.c = c.data(), g.cStride = g.aStride;
  g.k = kDepth, g.blocks = blocks;
  return bestRate([&] {
    for (int i = 0; i < kProducts; i++) kernels.gemm(g, 0, rows);
    return 2.0 * kProducts * rows * kDepth * blocks * kBlock;
  });
}

double int8PeakOfOneThread(const KernelTable& kernels) {
  constexpr int kLoops = 100000;
  return bestRate([&] { return kernels.int8Peak(kLoops); });
}

}  // namespace ponnuki::nn
