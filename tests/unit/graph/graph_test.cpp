// Shapes, memory plan and the structure the passes leave behind. That passes keep the results is tested in
// tests/unit/model/passes_test.cpp, where there are whole nets to run.
#include <doctest/doctest.h>

#include <algorithm>

#include "base/error.h"
#include "graph/builder.h"
#include "graph/memory_plan.h"
#include "graph/passes/passes.h"
#include "graph/shapes.h"

using namespace ponnuki;
using namespace ponnuki::nn;

namespace {

const Accepts kAnything = [](const Op&) { return true; };

Weights ones(int count) {
  return Weights(std::vector<float>(static_cast<size_t>(count), 1.0f));
}
Conv2dAttrs conv(int size, int inC, int outC) {
  return {size, size, inC, outC, 1, 1, ones(size * size * inC * outC), {}};
}
ScaleBiasAttrs norm(int channels) {
  return {ones(channels), ones(channels)};
}
GraphOutputs outputsFrom(GraphBuilder& g, TensorId trunk, int channels) {
  const TensorId pooled = g.append("pool", GlobalPoolAttrs{}, {trunk});
  GraphOutputs out;
  out.policy = g.append("policy", conv(1, channels, 1), {trunk});
  out.pass = g.append("pass", MatMulAttrs{3 * channels, 1, ones(3 * channels), {}}, {pooled});
  out.value = g.append("value", MatMulAttrs{3 * channels, 3, ones(9 * channels), {}}, {pooled});
  out.score = g.append("score", MatMulAttrs{3 * channels, 2, ones(6 * channels), {}}, {pooled});
  out.ownership = g.append("own", conv(1, channels, 1), {trunk});
  return out;
}

// stem -> T; T + w2(na(w1(na(T)))) -> na -> heads
Graph residualNet() {
  GraphBuilder g(4, 3, 0);
  TensorId trunk = g.append("stem", conv(3, 4, 6), {g.spatial()});
  trunk = g.broadcastAdd("global", trunk, g.append("linear", MatMulAttrs{3, 6, ones(18), {}}, {g.global()}));
  const auto normAct = [&](const char* name, TensorId in) {
    return g.mask(name, g.activation(name, Activation::Relu, g.append(name, norm(6), {in})));
  };
  TensorId t = g.append("w1", conv(3, 6, 6), {normAct("pre", trunk)});
  t = g.append("w2", conv(3, 6, 6), {normAct("mid", t)});
  trunk = normAct("tip", g.add("block", trunk, t));
  return g.finish(outputsFrom(g, trunk, 6));
}

int countKind(const Graph& graph, OpKind kind) {
  return static_cast<int>(
      std::count_if(graph.ops.begin(), graph.ops.end(), [&](const Op& op) { return op.kind() == kind; }));
}

const Op& opNamed(const Graph& graph, const std::string& name) {
  const auto it =
      std::find_if(graph.ops.begin(), graph.ops.end(), [&](const Op& op) { return op.name == name; });
  REQUIRE(it != graph.ops.end());
  return *it;
}

}  // namespace

TEST_CASE("the rows of the op table stand in the order of the kinds") {
  for (size_t i = 0; i < std::size(kOpRows); i++) CHECK(static_cast<size_t>(kOpRows[i].kind) == i);
  CHECK(Op{"", {}, 0, AttentionAttrs{}}.kind() == OpKind::Attention);
  CHECK(Op{"", {}, 0, Conv2dAttrs{}}.kind() == OpKind::Conv2d);
}

TEST_CASE("shape errors name the op") {
  GraphBuilder g(4, 3, 0);
  CHECK_THROWS_WITH_AS(g.append("stem", conv(3, 5, 6), {g.spatial()}), doctest::Contains("stem (Conv2d)"),
                       UserError);
  CHECK_THROWS_AS(g.append("even", conv(2, 4, 6), {g.spatial()}), UserError);
  Conv2dAttrs shortWeights = conv(3, 4, 6);
  shortWeights.weights = ones(5);
  CHECK_THROWS_AS(g.append("short", shortWeights, {g.spatial()}), UserError);
  CHECK_THROWS_AS(g.add("sum", g.spatial(), g.global()), UserError);
  CHECK_THROWS_AS(g.mask("mask", g.global()), UserError);
  CHECK_THROWS_AS(g.append("pool", GlobalPoolAttrs{}, {g.global()}), UserError);
  CHECK_THROWS_AS(
      g.append("attention", AttentionAttrs{2, 1, 2, 2, {}}, {g.spatial(), g.spatial(), g.spatial()}),
      UserError);
  CHECK_THROWS_AS(g.finish({}), UserError);
}

TEST_CASE("fuseActivation leaves one op for norm, activation and mask") {
  Graph graph = residualNet();
  fuseActivation(graph, kAnything);
  verifyGraph(graph);
  CHECK(countKind(graph, OpKind::Activation) == 0);
  CHECK(countKind(graph, OpKind::ApplyMask) == 0);
  CHECK(opNamed(graph, "mid").as<ScaleBiasAttrs>().activation == Activation::Relu);
  CHECK(opNamed(graph, "mid").as<ScaleBiasAttrs>().masked);
}

TEST_CASE("the passes fold the inner norm into its convolution and the sums into epilogues") {
  Graph graph = residualNet();
  fuseActivation(graph, kAnything);
  fuseAdd(graph, kAnything);
  foldScale(graph, kAnything);
  removeDead(graph);
  verifyGraph(graph);
  CHECK(countKind(graph, OpKind::Add) == 0);
  CHECK(countKind(graph, OpKind::BroadcastAdd) == 0);
  CHECK(countKind(graph, OpKind::ScaleBias) ==
        2);  // pre and tip: their inputs have other users or a residual
  CHECK(opNamed(graph, "stem").as<Conv2dAttrs>().epilogue.addBroadcast);
  const Epilogue& w1 = opNamed(graph, "w1").as<Conv2dAttrs>().epilogue;
  CHECK(w1.activation == Activation::Relu);
  CHECK(w1.masked);
  CHECK(w1.bias.size() == 6);
  const Op& w2 = opNamed(graph, "w2");
  CHECK(w2.as<Conv2dAttrs>().epilogue.addResidual);
  CHECK(residualOf(w2) == opNamed(graph, "stem").output);
}

TEST_CASE("a fused form that the backend declines is left in its simple form") {
  Graph graph = residualNet();
  const size_t before = graph.ops.size();
  const Accepts nothingFused = [](const Op& op) {
    if (const Epilogue* e = epilogueOf(op))
      return !e->addResidual && !e->addBroadcast && e->bias.empty() && !e->masked;
    const auto* scale = std::get_if<ScaleBiasAttrs>(&op.attrs);
    return !scale || (scale->activation == Activation::Identity && !scale->masked);
  };
  fuseActivation(graph, nothingFused);
  fuseAdd(graph, nothingFused);
  foldScale(graph, nothingFused);
  CHECK(graph.ops.size() == before);
}

TEST_CASE("dropMask takes every mask away") {
  Graph graph = residualNet();
  dropMask(graph);
  removeDead(graph);
  verifyGraph(graph);
  CHECK(countKind(graph, OpKind::ApplyMask) == 0);
}

TEST_CASE("removeDead drops what reaches no output and renumbers the rest") {
  GraphBuilder g(4, 3, 0);
  const TensorId trunk = g.append("stem", conv(3, 4, 6), {g.spatial()});
  g.append("unused", conv(3, 6, 50), {trunk});
  Graph graph = g.finish(outputsFrom(g, trunk, 6));
  const size_t tensors = graph.tensors.size();
  removeDead(graph);
  verifyGraph(graph);
  CHECK(graph.tensors.size() == tensors - 1);
  for (const Op& op : graph.ops) CHECK(op.name != "unused");
}

TEST_CASE("the memory plan never gives one place to two live tensors, except in place") {
  Graph graph = residualNet();
  for (const bool fused : {false, true}) {
    if (fused) {
      fuseActivation(graph, kAnything);
      fuseAdd(graph, kAnything);
      foldScale(graph, kAnything);
      removeDead(graph);
    }
    const auto bytesOf = [](const TensorInfo& info) { return info.shape.floatsPerRow(49) * sizeof(float); };
    const MemoryPlan plan = planMemory(graph, bytesOf);
    // Replay: remember which tensor's values each byte range holds when it is read.
    std::vector<TensorId> owner(plan.arenaBytes / MemoryPlan::kAlignment, kNoTensor);
    const auto cells = [&](TensorId id) {
      const size_t first = plan.offset[static_cast<size_t>(id)] / MemoryPlan::kAlignment;
      return std::pair(first, first + (bytesOf(graph.tensor(id)) + 63) / 64);
    };
    const auto holds = [&](TensorId id) {
      const auto [from, to] = cells(id);
      return std::all_of(owner.begin() + static_cast<ptrdiff_t>(from),
                         owner.begin() + static_cast<ptrdiff_t>(to), [&](TensorId at) { return at == id; });
    };
    size_t total = 0;
    for (const Op& op : graph.ops) {
      for (const TensorId id : op.inputs) CHECK((graph.isInput(id) || holds(id)));
      const auto [from, to] = cells(op.output);
      total += (to - from) * 64;
      for (const TensorId id : op.inputs) {
        if (graph.isInput(id)) continue;
        const auto [a, b] = cells(id);
        const bool inPlaceAllowed = op.row().elementwise ? id == op.inputs[0] : id == residualOf(op);
        CHECK((a >= to || b <= from || (inPlaceAllowed && a == from)));
      }
      std::fill(owner.begin() + static_cast<ptrdiff_t>(from), owner.begin() + static_cast<ptrdiff_t>(to),
                op.output);
    }
    for (const TensorId id : {graph.outputs.policy, graph.outputs.value, graph.outputs.ownership})
      CHECK(holds(id));
    CHECK(plan.arenaBytes < total);
  }
}

TEST_CASE("flops count the multiplications of the convolutions") {
  GraphBuilder g(4, 3, 0);
  const TensorId trunk = g.append("stem", conv(3, 4, 6), {g.spatial()});
  const Graph graph = g.finish(outputsFrom(g, trunk, 6));
  CHECK(flopsPerRow(graph, 100) > 2.0 * 9 * 4 * 6 * 100);
}
