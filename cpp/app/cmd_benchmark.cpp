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
  specs.push_back({"time", "i", "SECONDS", "Typical amount of time per move of the later use (default 5)."});
  return specs;
}

struct Plan {
  long long visits = 800;
  std::vector<int> threads;  // empty: tune
  int positions = 10;
  double secondsPerMove = 5;
};

std::vector<int> readThreads(const std::string& list) {
  std::vector<int> threads;
  for (const std::string& piece : split(list, ',')) {
    if (trim(piece).empty())
      continue;
    const std::optional<int> n = tryInt(piece);
    if (!n || *n < 1 || *n > 4096)
      throw UserError("Number of threads to use: invalid value: " + piece);
    threads.push_back(*n);
  }
  if (threads.empty())
    throw UserError("Must specify at least one valid value for -threads");
  return threads;
}

Plan readPlan(const Options& options, bool isCpu) {
  Plan plan;
  plan.visits = options.getInt("visits").value_or(isCpu ? 80 : 800);
  if (plan.visits < 2 || plan.visits > 999999999)
    throw UserError("Number of visits to use: invalid value " + std::to_string(plan.visits));
  if (options.has("threads") && options.has("tune"))
    throw UserError("Cannot both automatically tune threads and specify fixed exact numbers of threads to test");
  if (options.has("threads"))
    plan.threads = readThreads(options.get("threads"));
  const long long positions = options.getInt("numpositions").value_or(10);
  if (positions < 1 || positions > 100000)
    throw UserError("Number of positions per game to use: invalid value " + std::to_string(positions));
  plan.positions = static_cast<int>(positions);
  plan.secondsPerMove = options.getDouble("time").value_or(5.0);
  if (!(plan.secondsPerMove > 0 && plan.secondsPerMove <= 1000000))
    throw UserError("Number of seconds per game move to assume: invalid value " + options.get("time"));
  if (options.has("sgf") && options.has("boardsize"))
    throw UserError("Cannot specify both -sgf and -boardsize at the same time");
  return plan;
}

std::vector<GameState> readPositions(const Options& options, const Plan& plan, EngineSetup& engine) {
  if (options.has("sgf")) {
    const Sgf sgf = Sgf::load(options.get("sgf"));
    Rules rules;
    if (sgf.hasKomi())
      rules.komi = sgf.komi();
    return benchmarkPositions(sgf.initialState(rules), sgf.moves(), plan.positions);
  }
  const Config& config = engine.config();
  const int configured =
      std::max({config.getInt("defaultBoardSize", 2, kMaxBoardLen, 0), config.getInt("defaultBoardXSize", 2, kMaxBoardLen, 0),
                config.getInt("defaultBoardYSize", 2, kMaxBoardLen, 0)});
  const long long size = options.getInt("boardsize").value_or(configured > 0 ? configured : 19);
  if (size < 7 || size > 19)
    throw UserError("Board size to test: invalid value " + std::to_string(size));
  return builtInBenchmarkPositions(engine, static_cast<int>(size), plan.positions);
}

void printHeader(const Plan& plan, const GameState& position, bool isCpu, const SearchParams& params) {
  std::printf("Testing using %lld visits.\n", plan.visits);
  if (isCpu)
    std::printf("You are currently using the Eigen (CPU) version of KataGo. Due to having no GPU, it may be slow.\n");
  std::printf("\nYour GTP config is currently set to use numSearchThreads = %d\n", params.numSearchThreads);
  const char* const what = plan.threads.empty()
                               ? "Automatically trying different numbers of threads to home in on the best"
                           : plan.threads.size() > 1 ? "Testing different numbers of threads"
                                                     : "Testing";
  std::printf("%s (board size %dx%d): \n\n", what, position.board().xSize(), position.board().ySize());
}

std::vector<BenchmarkResult> measureAll(const Plan& plan, Benchmark& benchmark) {
  std::vector<BenchmarkResult> results;
  const auto finish = [&](int threads) {
    const BenchmarkResult result = measureShowing(benchmark, threads);
    std::printf("\r%s", result.line(benchmark.numPositions()).c_str());
    return result;
  };
  if (plan.threads.empty()) {
    const auto measure = [&](int threads) {
      const BenchmarkResult result = finish(threads);
      std::printf("\n");
      return result;
    };
    const auto announce = [](const std::string& line) { std::printf("%s\n\n", line.c_str()); };
    for (const auto& [threads, result] : tuneThreads(1, plan.secondsPerMove, measure, announce))
      results.push_back(result);
    std::printf("\n\nOrdered summary of results: \n\n");
  }
  for (const int threads : plan.threads)
    results.push_back(finish(threads)), std::printf("\n");
  const double baseline = results[0].elo(plan.secondsPerMove);
  for (const BenchmarkResult& result : results) {
    if (!plan.threads.empty() && results.size() == 1)
      break;
    std::printf("%s (EloDiff ", result.line(benchmark.numPositions()).c_str());
    if (&result == &results[0])
      std::printf("baseline)\n");
    else
      std::printf("%+.0f)\n", result.elo(plan.secondsPerMove) - baseline);
  }
  return results;
}

}  // namespace

int runBenchmark(const CommandLine& line) {
  const std::optional<Options> options = parseOptions(line, benchmarkOptions());
  if (!options)
    return 0;
  EngineSetup engine(options->engineOptions(true), Mode::Benchmark, line.program, nn::makeBackend({}));
  const std::string_view backend = engine.backend().name();
  const bool isCpu = !startsWith(backend, "cuda") && !startsWith(backend, "opencl") && !startsWith(backend, "metal");
  const Plan plan = readPlan(*options, isCpu);
  engine.openLog();
  SearchParams params = loadSearchParams(engine.config(), Mode::Benchmark, false);
  params.maxVisits = params.maxPlayouts = plan.visits;
  params.maxTime = kUnlimitedTime;
  params.searchFactorAfterOnePass = params.searchFactorAfterTwoPass = 1;
  std::vector<GameState> positions = readPositions(*options, plan, engine);
  if (positions.empty())
    throw UserError("The game has no moves to take positions from");
  printHeader(plan, positions[0], isCpu, params);
  Benchmark benchmark(engine, params, std::move(positions));
  const std::vector<BenchmarkResult> results = measureAll(plan, benchmark);
  if (results.size() > 1) {
    int best = 0;
    std::printf("%s", benchmarkSummary(results, plan.secondsPerMove, best).c_str());
    std::printf("If you care about performance, you may want to edit numSearchThreads in %s based on the above "
                "results!\n",
                engine.config().name().c_str());
  }
  return 0;
}

}  // namespace ponnuki
