// Overhead of the search without a net: katago-search-bench [visits] [max threads] [board size] [repeats]
// Prints playouts per second by number of threads and the bytes of a visited node, as a table for pull requests.
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "eval/hash_evaluator.h"
#include "search/search.h"

using namespace ponnuki;

int main(int argc, char** argv) {
  const auto argument = [&](int i, long absent) { return argc > i ? std::atol(argv[i]) : absent; };
  const long visits = argument(1, 20000), maxThreads = argument(2, 2), size = argument(3, 19), repeats = argument(4, 3);
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
      search.setPosition(GameState(Board(static_cast<int>(size), static_cast<int>(size)), Color::Black,
                                   Rules::parse("tromp-taylor", false)));
      search.run({});
      best = std::max(best, static_cast<double>(search.lastPlayouts()) / search.lastSearchSeconds());
    }
    const size_t nodes = search.nodeCount();
    std::printf("| %ld | %ld | %.0f | %zu | %.0f |\n", threads, visits, best, nodes,
                static_cast<double>(search.treeBytes()) / static_cast<double>(nodes));
  }
  return 0;
}
