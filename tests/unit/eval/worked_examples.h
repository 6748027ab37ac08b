// The games of spec nn-inputs 17.1 to 17.3, shared by the tests of features and of the net hash.
#pragma once

#include <utility>
#include <vector>

#include "game/game_state.h"

namespace ponnuki::examples {

inline void playAll(GameState& state, const std::vector<std::pair<int, int>>& moves) {  // (-1, -1) = pass
  for (const auto& [x, y] : moves) state.play(x < 0 ? kPass : state.board().at(x, y), state.toMove());
}

constexpr std::pair<int, int> kPassXY = {-1, -1};

inline GameState ladderGame() {  // 17.1
  Rules rules;
  rules.komi = 7;
  GameState state(Board(7, 7), Color::Black, rules);
  playAll(state, {{2, 1}, {2, 2}, {1, 2}, {6, 0}, {1, 3}, {5, 0}});
  return state;
}

inline GameState territoryGame() {  // 17.2
  Rules rules;
  rules.ko = KoRule::Simple;
  rules.scoring = ScoringRule::Territory;
  rules.tax = TaxRule::Seki;
  rules.multiStoneSuicide = false;
  rules.friendlyPassOk = true;
  rules.komi = 6.5f;
  GameState state(Board(5, 5), Color::Black, rules);
  for (int y = 0; y < 5; y++) playAll(state, {{1, y}, {2, y}});
  return state;
}

inline GameState koGame() {  // 17.3
  Rules rules;
  rules.ko = KoRule::Situational;
  rules.multiStoneSuicide = false;
  rules.komi = 7;
  GameState state(Board(5, 5), Color::Black, rules);
  playAll(state, {{1, 0}, {2, 0}, {0, 1}, {3, 1}, {1, 2}, {2, 2}, {4, 4}, {1, 1}, {2, 1}});
  return state;
}

}  // namespace ponnuki::examples
