// The tally of a match and its Elo estimate.
#include "engine/match_results.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace ponnuki;

namespace {

MatchGame gameOf(size_t black, size_t white, Color winner) {
  MatchGame game;
  game.pairing = {black, white};
  game.state = GameState(Board(5, 5), Color::Black, Rules());
  if (winner != Color::Empty) game.state.resign(opponent(winner));
  game.black = {2.0, 10, 100};
  game.white = {1.0, 10, 50};
  return game;
}

MatchResults resultsOf(int wins, int losses) {
  MatchResults results({"a", "b"});
  for (int i = 0; i < wins; i++) results.add(gameOf(0, 1, Color::Black));
  for (int i = 0; i < losses; i++) results.add(gameOf(1, 0, Color::Black));
  return results;
}

}  // namespace

TEST_CASE("Elo of two bots is that of their score, the error shrinks with the root of the games") {
  const MatchElo few = resultsOf(100, 300).elo()[1], many = resultsOf(400, 1200).elo()[1];
  const double expected = 400 * std::log10(3.0);
  CHECK(few.elo == doctest::Approx(expected).epsilon(0.01));
  CHECK(many.elo == doctest::Approx(expected).epsilon(0.003));
  CHECK(few.error / many.error == doctest::Approx(2).epsilon(0.01));
  // Standard error of the log odds is 1 / sqrt(n p (1 - p)).
  CHECK(few.error ==
        doctest::Approx(1.96 * 400 / std::log(10.0) / std::sqrt(400 * 0.25 * 0.75)).epsilon(0.01));
}

TEST_CASE("even results are 0 Elo and a clean sweep stays finite") {
  CHECK(std::fabs(resultsOf(50, 50).elo()[1].elo) < 1e-6);
  const MatchElo swept = resultsOf(0, 20).elo()[1];
  CHECK(swept.elo > 400);
  CHECK(swept.elo < 1000);
  CHECK(std::isfinite(swept.error));
}

TEST_CASE("ratings of three bots follow from indirect results") {
  MatchResults results({"a", "b", "c"});
  for (int i = 0; i < 300; i++) {
    results.add(gameOf(0, 1, i % 3 == 0 ? Color::Black : Color::White));  // b is twice as likely to win
    results.add(gameOf(1, 2, i % 3 == 0 ? Color::Black : Color::White));  // and c against b
  }
  const std::vector<MatchElo> elo = results.elo();
  CHECK(elo[1].elo == doctest::Approx(400 * std::log10(2.0)).epsilon(0.01));
  CHECK(elo[2].elo == doctest::Approx(400 * std::log10(4.0)).epsilon(0.01));
  CHECK(elo[2].error > elo[1].error);  // further from the first bot
}

TEST_CASE("games without result count for no side") {
  MatchResults results({"a", "b"});
  results.add(gameOf(0, 1, Color::Empty));
  results.add(gameOf(0, 1, Color::White));
  CHECK(results.games() == 2);
  CHECK(results.score(0, 1) == 0);
  CHECK(results.score(1, 0) == 1);
  CHECK(results.secondsPerMove(0) == doctest::Approx(0.2));
  CHECK(results.movesOf(1) == 20);
  CHECK(results.table().find("a against b: 0 won, 1 lost, 0 drawn, 1 without result (0.0%)") !=
        std::string::npos);
}
