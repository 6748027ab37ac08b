// `katago benchmark -nn`: speed of nets alone, as a table or JSON.
#include <algorithm>
#include <cstdio>

#include "app/commands.h"
#include "base/cpu_features.h"
#include "base/error.h"
#include "base/text.h"
#include "engine/nn_benchmark.h"
#include "engine/precision_check.h"
#include "model/random_net.h"

namespace ponnuki {
namespace {

std::vector<OptionSpec> nnBenchmarkOptions() {
  return {
      {"nn", "", "", "Measure nets alone, without a search.", false, true},
      {"model", "", "FILES",
       "Model files, or names of architectures for random weights, with commas between (default: four of them)."},
      {"isa", "", "NAMES", "Instruction sets with commas between, or all (default: the best one)."},
      {"precision", "", "NAMES",
       "fp32, half, bf16, int16 or int8, or several with commas between (default fp32,half)."},
      {"threads", "t", "N", "Evaluations at once, each on one CPU thread (default: as many as cores)."},
      {"threads-per-run", "", "N", "CPU threads of each evaluation (default 1)."},
      {"batch", "", "N", "Positions of each evaluation (default 8)."},
      {"boardsize", "", "SIZE", "Size of the board (default 19)."},
      {"seconds", "", "S", "Length of each of the five rounds (default 1)."},
      {"json", "", "", "Print JSON instead of a table."},
  };
}

// Without any wish two rows: all cores for one position, as in a search of one thread, and the highest throughput.
std::vector<NnBenchmarkSetup> readSetups(const Options& options) {
  const int cores = usableCores();
  NnBenchmarkSetup throughput;
  throughput.runs = static_cast<int>(options.getIntBetween("threads", 1, 1024, cores));
  throughput.threadsPerRun = static_cast<int>(options.getIntBetween("threads-per-run", 1, 256, 1));
  throughput.batch = static_cast<int>(options.getIntBetween("batch", 1, 1024, 8));
  throughput.boardSize = static_cast<int>(options.getIntBetween("boardsize", 2, kMaxBoardLen, std::min(19, kMaxBoardLen)));
  throughput.seconds = options.getDouble("seconds").value_or(1);
  if (!(throughput.seconds > 0 && throughput.seconds <= 3600))
    throw UserError("-seconds must be above 0 and at most 3600, but is " + options.get("seconds"));
  if (options.has("threads") || options.has("threads-per-run") || options.has("batch"))
    return {throughput};
  NnBenchmarkSetup latency = throughput;
  latency.runs = 1;
  latency.threadsPerRun = cores;
  latency.batch = 1;
  return {latency, throughput};
}

// Every setup in every precision asked for.
std::vector<NnBenchmarkSetup> withPrecisions(const std::vector<NnBenchmarkSetup>& setups, const Options& options) {
  std::vector<NnBenchmarkSetup> all;
  for (const std::string& name : split(options.get("precision", "fp32,half"), ',')) {
    for (NnBenchmarkSetup setup : setups) {
      setup.precision = precisionNamed(name);
      all.push_back(setup);
    }
  }
  return all;
}

std::vector<std::string> readIsas(const Options& options) {
  if (options.get("isa") == "all")
    return nn::makeBackend({})->instructionSets();
  return split(options.get("isa", "auto"), ',');
}

}  // namespace

int runNnBenchmark(const CommandLine& line) {
  const std::optional<Options> options = parseOptions(line, nnBenchmarkOptions());
  if (!options)
    return 0;
  const std::vector<NnBenchmarkSetup> setups = withPrecisions(readSetups(*options), *options);
  std::vector<NnBenchmarkRow> rows;
  for (const std::string& model : split(options->get("model", "b6c96,b10c128,b18c384nbt,b7c96h3tfrs"), ',')) {
    for (const std::string& isa : readIsas(*options)) {
      nn::BackendSettings settings;
      settings.cpuIsa = isa;
      const auto backend = nn::makeBackend(settings);
      for (const NnBenchmarkSetup& setup : setups) {
        std::fprintf(stderr, "%s, %s, %s, %d x %d threads, batch %d ...\n", model.c_str(), isa.c_str(),
                     precisionName(setup.precision).c_str(), setup.runs,
                     setup.threadsPerRun, setup.batch);
        rows.push_back(benchmarkNet(model, [&] { return loadNetOrArchitecture(model); }, *backend, setup));
      }
    }
  }
  std::printf("%s", options->has("json") ? nnBenchmarkJson(rows).c_str() : nnBenchmarkMarkdown(rows).c_str());
  return 0;
}

}  // namespace ponnuki
