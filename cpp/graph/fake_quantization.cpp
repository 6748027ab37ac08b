#include "graph/fake_quantization.h"

#include <map>
#include <tuple>

#include "graph/product.h"
#include "graph/shapes.h"

namespace ponnuki::nn {
namespace {

constexpr float kLargestInput = 255;
// Adding it leaves no bits for fractions: the sum is rounded to a whole number, ties to even.
constexpr float kRounder = 0x1.8p23f;

Weights constant(int channels, float value) {
  return Weights(std::vector<float>(static_cast<size_t>(channels), value));
}

class Writer {
 public:
  explicit Writer(const Graph& from) : graph_(from) { graph_.ops.clear(); }

  void add(Op op) { graph_.ops.push_back(std::move(op)); }

  // The tensor of what 8 bits leave of `in`; made once for all products that read it alike.
  TensorId rounded(TensorId in, const Quantization& q) {
    const auto [at, isNew] = rounded_.try_emplace({in, q.inputScale, q.inputZero}, in);
    if (!isNew) return at->second;
    const float zero = static_cast<float>(q.inputZero);
    TensorId t = scaleBias(in, 1 / q.inputScale, zero, Activation::Relu);       // at least 0
    t = scaleBias(t, -1, kLargestInput, Activation::Relu);                      // at most 255, from the top
    t = scaleBias(t, -1, kLargestInput + kRounder, Activation::Identity);       // the right way round, whole
    t = scaleBias(t, 1, -kRounder - zero, Activation::Identity);                // exact
    t = scaleBias(t, q.inputScale, 0, Activation::Identity);
    return at->second = t;
  }

  Graph finish() {
    verifyGraph(graph_);
    return std::move(graph_);
  }

 private:
  TensorId scaleBias(TensorId in, float scale, float bias, Activation activation) {
    const TensorInfo info = graph_.tensor(in);
    const int channels = info.shape.channels;
    ScaleBiasAttrs attrs;
    if (scale != 1) attrs.scale = constant(channels, scale);
    if (bias != 0) attrs.bias = constant(channels, bias);
    attrs.activation = activation;
    Op op;
    op.name = info.name;
    op.inputs = {in};
    op.output = static_cast<TensorId>(graph_.tensors.size());
    op.attrs = std::move(attrs);
    graph_.tensors.push_back(info);
    add(std::move(op));
    return graph_.ops.back().output;
  }

  Graph graph_;
  std::map<std::tuple<TensorId, float, int>, TensorId> rounded_;
};

}  // namespace

Weights roundedWeights(const Weights& weights, const std::vector<float>& scales) {
  std::vector<float> rounded(weights.size());
  for (size_t i = 0; i < rounded.size(); i++) {
    const float scale = scales[i % scales.size()];
    rounded[i] = static_cast<float>(quantizedWeight(weights[i], scale)) * scale;
  }
  return Weights(std::move(rounded));
}

Graph fakeQuantized(const Graph& graph) {
  Writer writer(graph);
  for (Op op : graph.ops) {
    if (const auto q = quantizationOf(op); q && !q->perPoint()) {
      op.inputs[0] = writer.rounded(op.inputs[0], *q);
      setWeights(op, roundedWeights(weightsOf(op), q->weightScale));
      setQuantization(op, nullptr);
    }
    writer.add(std::move(op));
  }
  return writer.finish();
}

}  // namespace ponnuki::nn
