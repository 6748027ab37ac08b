// Score and life-or-death estimates by short, noiseless searches (spec gtp 9.7, 11). White's view, points.
// All functions replace the position of the given search and leave its tree behind: the caller saves and
// restores position and parameters. Not thread-safe; no search may be running.
#pragma once

#include <vector>

#include "search/search.h"

namespace ponnuki {

// The settings of a "noiseless V-search": no randomness at the root, V visits, no playout-doubling advantage.
SearchParams noiselessParams(SearchParams params, int64_t visits);

// Root averages after a search of `state` from scratch with the parameters now in `search`.
RootValues searchedRootValues(Search& search, const GameState& state);

// The fair lead of White in points: the komi at which the game is even, found by bisection (spec 11.2).
double searchedWhiteLead(Search& search, const GameState& state);

struct StatusEstimate {
  std::vector<double> ownership;  // board row-major, +1 = White
  PointSet alive;                 // stones of chains that live
};
// Owner maps are switched on in `search` for this.
StatusEstimate searchedStatuses(Search& search, const GameState& state);

// Stones that count for their own colour when the position is scored as it stands, by the rules.
PointSet ruledAliveStones(const GameState& state);

}  // namespace ponnuki
