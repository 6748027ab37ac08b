#include "model/blocks.h"

#include "base/error.h"

namespace ponnuki {
namespace {

constexpr int kDeepestNesting = 16;  // real nets have one level; more would only exhaust the stack

double depthOf(const ConvLayer& conv) {
  return (conv.attrs.ky + conv.attrs.kx - 2) / 4.0;
}

OrdinaryBlock readOrdinaryBlock(Reading& r, const std::string& name) {
  OrdinaryBlock b;
  b.pre = readNorm(r);
  b.preAct = readActivation(r);
  b.w1 = readConv(r);
  b.mid = readNorm(r);
  b.midAct = readActivation(r);
  b.w2 = readConv(r);
  requireEqual(name, "preBN.numChannels", b.pre.channels, "regularConv.inChannels", b.w1.attrs.inC);
  requireEqual(name, "midBN.numChannels", b.mid.channels, "regularConv.outChannels", b.w1.attrs.outC);
  requireEqual(name, "midBN.numChannels", b.mid.channels, "finalConv.inChannels", b.w2.attrs.inC);
  r.trunkConvDepth += depthOf(b.w1) + depthOf(b.w2);
  return b;
}

PoolingBlock readPoolingBlock(Reading& r, const std::string& name) {
  PoolingBlock b;
  b.pre = readNorm(r);
  b.preAct = readActivation(r);
  b.regular = readConv(r);
  b.gpool = readConv(r);
  b.gnorm = readNorm(r);
  b.gAct = readActivation(r);
  b.g2bias = readMatMul(r);
  b.mid = readNorm(r);
  b.midAct = readActivation(r);
  b.w2 = readConv(r);
  requireEqual(name, "preBN.numChannels", b.pre.channels, "regularConv.inChannels", b.regular.attrs.inC);
  requireEqual(name, "preBN.numChannels", b.pre.channels, "gpoolConv.inChannels", b.gpool.attrs.inC);
  requireEqual(name, "gpoolBN.numChannels", b.gnorm.channels, "gpoolConv.outChannels", b.gpool.attrs.outC);
  requireEqual(name, "gpoolBN.numChannels * 3", int64_t{3} * b.gnorm.channels, "gpoolToBiasMul.inChannels",
               b.g2bias.inC);
  requireEqual(name, "midBN.numChannels", b.mid.channels, "regularConv.outChannels", b.regular.attrs.outC);
  requireEqual(name, "midBN.numChannels", b.mid.channels, "gpoolToBiasMul.outChannels", b.g2bias.outC);
  requireEqual(name, "midBN.numChannels", b.mid.channels, "finalConv.inChannels", b.w2.attrs.inC);
  r.trunkConvDepth += depthOf(b.regular) + depthOf(b.w2);
  return b;
}

NestedBlock readNestedBlock(Reading& r, const std::string& name) {
  NestedBlock b;
  int count = 0;
  if (!r.in.integer(count))
    throw UserError(name + ": nested bottleneck res block failed to parse num blocks");
  if (count < 1) throw UserError(name + ": nested bottleneck res block num blocks must be positive");
  if (++r.nesting > kDeepestNesting)
    throw UserError(name + ": blocks are nested more than " + std::to_string(kDeepestNesting) +
                    " levels deep");
  b.pre = readNorm(r);
  b.preAct = readActivation(r);
  b.in = readConv(r);
  b.inner = readBlocks(r, name, count, b.in.attrs.outC);
  b.post = readNorm(r);
  b.postAct = readActivation(r);
  b.out = readConv(r);
  r.nesting--;
  requireEqual(name, "preBN.numChannels", b.pre.channels, "preConv.inChannels", b.in.attrs.inC);
  requireEqual(name, "postBN.numChannels", b.post.channels, "preConv.outChannels", b.in.attrs.outC);
  requireEqual(name, "postBN.numChannels", b.post.channels, "postConv.inChannels", b.out.attrs.inC);
  r.trunkConvDepth += depthOf(b.in) + depthOf(b.out);
  return b;
}

// The first and the last width of a block against its stack.
struct WidthCheck {
  const std::string &owner, &block;
  int channels;

  void expect(const char* what, int found) const {
    requireEqual(owner + ": " + block, what, found, "trunkNumChannels", channels);
  }
  void operator()(const OrdinaryBlock& b) const {
    expect("preBN.numChannels", b.pre.channels);
    expect("finalConv.outChannels", b.w2.attrs.outC);
  }
  void operator()(const PoolingBlock& b) const {
    expect("preBN.numChannels", b.pre.channels);
    expect("finalConv.outChannels", b.w2.attrs.outC);
  }
  void operator()(const NestedBlock& b) const {
    expect("preBN.numChannels", b.pre.channels);
    expect("postConv.outChannels", b.out.attrs.outC);
  }
  void operator()(const AttentionBlock& b) const {
    expect("qProj.inChannels", b.q.inC);
    expect("outProj.outChannels", b.out.outC);
  }
  void operator()(const FeedForwardBlock& b) const { expect("numChannels", b.channels); }
};

Block readBlock(Reading& r, const std::string& owner) {
  std::string keyword;
  if (!r.in.token(keyword)) throw UserError(owner + ": failed to parse block kind");
  Block block;
  if (keyword == "ordinary_block") {
    block.name = r.name(owner);
    block.record = readOrdinaryBlock(r, block.name);
  } else if (keyword == "gpool_block") {
    block.name = r.name(owner);
    block.record = readPoolingBlock(r, block.name);
  } else if (keyword == "nested_bottleneck_block") {
    block.name = r.name(owner);
    block.record = readNestedBlock(r, block.name);
  } else if (keyword == "transformer_attention_block") {
    block.name = r.name(owner);
    block.record = readAttentionBlock(r, block.name);
  } else if (keyword == "transformer_ffn_block") {
    block.name = r.name(owner);
    block.record = readFeedForwardBlock(r, block.name);
  } else {
    throw UserError(owner + ": found unknown block kind: " + keyword);
  }
  return block;
}

nn::TensorId appendBlock(nn::GraphBuilder& g, const std::string& name, const OrdinaryBlock& b,
                         nn::TensorId trunk) {
  nn::TensorId t = append(g, b.w1, append(g, b.pre, b.preAct, trunk));
  t = append(g, b.w2, append(g, b.mid, b.midAct, t));
  return g.add(name, trunk, t);
}

nn::TensorId appendBlock(nn::GraphBuilder& g, const std::string& name, const PoolingBlock& b,
                         nn::TensorId trunk) {
  const nn::TensorId t = append(g, b.pre, b.preAct, trunk);
  const nn::TensorId regular = append(g, b.regular, t);
  const nn::TensorId pooled = g.append(b.gpool.name, nn::GlobalPoolAttrs{nn::PoolKind::MeanMax},
                                       {append(g, b.gnorm, b.gAct, append(g, b.gpool, t))});
  const nn::TensorId biased = g.broadcastAdd(name, regular, append(g, b.g2bias, pooled));
  return g.add(name, trunk, append(g, b.w2, append(g, b.mid, b.midAct, biased)));
}

nn::TensorId appendBlock(nn::GraphBuilder& g, const std::string& name, const NestedBlock& b,
                         nn::TensorId trunk) {
  const nn::TensorId u = append(g, b.inner, append(g, b.in, append(g, b.pre, b.preAct, trunk)));
  return g.add(name, trunk, append(g, b.out, append(g, b.post, b.postAct, u)));
}

nn::TensorId appendBlock(nn::GraphBuilder& g, const std::string& name, const AttentionBlock& b,
                         nn::TensorId trunk) {
  return append(g, name, b, trunk);
}

nn::TensorId appendBlock(nn::GraphBuilder& g, const std::string& name, const FeedForwardBlock& b,
                         nn::TensorId trunk) {
  return append(g, name, b, trunk);
}

}  // namespace

std::vector<Block> readBlocks(Reading& r, const std::string& owner, int count, int channels) {
  std::vector<Block> blocks;
  for (int i = 0; i < count; i++) {
    blocks.push_back(readBlock(r, owner));
    std::visit(WidthCheck{owner, blocks.back().name, channels}, blocks.back().record);
  }
  return blocks;
}

nn::TensorId append(nn::GraphBuilder& g, const std::vector<Block>& blocks, nn::TensorId trunk) {
  for (const Block& block : blocks)
    trunk = std::visit([&](const auto& record) { return appendBlock(g, block.name, record, trunk); },
                       block.record);
  return trunk;
}

}  // namespace ponnuki
