// Ladder search exactly as the input features need it (spec nn-inputs 9).
#pragma once

#include <array>
#include <vector>

#include "game/board.h"
#include "game/game_state.h"

namespace ponnuki {

struct LadderMap {
  PointSet captured;       // stones of chains that cannot escape
  PointSet captureMoves;   // working attacker moves against 2-liberty chains of `victim`
};
// captureMoves is filled for chains of `victim` only.
LadderMap findLadders(const Board& board, Color victim);

}  // namespace ponnuki
