#include "engine/nn_benchmark.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/error.h"
#include "base/file.h"
#include "base/process_memory.h"
#include "base/rng.h"
#include "base/text.h"
#include "graph/shapes.h"
#include "model/random_net.h"

namespace ponnuki {
namespace {

using Clock = std::chrono::steady_clock;

// Inputs and outputs of one run.
struct Buffers {
  std::vector<float> spatial, global, meta, policy, pass, value, score, ownership;
  nn::BatchIn in;
  nn::BatchOut out;

  Buffers(const ModelInfo& info, const NnBenchmarkSetup& setup) {
    const auto points = static_cast<size_t>(setup.boardSize * setup.boardSize);
    const auto rows = static_cast<size_t>(setup.batch);
    const auto sized = [&](size_t n, int channels) {
      return std::vector<float>(rows * n * static_cast<size_t>(channels));
    };
    spatial = sized(points, info.spatialChannels);
    global = sized(1, info.globalChannels);
    meta = sized(1, info.metaChannels());
    policy = sized(points, info.policyChannels);
    pass = sized(1, info.policyChannels);
    value = sized(1, 3);
    score = sized(1, info.scoreChannels);
    ownership = sized(points, 1);
    Rng rng("nn benchmark");
    for (size_t i = 0; i < spatial.size(); i++) {
      const bool isMask = i % static_cast<size_t>(info.spatialChannels) == 0;
      spatial[i] = isMask || rng.uniform(5) == 0 ? 1.0f : 0.0f;
    }
    in = {setup.batch, spatial, global, meta, setup.threadsPerRun};
    out = {policy, pass, value, score, ownership};
  }
};

struct Rate {  // evaluations per second
  double wall = 0, processor = 0;
};

Rate measureRound(const nn::Program& program, const ModelInfo& info, const NnBenchmarkSetup& setup) {
  std::atomic<bool> go{false}, stop{false};
  std::atomic<int> ready{0};
  std::atomic<long> evaluations{0};
  std::vector<std::thread> callers;
  for (int t = 0; t < setup.runs; t++) {
    callers.emplace_back([&] {
      const auto executor = program.makeExecutor();
      Buffers b(info, setup);
      executor->run(b.in, b.out);
      ready++;
      while (!go) std::this_thread::yield();
      while (!stop) {
        executor->run(b.in, b.out);
        evaluations += setup.batch;
      }
    });
  }
  while (ready < setup.runs) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  const auto start = Clock::now();
  const std::clock_t processorStart = std::clock();
  go = true;
  std::this_thread::sleep_for(std::chrono::duration<double>(setup.seconds));
  stop = true;
  for (std::thread& caller : callers) caller.join();
  const double processor = static_cast<double>(std::clock() - processorStart) / CLOCKS_PER_SEC;
  const double wall = std::chrono::duration<double>(Clock::now() - start).count();
  const auto n = static_cast<double>(evaluations);
  return {n / wall, n / processor * setup.runs * setup.threadsPerRun};
}

std::string megabytes(size_t bytes) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", static_cast<double>(bytes) / 1e6);
  return text;
}

}  // namespace

LoadedModel loadNetOrArchitecture(const std::string& name) {
  if (fileExists(name)) return loadModel(name);
  const std::optional<NetSpec> spec = namedArchitecture(name);
  if (!spec)
    throw UserError(name + " is neither a model file nor a known architecture; expected a file or one of " +
                    join(architectureNames(), ", "));
  return loadModelFromBytes(randomNetBytes(*spec, 1, FloatEncoding::Binary), name + ".bin");
}

NnBenchmarkRow benchmarkNet(const std::string& name, const std::function<LoadedModel()>& load,
                            nn::Backend& backend, const NnBenchmarkSetup& setup) {
  constexpr size_t kRounds = 5;
  resetPeakMemory();
  LoadedModel model = load();
  const double gflop = nn::flopsPerRow(model.graph, setup.boardSize * setup.boardSize) / 1e9;
  nn::CompileOptions options;
  options.maxBatch = setup.batch;
  options.threads = setup.threadsPerRun * setup.runs;  // so that no run waits for helpers of another
  options.boardX = options.boardY = setup.boardSize;
  options.exactBoardSize = true;
  options.precision = setup.precision;
  const auto program = backend.compile(std::move(model.graph), options);
  std::array<double, kRounds> wall, processor;
  for (size_t round = 0; round < kRounds; round++) {
    const Rate rate = measureRound(*program, model.info, setup);
    wall[round] = rate.wall;
    processor[round] = rate.processor;
  }
  std::sort(wall.begin(), wall.end());
  const nn::ProgramInfo info = program->info();
  NnBenchmarkRow row;
  row.model = name;
  row.parameters = model.info.parameterCount;
  row.instructionSet = info.kernels;
  row.precision = info.plan.empty() ? std::string(nn::dtypeName(info.compute))
                                    : info.plan.substr(0, info.plan.find(':'));
  row.setup = setup;
  row.best = wall.back();
  row.median = wall[kRounds / 2];
  row.byProcessorTime = *std::max_element(processor.begin(), processor.end());
  const double peak = backend.peakOfOneThread() * setup.runs * setup.threadsPerRun;
  row.fractionOfPeak = peak > 0 ? row.best * gflop / peak : 0;
  row.weightBytes = info.weightBytes;
  row.scratchBytes = info.scratchBytes;
  row.peakBytes = peakMemory();
  return row;
}

std::string nnBenchmarkMarkdown(const std::vector<NnBenchmarkRow>& rows) {
  std::string text =
      "| model | parameters | ISA | precision | threads | batch | board | evals/s best | median | by "
      "processor "
      "time | of fp32 peak | weights MB | peak memory MB |\n"
      "|---|---|---|---|---|---|---|---|---|---|---|---|---|\n";
  for (const NnBenchmarkRow& row : rows) {
    char line[512];
    std::snprintf(line, sizeof line, "| %s | %.1f M | %s | %s | %d x %d | %d | %d | %.1f | %.1f | %.1f | ",
                  row.model.c_str(), static_cast<double>(row.parameters) / 1e6, row.instructionSet.c_str(),
                  row.precision.c_str(), row.setup.runs, row.setup.threadsPerRun, row.setup.batch,
                  row.setup.boardSize, row.best, row.median, row.byProcessorTime);
    text += line;
    std::snprintf(line, sizeof line, "%.2f | %s | %s |\n", row.fractionOfPeak,
                  megabytes(row.weightBytes).c_str(), megabytes(row.peakBytes).c_str());
    text += line;
  }
  return text;
}

std::string nnBenchmarkJson(const std::vector<NnBenchmarkRow>& rows) {
  nlohmann::json all = nlohmann::json::array();
  for (const NnBenchmarkRow& row : rows)
    all.push_back({{"model", row.model},
                   {"parameters", row.parameters},
                   {"instructionSet", row.instructionSet},
                   {"precision", row.precision},
                   {"runs", row.setup.runs},
                   {"threadsPerRun", row.setup.threadsPerRun},
                   {"batch", row.setup.batch},
                   {"boardSize", row.setup.boardSize},
                   {"evalsPerSecondBest", row.best},
                   {"evalsPerSecondMedian", row.median},
                   {"evalsPerSecondByProcessorTime", row.byProcessorTime},
                   {"fractionOfPeak", row.fractionOfPeak},
                   {"weightBytes", row.weightBytes},
                   {"scratchBytes", row.scratchBytes},
                   {"peakMemoryBytes", row.peakBytes}});
  return all.dump(2) + "\n";
}

}  // namespace ponnuki
