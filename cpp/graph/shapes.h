// The shape rule of every op kind, and the proof that a whole graph obeys them (style: prove shapes before
// running).
#pragma once

#include "graph/graph.h"

namespace ponnuki::nn {

// The output shape of `op` given the tensors of its inputs. Throws UserError naming the op when they do not
// fit.
Shape outputShape(const Op& op, const std::vector<TensorInfo>& tensors);

// Checks order, ids, shapes and outputs. Throws UserError naming the first op that is wrong.
void verifyGraph(const Graph& graph);

// Multiplications and additions of one row at `points` points; for reports and benchmarks.
double flopsPerRow(const Graph& graph, int points);

}  // namespace ponnuki::nn
