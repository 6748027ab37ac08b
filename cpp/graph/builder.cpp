#include "graph/builder.h"

#include <utility>

#include "base/error.h"
#include "graph/shapes.h"

namespace ponnuki::nn {
namespace {

TensorId addTensor(Graph& graph, Shape shape, std::string name) {
  graph.tensors.push_back({shape, std::move(name)});
  return static_cast<TensorId>(graph.tensors.size()) - 1;
}

}  // namespace

GraphBuilder::GraphBuilder(int spatialChannels, int globalChannels, int metaChannels) {
  graph_.inputs.spatial = addTensor(graph_, pointsShape(spatialChannels), "spatial");
  graph_.inputs.global = addTensor(graph_, vectorShape(globalChannels), "global");
  if (metaChannels > 0) graph_.inputs.meta = addTensor(graph_, vectorShape(metaChannels), "meta");
}

TensorId GraphBuilder::append(std::string name, OpAttrs attrs, std::vector<TensorId> inputs) {
  Op op{std::move(name), std::move(inputs), kNoTensor, std::move(attrs)};
  const Shape shape = outputShape(op, graph_.tensors);
  op.output = addTensor(graph_, shape, op.name);
  graph_.ops.push_back(std::move(op));
  return graph_.ops.back().output;
}

TensorId GraphBuilder::activation(const std::string& name, Activation kind, TensorId in) {
  return kind == Activation::Identity ? in : append(name, ActivationAttrs{kind}, {in});
}

Graph GraphBuilder::finish(const GraphOutputs& outputs) {
  graph_.outputs = outputs;
  verifyGraph(graph_);
  return std::exchange(graph_, Graph{});
}

Graph bareGraph(int spatialChannels, int globalChannels, int metaChannels, int policyChannels,
                int scoreChannels) {
  Graph graph;
  graph.inputs.spatial = addTensor(graph, pointsShape(spatialChannels), "spatial");
  graph.inputs.global = addTensor(graph, vectorShape(globalChannels), "global");
  if (metaChannels > 0) graph.inputs.meta = addTensor(graph, vectorShape(metaChannels), "meta");
  graph.outputs.policy = addTensor(graph, pointsShape(policyChannels), "policy");
  graph.outputs.pass = addTensor(graph, vectorShape(policyChannels), "pass");
  graph.outputs.value = addTensor(graph, vectorShape(3), "value");
  graph.outputs.score = addTensor(graph, vectorShape(scoreChannels), "score");
  graph.outputs.ownership = addTensor(graph, pointsShape(1), "ownership");
  return graph;
}

}  // namespace ponnuki::nn
