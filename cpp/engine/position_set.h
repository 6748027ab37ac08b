// Positions to calibrate or compare nets on, from recorded inputs, game records or the games inside the
// program. Errors are UserErrors that name the file. Plain values; reading is for one thread.
#pragma once

#include <string>
#include <vector>

#include "eval/input_rows.h"
#include "game/game_state.h"

namespace ponnuki {

struct PositionSet {
  InputRows rows;                 // for nets of version 8 or later, symmetry 0
  std::vector<GameState> states;  // of the same rows; empty if some of them come from recorded inputs
  std::vector<std::string> notes;  // what was left out, for people
};

// Every source is a .npz file (binaryInputNCHWPacked, globalInputNC), an SGF file or a folder that is searched
// for SGF files; without any, the games inside the program. FILE@FIRST-LAST takes only these rows of a .npz file
// or positions of a game, counted from 1. At most `most` positions, spread evenly over all; 0 = all of them.
PositionSet readPositions(const std::vector<std::string>& sources, int most);

}  // namespace ponnuki
