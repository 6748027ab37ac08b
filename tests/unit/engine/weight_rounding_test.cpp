#include "engine/weight_rounding.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "base/rng.h"
#include "engine/tensor_probe.h"
#include "graph/fake_quantization.h"
#include "graph/shapes.h"
#include "model/calibration.h"
#include "model/group_scales.h"
#include "support/tiny_nets.h"

using namespace ponnuki;

namespace {

InputRows randomRows(int count, int boardSide) {
  Rng rng("rows for weights");
  InputRows rows;
  rows.count = count;
  for (int row = 0; row < count; row++)
    for (int p = 0; p < rows.points(); p++) {
      const bool on = p % rows.boardX < boardSide && p / rows.boardX < boardSide;
      for (int c = 0; c < rows.spatialChannels; c++)
        rows.spatial.push_back(on && (c == 0 || rng.uniform(3) == 0) ? 1.0f : 0.0f);
    }
  for (int i = 0; i < count * rows.globalChannels; i++) rows.global.push_back(rng.uniform(2) ? 0.5f : 0.0f);
  return rows;
}

LoadedModel quantizedNet() {
  LoadedModel model = test::loadSpec(test::tinySpec(15, {BlockKind::Ordinary, BlockKind::NestedTransformer}));
  for (const NamedProduct& product : namedProducts(model.graph)) {
    nn::Op& op = model.graph.ops[product.op];
    nn::setQuantization(op, nn::makeQuantization(op, 0.05f, 100));
  }
  return model;
}

struct Errors {
  double square = 0, mean = 0;  // of a layer's outputs on the board, over all channels
};

Errors errorsOf(const LoadedModel& model, size_t index, const nn::Op& rounded, const InputRows& rows,
                nn::Backend& backend) {
  nn::Op exact = model.graph.ops[index];
  nn::setQuantization(exact, nullptr);
  std::vector<float> inputs;
  probeTensors(
      model, {exact.inputs[0]}, rows, backend, [](int) {},
      [&](size_t, int, std::span<const float> values) {
        inputs.insert(inputs.end(), values.begin(), values.end());
      });
  const std::vector<float> want = runProduct(exact, inputs, rows.count, rows.boardX, rows.boardY, backend);
  const std::vector<float> got = runProduct(rounded, inputs, rows.count, rows.boardX, rows.boardY, backend);
  const size_t channels = static_cast<size_t>(nn::outChannels(exact)),
               planes = static_cast<size_t>(rows.spatialChannels);
  std::vector<double> sums(channels);
  double points = 0;
  Errors errors;
  for (size_t p = 0; p < want.size() / channels; p++) {
    if (rows.spatial[p * planes] == 0) continue;
    points++;
    for (size_t c = 0; c < channels; c++) {
      const double d =
          static_cast<double>(got[p * channels + c]) - static_cast<double>(want[p * channels + c]);
      errors.square += d * d, sums[c] += d;
    }
  }
  for (const double sum : sums) errors.mean += std::fabs(sum / points);
  return errors;
}

}  // namespace

TEST_CASE(
    "every quantised product gets integers that lessen the error of its outputs, and a bias against its "
    "mean") {
  const LoadedModel model = quantizedNet();
  const std::unique_ptr<nn::Backend> backend = nn::makeReferenceBackend();
  const InputRows rows = randomRows(6, 13);
  const auto rounded =
      roundWeights(model, RoundedLayers::Quantized, RoundingOrder::EachByItself, rows, *backend);
  CHECK(rounded.size() == namedProducts(model.graph).size());
  const auto again =
      roundWeights(model, RoundedLayers::Quantized, RoundingOrder::EachByItself, rows, *backend);
  double square = 0, nearestSquare = 0, mean = 0, nearestMean = 0;
  for (const auto& [index, r] : rounded) {
    const nn::Op& op = model.graph.ops[index];
    INFO(op.name);
    const nn::Weights same = nn::roundedWeights(r.weights, nn::quantizationOf(op)->weightScale);
    CHECK(std::equal(same.span().begin(), same.span().end(), r.weights.span().begin()));
    CHECK(
        std::equal(r.weights.span().begin(), r.weights.span().end(), again.at(index).weights.span().begin()));
    nn::Op changed = op;
    nn::setRounded(changed, r);
    const Errors now = errorsOf(model, index, changed, rows, *backend),
                 before = errorsOf(model, index, op, rows, *backend);
    square += now.square, nearestSquare += before.square;
    if (r.bias.empty()) continue;
    mean += now.mean, nearestMean += before.mean;
  }
  CHECK(square < nearestSquare);
  CHECK(mean < 0.05 * nearestMean);
}

TEST_CASE("a bias is given only where points off the board do not count") {
  LoadedModel model = quantizedNet();
  const std::unique_ptr<nn::Backend> backend = nn::makeReferenceBackend();
  const InputRows small = randomRows(3, 9);
  const auto rounded =
      roundWeights(model, RoundedLayers::Quantized, RoundingOrder::EachByItself, small, *backend);
  size_t biases = 0;
  for (const auto& [index, r] : rounded) {
    biases += !r.bias.empty();
    nn::setRounded(model.graph.ops[index], r);
    nn::setQuantization(model.graph.ops[index], nullptr);
  }
  CHECK(biases > 0);
  // The same positions on a buffer of their own size have no points off the board.
  InputRows cut = small;
  cut.boardX = cut.boardY = 9;
  cut.spatial.clear();
  for (int row = 0; row < small.count; row++)
    for (int p = 0; p < small.points(); p++)
      if (p % 19 < 9 && p / 19 < 9) {
        const auto at = small.spatial.begin() + (int64_t{row} * small.points() + p) * small.spatialChannels;
        cut.spatial.insert(cut.spatial.end(), at, at + small.spatialChannels);
      }
  const PreparedNet net{model, nn::Precision::Fp32, ""};
  const std::vector<NetAnswer> padded = answersOf(net, small, *backend),
                               exact = answersOf(net, cut, *backend);
  for (size_t i = 0; i < padded.size(); i++)
    CHECK(padded[i].winrate == doctest::Approx(exact[i].winrate).epsilon(1e-4));
}

TEST_CASE("layers that are only stored in 8 bits are rounded by scales of groups, and get no bias") {
  LoadedModel model = quantizedNet();
  const std::vector<NamedProduct> products = namedProducts(model.graph);
  const size_t quantized = products[2].op;
  for (const NamedProduct& product : products)
    if (product.op != quantized) nn::setQuantization(model.graph.ops[product.op], nullptr);
  const std::unique_ptr<nn::Backend> backend = nn::makeReferenceBackend();
  const InputRows rows = randomRows(3, 13);
  const auto rounded = [&](RoundedLayers layers) {
    return roundWeights(model, layers, RoundingOrder::EachByItself, rows, *backend);
  };
  CHECK(rounded(RoundedLayers::Quantized).size() == 1);
  const auto inner = rounded(RoundedLayers::Inner), all = rounded(RoundedLayers::All);
  CHECK(all.size() == products.size());
  CHECK(inner.size() == products.size() - 1);
  CHECK_FALSE(inner.contains(products[0].op));
  for (const auto& [index, r] : all) {
    const nn::Op& op = model.graph.ops[index];
    INFO(op.name);
    const std::span<const float> exact = nn::weightsOf(op).span();
    if (index == quantized) continue;
    CHECK(r.bias.empty());
    const GroupScales groups = groupScales(exact, nn::outChannels(op), storedGroupSize(model.graph, op));
    const std::vector<float> scales = groups.scales();
    const size_t outputs = static_cast<size_t>(nn::outChannels(op));
    for (size_t i = 0; i < exact.size(); i++) {
      const float scale = scales[i / outputs / groups.groupSize * outputs + i % outputs];
      REQUIRE(static_cast<float>(nn::quantizedWeight(r.weights[i], scale)) * scale == r.weights[i]);
    }
  }
}

TEST_CASE("layers rounded one after the other make up for the errors of those before them") {
  LoadedModel model =
      test::loadSpec(test::tinySpec(15, {BlockKind::Ordinary, BlockKind::Ordinary, BlockKind::Ordinary}));
  const std::unique_ptr<nn::Backend> backend = nn::makeReferenceBackend();
  const InputRows rows = randomRows(24, 13);
  const std::vector<NetAnswer> exact = answersOf({model, nn::Precision::Fp32, ""}, rows, *backend);
  const auto error = [&](RoundingOrder order) {
    LoadedModel changed = model;
    for (const auto& [index, r] : roundWeights(model, RoundedLayers::All, order, rows, *backend))
      nn::setRounded(changed.graph.ops[index], r);
    double sum = 0;
    const std::vector<NetAnswer> got = answersOf({changed, nn::Precision::Fp32, ""}, rows, *backend);
    for (size_t i = 0; i < got.size(); i++)
      for (size_t k = 0; k < got[i].ownership.size(); k++) {
        const double d = got[i].ownership[k] - exact[i].ownership[k];
        sum += d * d;
      }
    return sum;
  };
  const double inTurn = error(RoundingOrder::OneAfterTheOther), alone = error(RoundingOrder::EachByItself);
  CHECK(inTurn < alone);
}

TEST_CASE("rounding ends when its progress callback throws") {
  const LoadedModel model = quantizedNet();
  const std::unique_ptr<nn::Backend> backend = nn::makeReferenceBackend();
  const auto fail = [](int, int) { throw 1; };
  CHECK_THROWS_AS(roundWeights(model, RoundedLayers::Quantized, RoundingOrder::EachByItself, randomRows(2, 9),
                               *backend, fail),
                  int);
}
