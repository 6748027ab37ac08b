// Turns a graph into steps: groups ops that run together, places tensors in the arena, packs weights.
#pragma once

#include <any>
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
    size_t gated = kNone;      // a Mul of the op's output with that of an earlier member, computed with it
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
  std::vector<std::vector<std::string>> layers;  // names of the ops in each step
  size_t arenaFloats = 0;
};

// What programs of one net for several board sizes share: the graph and the packed weights of its products.
// The first lowering packs, on all cores, and frees each matrix of the graph once it is packed, so that no
// more than a few are in memory twice. Later lowerings only read.
class SharedNet {
 public:
  explicit SharedNet(Graph graph);
  const Graph& graph() const { return graph_; }
  const std::vector<OpGroup>& groups() const { return groups_; }

  // The packed weights of a group. Calls make() in the first lowering only; copies of what it returns must
  // share the numbers.
  template <class Make>
  auto packed(const OpGroup& group, Make make) -> decltype(make()) {
    std::any& pack = packs_[static_cast<size_t>(&group - groups_.data())];
    if (!isPacked_) pack = make();
    return std::any_cast<decltype(make())>(pack);
  }
  bool isPacked() const { return isPacked_; }
  void freeMatrices(const OpGroup& group);
  void finishPacking() { isPacked_ = true; }

 private:
  Graph graph_;
  std::vector<OpGroup> groups_;
  std::vector<std::any> packs_;  // by group
  bool isPacked_ = false;
};
// Which 16-bit format a precision means on this instruction set: integers for 3x3 convolutions and matrix
// products over the points, or bfloat16 for the latter alone.
bool usesInt16(Precision precision, const KernelTable& kernels);
bool usesBf16(Precision precision, const KernelTable& kernels);
// Takes the 8-bit form away from products that another arithmetic computes, because the precision asks for it
// or because it is faster on this instruction set.
void keepUsedQuantizations(Graph& graph, Precision precision, const KernelTable& kernels);
// Several threads may lower a net that is packed already.
LoweredGraph lowerGraph(SharedNet& net, const CompileOptions& options, const KernelTable& kernels);

}  // namespace ponnuki::nn
