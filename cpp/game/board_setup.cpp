// Setup edits of a board (spec rules-and-board 1.8) and reading and writing it as text (1.11).
#include <bitset>

#include "base/error.h"
#include "base/text.h"
#include "game/board.h"

namespace ponnuki {
namespace {

bool isBoardColor(Color c) {
  return c == Color::Empty || c == Color::Black || c == Color::White;
}

}  // namespace

bool Board::setStone(Point p, Color c) {
  if (!isOnBoard(p) || !isBoardColor(c)) return false;
  const Color old = (*this)[p];
  if (old == c) return true;
  if (old == Color::Empty) {
    if (!isBannedSuicide(p, c, true)) place(p, c);
  } else {
    // The rest of the chain is played again, stone by stone: chain lists depend on the order.
    std::vector<Point> others;
    for (Point at = next_[p]; at != p; at = next_[at]) others.push_back(at);
    removeChain(p);
    for (const Point other : others) place(other, old);
    if (c != Color::Empty && !isSelfCapture(p, c)) place(p, c);
  }
  koPoint_ = kNullPoint;
  return true;
}

bool Board::setStonesStrict(std::span<const Move> stones) {
  Board edited = *this;
  std::bitset<kPointArraySize> listed;
  for (const Move& stone : stones) {
    if (!isOnBoard(stone.point) || !isBoardColor(stone.player) || listed[stone.point]) return false;
    listed[stone.point] = true;
    edited.setStone(stone.point, Color::Empty);
  }
  for (const Move& stone : stones) {
    if (stone.player == Color::Empty) continue;
    if (edited.isSelfCapture(stone.point, stone.player) || edited.wouldBeCapture(stone.point, stone.player))
      return false;
    edited.place(stone.point, stone.player);
  }
  edited.koPoint_ = kNullPoint;
  *this = edited;
  return true;
}

int Board::setStonesOverlay(std::span<const Move> stones) {
  std::array<uint8_t, kPointArraySize> wanted = colors_;
  for (const Move& stone : stones)
    if (isOnBoard(stone.point) && isBoardColor(stone.player))
      wanted[stone.point] = static_cast<uint8_t>(stone.player);

  // Points whose chain breathes: flood from the empty points into their neighbours.
  std::bitset<kPointArraySize> breathes;
  std::vector<Point> pending;
  const auto breathe = [&](Point q) {
    if (breathes[q] || wanted[q] == static_cast<uint8_t>(Color::Wall)) return;
    breathes[q] = true;
    pending.push_back(q);
  };
  for (int p = 0; p < kPointArraySize; p++)
    if (wanted[p] == static_cast<uint8_t>(Color::Empty)) breathe(static_cast<Point>(p));
  while (!pending.empty()) {
    const Point p = pending.back();
    pending.pop_back();
    for (const Point offset : neighborOffsets()) {
      const Point q = static_cast<Point>(p + offset);
      if (wanted[p] == static_cast<uint8_t>(Color::Empty) || wanted[p] == wanted[q]) breathe(q);
    }
  }

  Board edited(xSize_, ySize_);
  edited.captured_[0] = captured_[0];
  edited.captured_[1] = captured_[1];
  int removed = 0;
  for (int p = 0; p < kPointArraySize; p++) {
    const Color c = static_cast<Color>(wanted[p]);
    if (c != Color::Black && c != Color::White) continue;
    if (breathes[p])
      edited.place(static_cast<Point>(p), c);
    else
      removed++;
  }
  *this = edited;
  return removed;
}

std::string Board::toString() const {
  std::string text;
  for (int row = 0; row < ySize_; row++) {
    if (row > 0) text += '\n';
    for (int column = 0; column < xSize_; column++) text += boardChar((*this)[at(column, row)]);
  }
  return text;
}

namespace {

Color parseStone(char c) {
  switch (c) {
    case '.':
    case ' ':
    case '*':
    case ',':
    case '`':
      return Color::Empty;
    case 'o':
    case 'O':
      return Color::White;
    case 'x':
    case 'X':
      return Color::Black;
    default:
      throw UserError(std::string("Board::parseBoard - could not parse board character: ") + c);
  }
}

}  // namespace

Board Board::parse(int xSize, int ySize, const std::string& text, char delimiter) {
  Board board(xSize, ySize);
  std::vector<std::string> lines = split(trim(text), delimiter);
  if (lines.size() == static_cast<size_t>(ySize) + 1 && startsWith(trim(lines[0]), "A"))
    lines.erase(lines.begin());
  if (lines.size() != static_cast<size_t>(ySize))
    throw UserError("Board::parseBoard - string has different number of board rows than ySize");
  for (int row = 0; row < ySize; row++) {
    std::string_view line = trim(lines[static_cast<size_t>(row)]);
    while (!line.empty() && line[0] >= '0' && line[0] <= '9') line.remove_prefix(1);
    line = trim(line);
    const int length = static_cast<int>(line.size());
    if (length != xSize && length != 2 * xSize - 1)
      throw UserError("Board::parseBoard - line length not compatible with xSize");
    const int stride = length == xSize ? 1 : 2;
    for (int column = 0; column < xSize; column++) {
      const Color c = parseStone(line[static_cast<size_t>(column * stride)]);
      if (c == Color::Empty) continue;
      const Point p = board.at(column, row);
      if (board.isSelfCapture(p, c) || board.wouldBeCapture(p, c))
        throw UserError("Board::parseBoard - zero-liberty group near " + pointToString(p, xSize, ySize));
      board.place(p, c);
    }
  }
  return board;
}

}  // namespace ponnuki
