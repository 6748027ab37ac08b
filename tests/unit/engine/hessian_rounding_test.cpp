#include "engine/hessian_rounding.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/rng.h"
#include "graph/quantization.h"

using namespace ponnuki;

namespace {

float uniform(Rng& rng) {
  return static_cast<float>(rng.uniform(20001)) / 10000 - 1;
}

// Every input is mostly a mix of a few causes, as in a net.
LayerInputs correlated(Rng& rng, size_t inputs, size_t points, float mean = 0) {
  const size_t causes = 3;
  std::vector<float> mix(inputs * causes);
  for (float& m : mix) m = uniform(rng);
  LayerInputs x(inputs, points);
  for (size_t p = 0; p < points; p++) {
    float cause[causes];
    for (float& c : cause) c = uniform(rng);
    for (size_t i = 0; i < inputs; i++) {
      x.at(i, p) = mean + 0.2f * uniform(rng);
      for (size_t c = 0; c < causes; c++) x.at(i, p) += mix[i * causes + c] * cause[c];
    }
  }
  return x;
}

// Means of products of two inputs, with what a covariance leaves out.
std::vector<double> hessianOf(const LayerInputs& x) {
  std::vector<double> hessian = x.covariance();
  const std::vector<double> means = x.means();
  for (size_t i = 0; i < x.inputs(); i++)
    for (size_t j = 0; j <= i; j++) hessian[i * x.inputs() + j] += means[i] * means[j];
  return hessian;
}

std::vector<float> randomWeights(Rng& rng, size_t count) {
  std::vector<float> weights(count);
  for (float& w : weights) w = uniform(rng);
  return weights;
}

std::vector<float> nearest(const std::vector<float>& weights, const std::vector<float>& scales) {
  std::vector<float> rounded(weights.size());
  for (size_t i = 0; i < rounded.size(); i++) {
    const float scale = scales[i % scales.size()];
    rounded[i] = static_cast<float>(nn::quantizedWeight(weights[i], scale)) * scale;
  }
  return rounded;
}

// Mean square error of the outputs.
double outputError(const LayerInputs& x, const std::vector<float>& a, const std::vector<float>& b) {
  const size_t outputs = a.size() / x.inputs();
  double error = 0;
  for (size_t p = 0; p < x.points(); p++)
    for (size_t o = 0; o < outputs; o++) {
      double d = 0;
      for (size_t i = 0; i < x.inputs(); i++)
        d += static_cast<double>(x.at(i, p)) * static_cast<double>(a[i * outputs + o] - b[i * outputs + o]);
      error += d * d;
    }
  return error / static_cast<double>(x.points());
}

// The same by the book: after each weight the others take the best values that are left, found by solving the
// normal equations of the damped least squares.
std::vector<float> roundSlowly(const std::vector<double>& hessian, size_t n,
                               const std::vector<float>& weights, float scale) {
  std::vector<double> h(n * n);
  double mean = 0;
  for (size_t i = 0; i < n; i++) {
    mean += hessian[i * n + i] / static_cast<double>(n);
    for (size_t j = 0; j <= i; j++) h[i * n + j] = h[j * n + i] = hessian[i * n + j];
  }
  for (size_t i = 0; i < n; i++) h[i * n + i] += 0.01 * mean;
  std::vector<double> now(weights.begin(), weights.end());
  std::vector<float> rounded(n);
  std::vector<size_t> left(n);
  std::iota(left.begin(), left.end(), size_t{0});
  std::stable_sort(left.begin(), left.end(), [&](size_t a, size_t b) { return h[a * n + a] < h[b * n + b]; });
  while (!left.empty()) {
    const size_t k = left.back();
    left.pop_back();
    rounded[k] = static_cast<float>(nn::quantizedWeight(static_cast<float>(now[k]), scale)) * scale;
    now[k] = static_cast<double>(rounded[k]);
    // Of the weights left, those that make up best for the errors of all that are done: Gauss elimination.
    const size_t m = left.size();
    std::vector<double> a(m * (m + 1));
    for (size_t r = 0; r < m; r++) {
      for (size_t c = 0; c < m; c++) a[r * (m + 1) + c] = h[left[r] * n + left[c]];
      for (size_t i = 0; i < n; i++)
        if (std::find(left.begin(), left.end(), i) == left.end())
          a[r * (m + 1) + m] += h[left[r] * n + i] * (static_cast<double>(weights[i]) - now[i]);
    }
    for (size_t p = 0; p < m; p++)
      for (size_t r = 0; r < m; r++) {
        if (r == p) continue;
        const double f = a[r * (m + 1) + p] / a[p * (m + 1) + p];
        for (size_t c = p; c <= m; c++) a[r * (m + 1) + c] -= f * a[p * (m + 1) + c];
      }
    for (size_t r = 0; r < m; r++)
      now[left[r]] = static_cast<double>(weights[left[r]]) + a[r * (m + 1) + m] / a[r * (m + 1) + r];
  }
  return rounded;
}

}  // namespace

TEST_CASE("means and covariance are those of the plain sums, whatever the number of inputs") {
  Rng rng("covariance");
  const LayerInputs x = correlated(rng, 37, 700, 3);
  const std::vector<double> means = x.means(), got = x.covariance(), full = x.covarianceWith(x);
  for (size_t i = 0; i < 37; i += 4)
    for (size_t j = 0; j <= i; j += 3) {
      double mean = 0, sum = 0;
      for (size_t p = 0; p < 700; p++) {
        mean += static_cast<double>(x.at(i, p)) / 700;
        sum +=
            (static_cast<double>(x.at(i, p)) - means[i]) * (static_cast<double>(x.at(j, p)) - means[j]) / 700;
      }
      CHECK(means[i] == doctest::Approx(mean));
      CHECK(got[i * 37 + j] == doctest::Approx(sum).epsilon(1e-4));
      CHECK(full[i * 37 + j] == doctest::Approx(sum).epsilon(1e-4));
      CHECK(full[j * 37 + i] == full[i * 37 + j]);
    }
}

TEST_CASE("rounding by the Hessian is what solving for the best of the other weights gives") {
  Rng rng("slow rounding");
  for (const size_t n : {size_t{1}, size_t{5}, size_t{33}}) {
    const LayerInputs x = correlated(rng, n, 400);
    const std::vector<double> hessian = hessianOf(x);
    const std::vector<float> weights = randomWeights(rng, n), scales = {0.15f};
    CHECK(HessianRounding(hessian, n).round(weights, scales) == roundSlowly(hessian, n, weights, scales[0]));
  }
}

TEST_CASE("the error of outputs is far below that of rounding to nearest, also on inputs not seen") {
  Rng rng("error");
  const size_t n = 70, outputs = 21;
  const LayerInputs both = correlated(rng, n, 2000);
  LayerInputs seen(n, 1000), unseen(n, 1000);
  for (size_t i = 0; i < n; i++)
    for (size_t p = 0; p < 1000; p++) seen.at(i, p) = both.at(i, p), unseen.at(i, p) = both.at(i, p + 1000);
  const std::vector<float> weights = randomWeights(rng, n * outputs);
  const std::vector<float> scales = nn::weightScales(weights, static_cast<int>(outputs));
  const std::vector<float> rounded = HessianRounding(hessianOf(seen), n).round(weights, scales);
  const std::vector<float> plain = nearest(weights, scales);
  CHECK(outputError(seen, rounded, weights) < 0.4 * outputError(seen, plain, weights));
  CHECK(outputError(unseen, rounded, weights) < 0.4 * outputError(unseen, plain, weights));
  CHECK(nearest(rounded, scales) == rounded);  // integers in range that survive being rounded again
  CHECK(HessianRounding(hessianOf(seen), n).round(weights, scales) == rounded);
}

TEST_CASE("inputs that say nothing leave every weight at its nearest integer") {
  Rng rng("dead");
  const std::vector<float> weights = randomWeights(rng, 40), scales = {0.1f, 0.02f};
  CHECK(HessianRounding(std::vector<double>(400), 20).round(weights, scales) == nearest(weights, scales));
}

TEST_CASE("scales of groups are kept apart, and the error of outputs lessens with them") {
  Rng rng("groups");
  const size_t n = 70, outputs = 21, groupSize = 16, groups = 5;
  const LayerInputs x = correlated(rng, n, 1000);
  const std::vector<float> weights = randomWeights(rng, n * outputs);
  std::vector<float> scales(groups * outputs);
  for (size_t i = 0; i < weights.size(); i++) {
    float& scale = scales[i / outputs / groupSize * outputs + i % outputs];
    scale = std::max(scale, std::fabs(weights[i]) / 15);
  }
  const HessianRounding rounding(hessianOf(x), n);
  const std::vector<float> rounded = rounding.round(weights, outputs, scales, groupSize);
  for (size_t i = 0; i < weights.size(); i++) {
    const float scale = scales[i / outputs / groupSize * outputs + i % outputs];
    CHECK(static_cast<float>(nn::quantizedWeight(rounded[i], scale)) * scale == rounded[i]);
  }
  std::vector<float> widest(outputs);
  for (size_t i = 0; i < scales.size(); i++) widest[i % outputs] = std::max(widest[i % outputs], scales[i]);
  CHECK(outputError(x, rounded, weights) < outputError(x, rounding.round(weights, widest), weights));
  CHECK(rounding.round(weights, outputs, widest, n) == rounding.round(weights, widest));
}

TEST_CASE("compensated weights give nearly what the exact ones gave on inputs that have lost something") {
  Rng rng("compensated");
  const size_t n = 40, outputs = 19;
  const LayerInputs exact = correlated(rng, n, 1500, 0.5f);
  LayerInputs seen(n, 1500);
  for (size_t i = 0; i < n; i++)
    for (size_t p = 0; p < 1500; p++)
      seen.at(i, p) = (i % 3 == 0 ? 0.8f : 1.1f) * exact.at(i, p) + 0.02f * uniform(rng);
  const std::vector<float> weights = randomWeights(rng, n * outputs);
  const HessianRounding rounding(hessianOf(seen), n);
  const LayerInputs lost = exact.less(seen);
  std::vector<double> lacking = seen.covarianceWith(lost);
  const std::vector<double> means = seen.means(), lostMeans = lost.means();
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) lacking[i * n + j] += means[i] * lostMeans[j];
  const std::vector<float> better = rounding.compensated(weights, outputs, lacking);
  const auto error = [&](const std::vector<float>& now) {
    double sum = 0;
    for (size_t p = 0; p < 1500; p++)
      for (size_t o = 0; o < outputs; o++) {
        double d = 0;
        for (size_t i = 0; i < n; i++)
          d += static_cast<double>(seen.at(i, p) * now[i * outputs + o] -
                                   exact.at(i, p) * weights[i * outputs + o]);
        sum += d * d;
      }
    return sum;
  };
  CHECK(error(better) < 0.05 * error(weights));
  CHECK(rounding.compensated(weights, outputs, std::vector<double>(n * n)) == weights);
}
