#include <cmath>

#include "base/error.h"
#include "model/blocks.h"

namespace ponnuki {
namespace {

// Pair p < n turns with the row, pairs from n on with the column; the same for every head (section 9, RoPE).
nn::Weights fixedFrequencies(int kvHeads, int headDim, float theta) {
  const int pairs = headDim / 2, n = pairs / 2;
  std::vector<float> table(static_cast<size_t>(kvHeads) * static_cast<size_t>(headDim), 0.0f);
  for (int head = 0; head < kvHeads; head++) {
    for (int p = 0; p < pairs; p++) {
      const int step = p < n ? p : p - n;
      const float exponent = 2.0f * static_cast<float>(step) / static_cast<float>(pairs);
      const size_t at = 2 * (static_cast<size_t>(head) * static_cast<size_t>(pairs) + static_cast<size_t>(p));
      table[at + (p < n ? 1 : 0)] = 1.0f / std::pow(theta, exponent);
    }
  }
  return nn::Weights(std::move(table));
}

nn::Weights readRope(Reading& r, const std::string& block, bool learnable, const nn::AttentionAttrs& attrs) {
  const std::string name = r.name(block);
  if (!learnable) {
    float theta = 0;
    if (!r.in.real(theta) || !(theta > 0) || !std::isfinite(theta))
      throw UserError(name + ": rope theta must be positive and finite");
    return fixedFrequencies(attrs.kvHeads, attrs.qDim, theta);
  }
  int heads = 0, pairs = 0, two = 0;
  if (!r.in.integer(heads) || !r.in.integer(pairs) || !r.in.integer(two))
    throw UserError(name + ": rope freqs failed to parse sizes");
  requireEqual(name, "rope freq numKVHeads", heads, "numKVHeads", attrs.kvHeads);
  requireEqual(name, "rope freq numPairs", pairs, "qHeadDim/2", attrs.qDim / 2);
  if (two != 2) throw UserError(name + ": rope freq dim2 must be 2");
  nn::Weights table = r.in.floats(static_cast<size_t>(heads) * static_cast<size_t>(attrs.qDim), name);
  r.parameters += static_cast<int64_t>(table.size());
  return table;
}

int64_t times(int a, int b) {
  return int64_t{a} * b;
}

}  // namespace

AttentionBlock readAttentionBlock(Reading& r, const std::string& name) {
  AttentionBlock b;
  nn::AttentionAttrs& a = b.attrs;
  int useRope = 0, learnable = 0;
  for (int* field : {&a.heads, &a.kvHeads, &a.qDim, &a.vDim, &useRope, &learnable})
    if (!r.in.integer(*field)) throw UserError(name + ": transformer attention failed to parse parameters");
  if (a.heads <= 0 || a.kvHeads <= 0)
    throw UserError(name + ": transformer attention numHeads and numKVHeads must be positive");
  if (a.heads % a.kvHeads != 0) throw UserError(name + ": numHeads must be divisible by numKVHeads");
  if (a.qDim <= 0 || a.vDim <= 0) throw UserError(name + ": head dims must be positive");
  if (useRope != 0 && a.qDim % 2 != 0)
    throw UserError(name + ": qHeadDim (" + std::to_string(a.qDim) + ") must be even when RoPE is used");
  b.norm = readTransformerRmsNorm(r);
  b.q = readMatMul(r);
  b.k = readMatMul(r);
  b.v = readMatMul(r);
  b.out = readMatMul(r);
  // Before the rope part, whose size is bounded by these widths.
  requireEqual(name, "qProj.outChannels", b.q.outC, "numHeads * qHeadDim", times(a.heads, a.qDim));
  requireEqual(name, "kProj.outChannels", b.k.outC, "numKVHeads * qHeadDim", times(a.kvHeads, a.qDim));
  requireEqual(name, "vProj.outChannels", b.v.outC, "numKVHeads * vHeadDim", times(a.kvHeads, a.vDim));
  requireEqual(name, "outProj.inChannels", b.out.inC, "numHeads * vHeadDim", times(a.heads, a.vDim));
  if (useRope != 0) a.rope = readRope(r, name, learnable != 0, a);
  requireEqual(name, "norm.numChannels", b.norm.channels, "qProj.inChannels", b.q.inC);
  requireEqual(name, "kProj.inChannels", b.k.inC, "qProj.inChannels", b.q.inC);
  requireEqual(name, "vProj.inChannels", b.v.inC, "qProj.inChannels", b.q.inC);
  r.trunkConvDepth += 2;
  r.hasTransformerBlocks = true;
  return b;
}

FeedForwardBlock readFeedForwardBlock(Reading& r, const std::string& name) {
  FeedForwardBlock b;
  int hidden = 0, useGate = 0;
  if (!r.in.integer(b.channels) || !r.in.integer(hidden) || !r.in.integer(useGate))
    throw UserError(name + ": transformer ffn failed to parse parameters");
  if (b.channels <= 0 || hidden <= 0) throw UserError(name + ": transformer ffn channels must be positive");
  b.hasGate = useGate != 0;
  b.norm = readTransformerRmsNorm(r);
  b.linear1 = readMatMul(r);
  if (b.hasGate) b.gate = readMatMul(r);
  b.linear2 = readMatMul(r);
  requireEqual(name, "norm.numChannels", b.norm.channels, "numChannels", b.channels);
  requireEqual(name, "linear1.inChannels", b.linear1.inC, "numChannels", b.channels);
  requireEqual(name, "linear1.outChannels", b.linear1.outC, "ffnChannels", hidden);
  if (b.hasGate) {
    requireEqual(name, "linearGate.inChannels", b.gate.inC, "numChannels", b.channels);
    requireEqual(name, "linearGate.outChannels", b.gate.outC, "ffnChannels", hidden);
  }
  requireEqual(name, "linear2.inChannels", b.linear2.inC, "ffnChannels", hidden);
  requireEqual(name, "linear2.outChannels", b.linear2.outC, "numChannels", b.channels);
  r.trunkConvDepth += 2;
  r.hasTransformerBlocks = true;
  return b;
}

// The norm is zero off the board, so both branches add 0 there and need no mask of their own.
nn::TensorId append(nn::GraphBuilder& g, const std::string& name, const AttentionBlock& b,
                    nn::TensorId trunk) {
  const nn::TensorId t = g.mask(b.norm.name, append(g, b.norm, trunk));
  const nn::TensorId mixed =
      g.append(name, b.attrs, {append(g, b.q, t), append(g, b.k, t), append(g, b.v, t)});
  return g.add(name, trunk, append(g, b.out, mixed));
}

nn::TensorId append(nn::GraphBuilder& g, const std::string& name, const FeedForwardBlock& b,
                    nn::TensorId trunk) {
  const nn::TensorId t = g.mask(b.norm.name, append(g, b.norm, trunk));
  nn::TensorId hidden = g.activation(b.linear1.name, nn::Activation::Silu, append(g, b.linear1, t));
  if (b.hasGate) hidden = g.mul(name, hidden, append(g, b.gate, t));
  return g.add(name, trunk, append(g, b.linear2, hidden));
}

}  // namespace ponnuki
