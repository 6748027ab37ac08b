#include "search/choose.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "search/root.h"
#include "search/select.h"

namespace ponnuki {

namespace {

// The stages of spec 20.1 to 20.5 over one node.
class PlayValuer {
 public:
  PlayValuer(const SearchContext& ctx, const Node& node, const PlayOptions& options)
      : ctx_(ctx), params_(ctx.params), node_(node), options_(options), isRoot_(ctx.isRoot(node)) {}

  PlayValues run() {
    collectChildren(node_, out_.children);
    const bool hasNet = node_.net() != nullptr;
    const double radius = ctx_.utility.radius();
    out_.lcb.assign(out_.children.size(), -2 * radius * params_.lcbStdevs);
    out_.lcbRadius.assign(out_.children.size(), 2 * radius * params_.lcbStdevs);
    if (!hasNet) return out_;
    policy_ = &ctx_.policyOf(node_);
    if (out_.children.empty()) {
      if (!listPolicyMoves()) return out_;
    } else {
      baseValues();
      if (isRoot_) reduceValues();
      if (!options_.neverLcb && (options_.alwaysLcb || params_.useLcbForSelection)) applyBounds();
    }
    out_.ok = subtractAndPrune();
    if (!out_.ok) return out_;
    blendHumanPolicy();
    scaleUp();
    return out_;
  }

 private:
  float policyOf(Point move) const { return (*policy_)[posOf(move)]; }
  size_t posOf(Point move) const {
    return static_cast<size_t>(ctx_.policyMap.posOf[static_cast<size_t>(move)]);
  }
  bool isSuppressed(Point move) const { return suppressPass_ && move == kPass; }

  bool isOffered(Point move, float policy, bool needAllowed) const {
    if (move == kNullPoint || policy < 0 || !ctx_.rootState.isLegal(move, ctx_.rootPla())) return false;
    const std::vector<int>& avoid = ctx_.avoidOf(ctx_.rootPla());
    if (!avoid.empty() && avoid[static_cast<size_t>(move)] > 0) return false;
    return !needAllowed || ctx_.isAllowedAtRoot(move);
  }

  bool listPolicyMoves() {
    if (!isRoot_ || !options_.allowDirectPolicy) return false;
    for (const bool needAllowed : {true, false}) {
      for (size_t pos = 0; pos < static_cast<size_t>(ctx_.policyMap.size); pos++) {
        const Point move = ctx_.policyMap.pointOf[pos];
        if (!isOffered(move, (*policy_)[pos], needAllowed)) continue;
        out_.moves.push_back(move);
        out_.values.push_back((*policy_)[pos]);
      }
      if (!out_.moves.empty()) return true;
    }
    return false;
  }

  void baseValues() {
    suppressPass_ = isRoot_ && suppressesPass(ctx_, out_.children);
    double bestGoodness = -1e50;
    for (size_t i = 0; i < out_.children.size(); i++) {
      const ChildView& c = out_.children[i];
      const float policy = policyOf(c.move);
      const double weight = c.edgeWeight();
      const double value = isSuppressed(c.move) || policy < 0 ? 0 : weight;
      total_ += weight;
      out_.moves.push_back(c.move);
      out_.values.push_back(value);
      const auto visits = static_cast<double>(c.edgeVisits);
      const double goodness = value * std::max(0.0, visits - 1) / std::max(1.0, visits) + 2.0 * policy;
      if (goodness > bestGoodness) {
        bestGoodness = goodness;
        best_ = i;
      }
    }
    bestWeight_ = out_.values[best_];
  }

  // Takes visits away that the best move's value does not justify.
  void reduceValues() {
    const ParentTerms parent = parentTerms(ctx_, node_, node_.stats.load(), 1.0, true);
    const double scaling = explorationScaling(params_, total_, parent.stdevFactor);
    const Color pla = node_.nextPla;
    const ChildView& best = out_.children[best_];
    double weight = best.edgeWeight();
    double utility = best.stats.visits <= 0 || weight <= 0 ? parent.fpu : childUtility(ctx_, best, true);
    applyVirtualLoss(params_, best.node->virtualLosses.load(std::memory_order_relaxed), parent.lossUtility,
                     weight, utility);
    const double target = selectionValue(scaling, policyOf(best.move), weight, utility, pla);
    for (size_t i = 0; i < out_.children.size(); i++) {
      const ChildView& c = out_.children[i];
      if (isSuppressed(c.move)) {
        out_.values[i] = 0;
      } else if (i != best_) {
        out_.values[i] = std::ceil(justifiedWeight(c, scaling, target, pla));
      }
    }
  }

  double justifiedWeight(const ChildView& c, double scaling, double target, Color pla) const {
    const double weight = c.edgeWeight();
    if (c.stats.visits <= 0 || weight <= 0) return 0;
    const float policy = policyOf(c.move);
    if (policy < 0) return 0;
    const double x = target - forPlayer(childUtility(ctx_, c, true), pla);
    const double wanted = x <= 0 ? 1e100 : std::max(0.0, scaling * policy / x - 1);
    return std::min(weight, wanted);
  }

  void computeBound(size_t i) {
    const ChildView& c = out_.children[i];
    double weight = c.edgeWeight(), weightSq = c.edgeWeightSq();
    if (c.stats.visits <= 0 || weight <= 0 || weightSq <= 0) return;
    double samples = weight * weight / weightSq;
    const double priorWeight = weight / (samples * samples * samples);
    const double mean = c.stats.utility;
    const double radius = ctx_.utility.radius();
    double square = std::max(c.stats.utilitySq, mean * mean + 1e-8);
    square = (square * weight + (square + radius * radius) * priorWeight) / (weight + priorWeight);
    weight += priorWeight;
    weightSq += priorWeight * priorWeight;
    samples = weight * weight / weightSq;
    const double bonus = isRoot_ ? endingBonus(ctx_, c.move) : 0;
    const double utility = mean + ctx_.utility.scoreDiff(c.stats.scoreMean, c.stats.scoreMeanSq, bonus);
    out_.lcbRadius[i] = std::sqrt((square - mean * mean) / samples) * params_.lcbStdevs;
    out_.lcb[i] = forPlayer(utility, node_.nextPla) - out_.lcbRadius[i];
  }

  void applyBounds() {
    double bestBound = -1e10;
    std::optional<size_t> winner;
    for (size_t i = 0; i < out_.children.size(); i++) {
      computeBound(i);
      const double value = out_.values[i];
      if (value > 0 && value >= params_.minVisitPropForLCB * bestWeight_ && out_.lcb[i] > bestBound) {
        bestBound = out_.lcb[i];
        winner = i;
      }
    }
    if (!params_.useLcbForSelection || !winner || (!params_.useNonBuggyLcb && *winner == 0)) return;
    double adjusted = out_.values[*winner];
    for (size_t i = 0; i < out_.children.size(); i++) {
      const double excess = bestBound - out_.lcb[i];
      if (i == *winner || excess < 0) continue;
      const double radius = out_.lcbRadius[i];
      const double factor = (radius + excess) / (radius + 0.20 * excess);
      adjusted = std::max(adjusted, factor * factor * out_.values[i]);
    }
    out_.values[*winner] = adjusted;
  }

  bool subtractAndPrune() {
    std::vector<double>& values = out_.values;
    double most = *std::max_element(values.begin(), values.end());
    if (most <= 1e-50) {
      for (size_t i = 0; i < values.size(); i++)
        values[i] = std::max(0.0, static_cast<double>(policyOf(out_.moves[i])));
      most = *std::max_element(values.begin(), values.end());
      if (most <= 1e-50) return false;
    }
    const double subtract = std::min(params_.chosenMoveSubtract, most / 64);
    const double prune = std::min(params_.chosenMovePrune, most / 64);
    for (double& v : values) v = v < prune ? 0 : std::max(0.0, v - subtract);
    return true;
  }

  void blendHumanPolicy() {
    const NNOutput* human = node_.human();
    if (!ctx_.humanUsable || params_.humanSLChosenMoveProp <= 0 || !human) return;
    const size_t children = out_.children.size();
    if (isRoot_ && options_.allowDirectPolicy) appendHumanMoves(*human);
    std::vector<double> selfUtility(children);
    double average = 0;
    for (size_t i = 0; i < children; i++) {
      selfUtility[i] = forPlayer(out_.children[i].stats.utility, ctx_.rootPla());
      average += selfUtility[i];
    }
    if (children > 0) average /= static_cast<double>(children);
    double top = average;
    for (const double u : selfUtility) top = std::max(top, u);
    std::vector<double> q(out_.moves.size());
    double sum = 0;
    for (size_t i = 0; i < q.size(); i++) {
      const Point move = out_.moves[i];
      q[i] = isSuppressed(move) ? 0 : std::max(0.0, static_cast<double>(human->policy[posOf(move)]));
      const double utility = i < children ? selfUtility[i] : average;
      q[i] *= std::exp((utility - top) / params_.humanSLChosenMovePiklLambda);
      sum += q[i];
    }
    if (sum <= 0) return;
    for (double& v : q) v /= sum;
    mixIn(q);
  }

  void appendHumanMoves(const NNOutput& human) {
    for (size_t pos = 0; pos < static_cast<size_t>(ctx_.policyMap.size); pos++) {
      const Point move = ctx_.policyMap.pointOf[pos];
      if (std::find(out_.moves.begin(), out_.moves.end(), move) != out_.moves.end()) continue;
      if (!isOffered(move, human.policy[pos], true)) continue;
      out_.moves.push_back(move);
      out_.values.push_back(0);
    }
  }

  void mixIn(std::vector<double>& q) {
    double sum = 0, sumNoPass = 0, qNoPass = 0;
    for (size_t i = 0; i < q.size(); i++) {
      sum += out_.values[i];
      if (out_.moves[i] == kPass) continue;
      sumNoPass += out_.values[i];
      qNoPass += q[i];
    }
    if (params_.humanSLChosenMoveIgnorePass && qNoPass > 0)
      for (size_t i = 0; i < q.size(); i++)
        q[i] = out_.moves[i] == kPass ? (sum - sumNoPass) / sum : q[i] / qNoPass * sumNoPass / sum;
    for (size_t i = 0; i < q.size(); i++)
      out_.values[i] += params_.humanSLChosenMoveProp * (sum * q[i] - out_.values[i]);
  }

  void scaleUp() {
    const double most = *std::max_element(out_.values.begin(), out_.values.end());
    if (most >= options_.scaleMaxToAtLeast || most <= 0) return;
    for (double& v : out_.values) v *= options_.scaleMaxToAtLeast / most;
  }

  const SearchContext& ctx_;
  const SearchParams& params_;
  const Node& node_;
  const PlayOptions options_;
  const bool isRoot_;
  const Policy* policy_ = nullptr;
  bool suppressPass_ = false;
  double total_ = 0, bestWeight_ = 0;
  size_t best_ = 0;
  PlayValues out_;
};

}  // namespace

PlayValues playValues(const SearchContext& ctx, const Node& node, const PlayOptions& options) {
  return PlayValuer(ctx, node, options).run();
}

size_t indexOfMax(const std::vector<double>& values) {
  size_t best = 0;
  for (size_t i = 1; i < values.size(); i++)
    if (values[i] > values[best]) best = i;
  return best;
}

double chosenMoveTemperature(const SearchContext& ctx) {
  const SearchParams& p = ctx.params;
  return interpolateEarly(ctx, p.chosenMoveTemperatureHalflife, p.chosenMoveTemperatureEarly,
                          p.chosenMoveTemperature);
}

size_t chooseIndex(const std::vector<double>& values, double temperature, double onlyBelowProb,
                   SearchRng& rng) {
  const size_t best = indexOfMax(values);
  if (temperature <= 1e-4 && onlyBelowProb >= 1) return best;
  double sum = 0;
  for (const double v : values) sum += std::max(0.0, v);
  const double logMax = std::log(values[best]), logSum = std::log(sum);
  const double logOnlyBelow = std::log(std::max(1e-50, onlyBelowProb));
  const double threshold = std::min(0.0, logOnlyBelow + logSum - logMax);
  std::vector<double> probability(values.size(), 0);
  double total = 0;
  for (size_t i = 0; i < values.size(); i++) {
    if (values[i] <= 0) continue;
    double l = std::log(values[i]) - logMax;
    if (l <= threshold) l = (l - threshold) / temperature + threshold;
    probability[i] = std::exp(l);
    total += probability[i];
  }
  const double draw = rng.nextDouble() * total;
  double running = 0;
  for (size_t i = 0; i < values.size(); i++) {
    running += probability[i];
    if (running > draw) return i;
  }
  return values.size() - 1;
}

std::optional<Surprise> surpriseOf(const SearchContext& ctx) {
  if (!ctx.root || !ctx.root->net()) return std::nullopt;
  PlayOptions options;
  options.scaleMaxToAtLeast = 1;
  options.allowDirectPolicy = true;
  const PlayValues play = playValues(ctx, *ctx.root, options);
  if (!play.ok) return std::nullopt;
  const Policy& policy = ctx.policyOf(*ctx.root);
  const double sum = std::accumulate(play.values.begin(), play.values.end(), 0.0);
  Surprise s;
  for (size_t i = 0; i < play.moves.size(); i++) {
    const double target = play.values[i] / sum;
    if (target <= 1e-100) continue;
    const auto pos = static_cast<size_t>(ctx.policyMap.posOf[static_cast<size_t>(play.moves[i])]);
    const double logTarget = std::log(target);
    s.policySurprise += target * (logTarget - std::log(std::max(1e-100, static_cast<double>(policy[pos]))));
    s.searchEntropy -= target * logTarget;
  }
  for (size_t pos = 0; pos < static_cast<size_t>(ctx.policyMap.size); pos++) {
    const double p = policy[pos];
    if (p > 1e-100) s.policyEntropy -= p * std::log(p);
  }
  s.policySurprise = std::max(0.0, s.policySurprise);
  s.searchEntropy = std::max(0.0, s.searchEntropy);
  s.policyEntropy = std::max(0.0, s.policyEntropy);
  return s;
}

}  // namespace ponnuki
