// Every parameter of a search, one field per configuration key and named exactly like it (spec search 2).
// Utilities are White's view; times in seconds. The values here are what the loader yields for an empty
// config in GTP mode before its per-mode assembly (resolve.h); the rows with ranges, modes and meaning are in
// search_param_table.cpp. Plain value type.
#pragma once

#include <cstdint>
#include <string>

#include "game/color.h"

namespace ponnuki {

constexpr int64_t kUnlimitedVisits = int64_t{1} << 50;
constexpr double kUnlimitedTime = 1e20;

struct SearchParams {
  // Utility
  double winLossUtilityFactor = 1.0;
  double staticScoreUtilityFactor = 0.1;
  double dynamicScoreUtilityFactor = 0.3;
  double dynamicScoreCenterZeroWeight = 0.2;
  double dynamicScoreCenterScale = 0.75;
  double noResultUtilityForWhite = 0.0;
  double drawEquivalentWinsForWhite = 0.5;

  // Exploration
  double cpuctExploration = 1.0;
  double cpuctExplorationLog = 0.45;
  double cpuctExplorationBase = 500;
  double cpuctUtilityStdevPrior = 0.40;
  double cpuctUtilityStdevPriorWeight = 2.0;
  double cpuctUtilityStdevScale = 0.85;
  double fpuReductionMax = 0.2;
  double fpuLossProp = 0.0;
  bool fpuParentWeightByVisitedPolicy = true;
  double fpuParentWeightByVisitedPolicyPow = 2.0;
  double fpuParentWeight = 0.0;
  double policyOptimism = 1.0;
  float nnPolicyTemperature = 1.0f;

  // Aggregation of values
  double valueWeightExponent = 0.25;
  bool useNoisePruning = true;
  double noisePruneUtilityScale = 0.15;
  double noisePruningCap = 1e50;
  bool useUncertainty = true;
  double uncertaintyCoeff = 0.25;
  double uncertaintyExponent = 1.0;
  double uncertaintyMaxWeight = 8.0;
  double subtreeValueBiasFactor = 0.45;
  double subtreeValueBiasFreeProp = 0.8;
  double subtreeValueBiasWeightExponent = 0.85;
  bool useGraphSearch = true;
  int graphSearchRepBound = 11;
  double graphSearchCatchUpLeakProb = 0.0;
  bool useEvalCache = false;
  int64_t evalCacheMinVisits = 100;

  // Root
  bool rootNoiseEnabled = false;
  double rootDirichletNoiseTotalConcentration = 10.83;
  double rootDirichletNoiseWeight = 0.25;
  double rootPolicyTemperature = 1.0;
  double rootPolicyTemperatureEarly = 1.0;
  double rootFpuReductionMax = 0.1;
  double rootFpuLossProp = 0.0;
  int rootNumSymmetriesToSample = 1;
  bool rootSymmetryPruning = true;
  double rootDesiredPerChildVisitsCoeff = 0.0;
  double rootPolicyOptimism = 0.2;
  double wideRootNoise = 0.0;
  double rootEndingBonusPoints = 0.5;
  bool rootPruneUselessMoves = true;
  bool conservativePass = false;
  bool fillDameBeforePass = false;
  bool enablePassingHacks = true;
  bool enableMorePassingHacks = true;
  int alwaysComputePassAliveUnderSuicideRules = -1;  // 0, 1, or -1 = what the net file declares
  bool ignorePreRootHistory = false;
  bool ignoreAllHistory = false;
  bool antiMirror = false;
  double playoutDoublingAdvantage = 0.0;
  Color playoutDoublingAdvantagePla = Color::Empty;  // Empty = the player the search is for
  double avoidRepeatedPatternUtility = 0.0;

  // Choice of the move
  double chosenMoveTemperature = 0.1;
  double chosenMoveTemperatureEarly = 0.5;
  double chosenMoveTemperatureHalflife = 19;
  double chosenMoveTemperatureOnlyBelowProb = 1.0;
  double chosenMoveSubtract = 0.0;
  double chosenMovePrune = 1.0;
  bool useLcbForSelection = true;
  double lcbStdevs = 5.0;
  double minVisitPropForLCB = 0.15;
  bool useNonBuggyLcb = true;

  // Limits, time, threads
  int64_t maxVisits = kUnlimitedVisits;
  int64_t maxPlayouts = kUnlimitedVisits;
  double maxTime = kUnlimitedTime;
  int64_t maxVisitsPondering = kUnlimitedVisits;
  int64_t maxPlayoutsPondering = kUnlimitedVisits;
  double maxTimePondering = kUnlimitedTime;
  double lagBuffer = 0.0;
  double searchFactorAfterOnePass = 1.0;
  double searchFactorAfterTwoPass = 1.0;
  int numSearchThreads = 1;  // required in a config
  double minPlayoutsPerThread = 8.0;
  double numVirtualLossesPerThread = 1.0;
  int nodeTableShardsPowerOfTwo = 16;
  double treeReuseCarryOverTimeFactor = 0.0;
  double overallocateTimeFactor = 1.0;
  double midgameTimeFactor = 1.0;
  double midgameTurnPeakTime = 130.0;
  double endgameTurnTimeDecay = 100.0;
  double obviousMovesTimeFactor = 1.0;
  double obviousMovesPolicyEntropyTolerance = 0.30;
  double obviousMovesPolicySurpriseTolerance = 0.15;
  double futileVisitsThreshold = 0.0;  // 0 = off

  // Human-imitating net
  std::string humanSLProfile;  // empty = none
  double humanSLCpuctExploration = 1.0;
  double humanSLCpuctPermanent = 0.0;
  double humanSLRootExploreProbWeightless = 0.0;
  double humanSLRootExploreProbWeightful = 0.0;
  double humanSLPlaExploreProbWeightless = 0.0;
  double humanSLPlaExploreProbWeightful = 0.0;
  double humanSLOppExploreProbWeightless = 0.0;
  double humanSLOppExploreProbWeightful = 0.0;
  double humanSLChosenMoveProp = 0.0;
  bool humanSLChosenMoveIgnorePass = false;
  double humanSLChosenMovePiklLambda = 1e9;

  friend bool operator==(const SearchParams&, const SearchParams&) = default;
};

}  // namespace ponnuki
