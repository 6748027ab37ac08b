// Reading single arguments, and the texts of the usual complaints (spec gtp 1, 6).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "game/game_state.h"
#include "protocol/gtp/command_table.h"

namespace ponnuki::gtp {

Color colorArg(const std::string& text);                       // "Could not parse color: 'X'"
Point vertexArg(const std::string& text, const Board& board);  // "Could not parse vertex: 'X'"
std::string vertexText(Point p, const Board& board);
// In the given order, separated by blanks.
std::string verticesText(const std::vector<Point>& points, const Board& board);
// The points of a set in row order from the top left.
std::vector<Point> pointsInOrder(const PointSet& set, const Board& board);

}  // namespace ponnuki::gtp
