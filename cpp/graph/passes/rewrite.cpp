#include "graph/passes/rewrite.h"

#include <utility>

namespace ponnuki::nn {

Rewriter::Rewriter(Graph& graph) : graph_(graph), removed_(graph.ops.size(), 0) {
  countUses();
}

void Rewriter::countUses() {
  uses_.assign(graph_.tensors.size(), 0);
  producer_.assign(graph_.tensors.size(), -1);
  for (int i = 0; i < size(); i++) {
    if (removed(i)) continue;
    producer_[static_cast<size_t>(op(i).output)] = i;
    for (const TensorId id : op(i).inputs) uses_[static_cast<size_t>(id)]++;
  }
}

int Rewriter::soleProducer(TensorId id) const {
  if (id == kNoTensor || uses_[static_cast<size_t>(id)] != 1 || graph_.isOutput(id)) return -1;
  return producer_[static_cast<size_t>(id)];
}

void Rewriter::merge(int producer, int consumer, Op merged) {
  merged.output = op(consumer).output;
  op(consumer) = std::move(merged);
  removed_[static_cast<size_t>(producer)] = 1;
  producer_[static_cast<size_t>(op(producer).output)] = -1;
}

void Rewriter::compact() {
  std::vector<Op> kept;
  kept.reserve(graph_.ops.size());
  for (int i = 0; i < size(); i++)
    if (!removed(i)) kept.push_back(std::move(op(i)));
  graph_.ops = std::move(kept);
  removed_.assign(graph_.ops.size(), 0);
  countUses();
}

}  // namespace ponnuki::nn
