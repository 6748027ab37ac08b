// Utility bonuses for playing known local shapes again (spec search 17). White's view. A table is filled between
// searches and only read during them.
#pragma once

#include <unordered_map>
#include <unordered_set>

#include "game/game_state.h"

namespace ponnuki {

class PatternBonusTable {
 public:
  // The shape of the last move of `state`; the null hash if that move has none (passes, ko captures).
  static Hash128 patternOfLastMove(const GameState& state);

  double bonus(Hash128 pattern) const;              // 0 if unknown
  bool empty() const { return bonuses_.empty(); }

  // Adds `bonus` to the shapes of a move about to be played, in all symmetries, each at most once per `done`.
  using Done = std::unordered_set<Hash128>;
  void add(const Board& before, Move move, double bonus, Done& done);
  // Makes the move bad by `penalty` for whoever plays it, and the same with colours swapped (spec 17.3).
  void avoid(const Board& before, Move move, double penalty, Done& done);
  // Penalises the moves that `player` made in this game (spec 17.2).
  void avoidOwnMoves(const GameState& game, Color player, double penalty);

 private:
  static Hash128 patternOf(const Board& before, Move move);
  std::unordered_map<Hash128, double> bonuses_;
};

}  // namespace ponnuki
