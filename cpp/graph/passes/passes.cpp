#include "graph/passes/passes.h"

#include "graph/shapes.h"

namespace ponnuki::nn {

Graph runPasses(Graph graph, const Backend& backend, const CompileOptions& options) {
  const Accepts accepts = [&](const Op& op) { return backend.supports(op, options.compute); };
  if (options.exactBoardSize) dropMask(graph);
  fuseActivation(graph, accepts);
  fuseAdd(graph, accepts);
  foldScale(graph, accepts);
  fuseActivation(graph, accepts);  // what followed a folded bias
  removeDead(graph);
  verifyGraph(graph);
  return graph;
}

}  // namespace ponnuki::nn
