// New nodes and their evaluation by the nets (spec search 3.2, 6, 19.4).
#pragma once

#include "search/search_context.h"

namespace ponnuki {

enum class NetKind { Main, Human };

// What the search asks a net about the position `state`, `depth` moves after the root.
EvalRequest netRequest(const SearchContext& ctx, NetKind kind, const GameState& state, bool isRoot, int depth);

// Queries the nets for the worker's position and puts the answers into the node. At the root several symmetries
// may be averaged.
void evaluateNode(Worker& worker, Node& node, bool skipCache);

// The node of the worker's position (the move is already played): an existing one, or a new one.
Node* findOrCreateChild(Worker& worker, bool forceNonTerminal);

// Key, bias entry, cache entry and pattern of a new node from the path that made it.
void attachPathData(SearchContext& ctx, Node& node, const GameState& state, Hash128 graphKey);

}  // namespace ponnuki
