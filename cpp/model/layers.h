// The layer records of a model file (spec model-and-network 4): what was read, checked as section 7 says, and
// how each becomes ops. Plain values; weights are shared. `Reading` is what every record reader needs at
// hand.
#pragma once

#include <cstdint>
#include <string>

#include "graph/builder.h"
#include "model/token_reader.h"

namespace ponnuki {

struct Reading {
  TokenReader& in;
  int version = 0;
  int64_t parameters = 0;     // counted as the log shows them
  double trunkConvDepth = 0;  // of the convolutions and transformer blocks of the trunk so far
  bool hasTransformerBlocks = false;
  int nesting = 0;

  std::string name(const std::string& what);  // the name token that starts a record
};

struct ConvLayer {
  std::string name;
  nn::Conv2dAttrs attrs;
};
struct NormLayer {  // merged to out = scale * in + bias
  std::string name;
  int channels = 0;
  nn::Weights scale, bias;  // scale is empty where it is 1 everywhere
};
struct ActivationLayer {
  std::string name;
  nn::Activation kind = nn::Activation::Relu;
};
struct MatMulLayer {
  std::string name;
  int inC = 0, outC = 0;
  nn::Weights weights;
  std::shared_ptr<const nn::Quantization> quantization;
  nn::Weights bias;  // only beside a quantization
};
struct BiasLayer {
  std::string name;
  int channels = 0;
  nn::Weights bias;
};
struct RmsNormLayer {
  std::string name;
  int channels = 0;
  nn::RmsNormAttrs attrs;
};

ConvLayer readConv(Reading& r);
NormLayer readNorm(Reading& r);
ActivationLayer readActivation(Reading& r);
MatMulLayer readMatMul(Reading& r);
BiasLayer readBias(Reading& r);
RmsNormLayer readTipRmsNorm(Reading& r);          // "rms"
RmsNormLayer readTransformerRmsNorm(Reading& r);  // "rmsw"

// Throws "<owner>: <nameA> (<a>) != <nameB> (<b>)" unless a == b.
void requireEqual(const std::string& owner, const char* nameA, int64_t a, const char* nameB, int64_t b);
// Reads a reserved slot that must hold 0.
void requireUnused(Reading& r, const std::string& owner, const char* kind, char letter);

nn::TensorId append(nn::GraphBuilder& g, const ConvLayer& layer, nn::TensorId in);
nn::TensorId append(nn::GraphBuilder& g, const MatMulLayer& layer, nn::TensorId in);
nn::TensorId append(nn::GraphBuilder& g, const BiasLayer& layer, nn::TensorId in);
nn::TensorId append(nn::GraphBuilder& g, const ActivationLayer& layer, nn::TensorId in);
nn::TensorId append(nn::GraphBuilder& g, const RmsNormLayer& layer, nn::TensorId in);
// A norm and the activation after it, zero off the board.
nn::TensorId append(nn::GraphBuilder& g, const NormLayer& norm, const ActivationLayer& act, nn::TensorId in);

}  // namespace ponnuki
