#include "graph/op.h"

#include <algorithm>
#include <cmath>

namespace ponnuki::nn {

const Epilogue* epilogueOf(const Op& op) {
  if (const auto* conv = std::get_if<Conv2dAttrs>(&op.attrs)) return &conv->epilogue;
  if (const auto* matmul = std::get_if<MatMulAttrs>(&op.attrs)) return &matmul->epilogue;
  return nullptr;
}

Epilogue* epilogueOf(Op& op) {
  return const_cast<Epilogue*>(epilogueOf(static_cast<const Op&>(op)));
}

TensorId residualOf(const Op& op) {
  const Epilogue* epilogue = epilogueOf(op);
  return epilogue && epilogue->addResidual ? op.inputs[1] : kNoTensor;
}

TensorId broadcastOf(const Op& op) {
  const Epilogue* epilogue = epilogueOf(op);
  if (!epilogue || !epilogue->addBroadcast) return kNoTensor;
  return op.inputs[epilogue->addResidual ? 2 : 1];
}

std::shared_ptr<const Quantization> quantizationOf(const Op& op) {
  if (const auto* conv = std::get_if<Conv2dAttrs>(&op.attrs)) return conv->quantization;
  if (const auto* matmul = std::get_if<MatMulAttrs>(&op.attrs)) return matmul->quantization;
  return nullptr;
}

std::string_view activationName(Activation a) {
  constexpr std::string_view kNames[] = {"identity", "relu", "mish", "silu"};
  return kNames[static_cast<size_t>(a)];
}

float applyActivation(Activation a, float x) {
  switch (a) {
    case Activation::Identity:
      return x;
    case Activation::Relu:
      return std::max(x, 0.0f);
    case Activation::Mish: {
      const float softplus = std::log1p(std::exp(std::min(x, 20.0f))) + std::max(x, 20.0f) - 20.0f;
      return x * std::tanh(softplus);
    }
    case Activation::Silu:
      return x / (1.0f + std::exp(-x));
  }
  return x;
}

}  // namespace ponnuki::nn
