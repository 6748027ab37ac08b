#include "game/board.h"

#include <algorithm>
#include <bitset>
#include <cmath>

#include "base/error.h"
#include "game/zobrist.h"

namespace ponnuki {

Board::Board(int xSize, int ySize)
    : xSize_(static_cast<int16_t>(xSize)), ySize_(static_cast<int16_t>(ySize)) {
  if (xSize < 0 || ySize < 0 || xSize > kMaxBoardLen || ySize > kMaxBoardLen)
    throw UserError("Board::init - invalid board size");
  colors_.fill(static_cast<uint8_t>(Color::Wall));
  head_.fill(kNullPoint);
  next_.fill(kNullPoint);
  for (int row = 0; row < ySize; row++)
    for (int column = 0; column < xSize; column++)
      colors_[at(column, row)] = static_cast<uint8_t>(Color::Empty);
  positionHash_ = zobrist().sizeX[xSize] ^ zobrist().sizeY[ySize];
}

double Board::sqrtArea() const {
  return xSize_ == ySize_ ? xSize_ : std::sqrt(static_cast<double>(xSize_) * ySize_);
}

bool Board::isOnBoard(Point p) const {
  return p >= 0 && p < kPointArraySize && colors_[p] != static_cast<uint8_t>(Color::Wall);
}

int Board::chainSize(Point stone) const {
  return chains_[head_[stone]].stones;
}
int Board::liberties(Point stone) const {
  return chains_[head_[stone]].liberties;
}
Point Board::chainHead(Point stone) const {
  return head_[stone];
}
Point Board::nextInChain(Point stone) const {
  return next_[stone];
}

int Board::stoneCount(Color c) const {
  return static_cast<int>(std::count(colors_.begin(), colors_.end(), static_cast<uint8_t>(c)));
}

bool Board::isEmpty() const {
  return stoneCount(Color::Black) == 0 && stoneCount(Color::White) == 0;
}

template <typename Visit>
void Board::forEachAdjacentChain(Point p, Color c, Visit&& visit) const {
  Point seen[4];
  int count = 0;
  for (const Point offset : neighborOffsets()) {
    const Point q = static_cast<Point>(p + offset);
    if (colors_[q] != static_cast<uint8_t>(c)) continue;
    const Point head = head_[q];
    if (std::find(seen, seen + count, head) != seen + count) continue;
    seen[count++] = head;
    visit(head);
  }
}

int Board::emptyNeighbors(Point p) const {
  int count = 0;
  for (const Point offset : neighborOffsets())
    count += colors_[p + offset] == static_cast<uint8_t>(Color::Empty);
  return count;
}

bool Board::isAdjacentTo(Point p, Color c) const {
  for (const Point offset : neighborOffsets())
    if (colors_[p + offset] == static_cast<uint8_t>(c)) return true;
  return false;
}

bool Board::isAdjacentToChain(Point p, Point chainStone) const {
  const uint8_t c = colors_[chainStone];
  const Point head = head_[chainStone];
  for (const Point offset : neighborOffsets())
    if (colors_[p + offset] == c && head_[p + offset] == head) return true;
  return false;
}

// --- Legality
// ------------------------------------------------------------------------------------------------

bool Board::isBannedSuicide(Point p, Color c, bool multiStoneSuicide) const {
  for (const Point offset : neighborOffsets()) {
    const Point q = static_cast<Point>(p + offset);
    const Color there = (*this)[q];
    if (there == Color::Empty) return false;
    if (there == c) {
      if (multiStoneSuicide || liberties(q) >= 2) return false;
    } else if (there == opponent(c)) {
      if (liberties(q) == 1) return false;
    }
  }
  return true;
}

bool Board::isSelfCapture(Point p, Color c) const {
  return isBannedSuicide(p, c, false);
}

bool Board::isLegalIgnoringKo(Point p, Color c, bool multiStoneSuicide) const {
  if (c != Color::Black && c != Color::White) return false;
  if (p == kPass) return true;
  return p >= 0 && p < kPointArraySize && (*this)[p] == Color::Empty &&
         !isBannedSuicide(p, c, multiStoneSuicide);
}

bool Board::isLegal(Point p, Color c, bool multiStoneSuicide) const {
  return (p != koPoint_ || p == kNullPoint) && isLegalIgnoringKo(p, c, multiStoneSuicide);
}

bool Board::wouldBeCapture(Point p, Color c) const {
  if ((*this)[p] != Color::Empty) return false;
  for (const Point offset : neighborOffsets()) {
    const Point q = static_cast<Point>(p + offset);
    if ((*this)[q] == opponent(c) && liberties(q) == 1) return true;
  }
  return false;
}

Point Board::koCaptureTarget(Point p, Color c) const {
  if ((*this)[p] != Color::Empty) return kNullPoint;
  Point target = kNullPoint;
  for (const Point offset : neighborOffsets()) {
    const Point q = static_cast<Point>(p + offset);
    const Color there = (*this)[q];
    if (there == Color::Wall) continue;
    if (there != opponent(c)) return kNullPoint;
    if (liberties(q) != 1) continue;
    if (target != kNullPoint || chainSize(q) != 1) return kNullPoint;
    target = q;
  }
  return target;
}

// --- Other queries
// -------------------------------------------------------------------------------------------

bool Board::isNonPassAliveSelfConnection(Point p, Color c, std::span<const Color> area) const {
  if ((*this)[p] != Color::Empty || area[p] == c) return false;
  Point shaky = kNullPoint;
  for (const Point offset : neighborOffsets()) {
    const Point q = static_cast<Point>(p + offset);
    if ((*this)[q] == c && area[q] == Color::Empty) {
      shaky = q;
      break;
    }
  }
  if (shaky == kNullPoint) return false;
  for (const Point offset : neighborOffsets()) {
    const Point q = static_cast<Point>(p + offset);
    if ((*this)[q] == c && head_[q] != head_[shaky]) return true;
  }
  return false;
}

int Board::emptyRegionSize(Point start, int enough, PointMarks& seen) const {
  std::array<Point, kMaxBoardArea> pending;
  size_t waiting = 0;
  pending[waiting++] = start;
  seen.set(static_cast<size_t>(start));
  int size = 0;
  while (waiting > 0 && size < enough) {
    const Point p = pending[--waiting];
    size++;
    for (const Point offset : neighborOffsets()) {
      const Point q = static_cast<Point>(p + offset);
      if ((*this)[q] != Color::Empty || seen[static_cast<size_t>(q)]) continue;
      seen.set(static_cast<size_t>(q));
      pending[waiting++] = q;
    }
  }
  return size;
}

bool Board::repetitionBoundExceeds(Point p, int bound) const {
  if (p == kNullPoint || p == kPass) return false;
  if ((*this)[p] != Color::Empty && chainSize(p) + liberties(p) > bound) return true;
  PointMarks seen;
  if ((*this)[p] == Color::Empty) return emptyRegionSize(p, bound + 1, seen) > bound;
  int count = chainSize(p);
  Point stone = p;
  do {
    for (const Point offset : neighborOffsets()) {
      const Point q = static_cast<Point>(stone + offset);
      if ((*this)[q] != Color::Empty || seen[static_cast<size_t>(q)]) continue;
      count += emptyRegionSize(q, bound + 1 - count, seen);
      if (count > bound) return true;
    }
    stone = next_[stone];
  } while (stone != p);
  return false;
}

void Board::appendLiberties(Point stone, std::vector<Point>& out) const {
  Point at = stone;
  do {
    for (const Point offset : neighborOffsets()) {
      const Point q = static_cast<Point>(at + offset);
      if ((*this)[q] == Color::Empty && std::find(out.begin(), out.end(), q) == out.end()) out.push_back(q);
    }
    at = next_[at];
  } while (at != stone);
}

void Board::appendAtariCaptures(Point stone, std::vector<Point>& out) const {
  const Color enemy = opponent((*this)[stone]);
  std::vector<Point> handled;
  Point at = stone;
  do {
    for (const Point offset : neighborOffsets()) {
      const Point q = static_cast<Point>(at + offset);
      if ((*this)[q] != enemy || liberties(q) != 1) continue;
      if (std::find(handled.begin(), handled.end(), head_[q]) != handled.end()) continue;
      handled.push_back(head_[q]);
      appendLiberties(q, out);
    }
    at = next_[at];
  } while (at != stone);
}

Hash128 Board::situationHash(Color toMove) const {
  const Hash128 h = positionHash_ ^ zobrist().player[index(toMove)];
  return koPoint_ == kNullPoint ? h : h ^ zobrist().koLoc[koPoint_];
}

Hash128 Board::hashAfter(Point p, Color c) const {
  if (p == kPass) return positionHash_;
  const auto& table = zobrist().board;
  Hash128 h = positionHash_ ^ table[p][index(c)];
  const auto toggleChain = [&](Point head) {
    Point at = head;
    do {
      h ^= table[at][colors_[at]];
      at = next_[at];
    } while (at != head);
  };
  bool lives = false;
  forEachAdjacentChain(p, opponent(c), [&](Point head) {
    if (chains_[head].liberties != 1) return;
    toggleChain(head);
    lives = true;
  });
  if (lives || emptyNeighbors(p) > 0) return h;
  forEachAdjacentChain(p, c, [&](Point head) { lives |= chains_[head].liberties > 1; });
  if (lives) return h;
  h ^= table[p][index(c)];  // suicide
  forEachAdjacentChain(p, c, toggleChain);
  return h;
}

bool sameStones(const Board& a, const Board& b) {
  return a.xSize_ == b.xSize_ && a.ySize_ == b.ySize_ && a.colors_ == b.colors_;
}

int Board::countLiberties(Point stone) const {
  std::bitset<kPointArraySize> seen;
  int count = 0;
  Point at = stone;
  do {
    for (const Point offset : neighborOffsets()) {
      const Point q = static_cast<Point>(at + offset);
      if ((*this)[q] != Color::Empty || seen[q]) continue;
      seen[q] = true;
      count++;
    }
    at = next_[at];
  } while (at != stone);
  return count;
}

void Board::checkConsistency() const {
  ENSURE(koPoint_ == kNullPoint || (*this)[koPoint_] == Color::Empty);
  Hash128 hash = zobrist().sizeX[xSize_] ^ zobrist().sizeY[ySize_];
  std::bitset<kPointArraySize> expected, reached;
  for (int p = 0; p < kPointArraySize; p++) {
    const int px = p % (xSize_ + 1) - 1, py = p / (xSize_ + 1) - 1;
    const bool inside = px >= 0 && py >= 0 && py < ySize_;
    ENSURE(inside == (colors_[p] != static_cast<uint8_t>(Color::Wall)));
    if (!inside || colors_[p] == 0) continue;
    hash ^= zobrist().board[p][colors_[p]];
    expected[p] = true;
    if (head_[p] != p) continue;
    int stones = 0;
    Point stone = static_cast<Point>(p);
    do {
      ENSURE(colors_[stone] == colors_[p] && head_[stone] == p && !reached[stone]);
      reached[stone] = true;
      stones++;
      for (const Point offset : neighborOffsets())
        ENSURE(colors_[stone + offset] != colors_[p] || head_[stone + offset] == p);
      stone = next_[stone];
    } while (stone != p);
    ENSURE(stones == chains_[p].stones);
    ENSURE(countLiberties(static_cast<Point>(p)) == chains_[p].liberties && chains_[p].liberties > 0);
  }
  ENSURE(expected == reached);
  ENSURE(hash == positionHash_);
}

// --- Playing
// -------------------------------------------------------------------------------------------------

void Board::setColor(Point p, Color c) {
  const auto& byColor = zobrist().board[p];
  positionHash_ ^= byColor[colors_[p]] ^ byColor[index(c)];
  colors_[p] = static_cast<uint8_t>(c);
}

// Inserts the shorter list, from its head on, behind the head of the longer one.
void Board::mergeChains(Point first, Point second) {
  const bool keepFirst = chains_[first].stones >= chains_[second].stones;
  const Point big = keepFirst ? first : second, small = keepFirst ? second : first;
  int gained = 0;
  Point at = small, last = small;
  do {
    for (const Point offset : neighborOffsets()) {
      const Point q = static_cast<Point>(at + offset);
      gained += (*this)[q] == Color::Empty && !isAdjacentToChain(q, big);
    }
    head_[at] = big;
    last = at;
    at = next_[at];
  } while (at != small);
  chains_[big].liberties = static_cast<int16_t>(chains_[big].liberties + gained);
  chains_[big].stones = static_cast<int16_t>(chains_[big].stones + chains_[small].stones);
  next_[last] = next_[big];
  next_[big] = small;
}

void Board::removeChain(Point stone) {
  const Color enemy = opponent((*this)[stone]);
  Point at = stone;
  do {
    setColor(at, Color::Empty);
    forEachAdjacentChain(at, enemy, [&](Point head) { chains_[head].liberties++; });
    at = next_[at];
  } while (at != stone);
}

uint8_t Board::place(Point p, Color c) {
  const Color enemy = opponent(c);
  setColor(p, c);
  head_[p] = next_[p] = p;
  chains_[p] = {1, static_cast<int16_t>(emptyNeighbors(p))};
  koPoint_ = kNullPoint;
  uint8_t directions = 0;
  int taken = 0;
  Point lastTaken = kNullPoint;
  Point seen[4];
  int seenCount = 0, direction = -1;
  for (const Point offset : neighborOffsets()) {
    direction++;
    const Point q = static_cast<Point>(p + offset);
    const Point head = head_[q];
    if ((*this)[q] == c && head != head_[p]) {
      chains_[head].liberties--;
      mergeChains(head, head_[p]);
    } else if ((*this)[q] == enemy && std::find(seen, seen + seenCount, head) == seen + seenCount) {
      seen[seenCount++] = head;
      if (--chains_[head].liberties > 0) continue;
      taken += chains_[head].stones;
      lastTaken = q;
      directions = static_cast<uint8_t>(directions | 1 << direction);
      removeChain(q);
    }
  }
  captured_[index(enemy) - 1] = static_cast<int16_t>(captured_[index(enemy) - 1] + taken);
  const Chain own = chains_[head_[p]];
  if (taken == 1 && own.stones == 1 && own.liberties == 1) koPoint_ = lastTaken;
  if (own.liberties == 0) {
    captured_[index(c) - 1] = static_cast<int16_t>(captured_[index(c) - 1] + own.stones);
    removeChain(p);
    directions = 1 << 4;
  }
  return directions;
}

void Board::play(Point p, Color c) {
  if (p == kPass)
    koPoint_ = kNullPoint;
  else
    place(p, c);
}

Board::Undo Board::playRecorded(Point p, Color c) {
  Undo record{p, c, koPoint_, 0};
  if (p == kPass)
    koPoint_ = kNullPoint;
  else
    record.capturedDirections = place(p, c);
  return record;
}

void Board::undo(const Undo& record) {
  const Point p = record.point;
  if (p != kPass) {
    int direction = 0;
    for (const Point offset : neighborOffsets()) {
      const Point q = static_cast<Point>(p + offset);
      if ((record.capturedDirections >> direction++ & 1) != 0 && (*this)[q] == Color::Empty)
        restoreCaptured(q, opponent(record.player));
    }
    if ((record.capturedDirections >> 4 & 1) != 0) restoreCaptured(p, record.player);
    takeOff(p);
  }
  koPoint_ = record.koPoint;
}

// --- Taking stones off and putting them back
// -----------------------------------------------------------------

// Depth-first preorder from p, through empty points when restoring, else through stones without a head.
void Board::collectChain(Point p, Color c, Point head, bool restoring, std::vector<Point>& order) {
  if (restoring) setColor(p, c);
  head_[p] = head;
  order.push_back(p);
  for (const Point offset : neighborOffsets()) {
    const Point q = static_cast<Point>(p + offset);
    const bool joins = restoring ? (*this)[q] == Color::Empty : (*this)[q] == c && head_[q] == kNullPoint;
    if (joins) collectChain(q, c, head, restoring, order);
  }
}

// Each stone points to the one visited before it, the first to the last.
void Board::linkChain(const std::vector<Point>& order) {
  for (size_t i = 1; i < order.size(); i++) next_[order[i]] = order[i - 1];
  next_[order.front()] = order.back();
}

void Board::restoreCaptured(Point from, Color c) {
  std::vector<Point> order;
  collectChain(from, c, from, true, order);
  linkChain(order);
  chains_[from] = {static_cast<int16_t>(order.size()), 0};
  for (const Point stone : order)
    forEachAdjacentChain(stone, opponent(c), [&](Point head) { chains_[head].liberties--; });
  captured_[index(c) - 1] = static_cast<int16_t>(captured_[index(c) - 1] - static_cast<int>(order.size()));
}

void Board::takeOff(Point p) {
  const Color c = (*this)[p];
  const Point head = head_[p];
  setColor(p, Color::Empty);
  forEachAdjacentChain(p, opponent(c), [&](Point other) { chains_[other].liberties++; });
  if (chains_[head].stones == 1) return;
  int ownNeighbors = 0;
  for (const Point offset : neighborOffsets()) ownNeighbors += (*this)[static_cast<Point>(p + offset)] == c;
  if (ownNeighbors <= 1)
    unlinkFromChain(p, head);
  else
    rebuildChains(p, c, head);
}

void Board::unlinkFromChain(Point p, Point head) {
  Point before = p;
  while (next_[before] != p) before = next_[before];
  next_[before] = next_[p];
  if (head == p) {
    head = next_[p];
    chains_[head] = chains_[p];
    Point at = head;
    do {
      head_[at] = head;
      at = next_[at];
    } while (at != head);
  }
  Chain& chain = chains_[head];
  chain.stones--;
  chain.liberties++;  // p itself
  for (const Point offset : neighborOffsets()) {
    const Point q = static_cast<Point>(p + offset);
    if ((*this)[q] == Color::Empty && !isAdjacentToChain(q, head)) chain.liberties--;
  }
}

void Board::rebuildChains(Point p, Color c, Point oldHead) {
  Point at = oldHead;
  do {
    head_[at] = kNullPoint;
    at = next_[at];
  } while (at != oldHead);
  for (const Point offset : neighborOffsets()) {
    const Point q = static_cast<Point>(p + offset);
    if ((*this)[q] != c || head_[q] != kNullPoint) continue;
    std::vector<Point> order;
    collectChain(q, c, q, false, order);
    linkChain(order);
    chains_[q] = {static_cast<int16_t>(order.size()), static_cast<int16_t>(countLiberties(q))};
  }
}

}  // namespace ponnuki
