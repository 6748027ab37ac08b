// The answer to a pass: when to pass too (friendly pass) and when to take dead stones off first (cleanup).
// Spec gtp 9.7 and 9.8, rules-and-board 3.14.
#include <algorithm>

#include "engine/bot.h"
#include "engine/search_restorer.h"

namespace ponnuki {

namespace {

// The current board without the stones judged dead.
Board withoutDeadStones(const Board& board, const PointSet& alive) {
  Board cleaned = board;
  for (int y = 0; y < board.ySize(); y++)
    for (int x = 0; x < board.xSize(); x++) {
      const Point p = board.at(x, y);
      if (board[p] != Color::Empty && !alive[p]) cleaned.setStone(p, Color::Empty);
    }
  return cleaned;
}

// True if somebody is likely to own a point that is not surrounded yet: playing on may still matter.
bool hasOpenOwnedPoint(const Board& cleaned, const std::vector<double>& ownership, bool suicide) {
  const AreaMap area = computeArea(cleaned, {true, true, true}, suicide);
  for (int y = 0; y < cleaned.ySize(); y++)
    for (int x = 0; x < cleaned.xSize(); x++) {
      const double own = ownership[static_cast<size_t>(y * cleaned.xSize() + x)];
      const Color owner = area[cleaned.at(x, y)];
      if ((own > 0.75 && owner != Color::White) || (own < -0.75 && owner != Color::Black)) return true;
    }
  return false;
}

}  // namespace

Point Bot::friendlyPass(Color player, Point move) {
  const GameState now = state();
  const Rules& rules = now.rules();
  if (settings_.cleanupBeforePass == TriState::True || settings_.friendlyPass == TriState::False) return move;
  if (settings_.friendlyPass == TriState::Auto && !rules.friendlyPassOk) return move;
  if (move == kPass || rules.scoring != ScoringRule::Area || now.buttonAvailable() || !now.isFinalPhase() ||
      !now.passWouldEndPhase(player))
    return move;
  const auto& moves = now.moves();
  if (moves.empty() || moves.back().point != kPass || moves.back().player != opponent(player)) return move;

  Search& search = stopped();
  const SearchRestorer restorer(search);
  const SearchParams& current = search.params();
  const int64_t visits = 8 + std::min<int64_t>(1000, std::min(current.maxVisits, current.maxPlayouts) / 10);
  search.setParams(noiselessParams(current, visits));
  const StatusEstimate estimate = searchedStatuses(search, now);
  const Board cleaned = withoutDeadStones(now.board(), estimate.alive);
  if (hasOpenOwnedPoint(cleaned, estimate.ownership, now.suicideForPassAlive())) return move;
  const Color other = opponent(player);
  if (cleaned.isAdjacentTo(move, other) || cleaned.wouldBeCapture(move, other)) return move;

  const auto valuesAfter = [&](Point p) {
    GameState after = now;
    after.play(p, player, settings_.preventCleanupPhase);
    return searchedRootValues(search, after);
  };
  const RootValues passed = valuesAfter(kPass), played = valuesAfter(move);
  const double sign = player == Color::White ? 1.0 : -1.0;
  const bool passIsAsGood = sign * (passed.utility - played.utility) > -0.1 &&
                            sign * (passed.scoreMean - played.scoreMean) > -0.25 &&
                            sign * (passed.lead - played.lead) > -0.25;
  return passIsAsGood ? kPass : move;
}

Point Bot::cleanup(Color player, Point move, const AreaMap& safeArea) const {
  const GameState& now = state();
  const Rules& rules = now.rules();
  const bool automatic = rules.scoring == ScoringRule::Area && !rules.friendlyPassOk;
  if (move != kPass || settings_.friendlyPass == TriState::True ||
      settings_.cleanupBeforePass == TriState::False)
    return move;
  if (settings_.cleanupBeforePass == TriState::Auto && !automatic) return move;
  if (!now.isFinalPhase() || now.buttonAvailable()) return move;
  const Board& board = now.board();
  for (int y = 0; y < board.ySize(); y++)
    for (int x = 0; x < board.xSize(); x++) {
      const Point p = board.at(x, y);
      if (board[p] == Color::Empty && safeArea[p] == player && board.isAdjacentTo(p, opponent(player)) &&
          now.isLegal(p, player))
        return p;
    }
  return move;
}

}  // namespace ponnuki
