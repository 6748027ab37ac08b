#include "graph/shapes.h"

#include <algorithm>
#include <limits>
#include <string>

#include "base/error.h"
#include "graph/product.h"

namespace ponnuki::nn {
namespace {

[[noreturn]] void wrong(const Op& op, const std::string& what) {
  throw UserError(op.name + " (" + std::string(op.row().name) + "): " + what + "; the model file is damaged");
}

void expect(const Op& op, const char* what, size_t found, size_t wanted) {
  if (found == wanted) return;
  wrong(op, std::string(what) + " is " + std::to_string(found) + ", expected " + std::to_string(wanted));
}

void expectOptional(const Op& op, const char* what, const Weights& weights, int channels) {
  if (!weights.empty()) expect(op, what, weights.size(), static_cast<size_t>(channels));
}

void expectDomain(const Op& op, Shape shape, Domain domain) {
  if (shape.domain != domain)
    wrong(op, domain == Domain::Points ? "an input is a vector, expected a board tensor"
                                       : "an input is a board tensor, expected a vector");
}

// Visits the attributes of one op with the shapes of its inputs at hand.
struct ShapeRule {
  const Op& op;
  const std::vector<TensorInfo>& tensors;

  Shape in(size_t i) const { return tensors[static_cast<size_t>(op.inputs[i])].shape; }
  size_t channels(size_t i) const { return static_cast<size_t>(in(i).channels); }

  Shape withEpilogue(Shape out, const Epilogue& epilogue) const {
    expectOptional(op, "the number of biases", epilogue.bias, out.channels);
    if (epilogue.addResidual && in(1) != out) wrong(op, "the residual has another shape than the output");
    if (epilogue.addBroadcast && in(op.inputs.size() - 1) != vectorShape(out.channels))
      wrong(op, "the broadcast vector has another number of channels than the output");
    return out;
  }
  // depth: products summed for one output.
  void expectQuantization(const std::shared_ptr<const Quantization>& q, size_t depth, int outC) const {
    if (!q) return;
    expect(op, "the number of 8-bit weight scales", q->weightScale.size(), static_cast<size_t>(outC));
    const auto isScale = [](float s) { return s > 0 && s <= std::numeric_limits<float>::max(); };
    if (q->perPoint() ? !isMatrix(op) || q->inputZero != 0 : !isScale(q->inputScale))
      wrong(op, "its 8-bit inputs have no positive scale, and only matrices may have one for each point");
    if (!std::all_of(q->weightScale.begin(), q->weightScale.end(), isScale))
      wrong(op, "an 8-bit scale is not a positive number");
    if (q->inputZero < 0 || q->inputZero > 255) wrong(op, "the 8-bit zero point is not in 0..255");
    if (depth > std::numeric_limits<int32_t>::max() / (255 * 127))
      wrong(op, "its 8-bit products do not fit 32-bit sums");
  }
  Shape sameAsBoth() const {
    if (in(0) != in(1)) wrong(op, "the two inputs have different shapes");
    return in(0);
  }

  Shape operator()(const Conv2dAttrs& a) const {
    expectDomain(op, in(0), Domain::Points);
    if (a.ky < 1 || a.kx < 1 || a.ky % 2 == 0 || a.kx % 2 == 0 || a.dilY < 1 || a.dilX < 1 || a.outC < 1)
      wrong(op, "the kernel has an impossible size");
    expect(op, "the number of input channels", channels(0), static_cast<size_t>(a.inC));
    const size_t taps = static_cast<size_t>(a.ky) * static_cast<size_t>(a.kx);
    expect(op, "the number of weights", a.weights.size(),
           taps * static_cast<size_t>(a.inC) * static_cast<size_t>(a.outC));
    expectQuantization(a.quantization, taps * static_cast<size_t>(a.inC), a.outC);
    return withEpilogue(pointsShape(a.outC), a.epilogue);
  }
  Shape operator()(const MatMulAttrs& a) const {
    if (a.outC < 1) wrong(op, "there are no output channels");
    expect(op, "the number of input channels", channels(0), static_cast<size_t>(a.inC));
    expect(op, "the number of weights", a.weights.size(),
           static_cast<size_t>(a.inC) * static_cast<size_t>(a.outC));
    expectQuantization(a.quantization, static_cast<size_t>(a.inC), a.outC);
    return withEpilogue({in(0).domain, a.outC}, a.epilogue);
  }
  Shape operator()(const ScaleBiasAttrs& a) const {
    expectOptional(op, "the number of scales", a.scale, in(0).channels);
    expectOptional(op, "the number of biases", a.bias, in(0).channels);
    return in(0);
  }
  Shape operator()(const ActivationAttrs&) const { return in(0); }
  Shape operator()(const AddAttrs&) const { return sameAsBoth(); }
  Shape operator()(const MulAttrs&) const { return sameAsBoth(); }
  Shape operator()(const BroadcastAddAttrs&) const {
    expectDomain(op, in(0), Domain::Points);
    expectDomain(op, in(1), Domain::Vector);
    expect(op, "the number of channels to add", channels(1), channels(0));
    return in(0);
  }
  Shape operator()(const ApplyMaskAttrs&) const {
    expectDomain(op, in(0), Domain::Points);
    return in(0);
  }
  Shape operator()(const GlobalPoolAttrs&) const {
    expectDomain(op, in(0), Domain::Points);
    if (in(0).channels > std::numeric_limits<int>::max() / 3) wrong(op, "there are too many channels");
    return vectorShape(3 * in(0).channels);
  }
  Shape operator()(const RmsNormAttrs& a) const {
    expectDomain(op, in(0), Domain::Points);
    expect(op, "the number of scales", a.scale.size(), channels(0));
    expectOptional(op, "the number of biases", a.bias, in(0).channels);
    return in(0);
  }
  Shape operator()(const AttentionAttrs& a) const {
    for (size_t i = 0; i < 3; i++) expectDomain(op, in(i), Domain::Points);
    if (a.heads < 1 || a.kvHeads < 1 || a.heads % a.kvHeads != 0 || a.qDim < 1 || a.vDim < 1)
      wrong(op, "the heads have an impossible size");
    const auto size = [](int heads, int dim) {
      return static_cast<size_t>(heads) * static_cast<size_t>(dim);
    };
    expect(op, "the number of query channels", channels(0), size(a.heads, a.qDim));
    expect(op, "the number of key channels", channels(1), size(a.kvHeads, a.qDim));
    expect(op, "the number of value channels", channels(2), size(a.kvHeads, a.vDim));
    if (!a.rope.empty()) {
      if (a.qDim % 2 != 0) wrong(op, "rope needs an even head size");
      expect(op, "the number of rope frequencies", a.rope.size(), size(a.kvHeads, a.qDim));
    }
    if (size(a.heads, a.vDim) > static_cast<size_t>(std::numeric_limits<int>::max()))
      wrong(op, "there are too many channels");
    return pointsShape(a.heads * a.vDim);
  }
};

size_t inputCount(const Op& op) {
  size_t count = static_cast<size_t>(op.row().inputs);
  if (const Epilogue* epilogue = epilogueOf(op))
    count += size_t{epilogue->addResidual} + size_t{epilogue->addBroadcast};
  return count;
}

struct FlopRule {
  const Op& op;
  const Graph& graph;
  double points;

  double elements(TensorId id) const {
    const Shape shape = graph.tensor(id).shape;
    return shape.channels * (shape.domain == Domain::Points ? points : 1.0);
  }
  double operator()(const Conv2dAttrs& a) const { return 2.0 * a.ky * a.kx * a.inC * elements(op.output); }
  double operator()(const MatMulAttrs& a) const { return 2.0 * a.inC * elements(op.output); }
  double operator()(const AttentionAttrs& a) const {
    return 2.0 * a.heads * points * points * (a.qDim + a.vDim);
  }
  template <class Other>
  double operator()(const Other&) const {
    return 2.0 * elements(op.inputs[0]);
  }
};

}  // namespace

Shape outputShape(const Op& op, const std::vector<TensorInfo>& tensors) {
  expect(op, "the number of inputs", op.inputs.size(), inputCount(op));
  for (const TensorId id : op.inputs) ENSURE(id >= 0 && static_cast<size_t>(id) < tensors.size());
  return std::visit(ShapeRule{op, tensors}, op.attrs);
}

void verifyGraph(const Graph& graph) {
  std::vector<char> made(graph.tensors.size(), 0);
  for (size_t i = 0; i < made.size(); i++) {
    if (graph.tensors[i].shape.channels < 1)
      throw UserError(graph.tensors[i].name + ": a tensor without channels; the model file is damaged");
    made[i] = graph.isInput(static_cast<TensorId>(i));
  }
  for (const Op& op : graph.ops) {
    for (const TensorId id : op.inputs) ENSURE(id >= 0 && static_cast<size_t>(id) < made.size() && made[id]);
    ENSURE(op.output >= 0 && static_cast<size_t>(op.output) < made.size() && !made[op.output]);
    if (outputShape(op, graph.tensors) != graph.tensor(op.output).shape)
      wrong(op, "the output has another shape");
    made[op.output] = 1;
  }
  const auto check = [&](const char* name, TensorId id, Domain domain, int channels) {
    if (id < 0 || static_cast<size_t>(id) >= made.size() || !made[id])
      throw UserError(std::string("The network computes no ") + name + "; the model file is damaged");
    const Shape shape = graph.tensor(id).shape;
    if (shape.domain != domain || (channels > 0 && shape.channels != channels))
      throw UserError(std::string("The network's ") + name +
                      " output has the wrong shape; the model file is damaged");
  };
  check("policy", graph.outputs.policy, Domain::Points, 0);
  check("pass", graph.outputs.pass, Domain::Vector, graph.policyChannels());
  check("value", graph.outputs.value, Domain::Vector, 3);
  check("score", graph.outputs.score, Domain::Vector, 0);
  check("ownership", graph.outputs.ownership, Domain::Points, 1);
}

double flopsPerRow(const Graph& graph, int points) {
  double sum = 0;
  for (const Op& op : graph.ops)
    sum += std::visit(FlopRule{op, graph, static_cast<double>(points)}, op.attrs);
  return sum;
}

}  // namespace ponnuki::nn
