#include "graph/memory_plan.h"

#include <algorithm>

#include "base/error.h"

namespace ponnuki::nn {
namespace {

struct Block {
  size_t offset, bytes;
  TensorId tensor;
};

size_t aligned(size_t bytes) {
  return (bytes + MemoryPlan::kAlignment - 1) / MemoryPlan::kAlignment * MemoryPlan::kAlignment;
}

// Index of the op that uses each tensor last; outputs of the graph live to the end.
std::vector<size_t> lastUses(const Graph& graph) {
  std::vector<size_t> last(graph.tensors.size(), 0);
  for (size_t i = 0; i < graph.ops.size(); i++) {
    last[static_cast<size_t>(graph.ops[i].output)] = i;
    for (const TensorId id : graph.ops[i].inputs) last[static_cast<size_t>(id)] = i;
  }
  for (size_t id = 0; id < last.size(); id++)
    if (graph.isOutput(static_cast<TensorId>(id))) last[id] = graph.ops.size();
  return last;
}

// The input whose memory the output may take over, or kNoTensor.
TensorId inPlaceCandidate(const Op& op) {
  if (op.row().elementwise) return op.inputs[0];
  const TensorId residual = residualOf(op);
  return residual == op.inputs[0] ? kNoTensor : residual;
}

// Blocks in use, ordered by offset.
class Arena {
 public:
  size_t place(size_t bytes, TensorId tensor) {
    size_t offset = 0;
    auto it = blocks_.begin();
    for (; it != blocks_.end() && it->offset - offset < bytes; ++it) offset = it->offset + it->bytes;
    blocks_.insert(it, {offset, bytes, tensor});
    top_ = std::max(top_, offset + bytes);
    return offset;
  }
  void handOver(TensorId from, TensorId to) {
    for (Block& block : blocks_)
      if (block.tensor == from) block.tensor = to;
  }
  void release(TensorId tensor) {
    std::erase_if(blocks_, [tensor](const Block& block) { return block.tensor == tensor; });
  }
  size_t top() const { return top_; }

 private:
  std::vector<Block> blocks_;
  size_t top_ = 0;
};

}  // namespace

MemoryPlan planMemory(const Graph& graph, const std::function<size_t(const TensorInfo&)>& bytesOf) {
  const std::vector<size_t> last = lastUses(graph);
  MemoryPlan plan;
  plan.offset.assign(graph.tensors.size(), MemoryPlan::kNoPlace);
  const auto bytes = [&](TensorId id) {
    return std::max(MemoryPlan::kAlignment, aligned(bytesOf(graph.tensor(id))));
  };
  const auto diesAt = [&](TensorId id, size_t op) {
    return last[static_cast<size_t>(id)] == op && !graph.isInput(id);
  };

  Arena arena;
  for (size_t i = 0; i < graph.ops.size(); i++) {
    const Op& op = graph.ops[i];
    const TensorId reuse = inPlaceCandidate(op);
    size_t& offset = plan.offset[static_cast<size_t>(op.output)];
    if (reuse != kNoTensor && diesAt(reuse, i) && bytes(reuse) == bytes(op.output)) {
      offset = plan.offset[static_cast<size_t>(reuse)];
      arena.handOver(reuse, op.output);
    } else {
      offset = arena.place(bytes(op.output), op.output);
    }
    for (const TensorId id : op.inputs)
      if (diesAt(id, i)) arena.release(id);
    if (diesAt(op.output, i)) arena.release(op.output);  // made but never used
  }
  plan.arenaBytes = arena.top();
  return plan;
}

}  // namespace ponnuki::nn
