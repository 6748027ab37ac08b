#include "graph/fake_quantization.h"

#include <doctest/doctest.h>

#include <cmath>

#include "graph/builder.h"
#include "graph/product.h"

using namespace ponnuki::nn;

TEST_CASE("the largest weight of every output channel becomes 127") {
  const std::vector<float> weights = {1, -2, 0, 4, 0.5f, 0};  // two inputs, three outputs
  const std::vector<float> scales = weightScales(weights, 3);
  CHECK(scales[0] == doctest::Approx(4.0f / 127).epsilon(0.002));
  CHECK(scales[1] == scales[0] / 2);
  CHECK(scales[2] == 1.0f);
  CHECK(scales[0] * 0x1p14f == std::round(scales[0] * 0x1p14f));  // 8 digits of it are enough for a file
  CHECK(quantizedWeight(4, scales[0]) == 127);
  CHECK(quantizedWeight(-2, scales[1]) == -127);
  CHECK(quantizedWeight(1, scales[0]) == 32);
  CHECK(quantizedWeight(100, scales[0]) == 127);
}

TEST_CASE("a graph with quantised products becomes one without, products of one tensor share its rounding") {
  GraphBuilder builder(4, 1, 0);
  const auto matMul = [&](TensorId in, int inC, int outC) {
    MatMulAttrs a;
    a.inC = inC, a.outC = outC;
    a.weights = Weights(std::vector<float>(static_cast<size_t>(inC * outC), 0.3f));
    return builder.append("layer", std::move(a), {in});
  };
  const TensorId policy = matMul(builder.spatial(), 4, 2), ownership = matMul(builder.spatial(), 4, 1);
  Graph graph = builder.finish({policy, matMul(builder.global(), 1, 2), matMul(builder.global(), 1, 3),
                                matMul(builder.global(), 1, 1), ownership});
  const size_t before = graph.ops.size();
  for (Op& op : graph.ops)
    if (op.output == policy || op.output == ownership)
      setQuantization(op, makeQuantization(op, 0.1f, 3));
  const Graph fake = fakeQuantized(graph);
  CHECK(fake.ops.size() == before + 5);
  for (const Op& op : fake.ops) CHECK(quantizationOf(op) == nullptr);
  CHECK(fakeQuantized(fake).ops.size() == fake.ops.size());
}
