// Graphs whose products carry an 8-bit form, for tests of its arithmetic. The scales come from the weights
// and from a given range of the inputs, not from a calibration.
#pragma once

#include <algorithm>
#include <cmath>
#include <memory>

#include "graph/graph.h"

namespace ponnuki::test {

// Weights [k][outC] use all of -127..127; inputs from `least` (<= 0) to `most` (> 0) use all of 0..255.
inline std::shared_ptr<const nn::Quantization> quantizationFor(std::span<const float> weights, int outC,
                                                               float least, float most) {
  auto q = std::make_shared<nn::Quantization>();
  q->inputScale = (most - least) / 255;
  q->inputZero = static_cast<int>(std::lround(-least / q->inputScale));
  q->weightScale.assign(static_cast<size_t>(outC), 1e-12f);
  for (size_t i = 0; i < weights.size(); i++) {
    float& scale = q->weightScale[i % q->weightScale.size()];
    scale = std::max(scale, std::abs(weights[i]) / 127);
  }
  return q;
}

// Every product for which wanted(op) holds.
template <class Wanted>
nn::Graph quantized(nn::Graph graph, float least, float most, Wanted wanted) {
  for (nn::Op& op : graph.ops) {
    if (!nn::epilogueOf(op) || !wanted(op)) continue;
    const auto set = [&](auto& product) {
      product.quantization = quantizationFor(product.weights.span(), product.outC, least, most);
    };
    if (op.kind() == nn::OpKind::Conv2d)
      set(op.as<nn::Conv2dAttrs>());
    else
      set(op.as<nn::MatMulAttrs>());
  }
  return graph;
}

}  // namespace ponnuki::test
