// Chooses the layers of a plan: the most time saved within a budget of accuracy. Pure functions.
#pragma once

#include <functional>
#include <vector>

namespace ponnuki {

struct PlanItem {
  double saved = 0;        // time, or whatever measures the gain; > 0
  double sensitivity = 0;  // share of the budget that the item takes alone
};

// For items that do not all fit together. fits(chosen): whether the items together keep the budget; asked about log2 of the number of items times and then at
// most `tries` times. What takes least of the budget for the time it saves goes in first, as far as it fits; then what
// was left out is tried one by one, the greatest gain first, because errors of layers do not simply add up.
std::vector<bool> choosePlan(const std::vector<PlanItem>& items, int tries,
                             const std::function<bool(const std::vector<bool>& chosen)>& fits);

}  // namespace ponnuki
