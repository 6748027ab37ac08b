// Hashes of a game state that the net cache and graph search build on (spec nn-inputs 5.6, 13.2, 14).
#include "game/game_state.h"
#include "game/zobrist.h"

namespace ponnuki {
namespace {

void toggleKoSets(const GameState& state, Hash128& h) {
  const Zobrist& z = zobrist();
  const Point ko = state.phase() == 0 ? state.board().koPoint() : kNullPoint;
  if (ko != kNullPoint) h ^= z.koLoc[ko];
  if (state.superkoBanned().any()) {
    forEachPoint(state.superkoBanned(), [&](Point p) {
      if (p != ko) h ^= z.koLoc[p];
    });
  }
  if (state.phase() == 0) return;
  forEachPoint(state.koRecapBlocked(),
               [&](Point p) { h ^= z.koMark[p][index(Color::Black)] ^ z.koMark[p][index(Color::White)]; });
  if (state.phase() < 2) return;
  for (int p = 0; p < kPointArraySize; p++)
    h ^= z.secondEncore[p][index(state.secondPhaseStone(static_cast<Point>(p)))];
}

void toggleRules(const GameState& state, bool passAliveSuicide, Hash128& h) {
  const Rules& rules = state.rules();
  h ^= hashes::kKoRule[static_cast<int>(rules.ko)];
  h ^= hashes::kScoring[static_cast<int>(rules.scoring)];
  h ^= hashes::kTax[static_cast<int>(rules.tax)];
  if (rules.multiStoneSuicide) h ^= hashes::kSuicide;
  if (state.buttonAvailable()) h ^= hashes::kButton;
  if (rules.friendlyPassOk) h ^= hashes::kFriendlyPassOk;
  if (passAliveSuicide && !rules.multiStoneSuicide) h ^= hashes::kPassAliveSuicide;
}

}  // namespace

float GameState::whiteKomi(double drawEquivalentWinsForWhite) const {
  const float drawTerm =
      rules_.resultIsInteger() ? static_cast<float>(drawEquivalentWinsForWhite - 0.5) : 0.0f;
  return whiteBonus_ + whiteHandicapBonus_ + rules_.komi + drawTerm;
}

float GameState::selfKomi(Color c, double drawEquivalentWinsForWhite) const {
  const float komi = whiteKomi(drawEquivalentWinsForWhite);
  return c == Color::White ? komi : -komi;
}

Hash128 GameState::situationRulesHash(Color c, double drawEquivalentWinsForWhite) const {
  return situationRulesHash(c, drawEquivalentWinsForWhite, passAliveAsIfSuicide_);
}

Hash128 GameState::situationRulesHash(Color c, double drawEquivalentWinsForWhite,
                                      bool passAliveSuicide) const {
  Hash128 h =
      board().positionHash() ^ zobrist().player[index(c)] ^ zobrist().encore[static_cast<size_t>(phase_)];
  toggleKoSets(*this, h);
  const auto komiSteps = static_cast<int64_t>(selfKomi(c, drawEquivalentWinsForWhite) * 256.0f);
  const uint64_t mixed = mix::murmurMix(static_cast<uint64_t>(komiSteps));
  h ^= Hash128(mixed, mix::lcong(mixed));
  toggleRules(*this, passAliveSuicide, h);
  return h;
}

Hash128 GameState::graphStateHash(Color c, double drawEquivalentWinsForWhite) const {
  Hash128 h = situationRulesHash(c, drawEquivalentWinsForWhite);
  if (passWouldEndPhase(c)) h ^= hashes::kPassEndsPhase;
  if (finished_) h ^= hashes::kGameOver;
  const auto passes = static_cast<uint64_t>(endPasses_);
  h.h0 += 2862933555777941757ULL * passes;
  h.h1 += 3202034522624059733ULL * passes;
  return h;
}

Hash128 GameState::nextGraphHash(Hash128 previous, Color c, int repBound,
                                 double drawEquivalentWinsForWhite) const {
  const Hash128 state = graphStateHash(c, drawEquivalentWinsForWhite);
  if (moves_.empty() || board().repetitionBoundExceeds(moves_.back().point, repBound)) return state;
  const uint64_t n0 = mix::splitMix64(previous.h0 ^ previous.h1);
  const uint64_t n1 = mix::nasam(previous.h1) + n0;
  return {n0 + state.h0, n1 + state.h1};
}

Hash128 GameState::graphHashFromScratch(Color c, int repBound, double drawEquivalentWinsForWhite) const {
  GameState replay = atStart();
  Hash128 h;
  for (size_t i = 0; i < moves_.size(); i++) {
    h = replay.nextGraphHash(h, moves_[i].player, repBound, drawEquivalentWinsForWhite);
    replay.playTolerant(moves_[i].point, moves_[i].player, held_[i]);
  }
  return replay.nextGraphHash(h, c, repBound, drawEquivalentWinsForWhite);
}

}  // namespace ponnuki
