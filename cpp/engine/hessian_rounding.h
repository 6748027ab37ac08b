// Rounding of a layer's weights to integers so that their errors cancel on inputs like those seen, instead of
// each to the nearest (GPTQ: Frantar et al. 2022), and make up for the errors that the inputs have already.
// The same inputs give the same integers, whatever the number of threads.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace ponnuki {

// What a layer reads at some points: all its inputs, for a convolution those of every tap.
class LayerInputs {
 public:
  LayerInputs(size_t inputs, size_t points);
  size_t inputs() const { return inputs_; }
  size_t points() const { return points_; }
  float& at(size_t input, size_t point) { return values_[index(input, point)]; }
  float at(size_t input, size_t point) const { return values_[index(input, point)]; }

  std::vector<double> means() const;
  // [inputs][inputs], the lower triangle: means of products of two inputs' deviations from their means.
  std::vector<double> covariance() const { return meanProducts(deviations(), deviations(), true); }
  // [inputs][inputs of other], likewise for an input of each.
  std::vector<double> covarianceWith(const LayerInputs& other) const {
    return meanProducts(deviations(), other.deviations(), false);
  }
  LayerInputs less(const LayerInputs& other) const;

 private:
  std::vector<float> deviations() const;
  std::vector<double> meanProducts(const std::vector<float>& a, const std::vector<float>& b,
                                   bool triangle) const;

  // Tiles of inputs, each with all its points in a row: sums over points walk through memory.
  static constexpr size_t kTile = 16;
  size_t index(size_t input, size_t point) const {
    return (input / kTile * points_ + point) * kTile + input % kTile;
  }
  size_t inputs_, points_;
  std::vector<float> values_;
};

// For all layers that read the same inputs.
class HessianRounding {
 public:
  // hessian [inputs][inputs], the lower triangle: means of products of two inputs.
  HessianRounding(const std::vector<double>& hessian, size_t inputs);

  // The weights with which these inputs give what `weights` [inputs][outputs] give on the exact ones, as
  // nearly as can be. lacking: [inputs][inputs], means of products of an input and what another lacks of the
  // exact one.
  std::vector<float> compensated(std::span<const float> weights, size_t outputs,
                                 const std::vector<double>& lacking) const;

  // weights [inputs][outputs], scales [groups][outputs], each for groupSize inputs. The result consists of
  // multiples of the scales, -127 to 127 of them, that are exact under nn::quantizedWeight.
  std::vector<float> round(std::span<const float> weights, size_t outputs, std::span<const float> scales,
                           size_t groupSize) const;
  // With one scale for every output.
  std::vector<float> round(std::span<const float> weights, std::span<const float> scales) const {
    return round(weights, scales.size(), scales, inputs_);
  }

 private:
  size_t inputs_;
  std::vector<size_t>
      order_;  // those with the largest inputs last; they are rounded first, while much can make up
  std::vector<double> weight_;  // [k]: of the squared error at order_[k] in that of the outputs
  std::vector<float> pull_;     // [k][i > k]: what an error at order_[i] adds to the weight at order_[k]
};

}  // namespace ponnuki
