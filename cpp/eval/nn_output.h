// What the search reads of one net evaluation. White's view, board orientation (y from the top, symmetry
// undone). Immutable once made and shared between cache and nodes. Spec model-and-network 14.6.
#pragma once

#include <memory>
#include <vector>

#include "base/hash128.h"
#include "eval/policy.h"
#include "game/point.h"

namespace ponnuki {

struct NNOutput {
  float whiteWinProb = 0, whiteLossProb = 0, whiteNoResultProb = 0;
  float whiteScoreMean = 0, whiteScoreMeanSq = 0, whiteLead = 0;                 // points
  float varTimeLeft = -1, shorttermWinlossError = -1, shorttermScoreError = -1;  // -1: the net has none
  float policyOptimismUsed = 0;
  int nnX = 0, nnY = 0;          // buffer size in points
  Hash128 key;                   // of the cache
  std::vector<float> ownership;  // nnX*nnY, +1 = White, 0 off board; empty if not asked for
  Policy policy;                 // by pos = y*nnX + x, pass at nnX*nnY

  size_t bytes() const { return sizeof(NNOutput) + ownership.capacity() * sizeof(float) + policy.bytes(); }
  int passPos() const { return nnX * nnY; }
  int policySize() const { return nnX * nnY + 1; }
  int posOf(Point p, int xSize) const { return p == kPass ? passPos() : yOf(p, xSize) * nnX + xOf(p, xSize); }
  // The point of a policy index on an xSize*ySize board; kNullPoint off the board.
  Point pointOf(int pos, int xSize, int ySize) const {
    if (pos == passPos()) return kPass;
    const int x = pos % nnX, y = pos / nnX;
    return x < xSize && y < ySize ? pointAt(x, y, xSize) : kNullPoint;
  }
};

using NNOutputPtr = std::shared_ptr<const NNOutput>;

// Mean over several symmetries in the given order (spec model-and-network 14.6).
NNOutputPtr averageOutputs(const std::vector<NNOutputPtr>& outputs);

}  // namespace ponnuki
