// The records before and after the block stack: metadata encoder, policy head, value head (spec
// model-and-network 6.2 to 6.4), and the ops they stand for (section 10).
#pragma once

#include "model/layers.h"

namespace ponnuki {

struct MetadataEncoder {
  std::string name;
  MatMulLayer mul1, mul2, mul3;
  BiasLayer bias1, bias2;
  ActivationLayer act1, act2;
};
struct PolicyHead {
  std::string name;
  int outChannels = 0;
  ConvLayer p1, g1, p2;
  NormLayer g1norm, p1norm;
  ActivationLayer gAct, pAct;
  MatMulLayer g2bias, g2pass;
  bool hasPassLayer = false;  // from model version 15 on
  BiasLayer passBias;
  ActivationLayer passAct;
  MatMulLayer pass2;
};
struct ValueHead {
  std::string name;
  ConvLayer v1, ownership;
  NormLayer v1norm;
  ActivationLayer v1act, v2act;
  MatMulLayer v2, v3, sv3;
  BiasLayer v2bias, v3bias, sv3bias;
};

MetadataEncoder readMetadataEncoder(Reading& r, int metaChannels);
PolicyHead readPolicyHead(Reading& r);
ValueHead readValueHead(Reading& r);

// Returns the vector to add to the trunk.
nn::TensorId append(nn::GraphBuilder& g, const MetadataEncoder& encoder, nn::TensorId meta);
// These set the outputs they make.
void append(nn::GraphBuilder& g, const PolicyHead& head, nn::TensorId trunk, nn::GraphOutputs& outputs);
void append(nn::GraphBuilder& g, const ValueHead& head, nn::TensorId trunk, nn::GraphOutputs& outputs);

}  // namespace ponnuki
