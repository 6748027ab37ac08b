// Ownership averaged over a part of the search graph (spec search 21.5). White's view, board row-major.
#pragma once

#include "search/search_context.h"

namespace ponnuki {

struct TreeOwnership {
  std::vector<double> mean, stdev;
};
// Empty if no node below has an ownership map.
TreeOwnership treeOwnership(const SearchContext& ctx, const Node& start);

}  // namespace ponnuki
