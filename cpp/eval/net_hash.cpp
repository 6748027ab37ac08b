#include "eval/net_hash.h"

namespace ponnuki {
namespace {

// Spec nn-inputs 15.4.
constexpr Hash128 kPassEndsPhase{0x853e097c279ebf4e, 0xe3153def9e14a62c};
constexpr Hash128 kGameOver{0xb6f9e465597a77ee, 0xf1d583d960a4ce7f};
constexpr Hash128 kConservativePass{0x0c2b96f4b8ae2da9, 0x5a14dee208fec0ed};
constexpr Hash128 kFriendlyPass{0xe750505a66f7c5c2, 0x7a83139bf632d6c4};
constexpr Hash128 kPassingHacks{0x9c89f4fd3ce5a92c, 0x268c9aff79c64d00};
constexpr Hash128 kPlayoutDoublings{0xa5e6114d380bfc1d, 0x4160557f1222f4ad};
constexpr Hash128 kPolicyTemperature{0xebcbdfeec6f4334b, 0xb85e43ee243b5ad2};
constexpr Hash128 kDagger{0x612d22ec402ce054, 0x0db915c49de527ae};
constexpr Hash128 kPolicyOptimism{0x88415c85c2801955, 0x39bdf76b2aaa5eb1};
constexpr Hash128 kZeroHistory{0x78f02afdd1aa4910, 0xda78d550486fe978};

uint64_t truncated(double v) {
  return static_cast<uint64_t>(static_cast<int64_t>(v));
}

void mixState(Hash128& h, const GameState& state, Color pla, const EvalParams& params) {
  if (state.passWouldEndPhase(pla)) {
    h ^= kPassEndsPhase;
    if (params.conservativePassAndIsRoot) h ^= kConservativePass;
    if (state.suppressFriendlyEnd(pla)) h ^= kFriendlyPass;
    if (params.enablePassingHacks) h ^= kPassingHacks;
  }
  if (state.isFinished() || state.isPastPhaseEnd()) h ^= kGameOver;
}

void mixParams(Hash128& h, const EvalParams& params) {
  if (params.maxHistory <= 0) {
    h.h0 += kZeroHistory.h0;
    h.h1 += kZeroHistory.h1;
  }
  if (params.playoutDoublingAdvantage != 0) {
    const uint64_t d = truncated(params.playoutDoublingAdvantage * 256.0);
    h.h0 += mix::splitMix64(d);
    h.h1 += mix::lcong(d);
    h ^= kPlayoutDoublings;
  }
  if (params.nnPolicyTemperature != 1.0f) {
    const uint64_t t = truncated(params.nnPolicyTemperature * 2048.0f);
    h.h0 ^= mix::lcong2(t);
    h.h1 = mix::splitMix64(h.h1 + t);
    h.h0 += h.h1;
    h ^= kPolicyTemperature;
  }
  if (params.avoidMYTDaggerHack) h ^= kDagger;
  if (params.policyOptimism > 0) {
    h ^= kPolicyOptimism;
    const uint64_t o = truncated(params.policyOptimism * 1024.0);
    h.h0 = mix::rrmxmx(mix::splitMix64(h.h0) + o);
    h.h1 = mix::rrmxmx(h.h1 + h.h0 + o);
  }
}

}  // namespace

Hash128 netHash(const GameState& state, Color pla, const EvalParams& params, const Hash128* metadataHash) {
  const double draw = params.drawEquivalentWinsForWhite;
  const bool passAliveSuicide = params.passAliveSuicideOverride >= 0 ? params.passAliveSuicideOverride == 1
                                                                     : state.passAliveAsIfSuicide();
  Hash128 h = state.situationRulesHash(pla, draw, passAliveSuicide);
  mixState(h, state, pla, params);
  mixParams(h, params);
  if (metadataHash) h ^= *metadataHash;
  return h;
}

}  // namespace ponnuki
