// Inside of features.cpp: the plane groups that the inputs versions are put together from. Spatial channels
// and global indices of -1 mean that the version does not have the feature.
#pragma once

#include "eval/eval_params.h"
#include "game/game_state.h"

namespace ponnuki::features {

// Where an inputs version puts its features (spec nn-inputs 6, 7, 10.1, 10.2).
struct Layout {
  int spatialChannels, globalChannels;
  // First spatial channel of each group. Channel 0 is the board mask; stones are 1 and 2 everywhere.
  int liberties, koBans, recapBlocks, history, ladders, area, secondPhase;
  // Global indices. 0..4 passes, 5 komi, 6 and 7 ko rule, 8 suicide and 9 scoring are the same everywhere.
  int tax, phase, passEndsPhase, playoutDoublings, button, parityWave;
  float komiDivisor, komiMargin;
};

struct Context {
  int version;
  const Layout& layout;
  const GameState& state;
  const Board& board;
  Color pla, opp;
  const EvalParams& params;
  int nnX;
  float* spatial;
  float* global;

  float& at(int x, int y, int channel) const {
    return spatial[(y * nnX + x) * layout.spatialChannels + channel];
  }
  void set(int x, int y, int channel) const { at(x, y, channel) = 1.0f; }
  void set(Point p, int channel) const { set(board.x(p), board.y(p), channel); }
  void set(const PointSet& points, int channel) const;
};

struct History {
  int included = 0;         // turns shown
  bool suppressed = false;  // hidden because a pass would end the game: hides "pass ends the phase" too
};

void fillStones(const Context& c);  // mask, stones, liberties, second-phase start
void fillKo(const Context& c);
bool fillArea(const Context& c);  // true: scored now, pla would not win
History fillHistory(const Context& c, bool wouldNotWin);
void fillLadders(const Context& c, int includedTurns);
void fillGlobals(const Context& c, const History& history);

}  // namespace ponnuki::features
