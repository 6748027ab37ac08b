// Stones on a board, with exact liberties and incremental position hash. No turn order, no rules: see
// game_state.h. Chains are circular linked lists whose order follows spec nn-inputs 9.5, because the ladder
// search's rare ties depend on it. Cheap to copy (a few KB, no heap). Not thread-safe; copies are independent.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/hash128.h"
#include "game/color.h"
#include "game/point.h"

namespace ponnuki {

class Board {
 public:
  Board() : Board(kMaxBoardLen < 19 ? kMaxBoardLen : 19, kMaxBoardLen < 19 ? kMaxBoardLen : 19) {}
  Board(int xSize, int ySize);  // 0..kMaxBoardLen each, else UserError

  int xSize() const { return xSize_; }
  int ySize() const { return ySize_; }
  int area() const { return xSize_ * ySize_; }
  double sqrtArea() const;  // xSize if square, else sqrt(xSize*ySize)
  Point at(int x, int y) const { return pointAt(x, y, xSize_); }
  int x(Point p) const { return xOf(p, xSize_); }
  int y(Point p) const { return yOf(p, xSize_); }
  bool isOnBoard(Point p) const;  // false for pass, null, walls and out-of-range values
  // Offsets to the neighbours in the order up, left, right, down.
  std::array<Point, 4> neighborOffsets() const {
    return {static_cast<Point>(-(xSize_ + 1)), Point{-1}, Point{1}, static_cast<Point>(xSize_ + 1)};
  }

  Color operator[](Point p) const { return static_cast<Color>(colors_[p]); }
  Point koPoint() const { return koPoint_; }
  void setKoPoint(Point p) { koPoint_ = p; }
  void clearKoPoint() { koPoint_ = kNullPoint; }
  int captured(Color c) const { return captured_[index(c) - 1]; }  // stones of colour c taken off so far
  int chainSize(Point stone) const;
  int liberties(Point stone) const;         // of the chain at `stone`
  Point chainHead(Point stone) const;       // equal for two stones iff they are in one chain
  Point nextInChain(Point stone) const;     // circular
  int stoneCount(Color c) const;
  bool isEmpty() const;                     // no stones

  // Legality without history (spec rules-and-board 1.7). `multiStoneSuicide` is the rules' field.
  bool isLegalIgnoringKo(Point p, Color c, bool multiStoneSuicide) const;
  bool isLegal(Point p, Color c, bool multiStoneSuicide) const;
  bool isSelfCapture(Point p, Color c) const;
  bool isBannedSuicide(Point p, Color c, bool multiStoneSuicide) const;
  bool wouldBeCapture(Point p, Color c) const;
  Point koCaptureTarget(Point p, Color c) const;  // null if p is no ko mouth for c
  bool wouldBeKoCapture(Point p, Color c) const { return koCaptureTarget(p, c) != kNullPoint; }
  int emptyNeighbors(Point p) const;
  bool isAdjacentTo(Point p, Color c) const;
  bool isAdjacentToChain(Point p, Point chainStone) const;
  bool isNonPassAliveSelfConnection(Point p, Color c, std::span<const Color> area) const;  // spec 1.13
  bool repetitionBoundExceeds(Point p, int bound) const;                                    // spec 1.13

  void play(Point p, Color c);  // assumes isLegalIgnoringKo(p, c, true); pass allowed

  struct Undo {                 // what playRecorded must remember
    Point point = kNullPoint;
    Color player = Color::Empty;
    Point koPoint = kNullPoint;
    uint8_t capturedDirections = 0;  // bit i: the neighbour in direction i was captured; bit 4: suicide
  };
  Undo playRecorded(Point p, Color c);
  void undo(const Undo& record);

  // Setup edits (spec rules-and-board 1.8).
  bool setStone(Point p, Color c);                       // lenient, one by one, may capture
  bool setStonesStrict(std::span<const Move> stones);    // whole list or nothing
  int setStonesOverlay(std::span<const Move> stones);    // returns how many stones had to be removed

  // Liberties in chain order from `stone`, appended to out without duplicates against out's content.
  void appendLiberties(Point stone, std::vector<Point>& out) const;
  // Liberties of enemy chains in atari that touch the chain at `stone` (spec nn-inputs 9.5).
  void appendAtariCaptures(Point stone, std::vector<Point>& out) const;

  Hash128 positionHash() const { return positionHash_; }                  // size and stones
  Hash128 situationHash(Color toMove) const;                              // + player + ko point
  Hash128 hashAfter(Point p, Color c) const;                              // position hash if c played p

  std::string toString() const;                       // rows of X O . separated by newlines
  // Board text of spec 1.11; throws UserError.
  static Board parse(int xSize, int ySize, const std::string& text, char delimiter = '\n');
  void checkConsistency() const;                      // throws InternalError; for tests

  friend bool sameStones(const Board& a, const Board& b);  // size and colours only

 private:
  struct Chain {
    int16_t stones = 0;
    int16_t liberties = 0;
  };
  template <typename Visit>
  void forEachAdjacentChain(Point p, Color c, Visit&& visit) const;  // heads, each once, in neighbour order
  uint8_t place(Point p, Color c);       // the stone with captures and suicide; as Undo::capturedDirections
  void mergeChains(Point first, Point second);
  void removeChain(Point stone);
  void takeOff(Point p);                 // undo and setup: the rest of the chain stays
  void unlinkFromChain(Point p, Point head);
  void rebuildChains(Point p, Color c, Point oldHead);
  void restoreCaptured(Point from, Color c);
  void collectChain(Point p, Color c, Point head, bool restoring, std::vector<Point>& order);
  void linkChain(const std::vector<Point>& order);
  int countLiberties(Point stone) const;
  using PointMarks = std::bitset<kPointArraySize>;
  // Counting stops at `enough`; then not all of the region is marked.
  int emptyRegionSize(Point start, int enough, PointMarks& seen) const;
  void setColor(Point p, Color c);       // with hash

  int16_t xSize_, ySize_;
  Point koPoint_ = kNullPoint;
  int16_t captured_[2] = {0, 0};
  Hash128 positionHash_;
  std::array<uint8_t, kPointArraySize> colors_;
  std::array<Point, kPointArraySize> head_;
  std::array<Point, kPointArraySize> next_;
  std::array<Chain, kPointArraySize> chains_;  // valid at head points
};

bool sameStones(const Board& a, const Board& b);

}  // namespace ponnuki
