// Utilities: what win-loss, no-result and score are worth, White's view (spec search 10, 11.2, 11.3).
// UtilityModel is fixed during a search; everything here is thread-safe.
#pragma once

#include "config/search_params.h"
#include "eval/nn_output.h"
#include "game/game_state.h"
#include "search/node.h"

namespace ponnuki {

// Expectation of 2/pi * atan((x - center) / (scale * sqrtArea)) for normal x, from a table (spec 10.2).
double expectedScoreValue(double mean, double stdev, double center, double scale, double sqrtArea);
double scoreValueTableEntry(int meanIndex, int stdevIndex);

// Distribution function of Student's t with 3 degrees of freedom, from a table of 2000 points (spec 12 step 3).
double tDistributionCdf(double z);

double scoreStdev(double mean, double meanSq);

// The self view of a White value.
inline double forPlayer(double whiteValue, Color pla) { return pla == Color::White ? whiteValue : -whiteValue; }

// Values of one evaluation, without utility.
struct LeafValue {
  double winLoss = 0, noResult = 0, scoreMean = 0, scoreMeanSq = 0, lead = 0;
  double weight = 1;
};

struct UtilityModel {
  double winLossFactor = 1, staticFactor = 0.1, dynamicFactor = 0.3, dynamicScale = 0.75;
  double noResultUtility = 0, drawWins = 0.5;
  double center = 0;      // dynamic score centre, points
  double sqrtArea = 19;
  bool weighByUncertainty = false;
  double uncertaintyCoeff = 0.25, uncertaintyExponent = 1, uncertaintyMaxWeight = 8;

  UtilityModel() = default;
  UtilityModel(const SearchParams& params, double boardSqrtArea, bool netHasShorttermError);

  void setCenter(double expectedScore, double zeroWeight, int boardArea);   // spec 5 step 6
  double radius() const { return winLossFactor + staticFactor + dynamicFactor; }
  double result(double winLoss, double noResult) const {
    return winLoss * winLossFactor + noResult * noResultUtility;
  }
  double score(double mean, double meanSq) const;
  double scoreDiff(double mean, double meanSq, double delta) const;
  double scoreDerivative(double mean) const;
  double total(const LeafValue& v) const { return result(v.winLoss, v.noResult) + score(v.scoreMean, v.scoreMeanSq); }
  double ofNetForFpu(const NNOutput& net) const;     // with the float subtraction of spec 10.4
  double weightOf(const NNOutput& net) const;
  LeafValue leafOf(const NNOutput& net) const;       // with weight
  LeafValue terminalOf(const GameState& state) const;
};

}  // namespace ponnuki
