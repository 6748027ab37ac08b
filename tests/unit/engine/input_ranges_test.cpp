#include "engine/input_ranges.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "base/rng.h"

using namespace ponnuki;

namespace {

double meanSquare(const std::vector<float>& values, const InputScale& s) {
  double sum = 0;
  for (const float v : values) {
    const float u = std::clamp(std::nearbyint(v / s.scale) + static_cast<float>(s.zero), 0.0f, 255.0f);
    const double d = static_cast<double>(v) - static_cast<double>((u - static_cast<float>(s.zero)) * s.scale);
    sum += d * d;
  }
  return sum / static_cast<double>(values.size());
}

}  // namespace

TEST_CASE("a range covers both ends and keeps an integer for 0") {
  const InputScale positive = scaleOfRange(0, 25.5f);
  CHECK(positive.zero == 0);
  CHECK(positive.scale == doctest::Approx(0.1));
  const InputScale both = scaleOfRange(-1, 1);
  CHECK((both.zero == 127 || both.zero == 128));
  CHECK(scaleOfRange(0, 0).scale > 0);
  CHECK(scaleOfRange(3, 5).zero == 0);  // widened to hold 0
}

TEST_CASE("with rare outliers the methods clip, and mse has the least error of all") {
  Rng rng("outliers");
  std::vector<float> values;
  for (int i = 0; i < 50000; i++) {
    double sum = 0;  // close to a normal distribution
    for (int k = 0; k < 12; k++) sum += rng.next32() / 4294967296.0 - 0.5;
    values.push_back(static_cast<float>(std::fabs(sum)));
  }
  values.push_back(100);
  const InputScale max = chooseScale("max", values, 0, 100);
  CHECK(max.scale == doctest::Approx(100.0 / 255));
  for (const char* method : {"percentile", "mse", "kl"}) {
    const InputScale s = chooseScale(method, values, 0, 100);
    INFO(std::string(method));
    // One square of a large clipping error outweighs many roundings: mse gives up little of the range.
    CHECK(s.scale < (method == std::string("mse") ? 0.99f : 0.5f) * max.scale);
    CHECK(meanSquare(values, chooseScale("mse", values, 0, 100)) <= 1.05 * meanSquare(values, s));
  }
}

TEST_CASE("negative values keep their part of the range") {
  std::vector<float> values;
  for (int i = -300; i <= 2000; i++) values.push_back(static_cast<float>(i) / 1000);
  for (const std::string_view method : kRangeMethods) {
    const InputScale s = chooseScale(method, values, -0.3f, 2);
    INFO(std::string(method));
    CHECK(-static_cast<float>(s.zero) * s.scale < -0.2f);
    CHECK(static_cast<float>(255 - s.zero) * s.scale > 1.5f);
  }
}
