#include "search/weights.h"

#include <algorithm>
#include <cmath>

#include "search/utility.h"

namespace ponnuki {

double pruneNoise(std::span<WeightedChild> children, double total, const SearchParams& params) {
  if (children.size() <= 1 || total <= 0.00001) return total;
  double utilitySum = 0, weightSum = 0, policySum = 0;
  for (WeightedChild& c : children) {
    if (weightSum > 0 && policySum > 0) {
      const double gap = utilitySum / weightSum - c.selfUtility;
      if (gap > 0) {
        const double lenient = 2.0 * (weightSum * c.policy / policySum);
        if (c.weight > lenient) {
          const double cut = (c.weight - lenient) * (1 - std::exp(-gap / params.noisePruneUtilityScale));
          c.weight -= std::min(cut, params.noisePruningCap);
        }
      }
    }
    utilitySum += c.selfUtility * c.weight;
    weightSum += c.weight;
    policySum += c.policy;
  }
  return weightSum;
}

namespace {

void subtractOnly(std::span<WeightedChild> children, double total, const DownweightSettings& settings) {
  double sum = total;
  for (WeightedChild& c : children) {
    const double kept = c.weight < settings.prune || c.weight - settings.subtract <= 0
                            ? 0
                            : c.weight - settings.subtract;
    sum -= c.weight - kept;
    c.weight = kept;
  }
  if (sum == total) return;
  for (WeightedChild& c : children) c.weight = c.weight * total / sum;
}

// pow is a sixth of a search's own time; of the default exponent two square roots are as exact and much quicker.
double raised(double x, double exponent) {
  return exponent == 0.25 ? std::sqrt(std::sqrt(x)) : std::pow(x, exponent);
}

}  // namespace

void downweightBad(std::span<WeightedChild> children, double total, const DownweightSettings& settings) {
  if (children.empty() || total <= 0) return;
  if (settings.exponent == 0) {
    subtractOnly(children, total, settings);
    return;
  }
  double mean = 0;
  for (const WeightedChild& c : children) mean += c.selfUtility * c.weight;
  mean /= total;
  double sum = 0;
  for (WeightedChild& c : children) {
    if (c.weight < settings.prune) {
      c.weight = 0;
      continue;
    }
    const double stdev = std::sqrt(1e-8 + 1 / (1.5 * std::sqrt(c.weight)));
    const double kept = c.weight - settings.subtract <= 0 ? 0 : c.weight - settings.subtract;
    const double z = (c.selfUtility - mean) / stdev;
    c.weight = kept * raised(tDistributionCdf(z) + 0.0001, settings.exponent);
    sum += c.weight;
  }
  const double factor = total / sum;
  for (WeightedChild& c : children) c.weight *= factor;
}

}  // namespace ponnuki
