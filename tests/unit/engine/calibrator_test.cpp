#include "engine/calibrator.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/error.h"
#include "engine/position_set.h"
#include "support/tiny_nets.h"

using namespace ponnuki;

namespace {

// Hardly wider than 8 bits need.
LoadedModel wideNet() {
  NetSpec spec = test::tinySpec(15, {BlockKind::Ordinary, BlockKind::Pooling, BlockKind::Attention, BlockKind::FeedForward});
  spec.channels = spec.gpool = 32, spec.mid = 64;
  spec.heads = spec.kvHeads = 2, spec.qDim = spec.vDim = 16, spec.ffn = 32;
  return test::loadSpec(spec);
}

const InputRows& rows() {
  static const InputRows rows = readPositions(std::vector<std::string>(), 24).rows;
  return rows;
}

CalibrationResult calibrated(const LoadedModel& model, const CalibrationSettings& settings,
                             const InputRows& positions = rows()) {
  const std::unique_ptr<nn::Backend> backend = nn::makeBackend({});
  return calibrate(model, positions, *backend, settings, [](const std::string&) { return [](int, int) {}; });
}

CalibrationSettings smallest(double mostWinrateError) {
  CalibrationSettings settings;
  settings.method = "mse";  // which every backend can simulate
  settings.goal = PlanGoal::Smallest;
  settings.budget = {0, mostWinrateError, PrecisionBounds::kNoBound, PrecisionBounds::kNoBound};
  return settings;
}

}  // namespace

TEST_CASE("with a wide budget every layer that is fit for 8 bits is computed in them") {
  const LoadedModel model = wideNet();
  const CalibrationResult result = calibrated(model, smallest(100));
  for (const CalibrationLine& line : result.table.lines) CHECK(line.reason != "sensitive");
  CHECK(result.quantized > 8);
  CHECK(result.share > 0.5);
  CHECK(result.left + result.quantized == static_cast<int>(result.table.lines.size()));
  CHECK(result.table.positions == 18);
  CHECK(result.heldBack.positions == 6);  // a quarter
  CHECK(result.table.lines.front().reason == "first layer");
}

TEST_CASE("a narrow budget leaves the more sensitive layers out, and the error lessens") {
  const LoadedModel model = wideNet();
  const CalibrationResult all = calibrated(model, smallest(100));
  REQUIRE(all.heldBack.winrateError > 0);
  const CalibrationResult some = calibrated(model, smallest(all.heldBack.winrateError / 2));
  CHECK(some.quantized > 0);
  CHECK(some.quantized < all.quantized);
  CHECK(std::any_of(some.table.lines.begin(), some.table.lines.end(),
                    [](const CalibrationLine& line) { return line.reason == "sensitive"; }));
  CHECK(some.heldBack.winrateError < all.heldBack.winrateError);
}

TEST_CASE("a net without layers for 8 bits, or without enough positions, is an error that says what to do") {
  const auto errorOf = [](const LoadedModel& model, const InputRows& positions) -> std::string {
    try {
      calibrated(model, smallest(100), positions);
    } catch (const UserError& e) {
      return e.what();
    }
    return "";
  };
  const std::string thin = errorOf(test::loadSpec(test::tinySpec(15, {BlockKind::Ordinary})), rows());
  CHECK(thin.find("no layer is fit for 8 bits") != std::string::npos);
  CHECK(thin.find("-storage int8") != std::string::npos);
  CHECK(errorOf(wideNet(), rows().part(0, 15)).find("at least 16 positions") != std::string::npos);
}

TEST_CASE("calibration ends when its progress callback throws") {
  const LoadedModel model = wideNet();
  const std::unique_ptr<nn::Backend> backend = nn::makeBackend({});
  const auto fail = [](const std::string&) { return [](int, int) { throw 1; }; };
  CHECK_THROWS_AS(calibrate(model, rows(), *backend, smallest(100), fail), int);
}
