#include "game/area.h"

#include <algorithm>
#include <span>
#include <vector>

namespace ponnuki {
namespace {

struct Region {
  Point vital[4] = {};  // heads of chains that touch every relevant point so far
  int vitalCount = -1;  // -1: no relevant point seen yet
  int interior = 0;     // points that touch no stone of the colour; counted up to 2
  bool hasEnemy = false;
  bool clean = true;  // borders no chain that was removed
};

// Benson's algorithm for one colour (spec rules-and-board 4.1). Scratch of one computeArea call.
class Benson {
 public:
  Benson(const Board& board, Color color, bool suicide)
      : board_(board), color_(color), suicide_(suicide), offsets_(board.neighborOffsets()) {}

  void run();
  void mark(const AreaFlags& flags, AreaMap& area) const;

 private:
  void addRegion(Point start);
  void addPoint(Region& region, bool isEmpty, std::span<const Point> heads);
  void removeChains();

  const Board& board_;
  const Color color_;
  const bool suicide_;
  const std::array<Point, 4> offsets_;
  std::array<int16_t, kPointArraySize> regionAt_;        // -1 none
  std::array<int16_t, kPointArraySize> vitalRegions_{};  // by chain head
  std::array<bool, kPointArraySize> removed_{};          // by chain head
  std::vector<Region> regions_;
  std::vector<Point> pending_;
};

void Benson::run() {
  regionAt_.fill(-1);
  regions_.reserve(kMaxBoardArea / 3);
  pending_.reserve(kMaxBoardArea);
  for (int y = 0; y < board_.ySize(); y++) {
    for (int x = 0; x < board_.xSize(); x++) {
      const Point p = board_.at(x, y);
      if (board_[p] != color_ && regionAt_[p] < 0) addRegion(p);
    }
  }
  removeChains();
}

void Benson::addRegion(Point start) {
  const int16_t id = static_cast<int16_t>(regions_.size());
  Region region;
  pending_.assign(1, start);
  regionAt_[start] = id;
  while (!pending_.empty()) {
    const Point p = pending_.back();
    pending_.pop_back();
    Point heads[4];
    int count = 0;
    for (const Point offset : offsets_) {
      const Point q = static_cast<Point>(p + offset);
      const Color there = board_[q];
      if (there == color_) {
        const Point head = board_.chainHead(q);
        if (std::find(heads, heads + count, head) == heads + count) heads[count++] = head;
      } else if (there != Color::Wall && regionAt_[q] < 0) {
        regionAt_[q] = id;
        pending_.push_back(q);
      }
    }
    addPoint(region, board_[p] == Color::Empty, std::span(heads, static_cast<size_t>(count)));
  }
  for (int i = 0; i < region.vitalCount; i++) vitalRegions_[region.vital[i]]++;
  regions_.push_back(region);
}

// `heads`: the chains of the colour that the point touches.
void Benson::addPoint(Region& region, bool isEmpty, std::span<const Point> heads) {
  if (!isEmpty) region.hasEnemy = true;
  if (heads.empty() && region.interior < 2) region.interior++;
  if (!isEmpty && !suicide_) return;  // the owner of the region need not be able to remove these
  if (region.vitalCount < 0) {
    std::copy(heads.begin(), heads.end(), region.vital);
    region.vitalCount = static_cast<int>(heads.size());
    return;
  }
  int kept = 0;
  for (int i = 0; i < region.vitalCount; i++)
    if (std::find(heads.begin(), heads.end(), region.vital[i]) != heads.end())
      region.vital[kept++] = region.vital[i];
  region.vitalCount = kept;
}

void Benson::removeChains() {
  pending_.clear();
  const auto removeIfDead = [&](Point head) {
    if (removed_[head] || vitalRegions_[head] >= 2) return;
    removed_[head] = true;
    pending_.push_back(head);
  };
  for (int y = 0; y < board_.ySize(); y++) {
    for (int x = 0; x < board_.xSize(); x++) {
      const Point p = board_.at(x, y);
      if (board_[p] == color_) removeIfDead(board_.chainHead(p));
    }
  }
  while (!pending_.empty()) {
    const Point head = pending_.back();
    pending_.pop_back();
    Point stone = head;
    do {
      for (const Point offset : offsets_) {
        const int16_t id = regionAt_[stone + offset];
        if (id < 0 || !regions_[id].clean) continue;
        Region& region = regions_[id];
        region.clean = false;
        for (int i = 0; i < region.vitalCount; i++) {
          vitalRegions_[region.vital[i]]--;
          removeIfDead(region.vital[i]);
        }
      }
      stone = board_.nextInChain(stone);
    } while (stone != head);
  }
}

void Benson::mark(const AreaFlags& flags, AreaMap& area) const {
  for (int y = 0; y < board_.ySize(); y++) {
    for (int x = 0; x < board_.xSize(); x++) {
      const Point p = board_.at(x, y);
      if (board_[p] == color_) {
        if (!removed_[board_.chainHead(p)]) area[p] = color_;
        continue;
      }
      const Region& region = regions_[regionAt_[p]];
      const bool isSafe =
          region.clean && (region.interior <= 1 || (flags.safeBigTerritories && !region.hasEnemy));
      if (isSafe || (flags.unsafeBigTerritories && !region.hasEnemy && area[p] == Color::Empty))
        area[p] = color_;
    }
  }
}

}  // namespace

AreaMap computeArea(const Board& board, AreaFlags flags, bool multiStoneSuicide) {
  AreaMap area;
  area.fill(Color::Empty);
  for (const Color color : {Color::Black, Color::White}) {
    if (board.stoneCount(color) == 0) continue;
    Benson benson(board, color, multiStoneSuicide);
    benson.run();
    benson.mark(flags, area);
  }
  if (!flags.nonPassAliveStones) return area;
  for (int y = 0; y < board.ySize(); y++) {
    for (int x = 0; x < board.xSize(); x++) {
      const Point p = board.at(x, y);
      if (area[p] == Color::Empty) area[p] = board[p];
    }
  }
  return area;
}

namespace {

// The connected set of equal ownership around `start`; reports whether anything in it is under attack or
// touches a neutral point.
struct OwnedSet {
  std::vector<Point> points;
  bool isSeki = false;
};

OwnedSet collectOwnedSet(const Board& board, const AreaMap& base, Point start, PointSet& seen) {
  OwnedSet set;
  const Color owner = base[start];
  set.points.push_back(start);
  seen[start] = true;
  for (size_t i = 0; i < set.points.size(); i++) {
    const Point p = set.points[i];
    if (board[p] == owner && board.liberties(p) == 1) set.isSeki = true;
    for (const Point offset : board.neighborOffsets()) {
      const Point q = static_cast<Point>(p + offset);
      if (board[q] == Color::Empty && base[q] == Color::Empty) set.isSeki = true;
      if (base[q] != owner || seen[q]) continue;
      seen[q] = true;
      set.points.push_back(q);
    }
  }
  return set;
}

}  // namespace

IndependentLife computeIndependentLife(const Board& board, bool keepTerritories, bool keepStones,
                                       bool multiStoneSuicide) {
  const AreaMap base = computeArea(board, {true, true, true}, multiStoneSuicide);
  IndependentLife life;
  life.area.fill(Color::Empty);
  PointSet seen;
  for (int y = 0; y < board.ySize(); y++) {
    for (int x = 0; x < board.xSize(); x++) {
      const Point p = board.at(x, y);
      if (base[p] == Color::Empty) continue;
      if (!seen[p]) {
        const OwnedSet set = collectOwnedSet(board, base, p, seen);
        if (!set.isSeki) {
          for (const Point q : set.points) life.area[q] = base[p];
          life.whiteMinusBlackRegions += base[p] == Color::White ? 1 : -1;
        }
      }
      if (base[p] == board[p] ? keepStones : keepTerritories) life.area[p] = base[p];
    }
  }
  return life;
}

}  // namespace ponnuki
