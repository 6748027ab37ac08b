#include "eval/precision_measures.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace ponnuki;

TEST_CASE("precision measures compare answers position by position") {
  PrecisionMeasures measures;
  const NetAnswer a{{0.7, 0.3, -1}, 50, 1.0, {1, -1}};
  measures.add(a, a);
  measures.add(a, {{0.4, 0.6, -1}, 48, 1.5, {0.5, -1}});
  const PrecisionSummary s = measures.summary();
  CHECK(s.positions == 2);
  CHECK(s.bestMoveAgreement == doctest::Approx(50));
  CHECK(s.winrateError == doctest::Approx(1));
  CHECK(s.winrateErrorMax == doctest::Approx(2));
  CHECK(s.scoreError == doctest::Approx(0.25));
  CHECK(s.ownershipError == doctest::Approx(0.125));
  CHECK(s.policyKl == doctest::Approx((0.7 * std::log(0.7 / 0.4) + 0.3 * std::log(0.3 / 0.6)) / 2));
  CHECK(PrecisionBounds().violations(s).size() == 3);
  CHECK(PrecisionBounds{.bestMoveAgreement = 50, .winrateError = 1, .policyKl = 1}.violations(s).empty());
  const PrecisionBounds half = PrecisionBounds::ofInt8().part(0.5);
  CHECK(half.bestMoveAgreement == doctest::Approx(98.5));
  CHECK(half.winrateError == doctest::Approx(0.25));
  CHECK(half.winrateErrorMax == PrecisionBounds::kNoBound);
}
