// The eight board symmetries: bit 0 flips y, bit 1 flips x, bit 2 transposes; flips first (spec nn-inputs 12).
#pragma once

#include <vector>

#include "game/board.h"
#include "game/game_state.h"

namespace ponnuki::symmetry {

constexpr int kCount = 8;
constexpr bool transposes(int s) { return (s & 4) != 0; }
constexpr int inverse(int s) { return s == 5 ? 6 : s == 6 ? 5 : s; }
constexpr int compose(int first, int then) {
  return transposes(first) ? first ^ ((then & 4) | ((then & 1) << 1) | ((then & 2) >> 1)) : first ^ then;
}

struct XY {
  int x, y;
};
XY apply(int s, int x, int y, int xSize, int ySize);          // image, on the (maybe transposed) board
Point apply(int s, Point p, int xSize, int ySize);            // pass and null map to themselves
Board apply(int s, const Board& board);                       // keeps the ko point

std::vector<int> validSymmetries(const GameState& state);     // root pruning, starts with 0 (spec 12.4)
// Marks root moves that another one stands for. avoidUntilDepth: per point, > 0 = not a representative; may be empty.
PointSet symmetricDuplicates(const GameState& state, const std::vector<int>& validSymmetries,
                             const std::vector<int>& avoidUntilDepth);

Hash128 thisHash(const Board& board, Color toMove);
Hash128 symHash(const Board& board, Color toMove);            // smallest over the eight

}  // namespace ponnuki::symmetry
