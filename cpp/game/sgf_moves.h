// Inside of the SGF files: what one node says (spec rules-and-board 7.3). All throw UserError on bad
// locations.
#pragma once

#include <optional>
#include <vector>

#include "game/sgf.h"

namespace ponnuki::sgf {

void appendMoves(const SgfNode& node, int xSize, int ySize, std::vector<Move>& out);  // Black's moves first
std::vector<Move> placementsOf(const SgfNode& node, int xSize, int ySize);            // AB, AW, AE
std::optional<Color> playerOf(const SgfNode& node);                                   // PL

}  // namespace ponnuki::sgf
