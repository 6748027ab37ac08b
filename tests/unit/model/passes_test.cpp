// Each pass, and all of them, keep what a net computes: the same outputs on the reference backend before and
// after.
#include <doctest/doctest.h>

#include "graph/passes/passes.h"
#include "graph/shapes.h"
#include "support/graph_runs.h"
#include "support/tiny_nets.h"

using namespace ponnuki;
using namespace ponnuki::nn;

namespace {

constexpr float kTolerance = 2e-4f;  // folded scales round differently

NetSpec rmsTransformerSpec() {
  NetSpec spec = test::tinySpec(17, {BlockKind::Attention, BlockKind::FeedForward, BlockKind::Pooling});
  spec.rmsTip = spec.rmsTipIsSpatial = true;
  spec.learnableRope = true;
  spec.activation = Activation::Silu;
  spec.policyChannels = 4;
  return spec;
}

// The outputs of `graph` against those after `change`, on boards of several sizes in a 7x6 extent.
void checkSame(const Graph& graph, bool fullBoards, const std::function<void(Graph&)>& change) {
  Graph changed = graph;
  change(changed);
  verifyGraph(changed);
  const auto backend = makeReferenceBackend();
  const test::RandomInputs in = test::randomInputs(graph, 4, 7, 6, fullBoards, 11);
  const CompileOptions options{.boardX = 7, .boardY = 6, .exactBoardSize = fullBoards};
  const auto before = test::run(*backend, graph, in, options),
             after = test::run(*backend, changed, in, options);
  CHECK(test::largestDifference(graph, in, before, after) < kTolerance);
  float size = 0;
  for (const float v : before.policy) size = std::max(size, std::abs(v));
  CHECK(size > 0.01f);  // not all zero
}

const Accepts kAnything = [](const Op&) { return true; };

}  // namespace

TEST_CASE("every pass keeps the outputs of nets with every block kind") {
  for (const NetSpec& spec :
       {test::everyBlockSpec(), rmsTransformerSpec(), test::tinySpec(8, {BlockKind::Pooling})}) {
    const Graph graph = test::loadSpec(spec, 3).graph;
    checkSame(graph, false, [](Graph& g) { fuseActivation(g, kAnything); });
    checkSame(graph, false, [](Graph& g) { fuseAdd(g, kAnything); });
    checkSame(graph, false, [](Graph& g) { foldScale(g, kAnything); });
    checkSame(graph, true, dropMask);
    checkSame(graph, false, removeDead);
  }
}

TEST_CASE("all passes together keep the outputs and shorten the graph") {
  const auto backend = makeReferenceBackend();
  for (const NetSpec& spec : {test::everyBlockSpec(), rmsTransformerSpec()}) {
    const Graph graph = test::loadSpec(spec, 4).graph;
    for (const bool exact : {false, true}) {
      checkSame(graph, exact, [&](Graph& g) {
        const size_t before = g.ops.size();
        g = runPasses(std::move(g), *backend, {.boardX = 7, .boardY = 6, .exactBoardSize = exact});
        CHECK(g.ops.size() * 3 < before * 2);
      });
    }
  }
}

TEST_CASE("a row's results depend neither on the other rows nor on the extent around its board") {
  const LoadedModel model = test::loadSpec(test::everyBlockSpec(), 5);
  const auto backend = makeReferenceBackend();
  const test::RandomInputs small = test::randomInputs(model.graph, 1, 5, 4, true, 9);
  test::RandomInputs large = small;
  large.spatial.assign(static_cast<size_t>(9 * 7 * model.info.spatialChannels), 0.0f);
  for (int y = 0; y < 4; y++)
    for (int x = 0; x < 5; x++)
      for (int c = 0; c < model.info.spatialChannels; c++)
        large.spatial[static_cast<size_t>((y * 9 + x) * model.info.spatialChannels + c)] =
            small.spatial[static_cast<size_t>((y * 5 + x) * model.info.spatialChannels + c)];
  const auto a = test::run(*backend, model.graph, small, {.boardX = 5, .boardY = 4});
  const auto b = test::run(*backend, model.graph, large, {.boardX = 9, .boardY = 7});
  for (size_t i = 0; i < 3; i++) CHECK(a.value[i] == doctest::Approx(b.value[i]).epsilon(1e-4));
  CHECK(a.ownership[2 * 5 + 3] == doctest::Approx(b.ownership[2 * 9 + 3]).epsilon(1e-4));
}
