#include "engine/layer_plan.h"

#include <algorithm>
#include <numeric>

namespace ponnuki {

std::vector<bool> choosePlan(const std::vector<PlanItem>& items, int tries,
                             const std::function<bool(const std::vector<bool>&)>& fits) {
  std::vector<size_t> order(items.size());
  std::iota(order.begin(), order.end(), size_t{0});
  // Errors of layers are as good as independent, so their squares add up: that is what a layer takes of the budget.
  const auto square = [&](size_t i) { return items[i].sensitivity * items[i].sensitivity; };
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return square(a) * items[b].saved < square(b) * items[a].saved;
  });
  const auto firstOnes = [&](size_t count) {
    std::vector<bool> chosen(items.size());
    for (size_t i = 0; i < count; i++) chosen[order[i]] = true;
    return chosen;
  };
  size_t good = 0, bad = items.size();
  while (bad - good > 1) {
    const size_t middle = (good + bad) / 2;
    (fits(firstOnes(middle)) ? good : bad) = middle;
  }
  std::vector<bool> chosen = firstOnes(good);
  std::vector<size_t> left;
  for (size_t i = good + 1; i < order.size(); i++)  // the one after the last that fits does not, as was seen
    if (items[order[i]].sensitivity < 1) left.push_back(order[i]);
  std::stable_sort(left.begin(), left.end(), [&](size_t a, size_t b) { return items[a].saved > items[b].saved; });
  for (size_t i = 0; i < left.size() && i < static_cast<size_t>(tries); i++) {
    chosen[left[i]] = true;
    if (!fits(chosen)) chosen[left[i]] = false;
  }
  return chosen;
}

}  // namespace ponnuki
