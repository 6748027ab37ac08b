#include "search/select.h"

#include <algorithm>
#include <bitset>
#include <cmath>
#include <optional>

#include "search/root.h"

namespace ponnuki {

namespace {

double utilityStdevFactor(const SearchParams& params, const NodeStats& stats) {
  const double prior = params.cpuctUtilityStdevPrior;
  double stdev = prior;
  if (stats.visits > 0 && stats.weight > 1) {
    const double variance = prior * prior;
    const double k = params.cpuctUtilityStdevPriorWeight;
    const double meanSq = stats.utility * stats.utility;
    const double square = std::max(stats.utilitySq, meanSq);
    stdev = std::sqrt(
        std::max(0.0, ((meanSq + variance) * k + square * stats.weight) / (k + stats.weight - 1.0) - meanSq));
  }
  return 1 + params.cpuctUtilityStdevScale * (stdev / prior - 1);
}

}  // namespace

ParentTerms parentTerms(const SearchContext& ctx, const Node& node, const NodeStats& stats, double policyMass,
                        bool isRoot) {
  const SearchParams& p = ctx.params;
  ParentTerms t;
  t.weightPerVisit = stats.weight / static_cast<double>(stats.visits);
  t.utility = stats.utility;
  t.stdevFactor = utilityStdevFactor(p, stats);
  double parent = t.utility;
  if (p.fpuParentWeightByVisitedPolicy) {
    const double a = std::min(1.0, std::pow(policyMass, p.fpuParentWeightByVisitedPolicyPow));
    parent = a * t.utility + (1 - a) * ctx.utility.ofNetForFpu(*node.net());
  } else if (p.fpuParentWeight > 0) {
    parent = p.fpuParentWeight * ctx.utility.ofNetForFpu(*node.net()) + (1 - p.fpuParentWeight) * t.utility;
  }
  const double reduction = (isRoot ? p.rootFpuReductionMax : p.fpuReductionMax) * std::sqrt(policyMass);
  const double f = node.nextPla == Color::White ? parent - reduction : parent + reduction;
  const double radius = ctx.utility.radius();
  t.lossUtility = node.nextPla == Color::White ? -radius : radius;
  t.fpu = f + (t.lossUtility - f) * (isRoot ? p.rootFpuLossProp : p.fpuLossProp);
  return t;
}

double explorationScaling(const SearchParams& params, double totalWeight, double stdevFactor) {
  const double cpuct = params.cpuctExploration +
                       params.cpuctExplorationLog * std::log((totalWeight + params.cpuctExplorationBase) /
                                                             params.cpuctExplorationBase);
  return cpuct * std::sqrt(totalWeight + 0.01) * stdevFactor;
}

double selectionValue(double scaling, double prior, double weight, double utility, Color pla) {
  if (prior < 0) return kIllegalSelectionValue;
  return scaling * prior / (1 + weight) + (pla == Color::White ? utility : -utility);
}

void applyVirtualLoss(const SearchParams& params, int virtualLosses, double lossUtility, double& weight,
                      double& utility) {
  if (virtualLosses <= 0) return;
  const double virtualWeight = virtualLosses * params.numVirtualLossesPerThread;
  const double fraction = virtualWeight / (virtualWeight + std::max(0.25, weight));
  utility += (lossUtility - utility) * fraction;
  weight += virtualWeight;
}

double childUtility(const SearchContext& ctx, const ChildView& child, bool isRoot) {
  double utility = child.stats.utility;
  if (isRoot) {
    const double bonus = endingBonus(ctx, child.move);
    if (bonus != 0) utility += ctx.utility.scoreDiff(child.stats.scoreMean, child.stats.scoreMeanSq, bonus);
  }
  return utility;
}

namespace {

// One selection at one node; the stages are called in the order of the members.
class Selector {
 public:
  Selector(Worker& worker, Node& node)
      : w_(worker),
        ctx_(worker.ctx),
        params_(ctx_.params),
        node_(node),
        isRoot_(ctx_.isRoot(node)),
        pla_(node.nextPla),
        policy_(&ctx_.policyOf(node)) {}

  Selection run() {
    collectChildren(node_, w_.children, isRoot_ ? ChildDetail::All : ChildDetail::Selected);
    sumChildren();
    drawHumanPolicy();
    prepareParent();
    const bool mirrorActive =
        params_.antiMirror && ctx_.mirror.active() && repliesMirror(ctx_.mirror, w_.state, 0);
    std::optional<MirrorSelection> mirror;
    if (mirrorActive)
      mirror.emplace(ctx_.mirror, w_.state, ctx_.rootState.board(), *policy_, ctx_.policyMap.posOf.data());
    mirror_ = mirror ? &*mirror : nullptr;
    considerChildren();
    considerCachedMoves();
    considerNewMove();
    applyPassingHack();
    return result_;
  }

 private:
  float priorOf(Point move) const { return (*policy_)[posOf(move)]; }
  size_t posOf(Point move) const {
    return static_cast<size_t>(ctx_.policyMap.posOf[static_cast<size_t>(move)]);
  }

  void sumChildren() {
    for (const ChildView& c : w_.children) {
      const float prior = priorOf(c.move);
      if (prior < 0) continue;
      mass_ += prior;
      const double weight = c.edgeWeight();
      total_ += weight;
      if (weight > maxWeight_) maxWeight_ = weight;
      totalEdges_ += c.edgeVisits;
    }
  }

  void drawHumanPolicy() {
    const NNOutput* human = ctx_.humanUsable ? node_.human() : nullptr;
    if (!human) return;
    const bool own = pla_ == ctx_.rootPla();
    const double weightless = isRoot_ ? params_.humanSLRootExploreProbWeightless
                              : own   ? params_.humanSLPlaExploreProbWeightless
                                      : params_.humanSLOppExploreProbWeightless;
    const double weightful = isRoot_ ? params_.humanSLRootExploreProbWeightful
                             : own   ? params_.humanSLPlaExploreProbWeightful
                                     : params_.humanSLOppExploreProbWeightful;
    if (weightless + weightful <= 0) return;
    const double r = w_.rng.nextDouble();
    if (r >= weightless + weightful) return;
    if (r < weightless) result_.countEdge = false;
    humanGuided_ = true;
    policy_ = &human->policy;
    mass_ = 0;
    for (const ChildView& c : w_.children)
      if (priorOf(c.move) >= 0) mass_ += priorOf(c.move);
    if (result_.countEdge) return;
    total_ = maxWeight_ = 0;
    for (const ChildView& c : w_.children) {
      total_ += c.stats.weight;
      if (c.stats.weight > maxWeight_) maxWeight_ = c.stats.weight;
    }
  }

  void prepareParent() {
    parent_ = parentTerms(ctx_, node_, node_.stats.load(), mass_, isRoot_);
    scaling_ = humanGuided_
                   ? (params_.humanSLCpuctExploration + params_.humanSLCpuctPermanent * std::sqrt(total_)) *
                         std::sqrt(total_ + 0.01)
                   : explorationScaling(params_, total_, parent_.stdevFactor);
  }

  void considerChildren() {
    for (size_t i = 0; i < w_.children.size(); i++) {
      const ChildView& child = w_.children[i];
      const double value = existingValue(child);
      if (value > best_) {
        best_ = value;
        result_.childIndex = static_cast<int>(i);
        result_.move = child.move;
      }
    }
  }

  double existingValue(const ChildView& child) {
    float prior = priorOf(child.move);
    double weight = result_.countEdge ? child.edgeWeight() : child.stats.weight;
    double utility =
        child.stats.visits <= 0 || weight <= 0 ? parent_.fpu : childUtility(ctx_, child, isRoot_);
    applyVirtualLoss(params_, child.node->virtualLosses.load(std::memory_order_relaxed), parent_.lossUtility,
                     weight, utility);
    if (isRoot_ && result_.countEdge) {
      if (params_.futileVisitsThreshold > 0) {
        const double need = params_.futileVisitsThreshold * maxWeight_;
        const double visitsPerWeight =
            (static_cast<double>(child.edgeVisits) + 1.0) / (weight + parent_.weightPerVisit);
        if (static_cast<double>(child.stats.visits) + w_.visitsLeft < need * visitsPerWeight) return kFutile;
      }
      if (wantsMoreVisits(child, prior, weight)) return kForced;
      if (params_.wideRootNoise > 0 && prior >= 0) addWideNoise(prior, utility);
    }
    if (mirror_ && prior >= 0 && result_.countEdge) {
      prior = mirror_->prior(child.move, prior);
      utility = mirror_->utility(child.move, weight, total_, parent_.utility, utility);
    }
    return selectionValue(scaling_, prior, weight, utility, pla_);
  }

  bool wantsMoreVisits(const ChildView& child, float prior, double weight) const {
    const double coeff = params_.rootDesiredPerChildVisitsCoeff;
    if (coeff > 0 && prior > 0 && weight < std::sqrt(prior * total_ * coeff)) return true;
    if (ctx_.hint == kNullPoint || child.move != ctx_.hint) return false;
    const double average =
        (weight + parent_.weightPerVisit) / (static_cast<double>(child.stats.visits) + 1.0);
    for (const ChildView& other : w_.children)
      if (weight + average < 0.8 * other.edgeWeight()) return true;
    return false;
  }

  void addWideNoise(float& prior, double& utility) {
    prior =
        static_cast<float>(std::pow(static_cast<double>(prior), 1.0 / (4.0 * params_.wideRootNoise + 1.0)));
    if (!w_.rng.nextBool(0.5)) return;
    const double bonus = params_.wideRootNoise * std::fabs(w_.rng.nextGaussian());
    utility += pla_ == Color::White ? bonus : -bonus;
  }

  // A move that is no child yet, with its expected utility.
  double newValue(float prior, double utility) {
    if (isRoot_ && result_.countEdge) {
      if (params_.futileVisitsThreshold > 0) {
        const double visitsPerWeight = 1.0 / parent_.weightPerVisit;
        if (w_.visitsLeft < params_.futileVisitsThreshold * maxWeight_ * visitsPerWeight) return kFutile;
      }
      if (params_.wideRootNoise > 0) addWideNoise(prior, utility);
    }
    return selectionValue(scaling_, prior, 0, utility, pla_);
  }

  bool isChild(Point move) const {
    for (const ChildView& c : w_.children)
      if (c.move == move) return true;
    return false;
  }

  bool isSearchable(Point move) const {
    if (isRoot_ && !ctx_.isAllowedAtRoot(move)) return false;
    const std::vector<int>& avoid = ctx_.avoidOf(pla_);
    return avoid.empty() || w_.depth() >= avoid[static_cast<size_t>(move)];
  }

  void considerCachedMoves() {
    if (!ctx_.evalCache || !node_.extras || !node_.extras->cacheEntry || node_.forceNonTerminal) return;
    for (const auto& [move, known] : node_.extras->cacheEntry->moves) {
      const float prior = priorOf(move);
      if (prior < 0 || isChild(move) || !isSearchable(move)) continue;
      const float square = known.scoreMean * known.scoreMean;
      const double value = newValue(
          prior, ctx_.utility.result(known.winLoss, 0) + ctx_.utility.score(known.scoreMean, square));
      if (value > best_) takeNew(move, value);
    }
  }

  void takeNew(Point move, double value) {
    best_ = value;
    result_.childIndex = static_cast<int>(w_.children.size());
    result_.move = move;
  }

  void considerNewMove() {
    findBestNew();
    if (bestNew_ == kNullPoint) return;
    const double value = newValue(bestNewPrior_, parent_.fpu);
    if (value > best_) takeNew(bestNew_, value);
  }

  // The scan depends only on the children, the policy and, at the root, on what a search allows, so its
  // result is kept in the node.
  void findBestNew() {
    const bool plain = !mirror_ && !humanGuided_ && ctx_.avoidOf(pla_).empty();
    const auto count = static_cast<uint32_t>(w_.children.size());
    if (plain) {
      const uint32_t cached = node_.bestNewMove.load(std::memory_order_relaxed);
      if (cached != Node::kNoCachedMove && cached >> 16 == count) {
        const auto pos = static_cast<size_t>(cached & 0xFFFF);
        if (pos == kNoPos) return;
        bestNew_ = ctx_.policyMap.pointOf[pos];
        bestNewPrior_ = (*policy_)[pos];
        return;
      }
    }
    scanPolicy();
    if (!plain) return;
    const auto pos =
        bestNew_ == kNullPoint ? static_cast<uint32_t>(kNoPos) : static_cast<uint32_t>(posOf(bestNew_));
    node_.bestNewMove.store(count << 16 | pos, std::memory_order_relaxed);
  }

  void scanPolicy() {
    std::bitset<kMaxPolicySize> taken;
    for (const ChildView& c : w_.children) taken.set(posOf(c.move));
    policy_->forEachLegal([&](size_t pos, float prior) {
      if ((!mirror_ && prior <= bestNewPrior_) || taken[pos]) return;
      const Point move = ctx_.policyMap.pointOf[pos];
      if (move == kNullPoint || !isSearchable(move)) return;
      if (mirror_) prior = mirror_->prior(move, prior);
      if (prior <= bestNewPrior_) return;
      bestNewPrior_ = prior;
      bestNew_ = move;
    });
  }

  // Lets a pass that would end the phase, and something other than a pass, be looked at (spec 9.6).
  void applyPassingHack() {
    if (totalEdges_ < 2 || !params_.enableMorePassingHacks || !ctx_.avoidOf(pla_).empty()) return;
    bool passChild = false, otherChild = false;
    for (const ChildView& c : w_.children) (c.move == kPass ? passChild : otherChild) = true;
    const bool wantsPass = !passChild && result_.move != kPass && result_.move != kNullPoint;
    const bool wantsOther =
        !otherChild && result_.move == kPass && bestNew_ != kNullPoint && bestNew_ != kPass;
    if ((!wantsPass && !wantsOther) || !w_.state.passWouldEndPhase(pla_)) return;
    result_.childIndex = static_cast<int>(w_.children.size());
    result_.move = wantsPass ? kPass : bestNew_;
    result_.countEdge = false;
    w_.counts = false;
  }

  static constexpr double kFutile = -1e40;
  static constexpr double kForced = 1e20;
  static constexpr size_t kNoPos = 0xFFFF;

  Worker& w_;
  const SearchContext& ctx_;
  const SearchParams& params_;
  Node& node_;
  const bool isRoot_;
  const Color pla_;
  const Policy* policy_;
  bool humanGuided_ = false;
  const MirrorSelection* mirror_ = nullptr;
  double mass_ = 0, total_ = 0, maxWeight_ = 0;
  int64_t totalEdges_ = 0;
  ParentTerms parent_;
  double scaling_ = 0;
  double best_ = kIllegalSelectionValue;
  Selection result_;
  Point bestNew_ = kNullPoint;
  float bestNewPrior_ = -1;
};

}  // namespace

Selection selectChild(Worker& worker, Node& node) {
  return Selector(worker, node).run();
}

}  // namespace ponnuki
