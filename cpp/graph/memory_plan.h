// Places every tensor of a graph in one arena so that tensors which are never alive together share memory.
// Graph inputs get no place (the caller owns them); graph outputs do, and stay alive to the end.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "graph/graph.h"

namespace ponnuki::nn {

struct MemoryPlan {
  static constexpr size_t kNoPlace = ~size_t{0};
  std::vector<size_t> offset;  // by TensorId, in bytes from the start of the arena; kNoPlace for graph inputs
  size_t arenaBytes = 0;       // a multiple of kAlignment
  static constexpr size_t kAlignment = 64;
};

// bytesOf: the memory one tensor needs, with whatever padding and batch size the backend has in mind.
// The output of an op shares the place of inputs[0] (elementwise ops) or of its residual (Conv2d, MatMul)
// when that input dies there and has the same size: such ops must be able to run in place on that input.
MemoryPlan planMemory(const Graph& graph, const std::function<size_t(const TensorInfo&)>& bytesOf);

}  // namespace ponnuki::nn
