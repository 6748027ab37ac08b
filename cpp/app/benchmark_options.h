// What benchmark and genconfig share in printing measurements.
#pragma once

#include <cstdio>

#include "engine/benchmark.h"

namespace ponnuki {

// One line that is rewritten while positions are searched.
inline BenchmarkResult measureShowing(Benchmark& benchmark, int threads) {
  const int total = benchmark.numPositions();
  const auto show = [total](const BenchmarkResult& r) {
    std::printf("\rnumSearchThreads = %2d: %d / %d positions, visits/s = %.2f (%.1f secs)      ", r.threads,
                r.positions, total, r.visitsPerSecond(), r.seconds);
    std::fflush(stdout);
  };
  return benchmark.measure(threads, show);
}

}  // namespace ponnuki
