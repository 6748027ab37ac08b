// katago-nn-bench MODEL [threads=2] [batch=8] [seconds=2] [isa=auto] [threadsPerRun=1] [board=19]
// [precision=fp32|half|bf16|int16]
// MODEL: a file, or the name of a standard architecture (random weights). Prints evaluations per second, best
// and median of five rounds, and the rate of arithmetic counted as for direct convolutions against the
// measured peak of the matrix kernel (Winograd needs fewer operations: more than 1 is possible).
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <thread>

#include "backends/cpu/aligned.h"
#include "backends/cpu/dispatch.h"
#include "base/error.h"
#include "base/file.h"
#include "graph/backend.h"
#include "graph/shapes.h"
#include "model/model_file.h"
#include "model/random_net.h"

using namespace ponnuki;
using Clock = std::chrono::steady_clock;

namespace {

LoadedModel loadBenchModel(const std::string& name) {
  const auto spec = fileExists(name) ? std::nullopt : namedArchitecture(name);
  if (!spec) return loadModel(name);
  return loadModelFromBytes(randomNetBytes(*spec, 1, FloatEncoding::Binary), name + ".bin");
}

struct Buffers {
  std::vector<float> spatial, global, meta, policy, pass, value, score, ownership;
  nn::BatchIn in;
  nn::BatchOut out;

  Buffers(const nn::Graph& g, int batch, int points) {
    const size_t rows = static_cast<size_t>(batch), p = static_cast<size_t>(points);
    const auto sized = [](size_t n, int channels) {
      return std::vector<float>(n * static_cast<size_t>(channels));
    };
    spatial = sized(rows * p, g.spatialChannels());
    global = sized(rows, g.globalChannels());
    meta = sized(rows, g.metaChannels());
    policy = sized(rows * p, g.policyChannels());
    pass = sized(rows, g.policyChannels());
    value = sized(rows, 3);
    score = sized(rows, g.scoreChannels());
    ownership = sized(rows * p, 1);
    for (size_t i = 0; i < spatial.size(); i++) spatial[i] = std::rand() % 5 == 0 ? 1.0f : 0.0f;
    for (size_t i = 0; i < spatial.size(); i += static_cast<size_t>(g.spatialChannels())) spatial[i] = 1;
    in = {batch, spatial, global, meta};
    out = {policy, pass, value, score, ownership};
  }
};

struct Rate {
  double wall = 0;  // evaluations per second
  double cpu = 0;   // per second of processor time, times the number of threads: immune to other programs
};

Rate measure(const nn::Program& program, const nn::Graph& graph, int threads, int batch, int points,
             double seconds) {
  std::atomic<bool> go{false}, stop{false};
  std::atomic<int> ready{0};
  std::atomic<long> evals{0};
  std::vector<std::thread> pool;
  for (int t = 0; t < threads; t++) {
    pool.emplace_back([&] {
      const auto executor = program.makeExecutor();
      Buffers b(graph, batch, points);
      executor->run(b.in, b.out);
      ready++;
      while (!go) std::this_thread::yield();
      while (!stop) {
        executor->run(b.in, b.out);
        evals += batch;
      }
    });
  }
  while (ready < threads) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  const auto start = Clock::now();
  const std::clock_t cpuStart = std::clock();
  go = true;
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  stop = true;
  for (std::thread& t : pool) t.join();
  const double cpu = static_cast<double>(std::clock() - cpuStart) / CLOCKS_PER_SEC;
  const double n = static_cast<double>(evals);
  return {n / std::chrono::duration<double>(Clock::now() - start).count(), n / cpu * threads};
}

// GFLOP/s of one thread multiplying matrices that stay in the first-level cache: the ceiling of these
// kernels.
double peakOfOneThread(const nn::KernelTable& kernels) {
  const int k = 96, blocks = kernels.maxGroupBlocks, rows = kernels.rowTile * 2;
  nn::AlignedFloats a(static_cast<size_t>(rows * k)), b(static_cast<size_t>(blocks * k * nn::kBlock)),
      c(b.size() * 4);
  nn::GemmArgs g = {};
  g.a = a.data(), g.aStride = static_cast<size_t>(rows * nn::kBlock);
  g.b = b.data(), g.bStride = static_cast<size_t>(k * nn::kBlock);
  g.c = c.data(), g.cStride = g.aStride;
  g.k = k, g.blocks = blocks;
  double best = 0;
  for (int round = 0; round < 20; round++) {
    const auto start = Clock::now();
    for (int i = 0; i < 2000; i++) kernels.gemm(g, 0, rows);
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    best = std::max(best, 2000.0 * 2 * rows * k * blocks * nn::kBlock / seconds / 1e9);
  }
  return best;
}

int bench(int argc, char** argv) {
  if (argc < 2)
    throw UserError(
        "usage: katago-nn-bench MODEL [threads] [batch] [seconds] [isa] [threadsPerRun] [board] "
        "[precision]");
  const auto number = [&](int i, int fallback) { return argc > i ? std::atoi(argv[i]) : fallback; };
  const int threads = number(2, 2), batch = number(3, 8), board = number(7, 19);
  const double seconds = argc > 4 ? std::atof(argv[4]) : 2;
  nn::BackendSettings settings;
  if (argc > 5) settings.cpuIsa = argv[5];
  const LoadedModel model = loadBenchModel(argv[1]);
  nn::CompileOptions options;
  options.maxBatch = batch;
  options.threads = number(6, 1);
  options.boardX = options.boardY = board;
  options.exactBoardSize = true;
  const std::string precision = argc > 8 ? argv[8] : "fp32";
  options.precision = precision == "half"    ? nn::Precision::Half
                      : precision == "bf16"  ? nn::Precision::Bf16
                      : precision == "int16" ? nn::Precision::Int16
                                             : nn::Precision::Fp32;
  const auto backend = nn::makeBackend(settings);
  const auto program = backend->compile(model.graph, options);
  const nn::ProgramInfo info = program->info();
  const int points = board * board;
  std::vector<double> rates, cpuRates;
  for (int round = 0; round < 5; round++) {
    const Rate rate = measure(*program, model.graph, threads, batch, points, seconds);
    rates.push_back(rate.wall);
    cpuRates.push_back(rate.cpu);
  }
  std::sort(rates.begin(), rates.end());
  std::sort(cpuRates.begin(), cpuRates.end());
  const double gflops = nn::flopsPerRow(model.graph, points) / 1e9;
  const double peak = peakOfOneThread(nn::chooseKernels(settings.cpuIsa)) * threads * options.threads;
  std::printf(
      "%s %s (%s) threads %d x %d batch %d board %d: best %.1f median %.1f evals/s (%.1f by processor time), "
      "%.1f of %.1f GFLOP/s as direct convolutions (%.2f of peak), "
      "weights %.1f MB, scratch %.1f MB\n",
      argv[1], info.kernels.c_str(), info.plan.c_str(), threads, options.threads, batch, board, rates.back(),
      rates[2], cpuRates.back() * options.threads, rates.back() * gflops, peak, rates.back() * gflops / peak,
      static_cast<double>(info.weightBytes) / 1e6, static_cast<double>(info.scratchBytes) / 1e6);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return bench(argc, argv);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }
}
