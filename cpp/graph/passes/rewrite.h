// What the passes share: who makes and who uses a tensor, and merging an op into the one that follows it.
// Positions stay valid while a pass runs: a removed op is only marked, and taken out by compact().
#pragma once

#include <vector>

#include "graph/graph.h"

namespace ponnuki::nn {

class Rewriter {
 public:
  explicit Rewriter(Graph& graph);

  Graph& graph() { return graph_; }
  int size() const { return static_cast<int>(graph_.ops.size()); }
  Op& op(int at) { return graph_.ops[static_cast<size_t>(at)]; }
  bool removed(int at) const { return removed_[static_cast<size_t>(at)]; }

  // The op that makes `id` if `id` has exactly one user and is no graph output, else -1.
  int soleProducer(TensorId id) const;
  // `merged` does the work of the ops at `producer` and at `consumer`; it takes the consumer's place and
  // output.
  void merge(int producer, int consumer, Op merged);
  void compact();

 private:
  void countUses();

  Graph& graph_;
  std::vector<int> uses_, producer_;  // by TensorId
  std::vector<char> removed_;         // by op
};

}  // namespace ponnuki::nn
