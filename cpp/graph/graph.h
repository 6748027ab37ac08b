// A network as data: tensors and ops in topological order. A plain value; copying shares the weights.
// No op kind, backend or pass knows what a trunk, a policy head or a model version is.
#pragma once

#include <vector>

#include "graph/op.h"
#include "graph/tensor.h"

namespace ponnuki::nn {

struct GraphInputs {
  TensorId spatial = kNoTensor;  // Points; channel 0 is the mask
  TensorId global = kNoTensor;   // Vector
  TensorId meta = kNoTensor;     // Vector; kNoTensor for nets without a metadata encoder
};
struct GraphOutputs {
  TensorId policy = kNoTensor;     // Points [policyChannels]
  TensorId pass = kNoTensor;       // Vector [policyChannels]
  TensorId value = kNoTensor;      // Vector [3]
  TensorId score = kNoTensor;      // Vector [scoreChannels]
  TensorId ownership = kNoTensor;  // Points [1]
};

struct Graph {
  std::vector<TensorInfo> tensors;  // indexed by TensorId
  std::vector<Op> ops;              // every input is a graph input or the output of an earlier op
  GraphInputs inputs;
  GraphOutputs outputs;

  const TensorInfo& tensor(TensorId id) const { return tensors[static_cast<size_t>(id)]; }
  int channels(TensorId id) const { return id == kNoTensor ? 0 : tensor(id).shape.channels; }
  int spatialChannels() const { return channels(inputs.spatial); }
  int globalChannels() const { return channels(inputs.global); }
  int metaChannels() const { return channels(inputs.meta); }
  int policyChannels() const { return channels(outputs.policy); }
  int scoreChannels() const { return channels(outputs.score); }

  bool isInput(TensorId id) const { return id == inputs.spatial || id == inputs.global || id == inputs.meta; }
  bool isOutput(TensorId id) const;
};

}  // namespace ponnuki::nn
