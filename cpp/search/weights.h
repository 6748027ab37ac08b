// How much each child counts in its parent's average (spec search 12 steps 2 and 3). Pure functions.
#pragma once

#include <span>

#include "config/search_params.h"

namespace ponnuki {

struct WeightedChild {
  double selfUtility = 0;   // for the side to move at the parent
  double weight = 0;        // changed by the functions below
  double policy = 0;        // prior of the move, at least 1e-30
};

// Removes weight from children that got more than their prior deserves. Returns the new total.
double pruneNoise(std::span<WeightedChild> children, double total, const SearchParams& params);

struct DownweightSettings {
  double exponent = 0;      // 0 = only subtract and prune
  double subtract = 0, prune = 0;
};
// Moves weight from bad to good children; the sum stays `total`.
void downweightBad(std::span<WeightedChild> children, double total, const DownweightSettings& settings);

}  // namespace ponnuki
