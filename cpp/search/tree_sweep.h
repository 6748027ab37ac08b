// Walks over the whole search graph between searches: recomputing, deleting what is out of reach, checking
// (spec search 4.3, 5.1, 13.4, 18.1).
#pragma once

#include "search/search_context.h"

namespace ponnuki {

// Every node once, children before parents; a node on the current path is skipped where it is met again.
void forEachPostOrder(SearchContext& ctx, const std::function<void(Node&)>& f);

void recomputeGraph(SearchContext& ctx);
// Deletes table nodes that the root does not reach, withdrawing their bias.
void deleteUnreachable(SearchContext& ctx);
void recordEvalCache(SearchContext& ctx);  // spec 18.1
size_t countTreeBytes(const SearchContext& ctx);
void checkTree(SearchContext& ctx, bool clean);  // throws InternalError; clean: nothing is out of reach

// What is to be freed together, nodes first: they refer to entries of the table of biases.
struct TreeGarbage {
  std::unique_ptr<ValueBiasTable> bias;
  std::unique_ptr<NodeTable> table;
  std::unique_ptr<Node> root;
  std::vector<std::unique_ptr<Node>> nodes;
  size_t size() const { return nodes.size() + (table ? table->size() : 0); }
};
// Frees it, a big one on a thread of its own so that nobody waits. Process exit does not wait for it.
void disposeTree(TreeGarbage garbage);

}  // namespace ponnuki
