// Appends ops to a graph, works out their shapes and refuses what does not fit. One thread; owns the graph it
// builds.
#pragma once

#include <string>

#include "graph/graph.h"

namespace ponnuki::nn {

class GraphBuilder {
 public:
  GraphBuilder(int spatialChannels, int globalChannels, int metaChannels);  // metaChannels 0 = no such input

  TensorId spatial() const { return graph_.inputs.spatial; }
  TensorId global() const { return graph_.inputs.global; }
  TensorId meta() const { return graph_.inputs.meta; }

  // Every function returns the output of the op it appended.
  TensorId append(std::string name, OpAttrs attrs, std::vector<TensorId> inputs);
  TensorId activation(const std::string& name, Activation kind,
                      TensorId in);  // nothing appended for Identity
  TensorId add(const std::string& name, TensorId a, TensorId b) { return append(name, AddAttrs{}, {a, b}); }
  TensorId mul(const std::string& name, TensorId a, TensorId b) { return append(name, MulAttrs{}, {a, b}); }
  TensorId broadcastAdd(const std::string& name, TensorId points, TensorId vector) {
    return append(name, BroadcastAddAttrs{}, {points, vector});
  }
  TensorId mask(const std::string& name, TensorId in) { return append(name, ApplyMaskAttrs{}, {in}); }

  Graph finish(const GraphOutputs& outputs);  // verified; leaves the builder empty

 private:
  Graph graph_;
};

// Inputs and outputs without any op: enough for backends that do not compute (tests without a network).
Graph bareGraph(int spatialChannels, int globalChannels, int metaChannels, int policyChannels,
                int scoreChannels);

}  // namespace ponnuki::nn
