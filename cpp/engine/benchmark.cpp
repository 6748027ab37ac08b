#include "engine/benchmark.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <set>

#include "base/error.h"
#include "base/rng.h"
#include "engine/built_in_games.h"
#include "search/search.h"

namespace ponnuki {
namespace {

template <typename... Args>
std::string format(const char* pattern, Args... args) {
  char text[256];
  std::snprintf(text, sizeof text, pattern, args...);
  return text;
}

// Thread counts worth trying: 2^i, 3*2^i, 5*2^i.
std::vector<int> candidates(int lo, int hi) {
  std::set<int> all;
  for (int i = 0; i < 20; i++)
    for (const int factor : {1, 3, 5})
      all.insert(factor << i);
  std::vector<int> inRange;
  for (const int n : all)
    if (n >= lo && n <= hi)
      inRange.push_back(n);
  if (inRange.empty())
    inRange.push_back(lo);
  return inRange;
}

}  // namespace

std::vector<int> selectBenchmarkTurns(const std::vector<Move>& moves, int count) {
  const int n = static_cast<int>(std::min<size_t>(moves.size(), 65535));
  std::string seed = "benchmarkPosSeed|";
  for (int i = 0; i < n; i++)
    seed += std::to_string(moves[static_cast<size_t>(i)].point) + "|";
  Rng rng(seed);
  std::vector<int> turns(static_cast<size_t>(n));
  for (int i = 0; i < n; i++)
    turns[static_cast<size_t>(i)] = i;
  for (int i = n - 1; i >= 2; i--)
    std::swap(turns[static_cast<size_t>(i)], turns[rng.uniform(static_cast<uint32_t>(i))]);
  turns.resize(static_cast<size_t>(std::min(count, n)));
  std::sort(turns.begin(), turns.end());
  return turns;
}

double BenchmarkResult::elo(double secondsPerMove) const {
  const double speed = visitsPerSecond();
  return 250.0 * std::log2(speed) - 7.0 * threads * std::pow(1600.0 / (800.0 + speed * secondsPerMove), 0.85);
}

std::string BenchmarkResult::line(int totalPositions) const {
  const double r = static_cast<double>(rows), b = static_cast<double>(batches);
  return format("numSearchThreads = %2d: %d / %d positions, visits/s = %.2f nnEvals/s = %.2f nnBatches/s = %.2f "
                "avgBatchSize = %.2f (%.1f secs)",
                threads, positions, totalPositions, visitsPerSecond(), r / seconds, b / seconds,
                b > 0 ? r / b : 0.0, seconds);
}

BenchmarkResult Benchmark::measure(int threads, const std::function<void(const BenchmarkResult&)>& progress) {
  ENSURE(!positions_.empty());
  NetRequest request;
  request.boardX = positions_[0].board().xSize();
  request.boardY = positions_[0].board().ySize();
  request.requireExactSize = true;
  request.concurrentEvaluations = threads;
  request.maxBatch = batch_.of(threads);
  engine_.loadNets(request);
  SearchParams params = params_;
  params.numSearchThreads = threads;
  Search search(params, engine_.net(), nullptr, engine_.log(), "benchmark");
  search.setTreeMemoryLimit(treeMemory_);
  search.setPosition(positions_[0].atStart());
  SearchParams warmUp = params;
  warmUp.maxVisits = warmUp.maxPlayouts = 5;
  search.setParams(warmUp);
  search.run(SearchLimits{});
  search.setParams(params);
  const uint64_t rowsBefore = engine_.net().rowsEvaluated(), batchesBefore = engine_.net().batchesEvaluated();
  BenchmarkResult result;
  result.threads = threads;
  for (const GameState& position : positions_) {
    search.clearSearch();
    engine_.net().clearCache();
    search.setPosition(position);
    const auto start = std::chrono::steady_clock::now();
    search.run(SearchLimits{});
    result.seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    result.visits += search.rootVisits();
    result.positions++;
    result.rows = engine_.net().rowsEvaluated() - rowsBefore;
    result.batches = engine_.net().batchesEvaluated() - batchesBefore;
    progress(result);
  }
  return result;
}

std::map<int, BenchmarkResult> tuneThreads(int devices, double secondsPerMove,
                                           const std::function<BenchmarkResult(int threads)>& measure,
                                           const std::function<void(const std::string&)>& announce) {
  std::map<int, BenchmarkResult> results;
  const auto elo = [&](int threads) {
    if (results.count(threads) == 0)
      results[threads] = measure(threads);
    return results[threads].elo(secondsPerMove);
  };
  int lo = devices;
  int hi = std::max(4 * devices, static_cast<int>(std::lround(32 * 0.5 * (1 + devices))));
  while (true) {
    const std::vector<int> counts = candidates(lo, hi);
    std::string line = "Possible numbers of threads to test: ";
    for (const int n : counts)
      line += std::to_string(n) + ", ";
    announce(line);
    int a = 0, b = static_cast<int>(counts.size()) - 1;
    while (a <= b) {
      const int m1 = a + (b - a) / 3, m2 = b - (b - a) / 3;
      if (elo(counts[static_cast<size_t>(m1)]) < elo(counts[static_cast<size_t>(m2)]))
        a = m1 + 1;
      else
        b = m2 - 1;
    }
    int best = 0;
    double bestElo = 0;
    for (const auto& [threads, result] : results)
      if (result.elo(secondsPerMove) > bestElo) {
        best = threads;
        bestElo = result.elo(secondsPerMove);
      }
    if (3 * best <= 2 * hi || hi >= 5000)
      return results;
    lo = hi / 2;
    hi = 2 * hi + 32;
    announce("Optimal number of threads is fairly high, increasing the search limit and trying again.");
  }
}

std::string benchmarkSummary(const std::vector<BenchmarkResult>& results, double secondsPerMove, int& best) {
  ENSURE(!results.empty());
  best = 0;
  double bestElo = -1e300;
  for (const BenchmarkResult& result : results)
    if (result.elo(secondsPerMove) > bestElo) {
      bestElo = result.elo(secondsPerMove);
      best = result.threads;
    }
  std::string text =
      "\nBased on some test data, each speed doubling gains perhaps ~250 Elo by searching deeper.\n"
      "Based on some test data, each thread costs perhaps 7 Elo if using 800 visits, and 2 Elo if using 5000 visits "
      "(by making MCTS worse).\nSo APPROXIMATELY based on this benchmark, if you intend to do a " +
      format("%.6g", secondsPerMove) + " second search: \n";
  for (size_t i = 0; i < results.size(); i++) {
    const double gain = results[i].elo(secondsPerMove) - results[0].elo(secondsPerMove);
    text += format("numSearchThreads = %2d: ", results[i].threads) +
            (i == 0 ? std::string("(baseline)") : format("%+5.0f Elo", gain)) +
            (results[i].threads == best ? " (recommended)" : "") + "\n";
  }
  return text + "\n";
}

std::vector<GameState> benchmarkPositions(const GameState& start, const std::vector<Move>& moves, int count) {
  std::vector<GameState> positions;
  GameState state = start;
  int turn = 0;
  for (const int wanted : selectBenchmarkTurns(moves, count)) {
    for (; turn < wanted; turn++)
      if (!state.playTolerant(moves[static_cast<size_t>(turn)].point, moves[static_cast<size_t>(turn)].player))
        throw UserError("Illegal move in SGF");
    positions.push_back(state);
  }
  return positions;
}

std::vector<GameState> builtInBenchmarkPositions(int boardSize, int count) {
  const BuiltInGame& game = benchmarkGame(boardSize);
  return benchmarkPositions(game.start(), game.moveList(), count);
}

}  // namespace ponnuki
