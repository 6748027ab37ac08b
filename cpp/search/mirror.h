// Play against an opponent who copies our moves through the centre (antiMirror, spec search 19). White's
// view. Pure functions.
#pragma once

#include "eval/policy.h"
#include "game/game_state.h"

namespace ponnuki {

struct MirrorState {
  Color player = Color::Empty;  // who mirrors, found at the start of a search; Empty = nobody
  double advantage = 0;         // of the mirroring player if all goes on like this, points
  double centerError = 1e10;    // how far the middle of the board is from a mirror image
  Point center = kNullPoint;    // null if a side is even
  Color rootPlayer = Color::Black;
  size_t rootMoves = 0;  // length of the root history
  bool active() const { return player != Color::Empty; }
};

Point mirrored(const Board& board, Point p);
Point centerOf(const Board& board);
MirrorState detectMirror(const GameState& root, Color rootPlayer);

// Every reply since the root mirrors, the last `ignored` moves aside.
bool repliesMirror(const MirrorState& mirror, const GameState& state, size_t ignored);

// Changes of one selection (spec 19.3).
class MirrorSelection {
 public:
  MirrorSelection(const MirrorState& mirror, const GameState& state, const Board& rootBoard,
                  const Policy& policy, const int16_t* posOf);
  float prior(Point move, float prior) const;
  // weight: of the child; total: of all children; parentUtility and utility: White's view.
  double utility(Point move, double weight, double total, double parentUtility, double utility) const;

 private:
  double replyUtility(Point move, double weight, double total, double parentUtility, double utility) const;
  double centerUtility(Point move, double weight, double total, double parentUtility, double utility) const;
  int distanceSq(Point a, Point b) const;
  double forPlayerSign() const { return pla_ == Color::White ? 1 : -1; }

  const MirrorState& mirror_;
  const GameState& state_;
  const Board& rootBoard_;
  Color pla_;
  bool difficult_;
  double movesSinceRoot_;
  Point last_ = kNullPoint;   // null: no history
  Point reply_ = kNullPoint;  // the mirror image of the last move, or pass if that is illegal
};

}  // namespace ponnuki
