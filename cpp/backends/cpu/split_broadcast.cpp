// A spatial convolution that adds a broadcast vector has to wait for that vector, which a pooling block
// computes from a sibling convolution of the same input. Adding the vector in a step of its own lets both
// convolutions share one transformed input.
#include "backends/cpu/lowering.h"

namespace ponnuki::nn {

namespace {

bool sameInputAndGeometry(const Op& a, const Op& b) {
  if (b.kind() != OpKind::Conv2d || a.inputs[0] != b.inputs[0]) return false;
  const Conv2dAttrs &x = a.as<Conv2dAttrs>(), &y = b.as<Conv2dAttrs>();
  return x.ky == y.ky && x.kx == y.kx && x.dilY == y.dilY && x.dilX == y.dilX;
}
bool worthSplitting(const Graph& graph, size_t index) {
  const Op& op = graph.ops[index];
  if (op.kind() != OpKind::Conv2d || broadcastOf(op) == kNoTensor || residualOf(op) != kNoTensor)
    return false;
  if (op.as<Conv2dAttrs>().ky == 1 && op.as<Conv2dAttrs>().kx == 1) return false;
  for (size_t i = 0; i < index; i++)
    if (sameInputAndGeometry(op, graph.ops[i])) return true;
  return false;
}
TensorId newTensorLike(Graph& graph, TensorId id) {
  graph.tensors.push_back(graph.tensor(id));
  return static_cast<TensorId>(graph.tensors.size() - 1);
}

}  // namespace

Graph splitBroadcasts(Graph graph) {
  for (size_t i = 0; i < graph.ops.size(); i++) {
    if (!worthSplitting(graph, i)) continue;
    const TensorId result = graph.ops[i].output, sums = newTensorLike(graph, result),
                   added = newTensorLike(graph, result);
    Op& conv = graph.ops[i];
    Epilogue& e = *epilogueOf(conv);
    const Op add{conv.name, {sums, broadcastOf(conv)}, added, BroadcastAddAttrs{}};
    const Op finish{conv.name, {added}, result, ScaleBiasAttrs{{}, {}, e.activation, e.masked}};
    conv.inputs.pop_back();
    conv.output = sums;
    e.addBroadcast = false;
    e.activation = Activation::Identity;
    e.masked = false;
    graph.ops.insert(graph.ops.begin() + static_cast<std::ptrdiff_t>(i) + 1, {add, finish});
  }
  return graph;
}

}  // namespace ponnuki::nn
