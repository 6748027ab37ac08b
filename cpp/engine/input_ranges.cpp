#include "engine/input_ranges.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace ponnuki {
namespace {

constexpr size_t kBins = 2048, kLevels = 256;
constexpr int kShrinkSteps = 35;
constexpr double kShrink = 0.96;  // a step narrows the range by so much

class Histogram {
 public:
  Histogram(std::span<const float> samples, float low, float high)
      : low_(low), width_((static_cast<double>(high) - low) / kBins), counts_(kBins) {
    for (const float value : samples)
      counts_[static_cast<size_t>(std::clamp((value - low_) / width_, 0.0, kBins - 1.0))]++;
  }

  double squaredError(const InputScale& s) const {
    const double step = s.scale, low = -s.zero * step, high = (255 - s.zero) * step;
    double sum = 0;
    for (size_t i = 0; i < kBins; i++) {
      if (counts_[i] == 0) continue;
      const double x = center(i), kept = std::clamp(x, low, high);
      // Inside a step the errors are spread evenly; the bins are too coarse to round them one by one.
      const double rounding = isZero(i) ? 0 : step * step / 12;
      sum += counts_[i] * ((x - kept) * (x - kept) + rounding);
    }
    return sum;
  }

  // Of the distribution against what is left of it, both over the bins inside the range; what is clipped counts at
  // its ends.
  double divergence(const InputScale& s) const {
    const double step = s.scale, low = -s.zero * step;
    std::vector<double> p(kBins, 0.0), kept(kBins, 0.0), level(kLevels, 0.0), members(kLevels, 0.0);
    const auto binOf = [&](double x) {
      return static_cast<size_t>(std::clamp((x - low_) / width_, 0.0, kBins - 1.0));
    };
    const size_t first = binOf(low), last = binOf(low + step * 255);
    const auto levelOf = [&](size_t i) {
      return static_cast<size_t>(std::clamp(std::round((center(i) - low) / step), 0.0, 255.0));
    };
    double total = 0;
    for (size_t i = 0; i < kBins; i++) {
      p[std::clamp(i, first, last)] += counts_[i];
      total += counts_[i];
    }
    for (size_t i = first; i <= last; i++) {
      if (p[i] <= 0) continue;
      level[levelOf(i)] += counts_[i];
      members[levelOf(i)]++;
    }
    double keptTotal = 0, sum = 0;
    for (size_t i = first; i <= last; i++)
      if (p[i] > 0) keptTotal += kept[i] = std::max(level[levelOf(i)] / members[levelOf(i)], 1e-3);
    for (size_t i = first; i <= last; i++)
      if (p[i] > 0) sum += p[i] / total * std::log(p[i] / total / (kept[i] / keptTotal));
    return sum;
  }

 private:
  double center(size_t i) const { return low_ + (static_cast<double>(i) + 0.5) * width_; }
  bool isZero(size_t i) const { return std::fabs(center(i)) <= width_; }  // exact, and often most values

  double low_, width_;
  std::vector<double> counts_;
};

// The narrower range, of those that `shrink` steps of either end give, with the least cost.
template <class Cost>
InputScale narrowed(float low, float high, const Cost& cost) {
  InputScale best = scaleOfRange(low, high);
  double least = cost(best);
  float bestLow = low, bestHigh = high;
  const auto consider = [&](float l, float h) {
    const InputScale s = scaleOfRange(l, h);
    const double c = cost(s);
    if (c < least) least = c, best = s, bestLow = l, bestHigh = h;
  };
  for (int i = 1; i < kShrinkSteps; i++) {
    const float f = static_cast<float>(std::pow(kShrink, i));
    consider(low * f, high * f);
  }
  const float commonLow = bestLow, commonHigh = bestHigh;
  for (int i = -kShrinkSteps / 2; i < kShrinkSteps / 2; i++) {
    const float f = static_cast<float>(std::pow(kShrink, i));
    consider(std::max(low, commonLow * f), commonHigh);
    consider(commonLow, std::min(high, commonHigh * f));
  }
  return best;
}

}  // namespace

InputScale scaleOfRange(float low, float high) {
  low = std::min(low, 0.0f), high = std::max(high, 0.0f);
  InputScale s;
  s.scale = std::max((high - low) / 255, 1e-20f);
  s.zero = static_cast<int>(std::clamp(std::nearbyint(-low / s.scale), 0.0f, 255.0f));
  return s;
}

InputScale chooseScale(std::string_view method, std::span<const float> samples, float least, float most) {
  const float low = std::min(least, 0.0f), high = std::max(most, 0.0f);
  if (method == "max" || samples.empty() || !(high > low)) return scaleOfRange(low, high);
  if (method == "percentile") {
    std::vector<float> sorted(samples.begin(), samples.end());
    std::sort(sorted.begin(), sorted.end());
    const size_t out = sorted.size() / 10000;
    return scaleOfRange(sorted[out / 2], sorted[sorted.size() - 1 - (out - out / 2)]);
  }
  const Histogram histogram(samples, low, high);
  if (method == "mse") return narrowed(low, high, [&](const InputScale& s) { return histogram.squaredError(s); });
  ENSURE(method == "kl");
  return narrowed(low, high, [&](const InputScale& s) { return histogram.divergence(s); });
}

}  // namespace ponnuki
