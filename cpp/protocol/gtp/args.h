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
// Clients take an empty line as the end of an answer.
std::string withoutEmptyLines(std::string_view text);
// Text of unknown origin, say of a file: no empty lines, no line like the beginning of an answer, no control
// bytes.
std::string quotable(std::string_view text);
// The points of a set in row order from the top left.
std::vector<Point> pointsInOrder(const PointSet& set, const Board& board);

}  // namespace ponnuki::gtp
