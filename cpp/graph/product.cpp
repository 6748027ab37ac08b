#include "graph/product.h"

#include "base/error.h"

namespace ponnuki::nn {
namespace {

// visit(attrs) with the Conv2dAttrs or MatMulAttrs of a product.
template <class AnyOp, class Visit>
decltype(auto) ofProduct(AnyOp& op, Visit visit) {
  ENSURE(isProduct(op));
  if (auto* conv = std::get_if<Conv2dAttrs>(&op.attrs)) return visit(*conv);
  return visit(std::get<MatMulAttrs>(op.attrs));
}

}  // namespace

bool isProduct(const Op& op) {
  return op.kind() == OpKind::Conv2d || op.kind() == OpKind::MatMul;
}

bool isMatrix(const Op& op) {
  const auto* c = std::get_if<Conv2dAttrs>(&op.attrs);
  return c ? c->ky == 1 && c->kx == 1 : op.kind() == OpKind::MatMul;
}

const Weights& weightsOf(const Op& op) {
  return ofProduct(op, [](const auto& attrs) -> const Weights& { return attrs.weights; });
}

void setWeights(Op& op, Weights weights) {
  ofProduct(op, [&](auto& attrs) { attrs.weights = std::move(weights); });
}

int outChannels(const Op& op) {
  return ofProduct(op, [](const auto& attrs) { return attrs.outC; });
}

void setQuantization(Op& op, std::shared_ptr<const Quantization> quantization) {
  ofProduct(op, [&](auto& attrs) { attrs.quantization = std::move(quantization); });
}

std::shared_ptr<const Quantization> makeQuantization(const Op& op, float inputScale, int inputZero) {
  return std::make_shared<const Quantization>(
      Quantization{inputScale, inputZero, weightScales(weightsOf(op).span(), outChannels(op))});
}

void setRounded(Op& op, const RoundedProduct& rounded) {
  setWeights(op, rounded.weights);
  epilogueOf(op)->bias = rounded.bias;
}

}  // namespace ponnuki::nn
