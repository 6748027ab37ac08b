#include "engine/layer_plan.h"

#include <doctest/doctest.h>

#include "base/rng.h"

using namespace ponnuki;

namespace {

// Errors whose squares add up to at most 1.
bool sumFits(const std::vector<PlanItem>& items, const std::vector<bool>& chosen) {
  double sum = 0;
  for (size_t i = 0; i < items.size(); i++) sum += chosen[i] ? items[i].sensitivity * items[i].sensitivity : 0;
  return sum <= 1;
}
double gain(const std::vector<PlanItem>& items, const std::vector<bool>& chosen) {
  double sum = 0;
  for (size_t i = 0; i < items.size(); i++) sum += chosen[i] ? items[i].saved : 0;
  return sum;
}

}  // namespace

TEST_CASE("a plan of nothing is possible") {
  CHECK(choosePlan({}, 10, [](const std::vector<bool>&) { return true; }).empty());
  const std::vector<PlanItem> items = {{1, 2}, {1, 3}};
  CHECK(choosePlan(items, 10, [&](const std::vector<bool>& c) { return sumFits(items, c); }) ==
        std::vector<bool>{false, false});
}

TEST_CASE("what was left out of the prefix is tried again") {
  // In order of price: 0.3, 0.8, 0.7 (does not fit beside them), 0.4 (does).
  const std::vector<PlanItem> items = {{9, 0.3}, {10, 0.8}, {5, 0.7}, {1, 0.4}};
  const auto fits = [&](const std::vector<bool>& c) { return sumFits(items, c); };
  CHECK(choosePlan(items, 10, fits) == std::vector<bool>{true, true, false, true});
  CHECK(choosePlan(items, 0, fits) == std::vector<bool>{true, true, false, false});
}

TEST_CASE("plans fit and come near the best of all sets") {
  Rng rng("plans");
  for (int round = 0; round < 100; round++) {
    std::vector<PlanItem> items(8);
    for (PlanItem& item : items)
      item = {1.0 + static_cast<double>(rng.uniform(100)), 0.01 * static_cast<double>(1 + rng.uniform(60))};
    if (sumFits(items, std::vector<bool>(8, true))) continue;
    const auto chosen = choosePlan(items, 8, [&](const std::vector<bool>& c) { return sumFits(items, c); });
    REQUIRE(sumFits(items, chosen));
    double best = 0;
    for (unsigned set = 0; set < 256; set++) {
      std::vector<bool> other(8);
      for (size_t i = 0; i < 8; i++) other[i] = (set >> i & 1) != 0;
      if (sumFits(items, other)) best = std::max(best, gain(items, other));
    }
    CHECK(gain(items, chosen) >= 0.6 * best);
  }
}
