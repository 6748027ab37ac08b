#include "graph/passes/passes.h"
#include "graph/passes/rewrite.h"

namespace ponnuki::nn {
namespace {

// Where an op keeps what happens to its results before they are stored.
struct Finish {
  Activation* activation = nullptr;
  bool* masked = nullptr;
};

Finish finishOf(Op& op) {
  if (Epilogue* epilogue = epilogueOf(op)) return {&epilogue->activation, &epilogue->masked};
  if (auto* scale = std::get_if<ScaleBiasAttrs>(&op.attrs)) return {&scale->activation, &scale->masked};
  if (auto* norm = std::get_if<RmsNormAttrs>(&op.attrs)) return {&norm->activation, &norm->masked};
  return {};
}

// Adds what `consumer` does to `producer`; false if it cannot be expressed there.
bool absorb(Op& producer, const Op& consumer) {
  const Finish finish = finishOf(producer);
  if (!finish.activation || *finish.masked) return false;
  if (const auto* activation = std::get_if<ActivationAttrs>(&consumer.attrs)) {
    if (*finish.activation != Activation::Identity) return false;
    *finish.activation = activation->activation;
    return true;
  }
  if (!std::holds_alternative<ApplyMaskAttrs>(consumer.attrs)) return false;
  *finish.masked = true;
  return true;
}

}  // namespace

void fuseActivation(Graph& graph, const Accepts& accepts) {
  Rewriter rewriter(graph);
  for (int i = 0; i < rewriter.size(); i++) {
    const int producer = rewriter.soleProducer(rewriter.op(i).inputs[0]);
    if (producer < 0) continue;
    Op merged = rewriter.op(producer);
    if (absorb(merged, rewriter.op(i)) && accepts(merged)) rewriter.merge(producer, i, std::move(merged));
  }
  rewriter.compact();
}

}  // namespace ponnuki::nn
