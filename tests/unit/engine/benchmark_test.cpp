#include <doctest/doctest.h>

#include "engine/benchmark.h"
#include "engine/game_review.h"
#include "engine/generated_config.h"
#include "eval/hash_evaluator.h"

using namespace ponnuki;

namespace {

// visits/s by threads: grows up to eight threads, then stays.
BenchmarkResult simulated(int threads) {
  BenchmarkResult result;
  result.threads = threads;
  result.positions = 10;
  result.visits = 100 * std::min(threads, 8);
  result.seconds = 1;
  return result;
}

}  // namespace

TEST_CASE("benchmark turns are sorted, distinct and within the game") {
  std::vector<Move> moves;
  for (int i = 0; i < 100; i++)
    moves.push_back({pointAt(i % 10, i / 10, 19), i % 2 == 0 ? Color::Black : Color::White});
  const std::vector<int> turns = selectBenchmarkTurns(moves, 10);
  REQUIRE(turns.size() == 10);
  for (size_t i = 1; i < turns.size(); i++)
    CHECK(turns[i - 1] < turns[i]);
  CHECK(turns.back() < 100);
  CHECK(selectBenchmarkTurns(moves, 1000).size() == 100);
  moves[0].point = pointAt(18, 18, 19);
  CHECK(selectBenchmarkTurns(moves, 10) != turns);
}

TEST_CASE("thread tuning finds where speed stops growing") {
  const auto results = tuneThreads(1, 5.0, simulated, [](const std::string&) {});
  std::vector<BenchmarkResult> list;
  for (const auto& [threads, result] : results)
    list.push_back(result);
  int best = 0;
  const std::string text = benchmarkSummary(list, 5.0, best);
  CHECK(best == 8);
  CHECK(text.find("numSearchThreads =  8: ") != std::string::npos);
  CHECK(text.find(" Elo (recommended)") != std::string::npos);
}

TEST_CASE("the result line has the form that GUIs read") {
  CHECK(simulated(1).line(10) ==
        "numSearchThreads =  1: 10 / 10 positions, visits/s = 100.00 nnEvals/s = 0.00 nnBatches/s = 0.00 "
        "avgBatchSize = 0.00 (1.0 secs)");
}

TEST_CASE("cache sizes are those of the reference") {
  CHECK(cacheSizePower(3) == 20);
  CHECK(cacheSizePower(2) == 19);
  CHECK(cacheSizePower(0.0001) == 10);
}

TEST_CASE("a generated config loads and says what was answered") {
  ConfigAnswers answers;
  answers.rules = Rules::parse("japanese", false);
  answers.maxVisits = 777;
  answers.numSearchThreads = 12;
  const Config config = Config::fromText(generatedConfig(answers), "gtp.cfg");
  const GtpSearchParams params = loadGtpSearchParams(config, false);
  CHECK(params.genmove.maxVisits == 777);
  CHECK(params.genmove.numSearchThreads == 12);
  CHECK(loadRules(config).equalsIgnoringKomi(answers.rules));
  CHECK(loadGtpSettings(config).allowResignation);
}

TEST_CASE("a review charges each move to its player") {
  std::vector<PositionReview> positions(3);
  positions[0].blackLead = 1;
  positions[1].blackLead = -4;  // Black lost 5
  positions[2].blackLead = -1;  // White lost 3
  const std::vector<MoveReview> moves =
      reviewMoves({{pointAt(2, 2, 19), Color::Black}, {pointAt(3, 3, 19), Color::White}}, positions);
  CHECK(moves[0].pointsLost == 5);
  CHECK(moves[1].pointsLost == 3);
  const std::vector<MoveReview> worst = worstMoves(moves, 1);
  REQUIRE(worst.size() == 1);
  CHECK(worst[0].number == 1);
}

TEST_CASE("the engine's own choice is never listed as a mistake") {
  std::vector<PositionReview> positions(3);
  positions[0].best = pointAt(2, 2, 19);
  positions[1].blackLead = -4;
  positions[2].blackLead = -1;
  const std::vector<MoveReview> worst = worstMoves(
      reviewMoves({{pointAt(2, 2, 19), Color::Black}, {pointAt(3, 3, 19), Color::White}}, positions), 3);
  REQUIRE(worst.size() == 1);
  CHECK(worst[0].number == 2);
}

TEST_CASE("positions are reviewed alike on one thread and on several") {
  HashEvaluator net;
  Logger log;
  GameState state(Board(9, 9), Color::Black, Rules());
  std::vector<GameState> positions{state};
  for (const char* vertex : {"C3", "G7", "C7", "G3"}) {
    state.play(*parsePoint(vertex, 9, 9), state.toMove());
    positions.push_back(state);
  }
  ReviewSettings settings;
  settings.params.maxVisits = 20;
  int done = 0;
  const auto count = [&done](int n) { done = n; };
  const std::vector<PositionReview> one = reviewPositions(positions, settings, net, nullptr, log, count);
  CHECK(done == 5);
  settings.positionsAtOnce = 3;
  const std::vector<PositionReview> three = reviewPositions(positions, settings, net, nullptr, log, count);
  for (size_t i = 0; i < positions.size(); i++) {
    CHECK(one[i].visits == 20);
    CHECK(one[i].best != kNullPoint);
    CHECK(one[i].visits == three[i].visits);
  }
}
