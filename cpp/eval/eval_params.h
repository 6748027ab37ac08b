// What one evaluation is asked with, besides the position itself (spec nn-inputs 4). Plain value type.
#pragma once

namespace ponnuki {

struct EvalParams {
  double drawEquivalentWinsForWhite = 0.5;
  bool conservativePassAndIsRoot = false;
  bool enablePassingHacks = false;
  double playoutDoublingAdvantage = 0;  // of the side to move
  float nnPolicyTemperature = 1;
  bool avoidMYTDaggerHack = false;
  int symmetry = -1;                    // 0..7, -1 = the evaluator chooses; not part of the hash
  double policyOptimism = 0;
  int maxHistory = 1000;                // turns of history to show at most
  int passAliveSuicideOverride = -1;    // -1: the flag of the game state; else 0 or 1
};

}  // namespace ponnuki
