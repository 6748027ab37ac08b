#include <numeric>

#include "graph/passes/passes.h"

namespace ponnuki::nn {

void dropMask(Graph& graph) {
  std::vector<TensorId> same(graph.tensors.size());  // the tensor that stands for each tensor
  std::iota(same.begin(), same.end(), 0);
  for (Op& op : graph.ops) {
    for (TensorId& id : op.inputs) id = same[static_cast<size_t>(id)];
    if (Epilogue* epilogue = epilogueOf(op)) epilogue->masked = false;
    if (auto* scale = std::get_if<ScaleBiasAttrs>(&op.attrs)) scale->masked = false;
    if (auto* norm = std::get_if<RmsNormAttrs>(&op.attrs)) norm->masked = false;
    if (op.kind() == OpKind::ApplyMask && !graph.isOutput(op.output))
      same[static_cast<size_t>(op.output)] = op.inputs[0];
  }
  std::erase_if(graph.ops, [&](const Op& op) { return same[static_cast<size_t>(op.output)] != op.output; });
}

}  // namespace ponnuki::nn
