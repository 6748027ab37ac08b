// The block records of a trunk (spec model-and-network 5) and the ops they stand for (section 9). A new kind
// of block is one struct, one reader and one append function here or in attention_blocks.
#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "model/layers.h"

namespace ponnuki {

struct OrdinaryBlock {
  NormLayer pre;
  ActivationLayer preAct;
  ConvLayer w1;
  NormLayer mid;
  ActivationLayer midAct;
  ConvLayer w2;
};
struct PoolingBlock {
  NormLayer pre;
  ActivationLayer preAct;
  ConvLayer regular, gpool;
  NormLayer gnorm;
  ActivationLayer gAct;
  MatMulLayer g2bias;
  NormLayer mid;
  ActivationLayer midAct;
  ConvLayer w2;
};
struct AttentionBlock {
  RmsNormLayer norm;
  MatMulLayer q, k, v, out;
  nn::AttentionAttrs attrs;
};
struct FeedForwardBlock {
  int channels = 0;
  RmsNormLayer norm;
  MatMulLayer linear1, gate, linear2;  // gate is empty without SwiGLU
  bool hasGate = false;
};
struct Block;
struct NestedBlock {
  NormLayer pre;
  ActivationLayer preAct;
  ConvLayer in;
  std::vector<Block> inner;
  NormLayer post;
  ActivationLayer postAct;
  ConvLayer out;
};
struct Block {
  std::string name;
  std::variant<OrdinaryBlock, PoolingBlock, NestedBlock, AttentionBlock, FeedForwardBlock> record;
};

// `owner` and `channels`: of the stack the blocks belong to.
std::vector<Block> readBlocks(Reading& r, const std::string& owner, int count, int channels);
// Returns the trunk after the blocks.
nn::TensorId append(nn::GraphBuilder& g, const std::vector<Block>& blocks, nn::TensorId trunk);

// attention_blocks.cpp
AttentionBlock readAttentionBlock(Reading& r, const std::string& name);
FeedForwardBlock readFeedForwardBlock(Reading& r, const std::string& name);
nn::TensorId append(nn::GraphBuilder& g, const std::string& name, const AttentionBlock& block,
                    nn::TensorId trunk);
nn::TensorId append(nn::GraphBuilder& g, const std::string& name, const FeedForwardBlock& block,
                    nn::TensorId trunk);

}  // namespace ponnuki
