// The net's inputs, versions V3 to V7 (spec nn-inputs 2, 3, 5-10). The board lies in the top-left corner of the
// nnX x nnY buffer, y counted from the top, and is not symmetrised; see eval/buffer_symmetry.h for that.
// Everything colour-relative is seen by the side to move. Thread-safe: pure functions of their arguments.
#pragma once

#include "eval/eval_params.h"
#include "game/game_state.h"

namespace ponnuki {

int inputsVersionOf(int modelVersion);       // 3..7; UserError if the model version is unknown
int spatialChannels(int inputsVersion);      // 13 or 22
int globalChannels(int inputsVersion);       // 12..19

// Writes every value of both buffers: spatial has nnY * nnX * spatialChannels values (row, column, channel),
// global has globalChannels values. The board must fit the buffer (ENSURE). `pla` is the side to move.
void fillFeatures(int inputsVersion, const GameState& state, Color pla, const EvalParams& params, int nnX,
                  int nnY, float* spatialNHWC, float* global);

}  // namespace ponnuki
