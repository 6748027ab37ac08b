#include "graph/passes/passes.h"
#include "graph/passes/rewrite.h"

namespace ponnuki::nn {
namespace {

// Weights are stored with the output channel innermost, so channel c of entry i is i % scale.size().
Weights scaled(const Weights& weights, const Weights& scale) {
  if (weights.empty() || scale.empty()) return weights;
  std::vector<float> out(weights.size());
  const size_t channels = scale.size();
  for (size_t start = 0; start < out.size(); start += channels)
    for (size_t c = 0; c < channels; c++) out[start + c] = weights[start + c] * scale[c];
  return Weights(std::move(out));
}

Weights sum(const Weights& a, const Weights& b) {
  if (a.empty()) return b;
  if (b.empty()) return a;
  std::vector<float> out(a.size());
  for (size_t c = 0; c < out.size(); c++) out[c] = a[c] + b[c];
  return Weights(std::move(out));
}

bool isPlainSum(const Epilogue& epilogue) {
  return epilogue.activation == Activation::Identity && !epilogue.masked && !epilogue.addResidual;
}

void scaleOutput(Op& op, const Weights& scale) {
  const auto scaleProduct = [&](auto& product) {
    product.weights = scaled(product.weights, scale);
    product.quantization = withScaledOutputs(product.quantization, scale.span());
  };
  if (op.kind() == OpKind::Conv2d)
    scaleProduct(op.as<Conv2dAttrs>());
  else
    scaleProduct(op.as<MatMulAttrs>());
  Epilogue& epilogue = *epilogueOf(op);
  epilogue.bias = scaled(epilogue.bias, scale);
}

}  // namespace

void foldScale(Graph& graph, const Accepts& accepts) {
  Rewriter rewriter(graph);
  for (int i = 0; i < rewriter.size(); i++) {
    if (rewriter.op(i).kind() != OpKind::ScaleBias) continue;
    const auto scaleBias = rewriter.op(i).as<ScaleBiasAttrs>();
    const int producer = rewriter.soleProducer(rewriter.op(i).inputs[0]);
    if (producer < 0) continue;
    Op merged = rewriter.op(producer);
    Epilogue* epilogue = epilogueOf(merged);
    if (!epilogue || !isPlainSum(*epilogue)) continue;

    int vectorMaker = -1;  // makes the vector this op broadcasts, which must be scaled too
    if (epilogue->addBroadcast && !scaleBias.scale.empty()) {
      vectorMaker = rewriter.soleProducer(broadcastOf(merged));
      if (vectorMaker < 0) continue;
      const Epilogue* other = epilogueOf(rewriter.op(vectorMaker));
      if (!other || !isPlainSum(*other) || other->addBroadcast) continue;
    }
    scaleOutput(merged, scaleBias.scale);
    epilogue->bias = sum(epilogue->bias, scaleBias.bias);
    epilogue->activation = scaleBias.activation;
    epilogue->masked = scaleBias.masked;
    if (!accepts(merged)) continue;
    if (vectorMaker >= 0) scaleOutput(rewriter.op(vectorMaker), scaleBias.scale);
    rewriter.merge(producer, i, std::move(merged));
  }
  rewriter.compact();
}

}  // namespace ponnuki::nn
