// `katago benchmark`: visits per second by number of threads (spec analysis-cli-config 3.4).
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "app/benchmark_options.h"
#include "app/commands.h"
#include "base/error.h"
#include "base/text.h"
#include "game/sgf.h"

namespace ponnuki {
namespace {

std::vector<OptionSpec> benchmarkOptions() {
  std::vector<OptionSpec> specs = commonOptions(ConfigOption::Optional, false);
  specs.push_back({"visits", "v", "VISITS", "How many visits to use per search (default 800, CPU 80)."});
  specs.push_back({"threads", "t", "THREADS", "Test these comma-separated numbers of threads."});
  specs.push_back({"numpositions", "n", "NUM", "How many positions to sample from a game (default 10)."});
  specs.push_back({"sgf", "", "FILE", "Optional game to sample positions from."});
  specs.push_back({"boardsize", "", "SIZE", "Size of board to benchmark on (7-19)."});
  specs.push_back({"tune", "s", "", "Automatically search for the optimal number of threads (default)."});
  specs.push_back({"fixed-batch-size", "", "N", "Evaluate batches of at most this many positions."});
  specs.push_back({"half-batch-size", "", "", "Evaluate batches of at most half the number of threads."});
  specs.push_back({"nn", "", "", "Measure nets alone, without a search; see benchmark -nn -help."});
  specs.push_back({"time", "i", "SECONDS", "Typical amount of time per move of the later use (default 5)."});
  return specs;
}

constexpr long long kCpuVisits = 80, kGpuVisits = 800;  // by default

struct Plan {
  long long visits = 800;
  std::vector<int> threads;  // empty: tune
  int positions = 10;
  double secondsPerMove = 5;
  BatchRule batch;
};

std::vector<int> readThreads(const std::string& list) {
  std::vector<int> threads;
  for (const std::string& piece : split(list, ',')) {
    if (trim(piece).empty()) continue;
    const std::optional<int> n = tryInt(piece);
    if (!n || *n < 1 || *n > 4096) throw UserError("Number of threads to use: invalid value: " + piece);
    threads.push_back(*n);
  }
  if (threads.empty()) throw UserError("Must specify at least one valid value for -threads");
  return threads;
}

BatchRule readBatchRule(const Options& options) {
  BatchRule rule;
  rule.half = options.has("half-batch-size");
  if (!options.has("fixed-batch-size")) return rule;
  const long long size = *options.getInt("fixed-batch-size");
  if (size < 1 || size > 65536) throw UserError("Invalid value for fixed batch size");
  if (rule.half) throw UserError("Cannot specify both fixed batch size and use half batch size");
  rule.fixed = static_cast<int>(size);
  return rule;
}

Plan readPlan(const Options& options, bool isCpu) {
  Plan plan;
  plan.visits = options.getInt("visits").value_or(isCpu ? kCpuVisits : kGpuVisits);
  if (plan.visits < 2 || plan.visits > 999999999)
    throw UserError("Number of visits to use: invalid value " + std::to_string(plan.visits));
  if (options.has("threads") && options.has("tune"))
    throw UserError(
        "Cannot both automatically tune threads and specify fixed exact numbers of threads to test");
  if (options.has("threads")) plan.threads = readThreads(options.get("threads"));
  const long long positions = options.getInt("numpositions").value_or(10);
  if (positions < 1 || positions > 100000)
    throw UserError("Number of positions per game to use: invalid value " + std::to_string(positions));
  plan.positions = static_cast<int>(positions);
  plan.secondsPerMove = options.getDouble("time").value_or(5.0);
  if (!(plan.secondsPerMove > 0 && plan.secondsPerMove <= 1000000))
    throw UserError("Number of seconds per game move to assume: invalid value " + options.get("time"));
  if (options.has("sgf") && options.has("boardsize"))
    throw UserError("Cannot specify both -sgf and -boardsize at the same time");
  plan.batch = readBatchRule(options);
  return plan;
}

std::vector<GameState> readPositions(const Options& options, const Plan& plan, EngineSetup& engine) {
  if (options.has("sgf")) {
    const Sgf sgf = Sgf::load(options.get("sgf"));
    Rules rules;
    if (sgf.hasKomi()) rules.komi = sgf.komi();
    return benchmarkPositions(sgf.initialState(rules), sgf.moves(), plan.positions);
  }
  const Config& config = engine.config();
  const int configured = std::max({config.getInt("defaultBoardSize", 2, kMaxBoardLen, 0),
                                   config.getInt("defaultBoardXSize", 2, kMaxBoardLen, 0),
                                   config.getInt("defaultBoardYSize", 2, kMaxBoardLen, 0)});
  const long long size = options.getInt("boardsize").value_or(configured > 0 ? configured : 19);
  if (size < 7 || size > 19) throw UserError("Board size to test: invalid value " + std::to_string(size));
  return builtInBenchmarkPositions(static_cast<int>(size), plan.positions);
}

// What the config says about batches does not count here.
void noteConfiguredBatch(const Config& config, const BatchRule& rule) {
  if (!config.has("nnMaxBatchSize")) return;
  const std::string assumed = rule.fixed > 0 ? "= " + std::to_string(rule.fixed)
                              : rule.half    ? "= threads/2"
                                             : ">= threads";
  std::printf(
      "WARNING: Your nnMaxBatchSize is hardcoded to %s, ignoring it and assuming it is %s, for this "
      "benchmark.\n",
      config.getString("nnMaxBatchSize").c_str(), assumed.c_str());
}

void printHeader(const Plan& plan, const GameState& position, EngineSetup& engine,
                 const SearchParams& params) {
  const bool isCpu = !engine.runsOnGpu();
  std::printf("Testing using %lld visits.\n", plan.visits);
  if (plan.visits == (isCpu ? kCpuVisits : kGpuVisits))
    std::printf(
        "  If you have a good GPU, you might increase this using \"-visits N\" to get more accurate "
        "results.\n"
        "  If you have a weak GPU and this is taking forever, you can decrease it instead to finish the "
        "benchmark "
        "faster.\n");
  noteConfiguredBatch(engine.config(), plan.batch);
  if (isCpu)
    std::printf(
        "\nYou are currently using the Eigen (CPU) version of KataGo. Due to having no GPU, it may be "
        "slow.\n");
  else
    std::printf("\nYou are currently using the %s version of KataGo.\n",
                std::string(engine.backend().name()).c_str());
  std::printf("\nYour GTP config is currently set to use numSearchThreads = %d\n", params.numSearchThreads);
  const char* const what = plan.threads.empty()
                               ? "Automatically trying different numbers of threads to home in on the best"
                           : plan.threads.size() > 1 ? "Testing different numbers of threads"
                                                     : "Testing";
  std::printf("%s (board size %dx%d): \n\n", what, position.board().xSize(), position.board().ySize());
}

std::vector<BenchmarkResult> measureAll(const Plan& plan, Benchmark& benchmark) {
  std::vector<BenchmarkResult> results;
  const auto lineOf = [&](const BenchmarkResult& result) { return result.line(benchmark.numPositions()); };
  const auto difference = [&](const BenchmarkResult& result) {
    if (&result == &results[0]) return std::string(" (EloDiff baseline)");
    char text[64];
    std::snprintf(text, sizeof text, " (EloDiff %+.0f)",
                  result.elo(plan.secondsPerMove) - results[0].elo(plan.secondsPerMove));
    return std::string(text);
  };
  for (const int threads : plan.threads) {
    results.push_back(measureShowing(benchmark, threads));
    std::printf("\r%s%s\n", lineOf(results.back()).c_str(), difference(results.back()).c_str());
  }
  if (!plan.threads.empty()) return results;
  const auto measure = [&](int threads) {
    const BenchmarkResult result = measureShowing(benchmark, threads);
    std::printf("\r%s\n", lineOf(result).c_str());
    return result;
  };
  const auto announce = [](const std::string& line) { std::printf("%s\n\n", line.c_str()); };
  for (const auto& [threads, result] : tuneThreads(1, plan.secondsPerMove, measure, announce))
    results.push_back(result);
  std::printf("\n\nOrdered summary of results: \n\n");
  for (const BenchmarkResult& result : results)
    std::printf("%s%s\n", lineOf(result).c_str(), difference(result).c_str());
  return results;
}

}  // namespace

int runBenchmark(const CommandLine& line) {
  if (std::find(line.args.begin(), line.args.end(), "-nn") != line.args.end())
    return runNnBenchmark(line);
  const std::optional<Options> options = parseOptions(line, benchmarkOptions());
  if (!options) return 0;
  EngineSetup engine(options->engineOptions(true), Mode::Benchmark, line.program, nn::makeBackend({}));
  const bool isCpu = !engine.runsOnGpu();
  const Plan plan = readPlan(*options, isCpu);
  engine.openLog();
  SearchParams params = loadSearchParams(engine.config(), Mode::Benchmark, false);
  params.maxVisits = params.maxPlayouts = plan.visits;
  params.maxTime = kUnlimitedTime;
  params.searchFactorAfterOnePass = params.searchFactorAfterTwoPass = 1;
  std::vector<GameState> positions = readPositions(*options, plan, engine);
  if (positions.empty()) throw UserError("The game has no moves to take positions from");
  printHeader(plan, positions[0], engine, params);
  Benchmark benchmark(engine, params, std::move(positions), plan.batch);
  const std::vector<BenchmarkResult> results = measureAll(plan, benchmark);
  if (results.size() > 1) {
    int best = 0;
    std::printf("%s", benchmarkSummary(results, plan.secondsPerMove, best).c_str());
    std::printf(
        "If you care about performance, you may want to edit numSearchThreads in %s based on the above "
        "results!\n",
        engine.config().name().c_str());
  }
  return 0;
}

}  // namespace ponnuki
