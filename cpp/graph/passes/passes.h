// Rewrites that make a graph cheaper to run without changing what it computes (beyond float rounding). Each
// pass is one file. Backends call runPasses at the start of compile(); a fused form the backend declines
// through supports() is left in its simple form. The reference backend runs graphs as they are.
#pragma once

#include <functional>

#include "graph/backend.h"
#include "graph/graph.h"

namespace ponnuki::nn {

using Accepts = std::function<bool(const Op&)>;  // would the backend run this op as it stands?

// ScaleBias/RmsNorm + Activation (+ ApplyMask) become one op; likewise Conv2d/MatMul + Activation/ApplyMask.
void fuseActivation(Graph& graph, const Accepts& accepts);
// A ScaleBias whose input is used by nobody else moves into the weights and the epilogue of the Conv2d or
// MatMul that makes it (also through a BroadcastAdd, whose vector is then scaled in the MatMul that makes
// it).
void foldScale(Graph& graph, const Accepts& accepts);
// Add and BroadcastAdd become the epilogue of the Conv2d or MatMul that makes one of their inputs.
void fuseAdd(Graph& graph, const Accepts& accepts);
// Every point is on the board: masks go away.
void dropMask(Graph& graph);
// Ops and tensors that reach no output go away; tensors are renumbered.
void removeDead(Graph& graph);

// All of the above in order, then verifyGraph.
Graph runPasses(Graph graph, const Backend& backend, const CompileOptions& options);

}  // namespace ponnuki::nn
