#include "eval/net_hash.h"

#include <doctest/doctest.h>

#include <set>

#include "worked_examples.h"

using namespace ponnuki;
using namespace ponnuki::examples;

namespace {

std::string hashOf(const GameState& state, const EvalParams& params = {}) {
  return netHash(state, state.toMove(), params).toString();
}

}  // namespace

TEST_CASE("net hashes of the ladder game equal the reference's") {
  GameState state = ladderGame();
  CHECK(hashOf(state) == "161188DF9DA919E7CAFBA7E0039D6D65");
  playAll(state, {{3, 2}});
  CHECK(hashOf(state) == "0B666F3C9BE5F0FFE3BB5368F5BCAE16");
  playAll(state, {{2, 3}});
  CHECK(hashOf(state) == "5334356014C9FBBCE28F1136F9FF4AEC");
}

TEST_CASE("net hashes through the phases of territory scoring equal the reference's") {
  GameState state = territoryGame();
  EvalParams conservative, hacks;
  conservative.conservativePassAndIsRoot = true;
  hacks.enablePassingHacks = true;
  CHECK(hashOf(state) == "946F23533A48BF00C76148E3974F8073");
  playAll(state, {kPassXY});
  CHECK(hashOf(state) == "BE38486391FC38BEE54222EF5BC66D01");
  playAll(state, {kPassXY});
  CHECK(hashOf(state) == "14F5936C347ACDCCF74820A9EF422886");
  playAll(state, {kPassXY, kPassXY});
  CHECK(hashOf(state) == "C280945375F75D6152AC3EA09EFDE85F");
  GameState other = state;
  playAll(state, {kPassXY});
  CHECK(hashOf(state) == "E8D7FF63DE43DADF708F54AC5274052D");
  CHECK(hashOf(state, conservative) == "B2C32181D6BD1A327CA4C258EADA2884");
  CHECK(hashOf(state, hacks) == "CE5B659CA78597DFEC06A0516E91AC01");
  playAll(other, {{0, 0}, kPassXY});
  CHECK(hashOf(other) == "62C1451F0AB9EBA1B129232C0D2D501E");
  CHECK(hashOf(other, hacks) == "444DDFE0737FA6A12DA0D7D131C8F932");
}

TEST_CASE("draw value and playout doublings enter the hash as in the reference") {
  EvalParams params;
  params.drawEquivalentWinsForWhite = 0.75;
  params.playoutDoublingAdvantage = 1.5;
  CHECK(hashOf(koGame(), params) == "F1F004E53B414ABCC8EC4EA153C7121C");
}

TEST_CASE("parameters that change the result change the hash, symmetry and history length do not") {
  const GameState state = ladderGame();
  std::set<std::string> hashes = {hashOf(state)};
  const auto differs = [&](auto change) {
    EvalParams params;
    change(params);
    return hashes.insert(hashOf(state, params)).second;
  };
  CHECK(differs([](EvalParams& p) { p.nnPolicyTemperature = 1.5f; }));
  CHECK(differs([](EvalParams& p) { p.policyOptimism = 0.2; }));
  CHECK(differs([](EvalParams& p) { p.policyOptimism = 1; }));
  CHECK(differs([](EvalParams& p) { p.playoutDoublingAdvantage = -1; }));
  CHECK(differs([](EvalParams& p) { p.avoidMYTDaggerHack = true; }));
  CHECK(differs([](EvalParams& p) { p.maxHistory = 0; }));
  CHECK_FALSE(differs([](EvalParams& p) { p.maxHistory = 3; }));
  CHECK_FALSE(differs([](EvalParams& p) { p.symmetry = 3; }));
  CHECK_FALSE(differs([](EvalParams& p) { p.enablePassingHacks = true; }));     // no pass would end the phase
  CHECK_FALSE(differs([](EvalParams& p) { p.passAliveSuicideOverride = 1; }));  // suicide is legal anyway

  const Hash128 profile(1, 2);
  CHECK((netHash(state, state.toMove(), {}) ^ profile) == netHash(state, state.toMove(), {}, &profile));
}

TEST_CASE("the pass-alive override counts only where suicide is illegal") {
  const GameState state = koGame();
  EvalParams on, off;
  on.passAliveSuicideOverride = 1;
  off.passAliveSuicideOverride = 0;
  CHECK(hashOf(state) == hashOf(state, off));
  CHECK(hashOf(state) != hashOf(state, on));
}
