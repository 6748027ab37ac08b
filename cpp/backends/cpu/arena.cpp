// First-fit placement of tensors by their lifetimes, in units of steps.
#include <algorithm>

#include "backends/cpu/lowering.h"

namespace ponnuki::nn {

namespace {

constexpr size_t kAtLoad = 0;  // lifetimes: the load step is 0, group g is g + 1, the store step comes last

struct Life {
  size_t first = ~size_t{0}, last = 0;
};

class Planner {
 public:
  Planner(const Graph& graph, const std::vector<OpGroup>& groups, int maxRows, int points)
      : graph_(graph), groups_(groups), lives_(graph.tensors.size()) {
    plan_.places.resize(graph.tensors.size());
    for (size_t id = 0; id < graph.tensors.size(); id++) {
      const Shape shape = graph.tensors[id].shape;
      plan_.places[id] = {0, shape.channels, shape.domain == Domain::Points ? points : 1};
    }
    maxRows_ = maxRows;
    findLives();
  }

  ArenaPlan plan() {
    std::vector<size_t> order(lives_.size());
    for (size_t id = 0; id < order.size(); id++) order[id] = id;
    std::stable_sort(order.begin(), order.end(),
                     [&](size_t a, size_t b) { return lives_[a].first < lives_[b].first; });
    for (const size_t id : order)
      if (lives_[id].last >= lives_[id].first) place(id);
    return std::move(plan_);
  }

 private:
  void touch(TensorId id, size_t when) {
    if (id == kNoTensor) return;
    Life& life = lives_[static_cast<size_t>(id)];
    life.first = std::min(life.first, when);
    life.last = std::max(life.last, when);
  }
  void findLives() {
    inPlaceOf_.assign(lives_.size(), kNoTensor);
    const GraphInputs& in = graph_.inputs;
    for (const TensorId id : {in.spatial, in.global, in.meta}) touch(id, kAtLoad);
    for (size_t g = 0; g < groups_.size(); g++) {
      for (const OpGroup::Member& m : groups_[g].members) {
        const Op& op = graph_.ops[m.op];
        for (const TensorId id : op.inputs) touch(id, g + 1);
        if (m.storeOut) touch(op.output, g + 1);
        for (const size_t with : {m.scaleBias, m.gated})
          if (with != OpGroup::kNone) touch(graph_.ops[with].output, g + 1);
        const TensorId reuse = op.row().elementwise ? op.inputs[0] : residualOf(op);
        const bool readElsewhere = !op.row().elementwise && reuse == op.inputs[0];
        if (reuse != kNoTensor && !readElsewhere && m.storeOut)
          inPlaceOf_[static_cast<size_t>(op.output)] = reuse;
      }
    }
    const GraphOutputs& out = graph_.outputs;
    for (const TensorId id : {out.policy, out.pass, out.value, out.score, out.ownership})
      touch(id, groups_.size() + 1);
  }
  size_t floatsOf(size_t id) const {
    const Place& p = plan_.places[id];
    return p.stride(maxRows_) * static_cast<size_t>(p.blocks());
  }
  void place(size_t id) {
    const size_t need = floatsOf(id), now = lives_[id].first;
    const TensorId reuse = inPlaceOf_[id];
    if (reuse != kNoTensor) {
      const size_t r = static_cast<size_t>(reuse);
      if (lives_[r].last == now && floatsOf(r) == need && lives_[r].first < now) {
        plan_.places[id].offset = plan_.places[r].offset;
        std::erase(placed_, r);
        insert(id);
        return;
      }
    }
    std::erase_if(placed_, [&](size_t other) { return lives_[other].last < now; });
    size_t offset = 0;
    for (const size_t other : placed_) {
      if (plan_.places[other].offset >= offset + need) break;
      offset = std::max(offset, plan_.places[other].offset + floatsOf(other));
    }
    plan_.places[id].offset = offset;
    insert(id);
    plan_.floats = std::max(plan_.floats, offset + need);
  }
  void insert(size_t id) {  // placed_ is ordered by offset
    const auto before = [&](size_t a, size_t b) { return plan_.places[a].offset < plan_.places[b].offset; };
    placed_.insert(std::upper_bound(placed_.begin(), placed_.end(), id, before), id);
  }

  const Graph& graph_;
  const std::vector<OpGroup>& groups_;
  int maxRows_ = 1;
  std::vector<Life> lives_;
  std::vector<TensorId> inPlaceOf_;
  std::vector<size_t> placed_;
  ArenaPlan plan_;
};

}  // namespace

ArenaPlan planArena(const Graph& graph, const std::vector<OpGroup>& groups, int maxRows, int points) {
  return Planner(graph, groups, maxRows, points).plan();
}

}  // namespace ponnuki::nn
