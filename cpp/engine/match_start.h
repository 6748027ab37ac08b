// Draws how a game of a match begins: size, rules, komi, handicap and first moves (spec
// analysis-cli-config 3.9). For one thread; each has its own.
#pragma once

#include "engine/match_settings.h"
#include "eval/evaluator.h"
#include "game/game_state.h"
#include "search/search.h"
#include "search/search_rng.h"

namespace ponnuki {

// The searches of the two players; the same twice for a bot against itself.
struct MatchPlayers {
  Search* black = nullptr;
  Search* white = nullptr;
  Search& of(Color c) const { return c == Color::Black ? *black : *white; }
};

class MatchStarter {
 public:
  MatchStarter(const MatchSettings& settings, const std::string& seed) : settings_(settings), rng_(seed) {}

  // The position at which the players take over. nets: of black and white. Uses the players' searches where
  // komi is to be fair and leaves their parameters as they were.
  GameState start(const MatchPlayers& players, Evaluator& blackNet, Evaluator& whiteNet);

 private:
  MatchBoardSize drawSize();
  Rules drawRules();
  float roundedKomi(double komi);
  double komiNoise();
  int drawExtraBlack(const Board& board);
  Point drawFromPolicy(const GameState& state, Evaluator& net, bool withPass);
  void addExtraBlack(GameState& state, Evaluator& net);
  void playOpening(GameState& state, Evaluator& blackNet, Evaluator& whiteNet);
  double fairKomi(Search& search, const GameState& state);
  template <class T>
  T oneOf(const std::vector<T>& list) {
    return list[rng_.uniform(static_cast<uint32_t>(list.size()))];
  }

  const MatchSettings& settings_;
  SearchRng rng_;
};

}  // namespace ponnuki
