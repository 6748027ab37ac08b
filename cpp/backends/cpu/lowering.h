// Turns a graph into steps: groups ops that run together, places tensors in the arena, packs weights.
#pragma once

#include <memory>
#include <vector>

#include "backends/cpu/step.h"
#include "graph/backend.h"
#include "graph/graph.h"

namespace ponnuki::nn {

// Takes the broadcast out of convolutions that can then be computed together with an earlier one.
Graph splitBroadcasts(Graph graph);

// Ops of a fused graph that become one step.
struct OpGroup {
  struct Member {
    size_t op;
    size_t scaleBias = kNone;  // a ScaleBias of the op's output that is computed with it
    bool storeOut = true;      // someone else reads the op's output
  };
  static constexpr size_t kNone = ~size_t{0};
  std::vector<Member> members;
};
std::vector<OpGroup> groupOps(const Graph& graph);

// Offsets in floats of every tensor for maxRows rows; tensors that are never alive together share memory.
struct ArenaPlan {
  std::vector<Place> places;  // by TensorId
  size_t floats = 0;
};
ArenaPlan planArena(const Graph& graph, const std::vector<OpGroup>& groups, int maxRows, int points);

struct LoweredGraph {
  std::vector<std::unique_ptr<Step>> steps;
  size_t arenaFloats = 0;
};
// Works on all cores, and frees the weights of a step once they are packed.
LoweredGraph lowerGraph(Graph graph, const CompileOptions& options, const KernelTable& kernels);

}  // namespace ponnuki::nn
