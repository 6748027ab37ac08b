#include "model/heads.h"

#include "base/error.h"

namespace ponnuki {
namespace {

int policyChannelsOf(Reading& r, const std::string& name) {
  if (r.version < 12) return 1;
  if (r.version < 16) return 2;
  if (r.version == 16) return 4;
  int channels = 0;
  if (!r.in.integer(channels)) throw UserError(name + ": policy head failed to parse policyOutChannels");
  if (channels != 2 && channels != 4)
    throw UserError(name + ": policy head got invalid policyOutChannels " + std::to_string(channels));
  return channels;
}

int scoreChannelsOf(int version) {
  if (version >= 9) return 6;
  if (version == 8) return 4;
  return version >= 4 ? 2 : 1;
}

void checkPass(const PolicyHead& h) {
  if (!h.hasPassLayer) {
    requireEqual(h.name, "gpoolToPassMul.outChannels", h.g2pass.outC, "policyOutChannels", h.outChannels);
    return;
  }
  requireEqual(h.name, "gpoolToPassMul.outChannels", h.g2pass.outC, "gpoolToPassBias.numChannels",
               h.passBias.channels);
  requireEqual(h.name, "gpoolToPassMul.outChannels", h.g2pass.outC, "gpoolToPassMul2.inChannels",
               h.pass2.inC);
  requireEqual(h.name, "gpoolToPassMul.outChannels", h.g2pass.outC, "p1Conv.outChannels", h.p1.attrs.outC);
  requireEqual(h.name, "gpoolToPassMul2.outChannels", h.pass2.outC, "policyOutChannels", h.outChannels);
}

}  // namespace

MetadataEncoder readMetadataEncoder(Reading& r, int metaChannels) {
  MetadataEncoder e;
  e.name = r.name("metadata encoder");
  int inputs = 0;
  if (!r.in.integer(inputs)) throw UserError(e.name + ": failed to parse number of in channels");
  if (inputs != metaChannels)
    throw UserError(e.name + ": number of in channels (" + std::to_string(inputs) +
                    ") did not match expected (" + std::to_string(metaChannels) + ")");
  e.mul1 = readMatMul(r);
  e.bias1 = readBias(r);
  e.act1 = readActivation(r);
  e.mul2 = readMatMul(r);
  e.bias2 = readBias(r);
  e.act2 = readActivation(r);
  e.mul3 = readMatMul(r);
  requireEqual(e.name, "mul1.inChannels", e.mul1.inC, "numInputMetaChannels", metaChannels);
  requireEqual(e.name, "mul1.outChannels", e.mul1.outC, "bias1.numChannels", e.bias1.channels);
  requireEqual(e.name, "mul2.inChannels", e.mul2.inC, "mul1.outChannels", e.mul1.outC);
  requireEqual(e.name, "mul2.outChannels", e.mul2.outC, "bias2.numChannels", e.bias2.channels);
  requireEqual(e.name, "mul3.inChannels", e.mul3.inC, "mul2.outChannels", e.mul2.outC);
  return e;
}

PolicyHead readPolicyHead(Reading& r) {
  PolicyHead h;
  h.name = r.name("policy head");
  h.outChannels = policyChannelsOf(r, h.name);
  if (r.version >= 17)
    for (const char letter : {'A', 'B', 'C'}) requireUnused(r, h.name, "policy", letter);
  h.p1 = readConv(r);
  h.g1 = readConv(r);
  h.g1norm = readNorm(r);
  h.gAct = readActivation(r);
  h.g2bias = readMatMul(r);
  h.p1norm = readNorm(r);
  h.pAct = readActivation(r);
  h.p2 = readConv(r);
  h.g2pass = readMatMul(r);
  h.hasPassLayer = r.version >= 15;
  if (h.hasPassLayer) {
    h.passBias = readBias(r);
    h.passAct = readActivation(r);
    h.pass2 = readMatMul(r);
  }
  const int64_t pooled = int64_t{3} * h.g1norm.channels;
  requireEqual(h.name, "p1Conv.outChannels", h.p1.attrs.outC, "p1BN.numChannels", h.p1norm.channels);
  requireEqual(h.name, "g1Conv.outChannels", h.g1.attrs.outC, "g1BN.numChannels", h.g1norm.channels);
  requireEqual(h.name, "gpoolToBiasMul.inChannels", h.g2bias.inC, "g1BN.numChannels * 3", pooled);
  requireEqual(h.name, "gpoolToBiasMul.outChannels", h.g2bias.outC, "p1BN.numChannels", h.p1norm.channels);
  requireEqual(h.name, "p2Conv.inChannels", h.p2.attrs.inC, "p1BN.numChannels", h.p1norm.channels);
  requireEqual(h.name, "gpoolToPassMul.inChannels", h.g2pass.inC, "g1BN.numChannels * 3", pooled);
  requireEqual(h.name, "p2Conv.outChannels", h.p2.attrs.outC, "policyOutChannels", h.outChannels);
  checkPass(h);
  return h;
}

ValueHead readValueHead(Reading& r) {
  ValueHead h;
  h.name = r.name("value head");
  if (r.version >= 17)
    for (const char letter : {'A', 'B', 'C'}) requireUnused(r, h.name, "value", letter);
  h.v1 = readConv(r);
  h.v1norm = readNorm(r);
  h.v1act = readActivation(r);
  h.v2 = readMatMul(r);
  h.v2bias = readBias(r);
  h.v2act = readActivation(r);
  h.v3 = readMatMul(r);
  h.v3bias = readBias(r);
  h.sv3 = readMatMul(r);
  h.sv3bias = readBias(r);
  h.ownership = readConv(r);
  const int score = scoreChannelsOf(r.version);
  requireEqual(h.name, "v1Conv.outChannels", h.v1.attrs.outC, "v1BN.numChannels", h.v1norm.channels);
  requireEqual(h.name, "v2Mul.inChannels", h.v2.inC, "v1BN.numChannels * 3", int64_t{3} * h.v1norm.channels);
  requireEqual(h.name, "v2Mul.outChannels", h.v2.outC, "v2Bias.numChannels", h.v2bias.channels);
  requireEqual(h.name, "v2Mul.outChannels", h.v2.outC, "v3Mul.inChannels", h.v3.inC);
  requireEqual(h.name, "v2Mul.outChannels", h.v2.outC, "sv3Mul.inChannels", h.sv3.inC);
  requireEqual(h.name, "v3Mul.outChannels", h.v3.outC, "expected", 3);
  requireEqual(h.name, "v3Bias.numChannels", h.v3bias.channels, "expected", 3);
  requireEqual(h.name, "sv3Mul.outChannels", h.sv3.outC, "expected", score);
  requireEqual(h.name, "sv3Bias.numChannels", h.sv3bias.channels, "expected", score);
  requireEqual(h.name, "vOwnershipConv.inChannels", h.ownership.attrs.inC, "v1Conv.outChannels",
               h.v1.attrs.outC);
  requireEqual(h.name, "vOwnershipConv.outChannels", h.ownership.attrs.outC, "expected", 1);
  return h;
}

nn::TensorId append(nn::GraphBuilder& g, const MetadataEncoder& e, nn::TensorId meta) {
  nn::TensorId t = append(g, e.act1, append(g, e.bias1, append(g, e.mul1, meta)));
  t = append(g, e.act2, append(g, e.bias2, append(g, e.mul2, t)));
  return append(g, e.mul3, t);
}

void append(nn::GraphBuilder& g, const PolicyHead& h, nn::TensorId trunk, nn::GraphOutputs& outputs) {
  const nn::TensorId p = append(g, h.p1, trunk);
  const nn::TensorId pooled = g.append(h.g1.name, nn::GlobalPoolAttrs{nn::PoolKind::MeanMax},
                                       {append(g, h.g1norm, h.gAct, append(g, h.g1, trunk))});
  const nn::TensorId biased = g.broadcastAdd(h.name, p, append(g, h.g2bias, pooled));
  outputs.policy = append(g, h.p2, append(g, h.p1norm, h.pAct, biased));
  outputs.pass = append(g, h.g2pass, pooled);
  if (h.hasPassLayer)
    outputs.pass = append(g, h.pass2, append(g, h.passAct, append(g, h.passBias, outputs.pass)));
}

void append(nn::GraphBuilder& g, const ValueHead& h, nn::TensorId trunk, nn::GraphOutputs& outputs) {
  const nn::TensorId u = append(g, h.v1norm, h.v1act, append(g, h.v1, trunk));
  const nn::TensorId pooled = g.append(h.v1.name, nn::GlobalPoolAttrs{nn::PoolKind::Moments}, {u});
  const nn::TensorId hidden = append(g, h.v2act, append(g, h.v2bias, append(g, h.v2, pooled)));
  outputs.value = append(g, h.v3bias, append(g, h.v3, hidden));
  outputs.score = append(g, h.sv3bias, append(g, h.sv3, hidden));
  outputs.ownership = append(g, h.ownership, u);
}

}  // namespace ponnuki
