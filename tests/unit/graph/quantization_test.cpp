// The 8-bit form of a product: its integers, what folding does to it, and what a graph may carry.
#include "graph/quantization.h"

#include <doctest/doctest.h>

#include <cmath>

#include "base/error.h"
#include "graph/builder.h"
#include "graph/passes/passes.h"
#include "graph/shapes.h"

using namespace ponnuki;
using namespace ponnuki::nn;

TEST_CASE("inputs and weights round to nearest even and saturate") {
  const InputRange q{.scale = 0.5f, .zero = 100};
  CHECK(quantizedInput(q, 0.0f) == 100);
  CHECK(quantizedInput(q, 0.25f) == 100);
  CHECK(quantizedInput(q, 0.75f) == 102);
  CHECK(quantizedInput(q, -0.75f) == 98);
  CHECK(quantizedInput(q, 1e30f) == 255);
  CHECK(quantizedInput(q, -1e30f) == 0);
  CHECK(quantizedInput(q, NAN) == 0);
  CHECK(quantizedWeight(0.25f, 0.5f) == 0);
  CHECK(quantizedWeight(-0.75f, 0.5f) == -2);
  CHECK(quantizedWeight(1e9f, 0.5f) == 127);
  CHECK(quantizedWeight(-1e9f, 0.5f) == -127);
}

TEST_CASE("the range of a point holds 0, its least and its most channel, and is usable whatever they are") {
  const std::vector<float> channels = {0.5f, -1, 3, 0.25f};
  const InputRange range = pointRange(channels);
  CHECK(range.scale == doctest::Approx(4.0 / 255));
  CHECK(range.zero == 64);
  CHECK(quantizedInput(range, -1) == 0);
  CHECK(quantizedInput(range, 0) == 64);
  CHECK(quantizedInput(range, 3) == 255);
  for (const std::vector<float>& odd : {std::vector<float>{0, 0}, {NAN, 0}, {INFINITY, -1}, {1e-45f}, {-3e38f, 3e38f}}) {
    const InputRange r = pointRange(odd);
    CHECK(r.scale == 1);
    CHECK(r.zero == 0);
  }
  CHECK(pointRange(std::vector<float>{5, 6}).zero == 0);
  CHECK(pointRange(std::vector<float>{-5, -6}).zero == 255);
}

TEST_CASE("a factor of an output moves into its weight scale and leaves the integers alone") {
  auto q = std::make_shared<Quantization>();
  q->weightScale = {0.5f, 0.25f, 0.125f};
  const std::vector<float> factors = {-3, 0.1f, 0}, weights = {2.5f, -7, 4};
  const auto scaled = withScaledOutputs(q, factors);
  for (size_t o = 0; o < 3; o++) {
    CAPTURE(o);
    CHECK(scaled->weightScale[o] > 0);
    const int before = quantizedWeight(weights[o], q->weightScale[o]);
    const int sign = factors[o] > 0 ? 1 : factors[o] < 0 ? -1 : 0;
    CHECK(quantizedWeight(weights[o] * factors[o], scaled->weightScale[o]) == sign * before);
  }
  CHECK(q->weightScale[0] == 0.5f);
  CHECK(withScaledOutputs(nullptr, factors) == nullptr);
}

namespace {

// 3 points channels -> a 1x1 convolution with a ScaleBias behind it -> every output.
Graph convThenScale(const std::shared_ptr<const Quantization>& q) {
  GraphBuilder b(3, 3, 0);
  const auto matrix = [](int outC) {
    return Weights(std::vector<float>(static_cast<size_t>(3 * outC), 0.5f));
  };
  const TensorId conv = b.append(
      "conv", Conv2dAttrs{.inC = 3, .outC = 2, .weights = matrix(2), .quantization = q, .epilogue = {}},
      {b.spatial()});
  const TensorId policy = b.append("scale", ScaleBiasAttrs{Weights({-2, 4}), {}}, {conv});
  const auto head = [&](const char* name, TensorId in, int outC) {
    return b.append(name, MatMulAttrs{.inC = 3, .outC = outC, .weights = matrix(outC), .epilogue = {}}, {in});
  };
  return b.finish({.policy = policy,
                   .pass = head("pass", b.global(), 2),
                   .value = head("value", b.global(), 3),
                   .score = head("score", b.global(), 4),
                   .ownership = head("ownership", b.spatial(), 1)});
}
std::shared_ptr<Quantization> twoOutputs() {
  auto q = std::make_shared<Quantization>();
  q->weightScale = {0.5f, 0.25f};
  return q;
}

}  // namespace

TEST_CASE("folding a scale into a product scales its 8-bit form too") {
  Graph graph = convThenScale(twoOutputs());
  foldScale(graph, [](const Op&) { return true; });
  const auto folded = quantizationOf(graph.ops.front());
  REQUIRE(graph.ops.front().as<Conv2dAttrs>().weights[0] == -1.0f);
  REQUIRE(folded);
  CHECK(folded->weightScale == std::vector<float>{1, 1});
}

TEST_CASE("a graph with an impossible 8-bit form is refused") {
  const auto refused = [](auto change) {
    const auto q = twoOutputs();
    change(*q);
    CHECK_THROWS_AS(convThenScale(q), UserError);
  };
  CHECK_NOTHROW(convThenScale(twoOutputs()));
  refused([](Quantization& q) { q.weightScale.pop_back(); });
  refused([](Quantization& q) { q.weightScale[1] = 0; });
  refused([](Quantization& q) { q.inputScale = NAN; });
  refused([](Quantization& q) { q.inputZero = 256; });
}
