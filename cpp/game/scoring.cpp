#include "game/scoring.h"

namespace ponnuki {
namespace {

// Under territory scoring, stones outside living regions count for their colour if they stood there in time.
Color stoneOwner(const ScoringInput& input, Point p) {
  const Color stone = input.board[p];
  return input.phase < 2 || input.secondPhaseStones[p] == stone ? stone : Color::Empty;
}

}  // namespace

int boardScore(const ScoringInput& input, AreaMap& area) {
  const Board& board = input.board;
  const bool isTerritory = input.rules.scoring == ScoringRule::Territory;
  int score = 0;
  if (!isTerritory && input.rules.tax == TaxRule::None) {
    area = computeArea(board, {true, true, true}, input.suicideForPassAlive);
  } else {
    const bool keepTerritories = isTerritory && input.rules.tax == TaxRule::None;
    const IndependentLife life =
        computeIndependentLife(board, keepTerritories, !isTerritory, input.suicideForPassAlive);
    area = life.area;
    if (input.rules.tax == TaxRule::All) score -= 2 * life.whiteMinusBlackRegions;
  }
  for (int y = 0; y < board.ySize(); y++) {
    for (int x = 0; x < board.xSize(); x++) {
      const Point p = board.at(x, y);
      if (isTerritory && area[p] == Color::Empty) area[p] = stoneOwner(input, p);
      score += (area[p] == Color::White) - (area[p] == Color::Black);
    }
  }
  return score;
}

}  // namespace ponnuki
