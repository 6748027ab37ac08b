// katago-nn-bench MODEL [threads=2] [batch=8] [seconds=2] [isa=auto] [threadsPerRun=1] [board=19]
// MODEL: a file, or the name of a standard architecture (random weights). Prints evaluations per second, best and
// median of five rounds, and the rate of useful arithmetic as counted for direct convolutions.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

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
    const auto sized = [](size_t n, int channels) { return std::vector<float>(n * static_cast<size_t>(channels)); };
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

double evalsPerSecond(const nn::Program& program, const nn::Graph& graph, int threads, int batch, int points,
                      double seconds) {
  std::atomic<bool> stop{false};
  std::atomic<long> evals{0};
  std::vector<std::thread> pool;
  const auto start = Clock::now();
  for (int t = 0; t < threads; t++) {
    pool.emplace_back([&] {
      const auto executor = program.makeExecutor();
      Buffers b(graph, batch, points);
      while (!stop) {
        executor->run(b.in, b.out);
        evals += batch;
      }
    });
  }
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  stop = true;
  for (std::thread& t : pool) t.join();
  return static_cast<double>(evals) / std::chrono::duration<double>(Clock::now() - start).count();
}

int bench(int argc, char** argv) {
  if (argc < 2) throw UserError("usage: katago-nn-bench MODEL [threads] [batch] [seconds] [isa] [threadsPerRun] [board]");
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
  const auto backend = nn::makeBackend(settings);
  const auto program = backend->compile(model.graph, options);
  const nn::ProgramInfo info = program->info();
  const int points = board * board;
  std::vector<double> rates;
  for (int round = 0; round < 5; round++)
    rates.push_back(evalsPerSecond(*program, model.graph, threads, batch, points, seconds));
  std::sort(rates.begin(), rates.end());
  const double flops = nn::flopsPerRow(model.graph, points);
  std::printf("%s %s threads %d x %d batch %d board %d: best %.1f median %.1f evals/s, %.1f direct GFLOP/s, "
              "weights %.1f MB, scratch %.1f MB\n",
              argv[1], info.kernels.c_str(), threads, options.threads, batch, board, rates.back(), rates[2],
              rates.back() * flops / 1e9, static_cast<double>(info.weightBytes) / 1e6,
              static_cast<double>(info.scratchBytes) / 1e6);
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
