// The 8-bit arithmetic of the reference backend against the formula of graph/quantization.h in plain doubles.
#include <doctest/doctest.h>

#include "backends/reference/ops.h"
#include "graph/passes/passes.h"
#include "support/graph_runs.h"
#include "support/quantized_graph.h"
#include "support/tiny_nets.h"

using namespace ponnuki;
using namespace ponnuki::nn;

TEST_CASE("an 8-bit convolution of the reference is the formula of quantization.h") {
  constexpr int kX = 4, kY = 3, kIn = 3, kOut = 18;
  test::Stream stream(5);
  std::vector<float> in(kX * kY * kIn), weights(9 * kIn * kOut), bias(kOut), out(kX * kY * kOut);
  for (auto* v : {&in, &weights, &bias})
    for (float& x : *v) x = stream.next();
  const auto q = test::quantizationFor(weights, kOut, -0.3f, 0.8f);
  const Op op{"conv",
              {},
              0,
              Conv2dAttrs{.ky = 3,
                          .kx = 3,
                          .inC = kIn,
                          .outC = kOut,
                          .weights = weights,
                          .quantization = q,
                          .epilogue = {.bias = bias}}};
  const std::vector<float> mask(kX * kY, 1.0f);
  reference::convolve({kX, kY, mask.data(), kX * kY}, reference::packWeights(op, true), *epilogueOf(op),
                      {in.data()}, out.data());
  for (int point = 0; point < kX * kY; point++) {
    for (int oc = 0; oc < kOut; oc++) {
      const double scale = static_cast<double>(q->weightScale[static_cast<size_t>(oc)]);
      double sum = 0;
      for (int tap = 0; tap < 9; tap++) {
        const int y = point / kX + tap / 3 - 1, x = point % kX + tap % 3 - 1;
        if (y < 0 || y >= kY || x < 0 || x >= kX) continue;
        for (int ic = 0; ic < kIn; ic++) {
          const float value = in[static_cast<size_t>((y * kX + x) * kIn + ic)];
          const float weight = weights[static_cast<size_t>((tap * kIn + ic) * kOut + oc)];
          const double u = std::clamp(
              std::nearbyint(static_cast<double>(value / q->inputScale)) + q->inputZero, 0.0, 255.0);
          sum += (u - q->inputZero) * std::nearbyint(static_cast<double>(weight) / scale);
        }
      }
      const double want = sum * static_cast<double>(q->inputScale) * scale +
                          static_cast<double>(bias[static_cast<size_t>(oc)]);
      CHECK(static_cast<double>(out[static_cast<size_t>(point * kOut + oc)]) ==
            doctest::Approx(want).epsilon(1e-4));
    }
  }
}

TEST_CASE(
    "8-bit products are close to the float ones, take a byte a weight, and are asked for by precision") {
  const Graph graph = test::loadSpec(test::everyBlockSpec(), 6).graph;
  const Graph withInt8 =
      test::quantized(graph, -2, 2, [](const Op& op) { return op.kind() == OpKind::Conv2d; });
  const auto backend = makeReferenceBackend();
  const test::RandomInputs in = test::randomInputs(graph, 3, 7, 6, false, 12);
  const CompileOptions options{.boardX = 7, .boardY = 6},
      int8{.boardX = 7, .boardY = 6, .precision = Precision::Int8};
  const auto exact = test::run(*backend, graph, in, options),
             emulated = test::run(*backend, withInt8, in, int8);
  CHECK(test::largestDifference(graph, in, exact, test::run(*backend, withInt8, in, options)) == 0);
  CHECK(test::largestDifference(graph, in, exact, test::run(*backend, graph, in, int8)) == 0);
  CHECK(test::largestDifference(graph, in, exact, emulated) > 0);
  CHECK(test::largestDifference(graph, in, exact, emulated) < 0.3f);
  CHECK(backend->compile(withInt8, int8)->info().weightBytes <
        backend->compile(graph, int8)->info().weightBytes);
}

TEST_CASE("the passes keep what 8-bit products compute") {
  const auto backend = makeReferenceBackend();
  const Graph graph =
      test::quantized(test::loadSpec(test::everyBlockSpec(), 7).graph, -2, 2, [](const Op&) { return true; });
  const CompileOptions options{.boardX = 7, .boardY = 6, .precision = Precision::Int8};
  const test::RandomInputs in = test::randomInputs(graph, 3, 7, 6, false, 13);
  const Graph passed = runPasses(graph, *backend, options);
  const float difference = test::largestDifference(graph, in, test::run(*backend, graph, in, options),
                                                   test::run(*backend, passed, in, options));
  CHECK(difference < 0.02f);  // an input at the edge of two integers may round the other way
}
