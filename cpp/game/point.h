// A board location as one index into a walled array: (x+1) + (y+1)*(xSize+1), y counted from the top.
// The index selects hash constants and so is visible through printed hashes (spec rules-and-board 1.2).
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "game/color.h"

namespace ponnuki {

#ifndef PONNUKI_MAX_BOARD_LEN
#define PONNUKI_MAX_BOARD_LEN 19
#endif
constexpr int kMaxBoardLen = PONNUKI_MAX_BOARD_LEN;
constexpr int kMaxBoardArea = kMaxBoardLen * kMaxBoardLen;
constexpr int kPointArraySize = (kMaxBoardLen + 1) * (kMaxBoardLen + 2) + 1;

using Point = int16_t;
constexpr Point kNullPoint = 0;
constexpr Point kPass = 1;
using PointSet = std::bitset<kPointArraySize>;

constexpr Point pointAt(int x, int y, int xSize) {
  return static_cast<Point>((x + 1) + (y + 1) * (xSize + 1));
}
constexpr int xOf(Point p, int xSize) {
  return p % (xSize + 1) - 1;
}
constexpr int yOf(Point p, int xSize) {
  return p / (xSize + 1) - 1;
}

// GTP coordinates (spec rules-and-board 1.4). The parser also takes "pass" and "(x,y)", x from the left and y
// from the top, beginning at 0; points outside the board fail.
std::optional<Point> parsePoint(std::string_view s, int xSize, int ySize);
std::string pointToString(Point p, int xSize, int ySize);

struct Move {
  Point point = kNullPoint;
  Color player = Color::Empty;
  friend bool operator==(const Move&, const Move&) = default;
};

}  // namespace ponnuki
