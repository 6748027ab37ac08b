#include "game/ladder.h"

#include <algorithm>

namespace ponnuki {
namespace {

constexpr int kMaxNodes = 25000;

enum class Outcome { Captured, Escaped, Abandoned };

// One board's ladder searches. The board is kept between chains, because the order of its chain lists, and
// after an abandoned search its ko point, carry over (spec 9.4).
class LadderSearch {
 public:
  explicit LadderSearch(const Board& board)
      : board_(board), offsets_(board.neighborOffsets()), maxPly_(3 * board.area() / 2) {}

  bool capturedIfDefenderMoves(Point stone);
  // Sets working[i] if the attacker's move at the i-th liberty captures; returns the liberties.
  std::array<Point, 2> tryAttacks(Point stone, std::array<bool, 2>& working);

 private:
  Outcome search(int ply);
  Outcome searchDefender(int ply);
  Outcome searchAttacker(int ply);
  Outcome tryMove(Point p, Color mover, int ply);
  int orderAttack(std::array<Point, 2>& moves) const;  // how many of them to try
  bool isDoubleKoDeath(Point a, Point b);
  int libertiesAfterDefenderAt(Point p);
  int attackScore(Point p) const;
  struct Bounds {
    int lower, upper;
  };
  Bounds libertyBounds(Point p) const;
  void listDefences();

  Board board_;
  std::array<Point, 4> offsets_;
  int maxPly_;
  Point target_ = kNullPoint;
  Color defender_ = Color::Empty, attacker_ = Color::Empty;
  int nodes_ = 0;
  std::vector<Point> scratch_;  // the list being built
  std::vector<Point> pool_;     // the defender's lists of all open plies, one after the other
};

bool LadderSearch::capturedIfDefenderMoves(Point stone) {
  if (board_.liberties(stone) != 1) return false;
  target_ = stone;
  defender_ = board_[stone];
  attacker_ = opponent(defender_);
  nodes_ = 0;
  pool_.clear();
  const Point ko = board_.koPoint();
  board_.clearKoPoint();  // the defender's first move may retake any ko
  const Outcome outcome = search(0);
  if (outcome == Outcome::Abandoned) return false;  // the ko point stays cleared, as in the reference
  board_.setKoPoint(ko);
  return outcome == Outcome::Captured;
}

std::array<Point, 2> LadderSearch::tryAttacks(Point stone, std::array<bool, 2>& working) {
  scratch_.clear();
  board_.appendLiberties(stone, scratch_);
  const std::array<Point, 2> liberties = {scratch_[0], scratch_[1]};
  const Color attacker = opponent(board_[stone]);
  for (int i = 0; i < 2; i++) {
    working[i] = false;
    if (!board_.isLegal(liberties[i], attacker, false)) continue;
    const Board::Undo record = board_.playRecorded(liberties[i], attacker);
    working[i] = capturedIfDefenderMoves(stone);
    board_.undo(record);
  }
  return liberties;
}

Outcome LadderSearch::search(int ply) {
  if (ply >= maxPly_) return Outcome::Captured;
  if (nodes_ >= kMaxNodes) return Outcome::Abandoned;
  const int liberties = board_.liberties(target_);
  if (ply % 2 == 1) {
    if (liberties <= 1) return Outcome::Captured;
    if (liberties >= 3) return Outcome::Escaped;
    return searchAttacker(ply);
  }
  if (liberties >= 2) return Outcome::Escaped;
  if (board_.koPoint() != kNullPoint) return Outcome::Escaped;  // the attacker just took a ko
  return searchDefender(ply);
}

// An illegal move has failed for its mover, without counting as a node.
Outcome LadderSearch::tryMove(Point p, Color mover, int ply) {
  if (!board_.isLegal(p, mover, false)) return mover == defender_ ? Outcome::Captured : Outcome::Escaped;
  const Board::Undo record = board_.playRecorded(p, mover);
  nodes_++;
  const Outcome outcome = search(ply + 1);
  board_.undo(record);
  return outcome;
}

void LadderSearch::listDefences() {
  scratch_.clear();
  board_.appendAtariCaptures(target_, scratch_);
  board_.appendLiberties(target_, scratch_);
}

Outcome LadderSearch::searchDefender(int ply) {
  listDefences();
  const Bounds bounds = libertyBounds(scratch_.back());  // of the last move, whichever it is (spec 9.4)
  if (bounds.lower >= 3) return Outcome::Escaped;
  if (scratch_.size() == 1 && bounds.upper <= 1) return Outcome::Captured;
  const size_t begin = pool_.size(), end = begin + scratch_.size();
  pool_.insert(pool_.end(), scratch_.begin(), scratch_.end());
  Outcome outcome = Outcome::Captured;
  for (size_t i = begin; i < end && outcome == Outcome::Captured; i++)
    outcome = tryMove(pool_[i], defender_, ply);
  pool_.resize(begin);
  return outcome;
}

Outcome LadderSearch::searchAttacker(int ply) {
  scratch_.clear();
  board_.appendLiberties(target_, scratch_);
  std::array<Point, 2> moves = {scratch_[0], scratch_[1]};
  if (isDoubleKoDeath(moves[0], moves[1])) return Outcome::Captured;
  const int count = orderAttack(moves);
  Outcome outcome = Outcome::Escaped;
  for (int i = 0; i < count && outcome == Outcome::Escaped; i++) outcome = tryMove(moves[i], attacker_, ply);
  return outcome;
}

LadderSearch::Bounds LadderSearch::libertyBounds(Point p) const {
  int empty = 0, captures = 0, capturedStones = 0, connected = 0, bestConnection = 0;
  for (Point offset : offsets_) {
    const Point q = static_cast<Point>(p + offset);
    const Color c = board_[q];
    if (c == Color::Empty) {
      empty++;
    } else if (c == attacker_) {
      if (board_.liberties(q) == 1) {
        captures++;
        capturedStones += board_.chainSize(q);
      }
    } else if (c == defender_) {
      const int gain = board_.liberties(q) - 1;
      connected += gain;
      bestConnection = std::max(bestConnection, gain);
    }
  }
  return {captures + std::max(bestConnection, empty), empty + capturedStones + connected};
}

int LadderSearch::attackScore(Point p) const {
  int score = 0;
  for (Point offset : offsets_) {
    const Point q = static_cast<Point>(p + offset);
    if (board_[q] == Color::Empty) {
      score += 2;
    } else if (board_[q] == defender_ && board_.liberties(q) > 1) {
      score += 2 * board_.liberties(q) - 3;
    }
  }
  return score;
}

int LadderSearch::orderAttack(std::array<Point, 2>& moves) const {
  const auto [a, b] = moves;
  const bool adjacent =
      std::find(offsets_.begin(), offsets_.end(), static_cast<Point>(b - a)) != offsets_.end();
  if (!adjacent) {
    const int emptyA = board_.emptyNeighbors(a), emptyB = board_.emptyNeighbors(b);
    if (emptyA >= 3 && emptyB >= 3) return 0;  // either way the defender gets three liberties
    if (emptyA >= 3) return 1;
    if (emptyB >= 3) {
      moves[0] = b;
      return 1;
    }
  }
  if (attackScore(b) > attackScore(a)) std::swap(moves[0], moves[1]);
  return 2;
}

// Both liberties are ko mouths that the defender cannot profitably connect: he cannot win both kos.
bool LadderSearch::isDoubleKoDeath(Point a, Point b) {
  if (board_.emptyNeighbors(a) != 0 || board_.emptyNeighbors(b) != 0) return false;
  if (!board_.wouldBeKoCapture(a, attacker_) || !board_.wouldBeKoCapture(b, attacker_)) return false;
  if (libertiesAfterDefenderAt(a) > 2 || libertiesAfterDefenderAt(b) > 2) return false;
  scratch_.clear();
  board_.appendAtariCaptures(target_, scratch_);
  return scratch_.empty();
}

// Exact for a ko mouth: all neighbours are the defender's, so nothing is captured.
int LadderSearch::libertiesAfterDefenderAt(Point p) {
  scratch_.clear();
  scratch_.push_back(p);
  for (Point offset : offsets_) {
    const Point q = static_cast<Point>(p + offset);
    if (board_[q] == defender_) board_.appendLiberties(q, scratch_);
  }
  return static_cast<int>(scratch_.size()) - 1;
}

void markChain(const Board& board, Point stone, PointSet& set) {
  Point q = stone;
  do {
    set[q] = true;
    q = board.nextInChain(q);
  } while (q != stone);
}

}  // namespace

LadderMap findLadders(const Board& board, Color victim) {
  LadderMap map;
  LadderSearch search(board);
  PointSet seenHeads;
  for (int y = 0; y < board.ySize(); y++) {
    for (int x = 0; x < board.xSize(); x++) {
      const Point stone = board.at(x, y);
      const Color c = board[stone];
      if (c == Color::Empty) continue;
      const int liberties = board.liberties(stone);
      if (liberties > 2) continue;
      const Point head = board.chainHead(stone);
      if (seenHeads[head]) continue;
      seenHeads[head] = true;
      bool captured = false;
      if (liberties == 1) {
        captured = search.capturedIfDefenderMoves(stone);
      } else {
        std::array<bool, 2> working;
        const std::array<Point, 2> moves = search.tryAttacks(stone, working);
        captured = working[0] || working[1];
        for (int i = 0; i < 2; i++) {
          if (working[i] && c == victim) map.captureMoves[moves[i]] = true;
        }
      }
      if (captured) markChain(board, stone, map.captured);
    }
  }
  return map;
}

}  // namespace ponnuki
