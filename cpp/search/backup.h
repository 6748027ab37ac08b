// Values moving up: first evaluations of leaves, and recomputing a node from its children (spec search 11, 12, 13).
#pragma once

#include "search/search_context.h"

namespace ponnuki {

// Adds one evaluation of the node itself (spec 11.1). `accumulate`: average with what is there.
void addLeafValue(SearchContext& ctx, Node& node, LeafValue value, bool terminal, bool accumulate);
void addNetLeaf(SearchContext& ctx, Node& node, bool accumulate);

// Counts `visits` and recomputes the node from its children; if another thread is at it, leaves the work to it.
void backup(Worker& worker, Node& node, int visits);
// The recomputation alone, by the only thread at it (spec 12). scratch is overwritten.
void recompute(SearchContext& ctx, Node& node, BackupScratch& scratch);
// At the start of a search on an old tree (spec 5.1): a node without children gets the utility of its averages.
void recomputeChildless(SearchContext& ctx, Node& node);

}  // namespace ponnuki
