#include "backends/cpu/peak.h"

#include <algorithm>
#include <chrono>

#include "backends/cpu/aligned.h"

namespace ponnuki::nn {

double peakOfOneThread(const KernelTable& kernels) {
  using Clock = std::chrono::steady_clock;
  constexpr int kDepth = 96, kRounds = 20, kProducts = 2000;
  const int blocks = kernels.maxGroupBlocks, rows = kernels.rowTile * 2;
  const AlignedFloats a(static_cast<size_t>(rows * kDepth)), b(static_cast<size_t>(blocks * kDepth * kBlock));
  AlignedFloats c(static_cast<size_t>(rows * blocks * kBlock));
  GemmArgs g = {};
  g.a = a.data(), g.aStride = static_cast<size_t>(rows * kBlock);
  g.b = b.data(), g.bStride = static_cast<size_t>(kDepth * kBlock);
  g.c = c.data(), g.cStride = g.aStride;
  g.k = kDepth, g.blocks = blocks;
  double best = 0;
  for (int round = 0; round < kRounds; round++) {
    const auto start = Clock::now();
    for (int i = 0; i < kProducts; i++) kernels.gemm(g, 0, rows);
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    best = std::max(best, 2.0 * kProducts * rows * kDepth * blocks * kBlock / seconds / 1e9);
  }
  return best;
}

double int8PeakOfOneThread(const KernelTable& kernels) {
  using Clock = std::chrono::steady_clock;
  constexpr int kRounds = 20, kLoops = 100000;
  double best = 0;
  for (int round = 0; round < kRounds; round++) {
    const auto start = Clock::now();
    const double operations = kernels.int8Peak(kLoops);
    best = std::max(best, operations / std::chrono::duration<double>(Clock::now() - start).count() / 1e9);
  }
  return best;
}

}  // namespace ponnuki::nn
