// Recent moves, and the ladder planes that depend on how much history is shown (spec
// nn-inputs 6.2, 6.3, 10.4).
#include <algorithm>

#include "eval/features_parts.h"
#include "game/ladder.h"

namespace ponnuki::features {
namespace {

constexpr int kMaxTurns = 5;

bool isOver(const GameState& state) {
  return state.isFinished() || state.isPastPhaseEnd();
}

struct Limit {
  int turns;
  bool suppressed;
};

Limit limitOldVersions(const Context& c) {  // V3 to V5
  const bool hidden =
      isOver(c.state) || (c.state.passWouldEndGame(c.pla) &&
                          (c.params.conservativePassAndIsRoot || c.state.suppressFriendlyEnd(c.pla)));
  return {hidden ? 0 : kMaxTurns, hidden};
}

Limit limitNewVersions(const Context& c, bool wouldNotWin) {  // V6 and V7
  Limit limit = {kMaxTurns, false};
  if (c.state.passWouldEndGame(c.pla) &&
      (c.params.conservativePassAndIsRoot || c.state.suppressFriendlyEnd(c.pla) ||
       (c.params.enablePassingHacks && wouldNotWin)))
    return {0, true};
  if (isOver(c.state)) limit.turns = 1;
  limit.turns = std::min({limit.turns, c.params.maxHistory, c.state.turnsValidThisPhase()});
  if (c.version == 6) limit.turns = std::min(limit.turns, c.state.turnsValidThisGame());
  return limit;
}

}  // namespace

History fillHistory(const Context& c, bool wouldNotWin) {
  const Limit limit = c.version >= 6 ? limitNewVersions(c, wouldNotWin) : limitOldVersions(c);
  History history;
  history.suppressed = limit.suppressed;
  const std::vector<Move>& moves = c.state.moves();
  const int available = std::min(limit.turns, static_cast<int>(moves.size()));
  for (int k = 0; k < available; k++) {
    const Move& move = moves[moves.size() - 1 - k];
    if (move.player != (k % 2 == 0 ? c.opp : c.pla)) break;
    history.included++;
    if (move.point == kPass) {
      c.global[k] = 1.0f;
    } else if (c.board.isOnBoard(move.point)) {
      c.set(move.point, c.layout.history + k);
    }
  }
  return history;
}

void fillLadders(const Context& c, int includedTurns) {
  if (c.layout.ladders < 0) return;
  const LadderMap now = findLadders(c.board, c.opp);
  c.set(now.captured, c.layout.ladders);
  c.set(now.captureMoves, c.layout.ladders + 3);
  // Hidden turns show the later board's ladders instead.
  PointSet earlier = now.captured;
  for (int turnsAgo = 1; turnsAgo <= 2; turnsAgo++) {
    if (includedTurns >= turnsAgo)
      earlier = findLadders(c.state.recentBoard(turnsAgo), Color::Empty).captured;
    c.set(earlier, c.layout.ladders + turnsAgo);
  }
}

}  // namespace ponnuki::features
