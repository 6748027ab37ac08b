// Ownership averaged over a part of the search graph (spec search 21.5). White's view, board row-major.
#pragma once

#include "search/search_context.h"

namespace ponnuki {

struct TreeOwnership {
  std::vector<double> mean, stdev;
};
// All zero if the start node has no ownership map: the end of a game, or not evaluated yet.
TreeOwnership treeOwnership(const SearchContext& ctx, const Node& start);

}  // namespace ponnuki
