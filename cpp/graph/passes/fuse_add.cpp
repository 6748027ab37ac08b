#include "graph/passes/passes.h"
#include "graph/passes/rewrite.h"

namespace ponnuki::nn {
namespace {

// The Conv2d or MatMul at `producer` that also adds `other`; false if its epilogue already does something
// later.
bool absorbAdd(Op& producer, bool broadcast, TensorId other) {
  Epilogue* epilogue = epilogueOf(producer);
  if (!epilogue || epilogue->activation != Activation::Identity || epilogue->masked) return false;
  if (broadcast) {
    if (epilogue->addBroadcast) return false;
    epilogue->addBroadcast = true;
    producer.inputs.push_back(other);
  } else {
    if (epilogue->addResidual) return false;
    epilogue->addResidual = true;
    producer.inputs.insert(producer.inputs.begin() + 1, other);
  }
  return true;
}

}  // namespace

void fuseAdd(Graph& graph, const Accepts& accepts) {
  Rewriter rewriter(graph);
  for (int i = 0; i < rewriter.size(); i++) {
    const OpKind kind = rewriter.op(i).kind();
    if (kind != OpKind::Add && kind != OpKind::BroadcastAdd) continue;
    const bool broadcast = kind == OpKind::BroadcastAdd;
    // The second summand of an Add is the new branch, so it is the one whose op absorbs the sum.
    for (const size_t branch : {size_t{1}, size_t{0}}) {
      if (broadcast && branch == 1) continue;
      const int producer = rewriter.soleProducer(rewriter.op(i).inputs[branch]);
      if (producer < 0) continue;
      Op merged = rewriter.op(producer);
      if (!absorbAdd(merged, broadcast, rewriter.op(i).inputs[1 - branch]) || !accepts(merged)) continue;
      rewriter.merge(producer, i, std::move(merged));
      break;
    }
  }
  rewriter.compact();
}

}  // namespace ponnuki::nn
