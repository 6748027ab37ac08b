#include "engine/hessian_rounding.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.h"
#include "base/parallel.h"
#include "graph/quantization.h"

namespace ponnuki {
namespace {

constexpr double kDamping = 0.01;      // of the mean of the diagonal: the inputs seen are only a sample
constexpr size_t kPointsAtOnce = 256;  // summed in float
constexpr size_t kBlock = 32;          // rows and columns of the factorisation
constexpr size_t kOutputs = 16;        // rounded together

// a = l * l^T in place: the lower triangle of a [n][n], n a multiple of kBlock, becomes l.
void factor(std::vector<double>& a, size_t n) {
  std::vector<double> across(n * kBlock);  // the finished part of the block's rows, transposed
  for (size_t first = 0; first < n; first += kBlock) {
    for (size_t c = 0; c < kBlock; c++)
      for (size_t k = 0; k < first; k++) across[k * kBlock + c] = a[(first + c) * n + k];
    parallelFor((n - first) / kBlock, [&](size_t block) {
      double* rows = &a[(first + block * kBlock) * n];
      double sum[kBlock][kBlock] = {};
      for (size_t k = 0; k < first; k++)
        for (size_t r = 0; r < kBlock; r++) {
          const double left = rows[r * n + k];
          for (size_t c = 0; c < kBlock; c++) sum[r][c] += left * across[k * kBlock + c];
        }
      for (size_t r = 0; r < kBlock; r++)
        for (size_t c = 0; c < kBlock; c++) rows[r * n + first + c] -= sum[r][c];
    });
    const auto solveRow = [&](size_t row, size_t columns) {
      double* r = &a[row * n + first];
      for (size_t c = 0; c < columns; c++) {
        const double* l = &a[(first + c) * n + first];
        for (size_t k = 0; k < c; k++) r[c] -= r[k] * l[k];
        r[c] /= l[c];
      }
    };
    for (size_t c = 0; c < kBlock; c++) {
      solveRow(first + c, c);
      double* r = &a[(first + c) * n + first];
      for (size_t k = 0; k < c; k++) r[c] -= r[k] * r[k];
      ENSURE(r[c] > 0);
      r[c] = std::sqrt(r[c]);
    }
    const size_t below = first + kBlock;
    parallelFor((n - below) / kBlock, [&](size_t block) {
      for (size_t r = 0; r < kBlock; r++) solveRow(below + block * kBlock + r, kBlock);
    });
  }
}

}  // namespace

LayerInputs::LayerInputs(size_t inputs, size_t points)
    : inputs_(inputs), points_(points), values_((inputs + kTile - 1) / kTile * points * kTile) {}

std::vector<double> LayerInputs::means() const {
  std::vector<double> means(inputs_);
  for (size_t i = 0; i < inputs_; i++) {
    for (size_t p = 0; p < points_; p++) means[i] += static_cast<double>(at(i, p));
    means[i] /= static_cast<double>(points_);
  }
  return means;
}

LayerInputs LayerInputs::less(const LayerInputs& other) const {
  ENSURE(other.values_.size() == values_.size());
  LayerInputs difference = *this;
  for (size_t i = 0; i < values_.size(); i++) difference.values_[i] -= other.values_[i];
  return difference;
}

std::vector<float> LayerInputs::deviations() const {
  const std::vector<double> mean = means();
  std::vector<float> deviations = values_;
  for (size_t i = 0; i < inputs_; i++)
    for (size_t p = 0; p < points_; p++) deviations[index(i, p)] -= static_cast<float>(mean[i]);
  return deviations;
}

std::vector<double> LayerInputs::meanProducts(const std::vector<float>& a, const std::vector<float>& b,
                                              bool triangle) const {
  const size_t tiles = values_.size() / (points_ * kTile);
  std::vector<double> products(inputs_ * inputs_);
  parallelFor(tiles, [&](size_t rowTile) {
    for (size_t columnTile = 0; columnTile < (triangle ? rowTile + 1 : tiles); columnTile++) {
      double sum[kTile][kTile] = {};
      for (size_t start = 0; start < points_; start += kPointsAtOnce) {
        float part[kTile][kTile] = {};
        for (size_t p = start; p < std::min(points_, start + kPointsAtOnce); p++) {
          const float* row = &a[(rowTile * points_ + p) * kTile];
          const float* column = &b[(columnTile * points_ + p) * kTile];
          for (size_t r = 0; r < kTile; r++)
            for (size_t c = 0; c < kTile; c++) part[r][c] += row[r] * column[c];
        }
        for (size_t r = 0; r < kTile; r++)
          for (size_t c = 0; c < kTile; c++) sum[r][c] += static_cast<double>(part[r][c]);
      }
      for (size_t r = 0; r < kTile && rowTile * kTile + r < inputs_; r++)
        for (size_t c = 0; c < kTile && columnTile * kTile + c < inputs_; c++)
          products[(rowTile * kTile + r) * inputs_ + columnTile * kTile + c] =
              sum[r][c] / static_cast<double>(points_);
    }
  });
  return products;
}

HessianRounding::HessianRounding(const std::vector<double>& hessian, size_t inputs)
    : inputs_(inputs), order_(inputs), weight_(inputs), pull_(inputs * inputs) {
  std::iota(order_.begin(), order_.end(), size_t{0});
  std::stable_sort(order_.begin(), order_.end(),
                   [&](size_t a, size_t b) { return hessian[a * inputs + a] < hessian[b * inputs + b]; });
  double mean = 0;
  for (size_t i = 0; i < inputs; i++) mean += hessian[i * inputs + i] / static_cast<double>(inputs);
  const double damping = mean > 0 ? kDamping * mean : 1;
  const size_t n = (inputs + kBlock - 1) / kBlock * kBlock;
  std::vector<double> l(n * n);
  for (size_t i = 0; i < n; i++) {
    for (size_t j = 0; i < inputs && j <= i; j++) {
      const auto [least, most] = std::minmax(order_[i], order_[j]);
      l[i * n + j] = hessian[most * inputs + least];
    }
    l[i * n + i] += damping;
  }
  factor(l, n);
  // The output's error is the sum over k of (l[k][k] * e[k] + the sum over i > k of l[i][k] * e[i])^2 for
  // errors e of the weights. From the last k down, each term is as small as an integer can make it.
  for (size_t i = 0; i < inputs; i++) weight_[i] = l[i * n + i] * l[i * n + i];
  for (size_t i = 0; i < inputs; i++)
    for (size_t k = 0; k < i; k++) pull_[k * inputs + i] = static_cast<float>(l[i * n + k] / l[k * n + k]);
}

std::vector<float> HessianRounding::compensated(std::span<const float> weights, size_t outputs,
                                                const std::vector<double>& lacking) const {
  ENSURE(weights.size() == inputs_ * outputs && lacking.size() == inputs_ * inputs_);
  std::vector<float> result(weights.begin(), weights.end());
  parallelFor((outputs + kOutputs - 1) / kOutputs, [&](size_t block) {
    const size_t first = block * kOutputs, count = std::min(kOutputs, outputs - first);
    // Solves hessian * x = lacking * weights with the Cholesky factors; in the order of the rounding.
    std::vector<double> x(inputs_ * kOutputs);
    for (size_t k = 0; k < inputs_; k++) {
      const double* row = &lacking[order_[k] * inputs_];
      for (size_t j = 0; j < inputs_; j++)
        for (size_t o = 0; o < count; o++)
          x[k * kOutputs + o] += row[j] * static_cast<double>(weights[j * outputs + first + o]);
    }
    for (size_t k = 0; k < inputs_; k++)
      for (size_t i = k + 1; i < inputs_; i++) {
        const double pull = static_cast<double>(pull_[k * inputs_ + i]);
        for (size_t o = 0; o < kOutputs; o++) x[i * kOutputs + o] -= pull * x[k * kOutputs + o];
      }
    for (size_t k = 0; k < inputs_; k++)
      for (size_t o = 0; o < kOutputs; o++) x[k * kOutputs + o] /= weight_[k];
    for (size_t k = inputs_; k-- > 0;)
      for (size_t i = k + 1; i < inputs_; i++) {
        const double pull = static_cast<double>(pull_[k * inputs_ + i]);
        for (size_t o = 0; o < kOutputs; o++) x[k * kOutputs + o] -= pull * x[i * kOutputs + o];
      }
    for (size_t k = 0; k < inputs_; k++)
      for (size_t o = 0; o < count; o++)
        result[order_[k] * outputs + first + o] += static_cast<float>(x[k * kOutputs + o]);
  });
  return result;
}

std::vector<float> HessianRounding::round(std::span<const float> weights, size_t outputs,
                                          std::span<const float> scales, size_t groupSize) const {
  ENSURE(weights.size() == inputs_ * outputs && scales.size() * groupSize >= weights.size());
  std::vector<float> rounded(weights.size());
  parallelFor((outputs + kOutputs - 1) / kOutputs, [&](size_t block) {
    const size_t first = block * kOutputs, count = std::min(kOutputs, outputs - first);
    std::vector<float> errors(inputs_ * kOutputs);
    for (size_t k = inputs_; k-- > 0;) {
      float pulled[kOutputs] = {};
      for (size_t i = k + 1; i < inputs_; i++)
        for (size_t o = 0; o < kOutputs; o++) pulled[o] += pull_[k * inputs_ + i] * errors[i * kOutputs + o];
      const float* scaleOf = &scales[order_[k] / groupSize * outputs + first];
      for (size_t o = 0; o < count; o++) {
        const size_t at = order_[k] * outputs + first + o;
        const float scale = scaleOf[o];
        rounded[at] = static_cast<float>(nn::quantizedWeight(weights[at] + pulled[o], scale)) * scale;
        errors[k * kOutputs + o] = weights[at] - rounded[at];
      }
    }
  });
  return rounded;
}

}  // namespace ponnuki
