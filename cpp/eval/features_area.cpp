// Area planes, and whether the side to move would not win if the game were scored now (spec
// nn-inputs 6.1, 10.3).
#include "eval/features_parts.h"

namespace ponnuki::features {
namespace {

constexpr AreaFlags kFullArea = {true, true, true};
constexpr AreaFlags kPassAliveArea = {false, true, false};

bool suicideForPassAlive(const Context& c) {
  const int override = c.params.passAliveSuicideOverride;
  if (override < 0) return c.state.suicideForPassAlive();
  return c.state.rules().multiStoneSuicide || override == 1;
}

// The two area planes from a map; returns the points of pla minus those of the opponent.
int setAreaPlanes(const Context& c, const AreaMap& area) {
  int score = 0;
  for (int y = 0; y < c.board.ySize(); y++) {
    for (int x = 0; x < c.board.xSize(); x++) {
      const Color owner = area[c.board.at(x, y)];
      if (owner == Color::Empty) continue;
      c.set(x, y, c.layout.area + (owner == c.pla ? 0 : 1));
      score += owner == c.pla ? 1 : -1;
    }
  }
  return score;
}

// Territory scoring, second phase: stones that stood at its start count where nobody owns the point.
void addSecondPhaseStones(const Context& c, AreaMap& area) {
  for (int y = 0; y < c.board.ySize(); y++) {
    for (int x = 0; x < c.board.xSize(); x++) {
      const Point p = c.board.at(x, y);
      if (area[p] == Color::Empty && c.board[p] != Color::Empty && c.board[p] == c.state.secondPhaseStone(p))
        area[p] = c.board[p];
    }
  }
}

bool fillScoredArea(const Context& c) {  // V6 and V7
  const Rules& rules = c.state.rules();
  const bool territory = rules.scoring == ScoringRule::Territory;
  if (territory && c.state.phase() != 2) return false;
  const bool suicide = suicideForPassAlive(c);
  int groupTax = 0;
  AreaMap area;
  if (!territory && rules.tax == TaxRule::None) {
    area = computeArea(c.board, kFullArea, suicide);
  } else {
    const bool keepTerritories = territory && rules.tax == TaxRule::None;
    IndependentLife life = computeIndependentLife(c.board, keepTerritories, !territory, suicide);
    area = life.area;
    if (rules.tax == TaxRule::All)
      groupTax = c.pla == Color::White ? -2 * life.whiteMinusBlackRegions : 2 * life.whiteMinusBlackRegions;
  }
  if (territory) addSecondPhaseStones(c, area);
  const int score = groupTax + setAreaPlanes(c, area);
  return static_cast<float>(score) + c.state.selfKomi(c.pla, c.params.drawEquivalentWinsForWhite) <= 0;
}

}  // namespace

bool fillArea(const Context& c) {
  if (c.layout.area < 0) return false;
  if (c.version >= 6) return fillScoredArea(c);
  const bool full = c.version == 3 && c.state.rules().scoring == ScoringRule::Area;
  setAreaPlanes(c, computeArea(c.board, full ? kFullArea : kPassAliveArea, suicideForPassAlive(c)));
  return false;
}

}  // namespace ponnuki::features
