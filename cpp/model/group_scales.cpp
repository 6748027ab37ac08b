#include "model/group_scales.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace ponnuki {
namespace {

constexpr size_t kGroup = 32, kGroupOfInputs = 8;
constexpr int kParts = 16;  // of a halving

// 2 to the power of -i / 16.
constexpr float kPowers[kParts] = {1.0f,         0.957603281f, 0.917004043f, 0.878126080f,
                                   0.840896415f, 0.805245166f, 0.771105413f, 0.738413073f,
                                   0.707106781f, 0.677127773f, 0.648419777f, 0.620928906f,
                                   0.594603558f, 0.569394317f, 0.545253866f, 0.522136891f};

float scaled(float largest, int halvings) {
  return std::ldexp(largest * kPowers[halvings % kParts], -(halvings / kParts));
}

}  // namespace

std::vector<float> GroupScales::scales() const {
  std::vector<float> scales(halvings.size());
  for (size_t i = 0; i < scales.size(); i++) scales[i] = scaled(largest, halvings[i]);
  return scales;
}

GroupScales groupScales(std::span<const float> weights, int outC, size_t groupSize) {
  const size_t outputs = static_cast<size_t>(outC), inputs = weights.size() / outputs;
  ENSURE(groupSize > 0 && inputs * outputs == weights.size());
  std::vector<float> needed(groupsOf(inputs, groupSize) * outputs);
  for (size_t i = 0; i < weights.size(); i++) {
    float& most = needed[i / outputs / groupSize * outputs + i % outputs];
    most = std::max(most, std::fabs(weights[i]) / 127);
  }
  GroupScales result{groupSize, 1, std::vector<unsigned char>(needed.size(), 255)};
  if (const float most = *std::max_element(needed.begin(), needed.end()); most > 0)
    result.largest = std::max(most, 0x1p-100f);
  for (size_t g = 0; g < needed.size(); g++) {
    int halvings = 255;
    while (halvings > 0 && scaled(result.largest, halvings) < needed[g]) halvings--;
    result.halvings[g] = static_cast<unsigned char>(halvings);
  }
  return result;
}

size_t groupsOf(size_t inputs, size_t groupSize) {
  return inputs / groupSize + (inputs % groupSize != 0);
}

size_t storedGroupSize(const nn::Graph& graph, const nn::Op& op) {
  return graph.isInput(op.inputs[0]) ? kGroupOfInputs : kGroup;
}

}  // namespace ponnuki
