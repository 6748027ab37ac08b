// The search tree as lines of text for people: one node a line with its main statistics (spec gtp 7.5).
#pragma once

#include <string>
#include <vector>

#include "search/search_context.h"
#include "search/tree_print_options.h"

namespace ponnuki {

// Lines with newlines; "" while the root has no values.
std::string printTree(const SearchContext& ctx, const TreePrintOptions& options);

// Every node the root reaches, once, numbered in the order of a breadth-first walk from the root, 0:
//   NUMBER N visits W winLoss(White) S score(White) : MOVE->NUMBER(edge visits) ...
std::string printGraph(const SearchContext& ctx);

// The best line from the root, at most maxMoves moves; a root without children gives its best policy move.
std::vector<Point> bestLine(const SearchContext& ctx, size_t maxMoves);

}  // namespace ponnuki
