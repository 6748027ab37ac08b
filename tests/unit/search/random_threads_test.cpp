// Random use of the search by a front end, with several threads: start, stop, ponder, play, change rules,
// komi and parameters, limit the memory, clear. After every step the tree must be sound.
// PONNUKI_STRESS_ROUNDS sets the number of steps (400 by default); thousands are meant for ThreadSanitizer.
#include <doctest/doctest.h>

#include <cstdlib>
#include <random>
#include <thread>

#include "eval/hash_evaluator.h"
#include "search/async_search.h"

using namespace ponnuki;

namespace {

class RandomUser {
 public:
  RandomUser(unsigned seed, Evaluator& net, Logger& log, std::shared_ptr<EvalCache> cache)
      : rng_(seed),
        async_(std::make_unique<Search>(randomParams(), net, nullptr, log, std::to_string(seed))) {
    async_.stopped().setEvalCache(std::move(cache));
    newGame();
  }

  // Throws InternalError where the tree is broken.
  void step() {
    switch (below(12)) {
      case 0:
      case 1:
        think();
        break;
      case 2:
        analyze();
        break;
      case 3:
        ponder();
        break;
      case 4:
      case 5:
      case 6:
        playMove();
        break;
      case 7:
        newGame();
        break;
      case 8:
        async_.stopped().setKomi(0.5f * static_cast<float>(below(30)));
        break;
      case 9:
        async_.stopped().setParams(randomParams());
        break;
      case 10:
        restrict();
        break;
      default:
        chance(0.5) ? async_.stopped().clearSearch() : limitMemory();
    }
    async_.stopped().checkTree();
  }

  int64_t playouts() const { return playouts_; }

 private:
  size_t below(size_t n) { return std::uniform_int_distribution<size_t>(0, n - 1)(rng_); }
  bool chance(double p) { return std::bernoulli_distribution(p)(rng_); }
  Color toMove() { return async_.search().rootPlayer(); }
  void pause() { std::this_thread::sleep_for(std::chrono::microseconds(below(3000))); }

  SearchParams randomParams() {
    SearchParams p;
    p.numSearchThreads = 1 + static_cast<int>(below(4));
    p.minPlayoutsPerThread = 0;
    p.maxPlayouts = 1 + static_cast<int64_t>(below(150));
    p.useGraphSearch = chance(0.7);
    p.graphSearchCatchUpLeakProb = chance(0.3) ? 0.1 : 0;
    p.rootNoiseEnabled = chance(0.3);
    p.wideRootNoise = chance(0.3) ? 0.05 : 0;
    p.rootSymmetryPruning = chance(0.3);
    p.rootNumSymmetriesToSample = chance(0.3) ? 3 : 1;
    p.rootPolicyTemperature = chance(0.3) ? 1.2 : 1;
    p.subtreeValueBiasFactor = chance(0.7) ? 0.45 : 0;
    p.useNoisePruning = chance(0.7);
    p.useUncertainty = chance(0.7);
    p.antiMirror = chance(0.3);
    p.avoidRepeatedPatternUtility = chance(0.3) ? 0.1 : 0;
    p.useEvalCache = chance(0.5);
    p.evalCacheMinVisits = 5;
    p.conservativePass = chance(0.5);
    p.fillDameBeforePass = chance(0.5);
    p.enableMorePassingHacks = chance(0.5);
    p.playoutDoublingAdvantage = chance(0.2) ? 1.0 : 0;
    return p;
  }

  void newGame() {
    static const char* const kRules[] = {"tromp-taylor", "japanese", "chinese", "aga", "stone-scoring"};
    const int x = 2 + static_cast<int>(below(6)), y = 2 + static_cast<int>(below(6));
    async_.stopped().setPosition(GameState(Board(x, y), chance(0.5) ? Color::Black : Color::White,
                                           Rules::parse(kRules[below(5)], false)));
  }

  void think() {
    async_.genmoveSync(chance(0.8) ? toMove() : opponent(toMove()), SearchLimits{}, callbacks());
    playouts_ += async_.search().lastPlayouts();
  }

  // The callbacks run beside the search.
  SearchCallbacks callbacks() {
    SearchCallbacks c;
    if (chance(0.5)) return c;
    c.first = 0;
    c.period = 0.0005;
    c.onReport = [](const Search& search) {
      SearchReport report;
      ReportOptions options;
      options.ownership = true;
      search.makeReport(options, report);
    };
    return c;
  }

  void analyze() {
    async_.analyze(toMove(), 1e40, callbacks());
    pause();
    if (chance(0.5)) async_.stopWithoutWait();
    async_.stopAndWait();
  }

  void ponder() {
    async_.ponder(1e40);
    pause();
  }

  void playMove() {
    Search& search = async_.stopped();
    Point move = chance(0.7) ? search.chooseMove() : kNullPoint;
    const Board& board = search.rootState().board();
    if (move == kNullPoint)
      move = chance(0.1) ? kPass
                         : board.at(static_cast<int>(below(static_cast<size_t>(board.xSize()))),
                                    static_cast<int>(below(static_cast<size_t>(board.ySize()))));
    if (search.makeMove(move, toMove(), chance(0.5))) search.checkTree(true);
  }

  void restrict() {
    Search& search = async_.stopped();
    std::vector<int> avoid;
    if (chance(0.5)) {
      avoid.assign(kPointArraySize, 0);
      for (int& depth : avoid) depth = static_cast<int>(below(3));
    }
    search.setAvoidMoves(avoid, chance(0.5) ? avoid : std::vector<int>());
    search.setHintMove(chance(0.5) ? search.rootState().board().at(0, 0) : kNullPoint);
    search.setAlwaysIncludeOwnership(chance(0.5));
  }

  void limitMemory() {
    const size_t bytes = chance(0.5) ? 0 : 20000 + below(200000);
    async_.stopped().setTreeMemoryLimit(std::make_shared<TreeMemoryLimit>(bytes));
  }

  std::mt19937 rng_;
  int64_t playouts_ = 0;
  AsyncSearch async_;
};

long stressRounds() {
  const char* text = std::getenv("PONNUKI_STRESS_ROUNDS");
  return text ? std::atol(text) : 400;
}

}  // namespace

TEST_CASE("random use with many threads leaves no unsound tree") {
  HashEvaluatorSettings settings;
  settings.nnX = settings.nnY = 7;
  HashEvaluator net(settings);
  Logger log;
  const auto cache = std::make_shared<EvalCache>();
  std::exception_ptr failure[2];
  int64_t playouts[2] = {0, 0};
  const auto play = [&](unsigned seed) {
    try {
      RandomUser user(seed, net, log, cache);
      for (long i = 0; i < stressRounds() / 2; i++) {
        user.step();
        if (i % 50 == 49) cache->clear();
      }
      playouts[seed] = user.playouts();
    } catch (...) {
      failure[seed] = std::current_exception();
    }
  };
  std::thread other(play, 1);  // two searches share evaluator and cache
  play(0);
  other.join();
  for (const std::exception_ptr& f : failure)
    if (f) std::rethrow_exception(f);
  CHECK(playouts[0] > stressRounds());
  CHECK(playouts[1] > stressRounds());
}
