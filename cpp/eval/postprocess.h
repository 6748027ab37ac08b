// From the raw logits of a net to what the search reads (spec model-and-network 14). Pure functions.
#pragma once

#include <span>

#include "eval/eval_params.h"
#include "eval/nn_output.h"
#include "game/game_state.h"
#include "model/model_file.h"

namespace ponnuki {

// One row, side to move, symmetry undone; spatial values by pos = y*nnX + x, channels innermost.
struct RawRow {
  int nnX = 0, nnY = 0;
  int policyChannels = 1;
  std::span<const float> policy;     // [nnY*nnX*policyChannels]
  std::span<const float> pass;       // [policyChannels]
  std::span<const float> value;      // win, loss, no result
  std::span<const float> score;      // [scoreChannels], see spec 14.1
  std::span<const float> ownership;  // [nnY*nnX], empty = not asked for
};

// Fills everything but the key. Throws InternalError if the net yields non-finite numbers.
// allRoundedToZero is set if every legal move underflowed and the policy was made flat (spec 14.2 step 6).
void postprocess(const ModelInfo& info, const GameState& state, const EvalParams& params, const RawRow& raw,
                 NNOutput& out, bool& allRoundedToZero);

}  // namespace ponnuki
