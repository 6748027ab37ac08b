// Numbers about a whole tree for people who study it; front ends do not show them. White's view.
#pragma once

#include <optional>

#include "search/search_context.h"

namespace ponnuki {

struct TreeAverages {
  double sharpScore = 0;  // points; the likely lines count more than in the score of the search
  // What the net expects evaluations to change by in a few moves; -1: it cannot say.
  double shorttermWinlossError = -1, shorttermScoreError = -1;
};

// Averages by share_walk.h; nothing while the root is not evaluated. Between searches.
std::optional<TreeAverages> treeAverages(const SearchContext& ctx);

}  // namespace ponnuki
