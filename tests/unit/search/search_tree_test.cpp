// Properties of whole searches on invented evaluations: determinism, limits, reuse, threads.
#include <doctest/doctest.h>

#include <map>
#include <thread>

#include "base/error.h"
#include "eval/hash_evaluator.h"
#include "search/async_search.h"

using namespace ponnuki;

namespace {

HashEvaluator hashNet(int size) {
  HashEvaluatorSettings settings;
  settings.nnX = settings.nnY = size;
  return HashEvaluator(settings);
}

SearchParams paramsFor(int64_t visits, int threads = 1) {
  SearchParams p;
  p.maxVisits = visits;
  p.numSearchThreads = threads;
  p.minPlayoutsPerThread = 0;
  return p;
}

GameState emptyBoard(int size, const char* rules = "tromp-taylor") {
  return GameState(Board(size, size), Color::Black, Rules::parse(rules, false));
}

std::map<Point, int64_t> visitsByMove(const Search& search) {
  SearchReport report;
  REQUIRE(search.makeReport({}, report));
  std::map<Point, int64_t> visits;
  for (const MoveReport& m : report.moves) visits[m.move] = m.visits;
  return visits;
}

struct Fixture {
  HashEvaluator net;
  Logger log;
  Search search;
  Fixture(int size, const SearchParams& params, const std::string& seed = "test",
          const char* rules = "tromp-taylor")
      : net(hashNet(size)), search(params, net, nullptr, log, seed) {
    search.setPosition(emptyBoard(size, rules));
  }
};

}  // namespace

TEST_CASE("the same seed gives the same visits, with all random features on") {
  SearchParams p = paramsFor(300);
  p.rootNoiseEnabled = true;
  p.wideRootNoise = 0.05;
  p.rootNumSymmetriesToSample = 2;
  p.graphSearchCatchUpLeakProb = 0.1;
  Fixture a(9, p), b(9, p), other(9, p, "another seed");
  for (Fixture* f : {&a, &b, &other}) f->search.run({});
  CHECK(visitsByMove(a.search) == visitsByMove(b.search));
  CHECK(visitsByMove(a.search) != visitsByMove(other.search));
}

TEST_CASE("visit and playout limits are exact with one thread") {
  Fixture f(9, paramsFor(123));
  f.search.run({});
  CHECK(f.search.rootVisits() == 123);
  f.search.run({});  // nothing is left to do
  CHECK(f.search.rootVisits() == 123);
  SearchParams p = paramsFor(kUnlimitedVisits);
  p.maxPlayouts = 50;
  f.search.setParams(p);
  f.search.run({});
  f.search.run({});  // playouts count per search
  CHECK(f.search.rootVisits() == 100);
  CHECK(f.search.lastPlayouts() == 50);
}

TEST_CASE("one visit evaluates the root and reports no moves") {
  Fixture f(9, paramsFor(1));
  CHECK(f.search.runAndChoose({}) != kNullPoint);  // by policy
  CHECK(visitsByMove(f.search).empty());
}

TEST_CASE("a small board transposes: fewer nodes than visits") {
  Fixture f(5, paramsFor(2000));
  f.search.run({});
  CHECK(f.search.nodeCount() < 2000);
  f.search.checkTree();
}

TEST_CASE("a played move keeps its subtree and the new search starts with its visits") {
  SearchParams p = paramsFor(400);
  p.chosenMoveTemperature = p.chosenMoveTemperatureEarly = 0;
  Fixture f(9, p);
  const Point move = f.search.runAndChoose({});
  const int64_t visits = visitsByMove(f.search).at(move);
  REQUIRE(visits > 10);
  REQUIRE(f.search.makeMove(move, Color::Black, true));
  CHECK(f.search.rootVisits() == visits);
  CHECK(static_cast<int64_t>(f.search.nodeCount()) <= visits + 1);
  f.search.checkTree();
  f.search.run({});
  CHECK(f.search.rootVisits() == 400);
  f.search.checkTree();
}

TEST_CASE("an unknown, out-of-turn or illegal move leaves no wrong tree") {
  Fixture f(9, paramsFor(100));
  f.search.run({});
  const Point corner = f.search.rootState().board().at(0, 0);
  CHECK(f.search.makeMove(corner, Color::White, true));  // not White's turn: history is cleared
  CHECK(f.search.rootVisits() == 0);
  CHECK(f.search.rootState().moves().size() == 1);
  CHECK_FALSE(f.search.makeMove(corner, Color::Black, true));
}

TEST_CASE("avoided moves are not searched at the depths they are avoided at") {
  Fixture f(9, paramsFor(200));
  const Board& board = f.search.rootState().board();
  std::vector<int> avoid(kPointArraySize, 1);
  avoid[static_cast<size_t>(board.at(2, 2))] = 0;
  f.search.setAvoidMoves(avoid, {});
  f.search.run({});
  const auto visits = visitsByMove(f.search);
  CHECK(visits.size() == 1);
  CHECK(visits.count(board.at(2, 2)) == 1);
}

TEST_CASE("symmetric root moves are reported but not searched") {
  SearchParams p = paramsFor(200);
  p.rootSymmetryPruning = true;
  Fixture f(9, p);
  f.search.run({});
  SearchReport report;
  REQUIRE(f.search.makeReport({}, report));
  int originals = 0, copies = 0;
  int64_t edges = 0;
  for (const MoveReport& m : report.moves) {
    (m.isSymmetryOf ? copies : originals)++;
    if (!m.isSymmetryOf) edges += m.edgeVisits;
  }
  CHECK(copies > originals);
  CHECK(edges == f.search.rootVisits() - 1);
}

TEST_CASE("a memory limit ends searches with a result and tells so once") {
  for (const int threads : {1, 4}) {
    Fixture f(9, paramsFor(kUnlimitedVisits, threads));
    std::vector<std::string> told;
    constexpr size_t kBytes = 4 << 20;
    f.search.setTreeMemoryLimit(
        std::make_shared<TreeMemoryLimit>(kBytes, [&](const std::string& line) { told.push_back(line); }));
    f.search.run({});
    CHECK(f.search.lastEndedForMemory());
    CHECK(f.search.rootVisits() > 1000);
    CHECK(static_cast<double>(f.search.treeBytes()) == doctest::Approx(kBytes).epsilon(0.15));
    f.search.checkTree();
    f.search.run({});  // the tree is full: at once, with what is known
    const Point move = f.search.chooseMove();
    CHECK(move != kNullPoint);
    REQUIRE(told.size() == 1);
    CHECK(told[0].find("maxTreeMemoryMB") != std::string::npos);
    REQUIRE(f.search.makeMove(move, Color::Black, true));  // makes room
    f.search.run({});
    CHECK(f.search.lastPlayouts() > 100);
    CHECK(f.search.lastEndedForMemory());
    CHECK(static_cast<double>(f.search.treeBytes()) == doctest::Approx(kBytes).epsilon(0.15));
    CHECK(told.size() == 1);
  }
}

TEST_CASE("an analysis that memory ends still reports") {
  HashEvaluator net = hashNet(9);
  Logger log;
  auto owned = std::make_unique<Search>(paramsFor(kUnlimitedVisits), net, nullptr, log, "memory");
  owned->setPosition(emptyBoard(9));
  owned->setTreeMemoryLimit(std::make_shared<TreeMemoryLimit>(1 << 20));
  AsyncSearch async(std::move(owned));
  int reports = 0;
  SearchCallbacks callbacks;
  callbacks.first = callbacks.period = 1000;
  callbacks.onReport = [&](const Search& search) {
    SearchReport report;
    reports += search.makeReport({}, report);
  };
  async.analyze(Color::Black, 1e40, callbacks);
  async.waitToEnd();
  CHECK(reports == 1);
}

TEST_CASE("ownership of the tree is an average of ownership maps") {
  SearchParams p = paramsFor(100);
  Fixture f(9, p);
  f.search.setAlwaysIncludeOwnership(true);
  f.search.run({});
  ReportOptions options;
  options.ownership = options.ownershipStdev = options.movesOwnership = true;
  SearchReport report;
  REQUIRE(f.search.makeReport(options, report));
  REQUIRE(report.ownership.size() == 81);
  REQUIRE(report.ownershipStdev.size() == 81);
  for (const double v : report.ownership) CHECK(std::abs(v) <= 1);
  CHECK(report.moves.front().ownership.size() == 81);
}

TEST_CASE("many threads keep the tree sound over stops, moves and reuse") {
  for (const bool graph : {true, false}) {
    SearchParams p = paramsFor(kUnlimitedVisits, 4);
    p.useGraphSearch = graph;
    p.maxPlayouts = 400;
    p.rootNoiseEnabled = true;
    Fixture f(5, p, "threads", "chinese");
    for (int turn = 0; turn < 12 && !f.search.rootState().isFinished(); turn++) {
      const Point move = f.search.runAndChoose({});
      f.search.checkTree();
      REQUIRE(move != kNullPoint);
      REQUIRE(f.search.makeMove(move, f.search.rootPlayer(), true));
      f.search.checkTree();
    }
  }
}

TEST_CASE("reports may be made while threads search") {
  HashEvaluator net = hashNet(9);
  Logger log;
  SearchParams p = paramsFor(kUnlimitedVisits, 2);
  auto owned = std::make_unique<Search>(p, net, nullptr, log, "async");
  owned->setPosition(emptyBoard(9));
  AsyncSearch async(std::move(owned));
  std::atomic<int> reports{0};
  std::atomic<int> done{0};
  SearchCallbacks callbacks;
  callbacks.first = 0.001;
  callbacks.period = 0.002;
  callbacks.onReport = [&](const Search& search) {
    SearchReport report;
    ReportOptions options;
    if (search.makeReport(options, report)) reports++;
  };
  callbacks.onDone = [&](Point move, const Search&) { done += move != kNullPoint; };
  async.analyze(Color::Black, 1e40, callbacks);
  while (reports < 5) std::this_thread::yield();
  CHECK(async.isRunning());
  async.stopAndWait();
  CHECK_FALSE(async.isRunning());
  CHECK(done == 1);
  async.stopped().checkTree();
}

TEST_CASE("the controller survives stops at any moment") {
  HashEvaluator net = hashNet(9);
  Logger log;
  auto owned = std::make_unique<Search>(paramsFor(kUnlimitedVisits, 2), net, nullptr, log, "stops");
  owned->setPosition(emptyBoard(9));
  AsyncSearch async(std::move(owned));
  for (int i = 0; i < 30; i++) {
    async.analyze(i % 3 == 0 ? Color::White : Color::Black, 1e40, {});
    std::this_thread::sleep_for(std::chrono::microseconds(i * 37));
    if (i % 2) async.stopWithoutWait();
    Search& search = async.stopped();
    search.checkTree();
    if (i % 5 == 4) search.clearSearch();
  }
  async.ponder();
  CHECK(async.isRunning());
  async.ponder();  // ignored
}

TEST_CASE("an error of the evaluator ends the search and is passed on") {
  HashEvaluator net = hashNet(7);  // too small for the board
  Logger log;
  Search search(paramsFor(10), net, nullptr, log, "error");
  search.setPosition(emptyBoard(9));
  CHECK_THROWS_AS(search.run({}), UserError);
}

TEST_CASE("a time limit ends the search after at least two playouts") {
  SearchParams p = paramsFor(kUnlimitedVisits);
  p.maxTime = 0;
  Fixture f(9, p);
  f.search.run({});
  CHECK(f.search.rootVisits() == 2);
  p.maxTime = 1e20;
  f.search.setParams(p);
  SearchLimits limits;
  limits.timeControl = TimeControl::byoYomi(0, 0.2, 1);
  f.search.run(limits);
  CHECK(f.search.lastSearchSeconds() < 1.5);
  CHECK(f.search.rootVisits() > 2);
}

TEST_CASE("the evaluation cache carries results into a later search") {
  SearchParams p = paramsFor(1500);
  p.useEvalCache = true;
  p.evalCacheMinVisits = 20;
  Fixture f(7, p);
  f.search.run({});
  const auto fresh = visitsByMove(f.search);
  f.search.clearSearch();
  f.search.run({});
  f.search.checkTree();
  CHECK(visitsByMove(f.search) != fresh);
}
