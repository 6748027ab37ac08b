// The rows, in the order in which the loader reads the keys: the first error of a config is that of the first
// row.
#include <iterator>

#include "config/param.h"

namespace ponnuki {
namespace {

using P = SearchParams;
constexpr double kMaxVisitsValue = static_cast<double>(kUnlimitedVisits);
constexpr Default kUnlimited{kMaxVisitsValue};
constexpr Range kVisits{1, kMaxVisitsValue};
constexpr Range kSeconds{0, kUnlimitedTime};
constexpr Range kProp{0, 1};
constexpr Range kNone{};

constexpr Default onInGtpAndAnalysis() {
  return {1, 1, 0};
}

// clang-format off
constexpr SearchParamRow kRows[] = {
  {"maxPlayouts", &P::maxPlayouts, kVisits, kUnlimited, Group::Limits, "Stop after so many new playouts."},
  {"maxVisits", &P::maxVisits, kVisits, kUnlimited, Group::Limits,
   "Stop when the root has so many visits, those of a reused tree included."},
  {"maxTime", &P::maxTime, kSeconds, kUnlimitedTime, Group::Limits, "Stop after so many seconds."},
  {"maxPlayoutsPondering", &P::maxPlayoutsPondering, kVisits, kUnlimited, Group::Limits,
   "maxPlayouts while pondering."},
  {"maxVisitsPondering", &P::maxVisitsPondering, kVisits, kUnlimited, Group::Limits,
   "maxVisits while pondering."},
  {"maxTimePondering", &P::maxTimePondering, kSeconds, kUnlimitedTime, Group::Limits,
   "maxTime while pondering."},
  {"lagBuffer", &P::lagBuffer, {0, 3600}, 0.0, Group::Limits,
   "Seconds of network or interface delay to allow for when playing on a clock."},
  {"searchFactorAfterOnePass", &P::searchFactorAfterOnePass, kProp, 1.0, Group::Limits,
   "Multiplies all limits after the opponent passed once."},
  {"searchFactorAfterTwoPass", &P::searchFactorAfterTwoPass, kProp, 1.0, Group::Limits,
   "Multiplies all limits after the opponent passed twice."},
  {"numSearchThreads", &P::numSearchThreads, {1, 4096}, 1.0, Group::Limits,
   "Threads that grow one search tree. Required."},
  {"minPlayoutsPerThread", &P::minPlayoutsPerThread, {0, 1e20}, {8, 8, 0}, Group::Limits,
   "Use fewer threads when a search is expected to have fewer playouts than this per thread."},

  {"winLossUtilityFactor", &P::winLossUtilityFactor, kProp, 1.0, Group::Utility,
   "Weight of winning or losing."},
  {"staticScoreUtilityFactor", &P::staticScoreUtilityFactor, kProp, 0.1, Group::Utility,
   "Weight of the score, measured around zero."},
  {"dynamicScoreUtilityFactor", &P::dynamicScoreUtilityFactor, kProp, 0.3, Group::Utility,
   "Weight of the score, measured around the expected score."},
  {"noResultUtilityForWhite", &P::noResultUtilityForWhite, {-1, 1}, 0.0, Group::Utility,
   "What a game without result is worth to White."},
  {"drawEquivalentWinsForWhite", &P::drawEquivalentWinsForWhite, kProp, 0.5, Group::Utility,
   "How many wins of White a draw is worth."},
  {"dynamicScoreCenterZeroWeight", &P::dynamicScoreCenterZeroWeight, kProp, 0.20, Group::Utility,
   "Pull of the centre of the dynamic score towards zero."},
  {"dynamicScoreCenterScale", &P::dynamicScoreCenterScale, {0.2, 5}, 0.75, Group::Utility,
   "Width of the dynamic score curve, in board lengths, and cap of its centre."},

  {"cpuctExploration", &P::cpuctExploration, {0, 10}, 1.0, Group::Exploration,
   "Constant part of the exploration factor."},
  {"cpuctExplorationLog", &P::cpuctExplorationLog, {0, 10}, 0.45, Group::Exploration,
   "Part of the exploration factor that grows with the logarithm of the visits."},
  {"cpuctExplorationBase", &P::cpuctExplorationBase, {10, 100000}, 500.0, Group::Exploration,
   "Visits from which the logarithmic part grows noticeably."},
  {"cpuctUtilityStdevPrior", &P::cpuctUtilityStdevPrior, {1e-8, 10}, 0.40, Group::Exploration,
   "Assumed standard deviation of the utility before there is data."},
  {"cpuctUtilityStdevPriorWeight", &P::cpuctUtilityStdevPriorWeight, {0, 100}, 2.0, Group::Exploration,
   "Weight of that assumption, in visits."},
  {"cpuctUtilityStdevScale", &P::cpuctUtilityStdevScale, kProp, 0.85, Group::Exploration,
   "How strongly the exploration factor follows the measured deviation."},
  {"fpuReductionMax", &P::fpuReductionMax, {0, 2}, 0.2, Group::Exploration,
   "How much worse than their parent unvisited moves are assumed to be."},
  {"fpuLossProp", &P::fpuLossProp, kProp, 0.0, Group::Exploration,
   "Share of a certain loss in the assumed value of unvisited moves."},
  {"fpuParentWeightByVisitedPolicy", &P::fpuParentWeightByVisitedPolicy, kNone, 1.0, Group::Exploration,
   "Blend the searched and the net's value of the parent by how much policy was visited."},
  {"fpuParentWeightByVisitedPolicyPow", &P::fpuParentWeightByVisitedPolicyPow, {0, 5}, 2.0,
   Group::Exploration,
   "Exponent of that blend.", Derived::No, ReadIf::VisitedPolicyOn},
  {"fpuParentWeight", &P::fpuParentWeight, kProp, 0.0, Group::Exploration,
   "Fixed share of the net's value of the parent, instead of that blend.", Derived::No,
   ReadIf::VisitedPolicyOff},
  {"policyOptimism", &P::policyOptimism, kProp, 1.0, Group::Exploration,
   "Share of the optimistic policy below the root, for nets that have one."},

  {"valueWeightExponent", &P::valueWeightExponent, kProp, 0.25, Group::Aggregation,
   "How strongly moves with bad values lose weight in the average of their parent."},
  {"useNoisePruning", &P::useNoisePruning, kNone, 1.0, Group::Aggregation,
   "Take weight from bad moves that got more visits than policy and value justify."},
  {"noisePruneUtilityScale", &P::noisePruneUtilityScale, {0.001, 10}, 0.15, Group::Aggregation,
   "Difference of utility at which that sets in."},
  {"noisePruningCap", &P::noisePruningCap, {0, 1e50}, 1e50, Group::Aggregation,
   "Most weight that may be taken from one move."},
  {"useUncertainty", &P::useUncertainty, kNone, 1.0, Group::Aggregation,
   "Give evaluations weight by the error the net expects of itself."},
  {"uncertaintyCoeff", &P::uncertaintyCoeff, {0.0001, 1}, 0.25, Group::Aggregation,
   "Expected error that has weight one."},
  {"uncertaintyExponent", &P::uncertaintyExponent, {0, 2}, 1.0, Group::Aggregation,
   "How fast the weight falls with the expected error."},
  {"uncertaintyMaxWeight", &P::uncertaintyMaxWeight, {1, 100}, 8.0, Group::Aggregation,
   "Most weight of one evaluation."},
  {"useGraphSearch", &P::useGraphSearch, kNone, 1.0, Group::Aggregation,
   "Share nodes between move orders that lead to the same position."},
  {"graphSearchRepBound", &P::graphSearchRepBound, {3, 50}, 11.0, Group::Aggregation,
   "Room a chain needs for its moves to be taken as independent of earlier positions."},
  {"graphSearchCatchUpLeakProb", &P::graphSearchCatchUpLeakProb, kProp, 0.0, Group::Aggregation,
   "Chance to explore a shared node although it has more visits than the move to it."},

  {"rootNoiseEnabled", &P::rootNoiseEnabled, kNone, 0.0, Group::Root,
   "Add Dirichlet noise to the root policy."},
  {"rootDirichletNoiseTotalConcentration", &P::rootDirichletNoiseTotalConcentration, {0.001, 10000}, 10.83,
   Group::Root, "Total concentration of that noise."},
  {"rootDirichletNoiseWeight", &P::rootDirichletNoiseWeight, kProp, 0.25, Group::Root,
   "Share of that noise."},
  {"rootPolicyTemperature", &P::rootPolicyTemperature, {0.01, 100}, 1.0, Group::Root,
   "Temperature of the root policy; above one is flatter."},
  {"rootPolicyTemperatureEarly", &P::rootPolicyTemperatureEarly, {0.01, 100}, 1.0, Group::Root,
   "The same at the start of the game.", Derived::RootPolicyTemperature},
  {"rootFpuReductionMax", &P::rootFpuReductionMax, {0, 2}, 0.1, Group::Root,
   "fpuReductionMax at the root.", Derived::ZeroIfRootNoise},
  {"rootFpuLossProp", &P::rootFpuLossProp, kProp, 0.0, Group::Root, "fpuLossProp at the root.",
   Derived::FpuLossProp},
  {"rootNumSymmetriesToSample", &P::rootNumSymmetriesToSample, {1, 8}, 1.0, Group::Root,
   "Evaluate the root in so many orientations and average."},
  {"rootSymmetryPruning", &P::rootSymmetryPruning, kNone, onInGtpAndAnalysis(), Group::Root,
   "Search only one of several root moves that are equal by symmetry."},
  {"rootDesiredPerChildVisitsCoeff", &P::rootDesiredPerChildVisitsCoeff, {0, 100}, 0.0, Group::Root,
   "Force visits to root moves in proportion to the root of policy times visits."},
  {"rootPolicyOptimism", &P::rootPolicyOptimism, kProp, 0.2, Group::Root,
   "policyOptimism at the root.", Derived::AtMostOfPolicyOptimism},

  {"chosenMoveTemperature", &P::chosenMoveTemperature, {0, 5}, 0.1, Group::Choice,
   "Randomness of the move that is played; 0 always plays the best."},
  {"chosenMoveTemperatureEarly", &P::chosenMoveTemperatureEarly, {0, 5}, 0.5, Group::Choice,
   "The same at the start of the game."},
  {"chosenMoveTemperatureHalflife", &P::chosenMoveTemperatureHalflife, {0.1, 100000}, 19.0, Group::Choice,
   "Moves in which the early temperature goes half of the way; scaled by the size of the board."},
  {"chosenMoveTemperatureOnlyBelowProb", &P::chosenMoveTemperatureOnlyBelowProb, kProp, 1.0, Group::Choice,
   "Apply the temperature only to moves below this probability."},
  {"chosenMoveSubtract", &P::chosenMoveSubtract, {0, 1e10}, 0.0, Group::Choice,
   "Visits taken off every move before choosing."},
  {"chosenMovePrune", &P::chosenMovePrune, {0, 1e10}, 1.0, Group::Choice,
   "Moves with fewer visits than this are not chosen."},
  {"useLcbForSelection", &P::useLcbForSelection, kNone, 1.0, Group::Choice,
   "Prefer the move with the best lower confidence bound."},
  {"lcbStdevs", &P::lcbStdevs, {1, 12}, 5.0, Group::Choice, "Width of that bound in standard deviations."},
  {"minVisitPropForLCB", &P::minVisitPropForLCB, kProp, 0.15, Group::Choice,
   "Share of the top move's visits a move needs to be preferred by its bound."},
  {"useNonBuggyLcb", &P::useNonBuggyLcb, kNone, 1.0, Group::Choice,
   "Let the first move profit from its bound as well."},

  {"rootEndingBonusPoints", &P::rootEndingBonusPoints, {-1, 1}, 0.5, Group::Root,
   "Points by which tidy moves at the end of the game are favoured."},
  {"rootPruneUselessMoves", &P::rootPruneUselessMoves, kNone, 1.0, Group::Root,
   "Do not play in settled areas when the opponent keeps passing."},
  {"conservativePass", &P::conservativePass, kNone, {1, 1, 0, 0}, Group::Root,
   "Assume that a pass at the root never ends the game."},
  {"fillDameBeforePass", &P::fillDameBeforePass, kNone, {1, 0, 0, 0}, Group::Root,
   "Fill neutral points before passing under territory scoring."},
  {"alwaysComputePassAliveUnderSuicideRules", TriStateField{&P::alwaysComputePassAliveUnderSuicideRules},
   kNone, -1.0,
   Group::Root,
   "Find unconditionally alive stones as if suicide were legal; auto does what the net was trained with."},
  {"wideRootNoise", &P::wideRootNoise, {0, 5}, {0, 0.04, 0}, Group::Root,
   "Explore more different root moves."},
  {"enablePassingHacks", &P::enablePassingHacks, kNone, onInGtpAndAnalysis(), Group::Root,
   "Keep the net from passing too surely."},
  {"enableMorePassingHacks", &P::enableMorePassingHacks, kNone, onInGtpAndAnalysis(), Group::Root,
   "Look at more than passing before a game ends."},
  {"playoutDoublingAdvantage", &P::playoutDoublingAdvantage, {-3, 3}, 0.0, Group::Root,
   "Play as if one side had 2 to this power times the playouts of the other."},
  {"playoutDoublingAdvantagePla", &P::playoutDoublingAdvantagePla, kNone, 0.0, Group::Root,
   "Which side that is, BLACK or WHITE; else the side the search is for."},
  {"avoidRepeatedPatternUtility", &P::avoidRepeatedPatternUtility, {-3, 3}, 0.0, Group::Root,
   "Penalty for repeating one's own local patterns of this game.", Derived::No, ReadIf::Always,
   Scope::Runtime, false},
  {"nnPolicyTemperature", &P::nnPolicyTemperature, {0.01, 5}, 1.0, Group::Exploration,
   "Temperature of every policy of the net; above one is flatter."},
  {"antiMirror", &P::antiMirror, kNone, 0.0, Group::Root, "Recognise mirror go and play against it.",
   Derived::No,
   ReadIf::Always, Scope::Runtime, false},
  {"ignorePreRootHistory", &P::ignorePreRootHistory, kNone, {0, 1, 0}, Group::Root,
   "Do not show the net the moves before the root."},
  {"ignoreAllHistory", &P::ignoreAllHistory, kNone, 0.0, Group::Root,
   "Do not show the net any earlier moves."},

  {"subtreeValueBiasFactor", &P::subtreeValueBiasFactor, kProp, 0.45, Group::Aggregation,
   "How much of the error seen after the same local pattern is corrected."},
  {"subtreeValueBiasFreeProp", &P::subtreeValueBiasFreeProp, kProp, 0.8, Group::Aggregation,
   "Share of its contribution a discarded node takes back."},
  {"subtreeValueBiasWeightExponent", &P::subtreeValueBiasWeightExponent, kProp, 0.85, Group::Aggregation,
   "How the contribution of a node grows with its weight."},
  {"useEvalCache", &P::useEvalCache, kNone, 0.0, Group::Aggregation,
   "Remember the results of finished searches for later ones.", Derived::No, ReadIf::Always, Scope::Startup,
   false},
  {"evalCacheMinVisits", &P::evalCacheMinVisits, kVisits, 100.0, Group::Aggregation,
   "Visits a node needs to be remembered.", Derived::No, ReadIf::Always, Scope::Startup, false},
  {"nodeTableShardsPowerOfTwo", &P::nodeTableShardsPowerOfTwo, {8, 24}, 16.0, Group::Limits,
   "Number of locks of the node table.", Derived::No, ReadIf::Always, Scope::Startup, false},
  {"numVirtualLossesPerThread", &P::numVirtualLossesPerThread, {0.01, 1000}, 1.0, Group::Limits,
   "How strongly threads keep away from each other."},

  {"treeReuseCarryOverTimeFactor", &P::treeReuseCarryOverTimeFactor, kProp, 0.0, Group::Time,
   "Share of the time spent on a reused tree that is saved."},
  {"overallocateTimeFactor", &P::overallocateTimeFactor, {0.01, 100}, 1.0, Group::Time,
   "Multiplies the time planned for a move."},
  {"midgameTimeFactor", &P::midgameTimeFactor, {0.01, 100}, 1.0, Group::Time,
   "Multiplies it in the middle of the game."},
  {"midgameTurnPeakTime", &P::midgameTurnPeakTime, {0, 1000}, 130.0, Group::Time,
   "Turn where that is strongest."},
  {"endgameTurnTimeDecay", &P::endgameTurnTimeDecay, {0, 1000}, 100.0, Group::Time,
   "Turns over which it fades afterwards."},
  {"obviousMovesTimeFactor", &P::obviousMovesTimeFactor, {0.01, 1}, 1.0, Group::Time,
   "Multiplies the time for obvious moves."},
  {"obviousMovesPolicyEntropyTolerance", &P::obviousMovesPolicyEntropyTolerance, {0.001, 2}, 0.30,
   Group::Time,
   "Entropy of the policy below which a move counts as obvious."},
  {"obviousMovesPolicySurpriseTolerance", &P::obviousMovesPolicySurpriseTolerance, {0.001, 2}, 0.15,
   Group::Time,
   "Surprise of the search below which a move counts as obvious."},
  {"futileVisitsThreshold", &P::futileVisitsThreshold, {0.01, 1}, 0.0, Group::Time,
   "Stop when no other move can get this share of the top move's visits any more. Off when absent."},

  {"humanSLProfile", &P::humanSLProfile, kNone, 0.0, Group::Human,
   "Whom to imitate: rank_5k, preaz_3d_1k, proyear_1985 and so on.", Derived::No, ReadIf::Always,
   Scope::Runtime, false},
  {"humanSLCpuctExploration", &P::humanSLCpuctExploration, {0, 1000}, 1.0, Group::Human,
   "Exploration factor where the human policy leads."},
  {"humanSLCpuctPermanent", &P::humanSLCpuctPermanent, {0, 1000}, 0.0, Group::Human,
   "Part of it that does not vanish with visits."},
  {"humanSLRootExploreProbWeightless", &P::humanSLRootExploreProbWeightless, kProp, 0.0, Group::Human,
   "Chance to explore by the human policy at the root, without effect on the values."},
  {"humanSLRootExploreProbWeightful", &P::humanSLRootExploreProbWeightful, kProp, 0.0, Group::Human,
   "The same with effect on the values."},
  {"humanSLPlaExploreProbWeightless", &P::humanSLPlaExploreProbWeightless, kProp, 0.0, Group::Human,
   "Chance at deeper nodes of the side the search is for, without effect on the values."},
  {"humanSLPlaExploreProbWeightful", &P::humanSLPlaExploreProbWeightful, kProp, 0.0, Group::Human,
   "The same with effect on the values."},
  {"humanSLOppExploreProbWeightless", &P::humanSLOppExploreProbWeightless, kProp, 0.0, Group::Human,
   "Chance at deeper nodes of the opponent, without effect on the values."},
  {"humanSLOppExploreProbWeightful", &P::humanSLOppExploreProbWeightful, kProp, 0.0, Group::Human,
   "The same with effect on the values."},
  {"humanSLChosenMoveProp", &P::humanSLChosenMoveProp, kProp, 0.0, Group::Human,
   "Share of the human policy in the choice of the move."},
  {"humanSLChosenMoveIgnorePass", &P::humanSLChosenMoveIgnorePass, kNone, 0.0, Group::Human,
   "Leave passing to the search."},
  {"humanSLChosenMovePiklLambda", &P::humanSLChosenMovePiklLambda, {0, 1e9}, 1e9, Group::Human,
   "Difference of utility at which bad human moves are avoided."},
};
// clang-format on

constexpr bool keysAreDistinct() {
  for (size_t i = 0; i < std::size(kRows); i++)
    for (size_t j = 0; j < i; j++)
      if (kRows[i].key == kRows[j].key) return false;
  return true;
}
static_assert(keysAreDistinct(), "a search parameter has two rows");

}  // namespace

std::span<const SearchParamRow> searchParamTable() {
  return kRows;
}

const SearchParamRow* findSearchParam(std::string_view key) {
  for (const SearchParamRow& row : kRows)
    if (row.key == key) return &row;
  return nullptr;
}

}  // namespace ponnuki
