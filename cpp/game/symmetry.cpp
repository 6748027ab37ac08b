#include "game/symmetry.h"

#include <algorithm>
#include <utility>

namespace ponnuki::symmetry {

XY apply(int s, int x, int y, int xSize, int ySize) {
  if (s & 1) y = ySize - 1 - y;
  if (s & 2) x = xSize - 1 - x;
  if (transposes(s)) std::swap(x, y);
  return {x, y};
}

Point apply(int s, Point p, int xSize, int ySize) {
  if (p == kPass || p == kNullPoint) return p;
  const XY image = apply(s, xOf(p, xSize), yOf(p, xSize), xSize, ySize);
  return pointAt(image.x, image.y, transposes(s) ? ySize : xSize);
}

Board apply(int s, const Board& board) {
  const int xSize = board.xSize(), ySize = board.ySize();
  Board image = transposes(s) ? Board(ySize, xSize) : Board(xSize, ySize);
  for (int y = 0; y < ySize; y++) {
    for (int x = 0; x < xSize; x++) {
      const Point p = board.at(x, y);
      if (board[p] != Color::Empty) image.setStone(apply(s, p, xSize, ySize), board[p]);
    }
  }
  image.setKoPoint(apply(s, board.koPoint(), xSize, ySize));
  return image;
}

namespace {

bool isValidSymmetry(const GameState& state, int s) {
  const Board& board = state.board();
  for (int y = 0; y < board.ySize(); y++) {
    for (int x = 0; x < board.xSize(); x++) {
      const Point p = board.at(x, y), q = apply(s, p, board.xSize(), board.ySize());
      if (board[p] != board[q]) return false;
      if (state.phase() >= 1 && state.koRecapBlocked()[p] != state.koRecapBlocked()[q]) return false;
      if (state.phase() == 2 && state.secondPhaseStone(p) != state.secondPhaseStone(q)) return false;
    }
  }
  return true;
}

}  // namespace

std::vector<int> validSymmetries(const GameState& state) {
  std::vector<int> valid = {0};
  const Board& board = state.board();
  if (board.koPoint() != kNullPoint || state.superkoBanned().any()) return valid;
  const int end = board.xSize() == board.ySize() ? kCount : 4;
  for (int s = 1; s < end; s++) {
    if (isValidSymmetry(state, s)) valid.push_back(s);
  }
  return valid;
}

PointSet symmetricDuplicates(const GameState& state, const std::vector<int>& validSymmetries,
                             const std::vector<int>& avoidUntilDepth) {
  PointSet duplicate;
  const Board& board = state.board();
  const int xSize = board.xSize(), ySize = board.ySize();
  const bool black = state.toMove() == Color::Black;
  for (int i = 0; i < xSize; i++) {
    for (int j = 0; j < ySize; j++) {
      // Black keeps the upper right representative, White the lower left one.
      const Point p = black ? board.at(xSize - 1 - i, j) : board.at(i, ySize - 1 - j);
      if (static_cast<size_t>(p) < avoidUntilDepth.size() && avoidUntilDepth[p] > 0) continue;
      for (int s : validSymmetries) {
        if (s == 0 || duplicate[p]) continue;
        const Point q = apply(s, p, xSize, ySize);
        if (q != p) duplicate[q] = true;
      }
    }
  }
  return duplicate;
}

Hash128 thisHash(const Board& board, Color toMove) {
  return board.situationHash(toMove);
}

Hash128 symHash(const Board& board, Color toMove) {
  Hash128 best = thisHash(board, toMove);
  for (int s = 1; s < kCount; s++) best = std::min(best, thisHash(apply(s, board), toMove));
  return best;
}

}  // namespace ponnuki::symmetry
