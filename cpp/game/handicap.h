// The fixed handicap points (spec rules-and-board 3.16).
#pragma once

#include <vector>

#include "game/point.h"

namespace ponnuki {

// In row-major order. Throws UserError with the reference's texts (GTP appends ", try place_free_handicap").
std::vector<Point> fixedHandicapPoints(int stones, int xSize, int ySize);

}  // namespace ponnuki
