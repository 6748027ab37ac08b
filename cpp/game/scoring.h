// Counting a position (spec rules-and-board 4.5). Scores are White minus Black in points, without komi and
// bonuses. A pure function of its arguments.
#pragma once

#include <span>

#include "game/area.h"
#include "game/rules.h"

namespace ponnuki {

struct ScoringInput {
  const Board& board;
  const Rules& rules;
  bool suicideForPassAlive = false;
  int phase = 0;                             // in phase 2 only the stones of its start count
  std::span<const Color> secondPhaseStones;  // by point; read in phase 2 only
};

int boardScore(const ScoringInput& input, AreaMap& area);  // area: for whom each point counts

}  // namespace ponnuki
