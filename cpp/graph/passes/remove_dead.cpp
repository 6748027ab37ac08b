#include "graph/passes/passes.h"

namespace ponnuki::nn {

void removeDead(Graph& graph) {
  std::vector<char> needed(graph.tensors.size(), 0);
  const auto need = [&](TensorId id) {
    if (id != kNoTensor) needed[static_cast<size_t>(id)] = 1;
  };
  for (const TensorId id : {graph.inputs.spatial, graph.inputs.global, graph.inputs.meta}) need(id);
  GraphOutputs& out = graph.outputs;
  for (const TensorId id : {out.policy, out.pass, out.value, out.score, out.ownership}) need(id);
  for (auto op = graph.ops.rbegin(); op != graph.ops.rend(); ++op)
    if (needed[static_cast<size_t>(op->output)])
      for (const TensorId id : op->inputs) need(id);
  std::erase_if(graph.ops, [&](const Op& op) { return !needed[static_cast<size_t>(op.output)]; });

  std::vector<TensorId> renumbered(graph.tensors.size(), kNoTensor);
  std::vector<TensorInfo> kept;
  for (size_t id = 0; id < renumbered.size(); id++) {
    if (!needed[id]) continue;
    renumbered[id] = static_cast<TensorId>(kept.size());
    kept.push_back(std::move(graph.tensors[id]));
  }
  graph.tensors = std::move(kept);
  const auto renumber = [&](TensorId& id) {
    if (id != kNoTensor) id = renumbered[static_cast<size_t>(id)];
  };
  for (Op& op : graph.ops) {
    renumber(op.output);
    for (TensorId& id : op.inputs) renumber(id);
  }
  for (TensorId* id : {&graph.inputs.spatial, &graph.inputs.global, &graph.inputs.meta}) renumber(*id);
  for (TensorId* id : {&out.policy, &out.pass, &out.value, &out.score, &out.ownership}) renumber(*id);
}

}  // namespace ponnuki::nn
