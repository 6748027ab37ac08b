// Who owns which point: Benson pass-alive area and independent-life area (spec nn-inputs 8, rules-and-board 4).
#pragma once

#include <array>

#include "game/board.h"

namespace ponnuki {

using AreaMap = std::array<Color, kPointArraySize>;  // Empty where nobody owns; walls stay Empty

struct AreaFlags {
  bool nonPassAliveStones = false;  // stones that are not pass-alive count for their colour
  bool safeBigTerritories = false;
  bool unsafeBigTerritories = false;
};

AreaMap computeArea(const Board& board, AreaFlags flags, bool multiStoneSuicide);

struct IndependentLife {
  AreaMap area;
  int whiteMinusBlackRegions = 0;
};
IndependentLife computeIndependentLife(const Board& board, bool keepTerritories, bool keepStones,
                                       bool multiStoneSuicide);

}  // namespace ponnuki
