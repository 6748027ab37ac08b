// Symmetries acting on whole nnX x nnY buffers (spec nn-inputs 12.2): the input is permuted before the net runs,
// policy and ownership are permuted back after. Symmetry numbers as in game/symmetry.h; on a buffer that is not
// square the transposition is ignored, so 4..7 act as 0..3. Pure functions; in and out must not overlap.
#pragma once

namespace ponnuki {

int effectiveBufferSymmetry(int symmetry, int nnX, int nnY);

// out[s(q)] = in[q] for every buffer point q and each of its `channels` values (NHWC).
void applyToSpatial(int symmetry, int nnX, int nnY, int channels, const float* in, float* out);
// out[q] = in[s(q)]: the way back, for policy without pass, ownership and other planes of outputs.
void undoOnSpatial(int symmetry, int nnX, int nnY, int channels, const float* in, float* out);

}  // namespace ponnuki
