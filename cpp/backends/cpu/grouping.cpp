// Which ops run together: layers with the same input and geometry, a ScaleBias with the layer before it, and the
// product of two matrices' outputs (a gated feed-forward layer) with the second of them.
#include <algorithm>

#include "backends/cpu/lowering.h"
#include "graph/product.h"

namespace ponnuki::nn {

namespace {

struct Geometry {
  int ky = 1, kx = 1, dilY = 1, dilX = 1;
  // Of an 8-bit product, else -1: what is quantised together is quantised alike.
  float inputScale = -1;
  int inputZero = 0;
  friend bool operator==(const Geometry&, const Geometry&) = default;
};
Geometry geometryOf(const Op& op) {
  Geometry g;
  if (const auto* c = std::get_if<Conv2dAttrs>(&op.attrs)) g = {c->ky, c->kx, c->dilY, c->dilX};
  if (const auto q = quantizationOf(op)) g.inputScale = q->inputScale, g.inputZero = q->inputZero;
  return g;
}
// Needs nothing but the common input: may run earlier than it stands.
bool canMoveUp(const Op& op) {
  return residualOf(op) == kNoTensor && broadcastOf(op) == kNoTensor;
}

OpGroup::Member withScaleBias(const Graph& graph, size_t index, std::vector<bool>& taken) {
  OpGroup::Member m{index};
  const Op& op = graph.ops[index];
  const Epilogue& e = *epilogueOf(op);
  size_t readers = graph.isOutput(op.output) ? 1 : 0;
  const bool sumsAreOutput = e.activation == Activation::Identity && !e.masked;
  for (size_t j = index + 1; j < graph.ops.size(); j++) {
    const Op& reader = graph.ops[j];
    const size_t uses =
        static_cast<size_t>(std::count(reader.inputs.begin(), reader.inputs.end(), op.output));
    readers += uses;
    if (uses && sumsAreOutput && m.scaleBias == OpGroup::kNone && reader.kind() == OpKind::ScaleBias &&
        !taken[j]) {
      m.scaleBias = j;
      taken[j] = true;
      readers--;
    }
  }
  m.storeOut = readers > 0 || m.scaleBias == OpGroup::kNone;
  return m;
}

size_t countReaders(const Graph& graph, TensorId tensor) {
  size_t readers = graph.isOutput(tensor) ? 1 : 0;
  for (const Op& op : graph.ops)
    readers += static_cast<size_t>(std::count(op.inputs.begin(), op.inputs.end(), tensor));
  return readers;
}

// Matrices only: their steps compute all outputs of a few points before the next, so what the earlier member gave is
// at hand, and near.
void takeGates(const Graph& graph, OpGroup& group, std::vector<bool>& taken) {
  for (size_t second = 1; second < group.members.size(); second++) {
    OpGroup::Member& m = group.members[second];
    const Op& op = graph.ops[m.op];
    const Epilogue& e = *epilogueOf(op);
    if (!isMatrix(op) || e.activation != Activation::Identity || e.masked || m.scaleBias != OpGroup::kNone ||
        countReaders(graph, op.output) != 1)
      continue;
    for (size_t first = 0; first < second && m.gated == OpGroup::kNone; first++) {
      const TensorId other = graph.ops[group.members[first].op].output;
      for (size_t j = m.op + 1; j < graph.ops.size(); j++) {
        const Op& mul = graph.ops[j];
        if (taken[j] || mul.kind() != OpKind::Mul) continue;
        if ((mul.inputs[0] != op.output || mul.inputs[1] != other) &&
            (mul.inputs[1] != op.output || mul.inputs[0] != other))
          continue;
        m.gated = j;
        m.storeOut = false;
        taken[j] = true;
        break;
      }
    }
  }
}

}  // namespace

std::vector<OpGroup> groupOps(const Graph& graph) {
  std::vector<OpGroup> groups;
  std::vector<bool> taken(graph.ops.size(), false);
  for (size_t i = 0; i < graph.ops.size(); i++) {
    if (taken[i]) continue;
    taken[i] = true;
    OpGroup& group = groups.emplace_back();
    if (!isProduct(graph.ops[i])) {
      group.members.push_back({i});
      continue;
    }
    group.members.push_back(withScaleBias(graph, i, taken));
    for (size_t j = i + 1; j < graph.ops.size(); j++) {
      const Op& other = graph.ops[j];
      if (taken[j] || !isProduct(other) || other.inputs[0] != graph.ops[i].inputs[0] || !canMoveUp(other))
        continue;
      if (geometryOf(other) != geometryOf(graph.ops[i])) continue;
      taken[j] = true;
      group.members.push_back(withScaleBias(graph, j, taken));
    }
    takeGates(graph, group, taken);
  }
  return groups;
}

}  // namespace ponnuki::nn
