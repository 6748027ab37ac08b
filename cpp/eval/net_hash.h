// The 128-bit name of an evaluation in the net cache (spec nn-inputs 13): position, rules and those parameters
// that change the result. Neither the moves that led here nor the symmetry are part of it.
#pragma once

#include "base/hash128.h"
#include "eval/eval_params.h"
#include "game/game_state.h"

namespace ponnuki {

// `metadataHash`: SgfMetadata::hash for nets with metadata inputs, else null. For such nets the caller forces
// policyOptimism to 0 beforehand.
Hash128 netHash(const GameState& state, Color pla, const EvalParams& params,
                const Hash128* metadataHash = nullptr);

}  // namespace ponnuki
