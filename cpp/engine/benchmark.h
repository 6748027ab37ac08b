// Measures search speed by number of threads and finds a good number (spec analysis-cli-config 3.4, Appendix B).
// Speeds are root visits per second. Not thread-safe.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "engine/engine_setup.h"
#include "game/game_state.h"

namespace ponnuki {

// The turns of a game to search, ascending: the reference's selection, so that both engines test the same positions.
std::vector<int> selectBenchmarkTurns(const std::vector<Move>& moves, int count);

struct BenchmarkResult {
  int threads = 0;
  int positions = 0;
  int64_t visits = 0;
  double seconds = 0;
  uint64_t rows = 0, batches = 0;

  double visitsPerSecond() const { return static_cast<double>(visits) / seconds; }
  // Strength on an arbitrary scale: doublings of speed gain, threads cost (they make the tree worse).
  double elo(double secondsPerMove) const;
  std::string line(int totalPositions) const;  // "numSearchThreads =  1: 3 / 3 positions, visits/s = ..."
};

// Largest batch of evaluations when testing a number of threads.
struct BatchRule {
  int fixed = 0;      // > 0: always this
  bool half = false;  // half the threads
  int of(int threads) const { return fixed > 0 ? fixed : half ? (threads + 1) / 2 : 0; }  // 0 = the engine's choice
};

class Benchmark {
 public:
  // positions must all have one size. `params`: limits already set.
  Benchmark(EngineSetup& engine, const SearchParams& params, std::vector<GameState> positions, BatchRule batch = {})
      : engine_(engine),
        params_(params),
        positions_(std::move(positions)),
        batch_(batch),
        treeMemory_(engine.treeMemoryLimit(1)) {}

  // Loads the nets for so many threads and searches all positions; progress is told after each.
  BenchmarkResult measure(int threads, const std::function<void(const BenchmarkResult&)>& progress);
  int numPositions() const { return static_cast<int>(positions_.size()); }

 private:
  EngineSetup& engine_;
  SearchParams params_;
  std::vector<GameState> positions_;
  BatchRule batch_;
  std::shared_ptr<TreeMemoryLimit> treeMemory_;
};

// Ternary search over plausible thread counts on `devices` devices. Returns all measured results by thread count.
// announce is given lines to print.
std::map<int, BenchmarkResult> tuneThreads(int devices, double secondsPerMove,
                                           const std::function<BenchmarkResult(int threads)>& measure,
                                           const std::function<void(const std::string&)>& announce);

// The comparison at the end; `best` receives the recommended number of threads.
std::string benchmarkSummary(const std::vector<BenchmarkResult>& results, double secondsPerMove, int& best);

std::vector<GameState> builtInBenchmarkPositions(int boardSize, int count);  // boards of 7x7 to 19x19
std::vector<GameState> benchmarkPositions(const GameState& start, const std::vector<Move>& moves, int count);

}  // namespace ponnuki
