// Overhead of the search without a net: katago-search-bench [visits] [max threads] [board size] [repeats]
// [moves] Prints playouts per second by number of threads and the bytes of a visited node, as a table for
// pull requests. moves: of an invented game before the search, 0 by default; the later in a game, the smaller
// the nodes.
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "eval/hash_evaluator.h"
#include "search/search.h"

using namespace ponnuki;

namespace {

GameState positionAfter(long moves, int size) {
  GameState state(Board(size, size), Color::Black, Rules::parse("tromp-taylor", false));
  for (uint64_t seed = 1; static_cast<long>(state.moves().size()) < moves && !state.isFinished(); seed++) {
    const auto at = static_cast<int>(mix::splitMix64(seed) % static_cast<uint64_t>(size * size));
    const Point p = state.board().at(at % size, at / size);
    if (state.isLegal(p, state.toMove())) state.play(p, state.toMove());
  }
  return state;
}

}  // namespace

int main(int argc, char** argv) {
  const auto argument = [&](int i, long absent) { return argc > i ? std::atol(argv[i]) : absent; };
  const long visits = argument(1, 20000), maxThreads = argument(2, 2), size = argument(3, 19),
             repeats = argument(4, 3);
  const GameState position = positionAfter(argument(5, 0), static_cast<int>(size));
  HashEvaluatorSettings settings;
  settings.nnX = settings.nnY = static_cast<int>(size);
  HashEvaluator net(settings);
  Logger log;
  std::printf("| threads | visits | playouts/s | nodes | bytes/node |\n|---|---|---|---|---|\n");
  for (long threads = 1; threads <= maxThreads; threads *= 2) {
    SearchParams params;
    params.maxVisits = visits;
    params.numSearchThreads = static_cast<int>(threads);
    Search search(params, net, nullptr, log, "bench");
    double best = 0;
    for (long i = 0; i < repeats; i++) {
      search.setPosition(position);
      search.run({});
      best = std::max(best, static_cast<double>(search.lastPlayouts()) / search.lastSearchSeconds());
    }
    const size_t nodes = search.nodeCount();
    std::printf("| %ld | %ld | %.0f | %zu | %.0f |\n", threads, visits, best, nodes,
                static_cast<double>(search.treeBytes()) / static_cast<double>(nodes));
  }
  return 0;
}
