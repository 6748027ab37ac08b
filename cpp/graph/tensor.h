// Shapes of the values that flow through a graph, and the weights its ops hold.
//
// A tensor is described per batch row: Points = [y, x, channels] over the whole tensor extent (channels
// innermost), Vector = [channels]. The extent X x Y is not part of a graph; CompileOptions names it. Values
// of a Points tensor at points off the board are unspecified unless the op that makes it is masked; then they
// are exactly 0.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "graph/dtype.h"

namespace ponnuki::nn {

using TensorId = int32_t;
constexpr TensorId kNoTensor = -1;

enum class Domain : uint8_t { Points, Vector };

struct Shape {
  Domain domain = Domain::Points;
  int channels = 0;

  constexpr size_t floatsPerRow(int points) const {
    return static_cast<size_t>(channels) * static_cast<size_t>(domain == Domain::Points ? points : 1);
  }
  friend constexpr bool operator==(Shape, Shape) = default;
};
constexpr Shape pointsShape(int channels) {
  return {Domain::Points, channels};
}
constexpr Shape vectorShape(int channels) {
  return {Domain::Vector, channels};
}

struct TensorInfo {
  Shape shape;
  std::string name;  // of the layer that makes it; for messages only
};

// Immutable floats shared between graphs: copying a graph copies no weights.
class Weights {
 public:
  Weights() = default;
  Weights(std::vector<float> values)
      : values_(values.empty() ? nullptr : std::make_shared<const std::vector<float>>(std::move(values))) {}

  bool empty() const { return values_ == nullptr; }
  size_t size() const { return values_ ? values_->size() : 0; }
  const float* data() const { return values_ ? values_->data() : nullptr; }
  float operator[](size_t i) const { return (*values_)[i]; }
  std::span<const float> span() const { return {data(), size()}; }

 private:
  std::shared_ptr<const std::vector<float>> values_;
};

}  // namespace ponnuki::nn
