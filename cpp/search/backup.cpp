#include "search/backup.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>

namespace ponnuki {

namespace {

constexpr double kMinPolicy = 1e-30;

// How far a cached result replaces a node's own averages, for a node of `visits` visits (spec 18.2).
double cacheShare(const SearchContext& ctx, const EvalCacheEntry& entry, double visits) {
  const auto minVisits = static_cast<double>(ctx.params.evalCacheMinVisits);
  double weight = entry.weight;
  if (weight > minVisits) weight = std::sqrt(minVisits * weight);
  const double r = visits / weight;
  return 1 / (1 + 3 * r * (1 + 2 * r * r));
}

const EvalCacheEntry* usableCacheEntry(const SearchContext& ctx, const Node& node) {
  if (!ctx.evalCache || !node.extras || !node.extras->cacheEntry || node.forceNonTerminal || ctx.isRoot(node))
    return nullptr;
  return node.extras->cacheEntry->weight > 0 ? node.extras->cacheEntry.get() : nullptr;
}

template <class Values>
void blendWithCache(const EvalCacheEntry& e, double share, Values& v) {
  v.winLoss += share * (e.winLoss - v.winLoss);
  v.noResult += share * (e.noResult - v.noResult);
  const double oldMean = v.scoreMean;
  v.scoreMean += share * (e.scoreMean - v.scoreMean);
  v.scoreMeanSq = std::max(0.0, v.scoreMeanSq - oldMean * oldMean + v.scoreMean * v.scoreMean);
  v.lead += share * (e.lead - v.lead);
}

}  // namespace

void addLeafValue(SearchContext& ctx, Node& node, LeafValue value, bool terminal, bool accumulate) {
  double utility = ctx.utility.total(value);
  if (!terminal && ctx.params.subtreeValueBiasFactor != 0 && node.biasEntry)
    if (const auto average = node.biasEntry->average())
      utility += ctx.params.subtreeValueBiasFactor * *average;
  utility += ctx.patternBonusOf(node);

  const std::lock_guard<SpinLock> guard(node.lock);
  NodeStats s = node.stats.load();
  const double old = accumulate ? s.weight : 0;
  if (old > 0) {
    const double sum = old + value.weight;
    const auto mix = [&](double average, double x) { return (average * old + x * value.weight) / sum; };
    s.winLoss = mix(s.winLoss, value.winLoss);
    s.noResult = mix(s.noResult, value.noResult);
    s.scoreMean = mix(s.scoreMean, value.scoreMean);
    s.scoreMeanSq = mix(s.scoreMeanSq, value.scoreMeanSq);
    s.lead = mix(s.lead, value.lead);
    s.utility = mix(s.utility, utility);
    s.utilitySq = mix(s.utilitySq, utility * utility);
    s.weightSq += value.weight * value.weight;
    s.weight = sum;
  } else {
    s.winLoss = value.winLoss;
    s.noResult = value.noResult;
    s.scoreMean = value.scoreMean;
    s.scoreMeanSq = value.scoreMeanSq;
    s.lead = value.lead;
    s.utility = utility;
    s.utilitySq = utility * utility;
    s.weightSq = value.weight * value.weight;
    s.weight = value.weight;
  }
  node.stats.storeAverages(s);
  node.stats.addVisits(1);
}

void addNetLeaf(SearchContext& ctx, Node& node, bool accumulate) {
  LeafValue v = ctx.utility.leafOf(*node.net());
  if (const EvalCacheEntry* entry = usableCacheEntry(ctx, node))
    blendWithCache(*entry, cacheShare(ctx, *entry, 1), v);
  addLeafValue(ctx, node, v, false, accumulate);
}

void backup(Worker& worker, Node& node, int visits) {
  if (node.pendingVisits.fetch_add(visits, std::memory_order_acq_rel) != 0)
    return;  // its thread will see ours
  int taken = visits;
  while (true) {
    recompute(worker.ctx, node, worker.backup);
    {
      const std::lock_guard<SpinLock> guard(node.lock);
      node.stats.addVisits(taken);
    }
    const int left = node.pendingVisits.fetch_sub(taken, std::memory_order_acq_rel) - taken;
    if (left == 0) return;
    taken = left;
  }
}

namespace {

// The stages of spec 12 over the children that have something to say.
class Recomputation {
 public:
  Recomputation(SearchContext& ctx, Node& node, BackupScratch& scratch)
      : ctx_(ctx),
        params_(ctx.params),
        node_(node),
        children_(scratch.children),
        weighted_(scratch.weighted) {}

  void run() {
    collect();
    weigh();
    sum();
    addOwnEvaluation();
    finish();
  }

 private:
  void collect() {
    collectChildren(node_, children_);
    std::erase_if(children_, [](const ChildView& c) {
      return c.stats.visits <= 0 || c.stats.weight <= 0 || c.edgeVisits <= 0;
    });
    weighted_.clear();
    const Policy& policy = ctx_.policyOf(node_);
    for (const ChildView& c : children_) {
      WeightedChild w;
      w.selfUtility = forPlayer(c.stats.utility, node_.nextPla);
      w.weight = c.edgeWeight();
      const auto pos = static_cast<size_t>(ctx_.policyMap.posOf[static_cast<size_t>(c.move)]);
      w.policy = std::max(kMinPolicy, static_cast<double>(policy[pos]));
      original_ += w.weight;
      edgeVisits_ += c.edgeVisits;
      weighted_.push_back(w);
    }
    total_ = original_;
  }

  void weigh() {
    const std::span<WeightedChild> span(weighted_);
    const bool mirroring = ctx_.mirror.active();
    if (params_.useNoisePruning && !mirroring) total_ = pruneNoise(span, total_, params_);
    DownweightSettings settings;
    settings.exponent = mirroring ? 0 : params_.valueWeightExponent;
    if (ctx_.isRoot(node_) && params_.rootNoiseEnabled && !params_.useNoisePruning) {
      double most = 0;
      for (const WeightedChild& w : span) most = std::max(most, w.weight);
      settings.subtract = std::min(params_.chosenMoveSubtract, most / 64);
      settings.prune = std::min(params_.chosenMovePrune, most / 64);
    }
    downweightBad(span, total_, settings);
  }

  void sum() {
    sum_.weight = total_;
    for (size_t i = 0; i < weighted_.size(); i++) {
      const NodeStats& c = children_[i].stats;
      const double w = weighted_[i].weight;
      sum_.winLoss += w * c.winLoss;
      sum_.noResult += w * c.noResult;
      sum_.scoreMean += w * c.scoreMean;
      sum_.scoreMeanSq += w * c.scoreMeanSq;
      sum_.lead += w * c.lead;
      sum_.utility += w * c.utility;
      sum_.utilitySq += w * c.utilitySq;
      const double share = w / c.weight;
      sum_.weightSq += share * share * c.weightSq;
    }
  }

  void addOwnEvaluation() {
    const LeafValue own = ctx_.utility.leafOf(*node_.net());
    const double utility = biased(ctx_.utility.total(own));
    const double w = own.weight;
    sum_.winLoss += own.winLoss * w;
    sum_.noResult += own.noResult * w;
    sum_.scoreMean += own.scoreMean * w;
    sum_.scoreMeanSq += own.scoreMeanSq * w;
    sum_.lead += own.lead * w;
    sum_.utility += utility * w;
    sum_.utilitySq += utility * utility * w;
    sum_.weightSq += w * w;
    sum_.weight += w;
  }

  // Tells the situation's entry what this node found, and takes what the entry then says (spec 13.3).
  double biased(double utility) {
    if (params_.subtreeValueBiasFactor == 0 || !node_.biasEntry) return utility;
    std::optional<double> average;
    if (total_ > 1e-10) {
      const double ofChildren = sum_.utility / total_;
      const double weight = std::pow(original_, params_.subtreeValueBiasWeightExponent);
      const double delta = (ofChildren - utility) * weight;
      average = node_.biasEntry->update(node_.lastDelta, node_.lastWeight, delta, weight);
      node_.lastDelta = delta;
      node_.lastWeight = weight;
    } else {
      average = node_.biasEntry->average();
    }
    return average ? utility + params_.subtreeValueBiasFactor * *average : utility;
  }

  void finish() {
    NodeStats s = sum_;
    s.winLoss /= sum_.weight;
    s.noResult /= sum_.weight;
    s.scoreMean /= sum_.weight;
    s.scoreMeanSq /= sum_.weight;
    s.lead /= sum_.weight;
    s.utility /= sum_.weight;
    s.utilitySq /= sum_.weight;
    const double before = s.utility;
    s.utility += ctx_.patternBonusOf(node_);
    if (const EvalCacheEntry* entry = usableCacheEntry(ctx_, node_)) {
      const double share = cacheShare(ctx_, *entry, static_cast<double>(1 + edgeVisits_));
      blendWithCache(*entry, share, s);
      const double square = std::max(0.0, s.scoreMeanSq - s.scoreMean * s.scoreMean +
                                              static_cast<double>(entry->scoreMean) * entry->scoreMean);
      const double cached =
          ctx_.utility.result(entry->winLoss, entry->noResult) + ctx_.utility.score(entry->scoreMean, square);
      s.utility += share * (cached - s.utility);
    }
    s.utilitySq += s.utility * s.utility - before * before;
    const std::lock_guard<SpinLock> guard(node_.lock);
    node_.stats.storeAverages(s);
  }

  SearchContext& ctx_;
  const SearchParams& params_;
  Node& node_;
  std::vector<ChildView>& children_;
  std::vector<WeightedChild>& weighted_;
  double original_ = 0, total_ = 0;
  int64_t edgeVisits_ = 0;
  NodeStats sum_;
};

}  // namespace

void recompute(SearchContext& ctx, Node& node, BackupScratch& scratch) {
  Recomputation(ctx, node, scratch).run();
}

void recomputeChildless(SearchContext& ctx, Node& node) {
  NodeStats s = node.stats.load();
  if (s.weight <= 0) return;
  s.utility = ctx.utility.result(s.winLoss, s.noResult) + ctx.utility.score(s.scoreMean, s.scoreMeanSq) +
              ctx.patternBonusOf(node);
  s.utilitySq = s.utility * s.utility;
  node.stats.storeAverages(s);
}

}  // namespace ponnuki
