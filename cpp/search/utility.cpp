#include "search/utility.h"

#include <array>
#include <cmath>
#include <memory>

namespace ponnuki {

namespace {

constexpr double kTwoOverPi = 0.63661977236758134308;
constexpr double kPi = 3.14159265358979323846;
constexpr int kSide = kMaxBoardLen;
constexpr int kRadius = kSide * kSide + 60;
constexpr int kMeans = 2 * kRadius;
constexpr int kStdevs = kSide * kSide + 60;
constexpr double kStaticScale = 2.0;

double computeEntry(int meanIndex, int stdevIndex) {
  double weightSum = 0, sum = 0;
  for (int i = -50; i <= 50; i++) {
    const int steps = (meanIndex - kRadius) * 10 - 5 + stdevIndex * i;
    const double x = static_cast<double>(steps) / 10;
    const double at = static_cast<double>(i) / 10;
    const double w = std::exp(-0.5 * at * at);
    sum += w * (std::atan(x / kSide) * kTwoOverPi);
    weightSum += w;
  }
  return sum / weightSum;
}

// Entries are computed when first needed: a search touches few of the 354,000. 0 stands for not yet known.
class ScoreTable {
 public:
  double at(int meanIndex, int stdevIndex) {
    std::atomic<double>& entry = entries_[static_cast<size_t>(stdevIndex) * kMeans + static_cast<size_t>(meanIndex)];
    double v = entry.load(std::memory_order_relaxed);
    if (v == 0) {
      v = computeEntry(meanIndex, stdevIndex);
      entry.store(v, std::memory_order_relaxed);
    }
    return v;
  }

 private:
  std::unique_ptr<std::atomic<double>[]> entries_{new std::atomic<double>[size_t{kMeans} * kStdevs]()};
};

ScoreTable& scoreTable() {
  static ScoreTable table;
  return table;
}

constexpr int kCdfPoints = 2000;
constexpr double kCdfMin = -50, kCdfMax = 50;

std::array<double, kCdfPoints> makeCdf() {
  std::array<double, kCdfPoints> table;
  for (int k = 0; k < kCdfPoints; k++) {
    const double z = kCdfMin + static_cast<double>(k) * (kCdfMax - kCdfMin) / (kCdfPoints - 1);
    const double y = z / std::sqrt(3.0);
    table[static_cast<size_t>(k)] = 0.5 + (y / (1 + y * y) + std::atan(y)) / kPi;
  }
  table[0] = 0;
  table[kCdfPoints - 1] = 1;
  return table;
}

double valueDerivative(double mean, double center, double scale, double sqrtArea) {
  const double g = scale * sqrtArea;
  const double a = mean - center;
  return g / (g * g + a * a) * kTwoOverPi;
}

}  // namespace

double scoreValueTableEntry(int meanIndex, int stdevIndex) { return scoreTable().at(meanIndex, stdevIndex); }

double expectedScoreValue(double mean, double stdev, double center, double scale, double sqrtArea) {
  const double factor = kSide / (scale * sqrtArea);
  const double scaledMean = (mean - center) * factor;
  const double scaledStdev = stdev * factor;
  const double meanRounded = std::round(scaledMean);
  const double stdevFloor = std::floor(scaledStdev);
  int m0 = static_cast<int>(meanRounded) + kRadius, m1 = m0 + 1;
  int s0 = static_cast<int>(stdevFloor), s1 = s0 + 1;
  if (m0 < 0) m0 = m1 = 0;
  if (m1 >= kMeans) m0 = m1 = kMeans - 1;
  if (s1 >= kStdevs) s0 = s1 = kStdevs - 1;
  const double lambdaMean = scaledMean - meanRounded + 0.5;
  const double lambdaStdev = scaledStdev - stdevFloor;
  ScoreTable& table = scoreTable();
  const double a00 = table.at(m0, s0), a01 = table.at(m0, s1);
  const double a10 = table.at(m1, s0), a11 = table.at(m1, s1);
  const double b0 = a00 + lambdaStdev * (a01 - a00);
  const double b1 = a10 + lambdaStdev * (a11 - a10);
  return b0 + lambdaMean * (b1 - b0);
}

double tDistributionCdf(double z) {
  static const std::array<double, kCdfPoints> table = makeCdf();
  const double d = (kCdfPoints - 1) * (z - kCdfMin) / (kCdfMax - kCdfMin);
  if (!(d > 0)) return 0;
  if (d >= kCdfPoints - 1) return 1;
  const auto k = static_cast<size_t>(d);
  const double lambda = d - static_cast<double>(k);
  return table[k] + lambda * (table[k + 1] - table[k]);
}

double scoreStdev(double mean, double meanSq) {
  const double variance = meanSq - mean * mean;
  return variance > 0 ? std::sqrt(variance) : 0;
}

UtilityModel::UtilityModel(const SearchParams& params, double boardSqrtArea, bool netHasShorttermError)
    : winLossFactor(params.winLossUtilityFactor),
      staticFactor(params.staticScoreUtilityFactor),
      dynamicFactor(params.dynamicScoreUtilityFactor),
      dynamicScale(params.dynamicScoreCenterScale),
      noResultUtility(params.noResultUtilityForWhite),
      drawWins(params.drawEquivalentWinsForWhite),
      sqrtArea(boardSqrtArea),
      weighByUncertainty(params.useUncertainty && netHasShorttermError),
      uncertaintyCoeff(params.uncertaintyCoeff),
      uncertaintyExponent(params.uncertaintyExponent),
      uncertaintyMaxWeight(params.uncertaintyMaxWeight) {}

void UtilityModel::setCenter(double expectedScore, double zeroWeight, int boardArea) {
  center = expectedScore * (1 - zeroWeight);
  const double cap = std::sqrt(static_cast<double>(boardArea)) * dynamicScale;
  if (center > expectedScore + cap) center = expectedScore + cap;
  if (center < expectedScore - cap) center = expectedScore - cap;
}

double UtilityModel::score(double mean, double meanSq) const {
  const double stdev = scoreStdev(mean, meanSq);
  const double fixed = expectedScoreValue(mean, stdev, 0, kStaticScale, sqrtArea);
  const double dynamic = expectedScoreValue(mean, stdev, center, dynamicScale, sqrtArea);
  return fixed * staticFactor + dynamic * dynamicFactor;
}

double UtilityModel::scoreDiff(double mean, double meanSq, double delta) const {
  const double stdev = scoreStdev(mean, meanSq);
  const double fixed = expectedScoreValue(mean + delta, stdev, 0, kStaticScale, sqrtArea) -
                       expectedScoreValue(mean, stdev, 0, kStaticScale, sqrtArea);
  const double dynamic = expectedScoreValue(mean + delta, stdev, center, dynamicScale, sqrtArea) -
                         expectedScoreValue(mean, stdev, center, dynamicScale, sqrtArea);
  return fixed * staticFactor + dynamic * dynamicFactor;
}

double UtilityModel::scoreDerivative(double mean) const {
  return valueDerivative(mean, 0, kStaticScale, sqrtArea) * staticFactor +
         valueDerivative(mean, center, dynamicScale, sqrtArea) * dynamicFactor;
}

double UtilityModel::ofNetForFpu(const NNOutput& net) const {
  const float winLoss = net.whiteWinProb - net.whiteLossProb;
  return winLoss * winLossFactor + net.whiteNoResultProb * noResultUtility +
         score(net.whiteScoreMean, net.whiteScoreMeanSq);
}

double UtilityModel::weightOf(const NNOutput& net) const {
  if (!weighByUncertainty) return 1;
  const double uncertainty = winLossFactor * net.shorttermWinlossError +
                             scoreDerivative(net.whiteScoreMean) * net.shorttermScoreError;
  double powered = uncertainty;
  if (uncertaintyExponent == 0.5)
    powered = std::sqrt(uncertainty);
  else if (uncertaintyExponent != 1.0)
    powered = std::pow(uncertainty, uncertaintyExponent);
  return uncertaintyCoeff / (powered + uncertaintyCoeff / uncertaintyMaxWeight);
}

LeafValue UtilityModel::leafOf(const NNOutput& net) const {
  LeafValue v;
  v.winLoss = static_cast<double>(net.whiteWinProb) - static_cast<double>(net.whiteLossProb);
  v.noResult = net.whiteNoResultProb;
  v.scoreMean = net.whiteScoreMean;
  v.scoreMeanSq = net.whiteScoreMeanSq;
  v.lead = net.whiteLead;
  v.weight = weightOf(net);
  return v;
}

LeafValue UtilityModel::terminalOf(const GameState& state) const {
  LeafValue v;
  v.weight = weighByUncertainty ? uncertaintyMaxWeight : 1;
  if (state.isNoResult()) {
    v.noResult = 1;
    return v;
  }
  const double wins = state.winner() == Color::White ? 1 : state.winner() == Color::Black ? 0 : drawWins;
  const double score = state.finalScore();
  v.winLoss = 2 * wins - 1;
  const float drawTerm = state.rules().resultIsInteger() ? static_cast<float>(drawWins - 0.5) : 0.0f;
  v.scoreMean = score + drawTerm;
  v.lead = v.scoreMean;
  if (score != std::floor(score)) {
    v.scoreMeanSq = score * score;
  } else {
    const double low = (score - 0.5) * (score - 0.5), high = (score + 0.5) * (score + 0.5);
    v.scoreMeanSq = low + (high - low) * drawWins;
  }
  return v;
}

}  // namespace ponnuki
