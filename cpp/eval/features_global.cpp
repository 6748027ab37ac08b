// Global features: komi, rules, phase, passes (spec nn-inputs 7, 10.2).
#include <algorithm>
#include <cmath>

#include "eval/features_parts.h"

namespace ponnuki::features {
namespace {

float clippedSelfKomi(const Context& c) {
  const float limit = static_cast<float>(c.board.area()) + c.layout.komiMargin;
  return std::clamp(c.state.selfKomi(c.pla, c.params.drawEquivalentWinsForWhite), -limit, limit);
}

// How far komi lies from the values that can be a draw, as a triangle wave of period 2 points.
float komiParityWave(float komi, bool evenArea) {
  const float base = evenArea ? 2 * std::floor(komi / 2) : 2 * std::floor((komi - 1) / 2) + 1;
  const float delta = std::clamp(komi - base, 0.0f, 2.0f);
  if (delta < 0.5f) return delta;
  return delta < 1.5f ? 1 - delta : delta - 2;
}

void fillRules(const Context& c) {
  const Rules& rules = c.state.rules();
  if (rules.ko != KoRule::Simple) {
    c.global[6] = 1.0f;
    c.global[7] = rules.ko == KoRule::Situational ? -0.5f : 0.5f;
  }
  if (rules.multiStoneSuicide) c.global[8] = 1.0f;
  if (rules.scoring == ScoringRule::Territory) c.global[9] = 1.0f;
  if (c.layout.tax >= 0) {
    if (rules.tax != TaxRule::None) c.global[c.layout.tax] = 1.0f;
    if (rules.tax == TaxRule::All) c.global[c.layout.tax + 1] = 1.0f;
  }
}

}  // namespace

void fillGlobals(const Context& c, const History& history) {
  const Layout& layout = c.layout;
  const float komi = clippedSelfKomi(c);
  c.global[5] = komi / layout.komiDivisor;
  fillRules(c);
  const int phase = c.state.phase();
  if (phase >= 1) c.global[layout.phase] = 1.0f;
  if (phase == 2) c.global[layout.phase + 1] = 1.0f;
  if (layout.passEndsPhase >= 0 && !history.suppressed && c.state.passWouldEndPhase(c.pla))
    c.global[layout.passEndsPhase] = 1.0f;
  if (layout.playoutDoublings >= 0 && c.params.playoutDoublingAdvantage != 0) {
    c.global[layout.playoutDoublings] = 1.0f;
    c.global[layout.playoutDoublings + 1] = static_cast<float>(0.5 * c.params.playoutDoublingAdvantage);
  }
  if (layout.button >= 0 && c.state.buttonAvailable()) c.global[layout.button] = 1.0f;
  if (layout.parityWave >= 0 && (c.state.rules().scoring == ScoringRule::Area || phase == 2))
    c.global[layout.parityWave] = komiParityWave(komi, c.board.area() % 2 == 0);
}

}  // namespace ponnuki::features
