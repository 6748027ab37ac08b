#include "search/report_builder.h"

#include <algorithm>
#include <cmath>

#include "game/symmetry.h"
#include "search/choose.h"
#include "search/ownership.h"
#include "search/select.h"

namespace ponnuki {

namespace {

RootValues clamped(RootValues v) {
  v.winLoss = std::clamp(v.winLoss, -1.0, 1.0);
  v.noResult = std::clamp(v.noResult, 0.0, 1 - std::fabs(v.winLoss));
  return v;
}

RootValues valuesOf(const NodeStats& s) {
  RootValues v;
  v.visits = s.visits;
  v.weight = s.weight;
  v.winLoss = s.winLoss;
  v.noResult = s.noResult;
  v.scoreMean = s.scoreMean;
  v.scoreStdev = scoreStdev(s.scoreMean, s.scoreMeanSq);
  v.lead = s.lead;
  v.utility = s.utility;
  return clamped(v);
}

// The root's average with children weighted by what they are worth for playing.
RootValues prunedRootValues(const SearchContext& ctx, const NodeStats& root) {
  PlayOptions options;
  options.scaleMaxToAtLeast = 1;
  options.neverLcb = true;
  const PlayValues play = playValues(ctx, *ctx.root, options);
  if (!play.ok) return valuesOf(root);
  NodeStats sum;
  const auto add = [&sum](const auto& v, double utility, double weight) {
    sum.winLoss += v.winLoss * weight;
    sum.noResult += v.noResult * weight;
    sum.scoreMean += v.scoreMean * weight;
    sum.scoreMeanSq += v.scoreMeanSq * weight;
    sum.lead += v.lead * weight;
    sum.utility += utility * weight;
    sum.weight += weight;
  };
  for (size_t i = 0; i < play.children.size(); i++) {
    const ChildView& c = play.children[i];
    if (c.stats.visits > 0 && c.stats.weight > 0 && c.edgeVisits > 0)
      add(c.stats, c.stats.utility, play.values[i]);
  }
  const LeafValue own = ctx.utility.leafOf(*ctx.root->net());
  add(own, ctx.utility.total(own), own.weight);
  for (double* x : {&sum.winLoss, &sum.noResult, &sum.scoreMean, &sum.scoreMeanSq, &sum.lead, &sum.utility})
    *x /= sum.weight;
  sum.weight = root.weight;
  sum.visits = root.visits;
  return valuesOf(sum);
}

class MoveReporter {
 public:
  MoveReporter(const SearchContext& ctx, const ReportOptions& options, const NodeStats& root)
      : ctx_(ctx), options_(options), root_(root), pla_(ctx.rootPla()) {}

  std::vector<MoveReport> run() {
    PlayOptions play;
    play.scaleMaxToAtLeast = 1;
    play.alwaysLcb = true;
    play_ = playValues(ctx_, *ctx_.root, play);
    if (play_.children.empty()) return {};
    double mass = 0;
    for (const ChildView& c : play_.children) mass += std::max(0.0f, policyOf(c.move));
    fpu_ = parentTerms(ctx_, *ctx_.root, root_, mass, true).fpu;
    for (size_t i = 0; i < play_.children.size(); i++) moves_.push_back(ofChild(i));
    fillFromPolicy();
    std::stable_sort(moves_.begin(), moves_.end(), better);
    if (options_.duplicateForSymmetries && ctx_.params.rootSymmetryPruning && ctx_.symmetries.size() > 1)
      expandSymmetries();
    for (size_t i = 0; i < moves_.size(); i++) moves_[i].order = static_cast<int>(i);
    return std::move(moves_);
  }

 private:
  float policyOf(Point move) const { return ctx_.policyOf(*ctx_.root)[posOf(move)]; }
  size_t posOf(Point move) const { return static_cast<size_t>(ctx_.policyMap.posOf[static_cast<size_t>(move)]); }

  static bool better(const MoveReport& a, const MoveReport& b) {
    if ((a.edgeVisits > 0) != (b.edgeVisits > 0)) return a.edgeVisits > 0;
    if (a.playSelectionValue != b.playSelectionValue) return a.playSelectionValue > b.playSelectionValue;
    if (a.edgeVisits != b.edgeVisits) return a.edgeVisits > b.edgeVisits;
    return a.prior > b.prior;
  }

  MoveReport withPriors(Point move) const {
    MoveReport m;
    m.move = move;
    m.prior = policyOf(move);
    if (const NNOutput* human = ctx_.root->human())
      m.humanPrior = std::max(0.0f, human->policy[posOf(move)]);
    return m;
  }

  void setUnvisited(MoveReport& m) const {
    m.utility = fpu_;
    m.scoreMean = root_.scoreMean;
    m.scoreStdev = scoreStdev(root_.scoreMean, root_.scoreMeanSq);
    m.lead = root_.lead;
    if (ctx_.utility.winLossFactor == 1)
      m.winLoss = std::clamp(root_.winLoss + (fpu_ - root_.utility), -1.0, 1.0);
  }

  void setBounds(MoveReport& m, double selfLcb, double radius) const {
    const UtilityModel& u = ctx_.utility;
    m.utilityLcb = forPlayer(selfLcb, pla_);
    m.lcbRadius = radius;
    const double share = 0.5 * u.winLossFactor / (u.winLossFactor + u.staticFactor + u.dynamicFactor + 1e-20);
    m.lcbWinrate = 0.5 * (1 + m.winLoss) - forPlayer(radius * share, pla_);
  }

  MoveReport ofChild(size_t i) {
    const ChildView& c = play_.children[i];
    MoveReport m = withPriors(c.move);
    m.visits = c.stats.visits;
    m.edgeVisits = c.edgeVisits;
    if (c.stats.visits <= 0 || c.stats.weight <= 1e-30) {
      setUnvisited(m);
    } else {
      m.weight = c.stats.weight;
      m.edgeWeight = c.edgeWeight();
      m.utility = c.stats.utility;
      m.winLoss = c.stats.winLoss;
      m.noResult = c.stats.noResult;
      m.scoreMean = c.stats.scoreMean;
      m.scoreStdev = scoreStdev(c.stats.scoreMean, c.stats.scoreMeanSq);
      m.lead = c.stats.lead;
    }
    m.playSelectionValue = play_.ok ? play_.values[i] : 0;
    const double defaultRadius = 2 * ctx_.utility.radius() * ctx_.params.lcbStdevs;
    setBounds(m, play_.ok ? play_.lcb[i] : -defaultRadius, play_.ok ? play_.lcbRadius[i] : defaultRadius);
    addVariation(m, c);
    addOwnership(m, *c.node);
    return m;
  }

  void addOwnership(MoveReport& m, const Node& node) const {
    if (!options_.movesOwnership && !options_.movesOwnershipStdev) return;
    TreeOwnership o = treeOwnership(ctx_, node);
    if (options_.movesOwnership) m.ownership = std::move(o.mean);
    if (options_.movesOwnershipStdev) m.ownershipStdev = std::move(o.stdev);
  }

  void addVariation(MoveReport& m, const ChildView& first) const {
    const auto append = [&m](Point move, int64_t visits, int64_t edgeVisits) {
      m.pv.push_back(move);
      m.pvVisits.push_back(visits);
      m.pvEdgeVisits.push_back(edgeVisits);
    };
    append(first.move, first.stats.visits, first.edgeVisits);
    PlayOptions play;
    play.scaleMaxToAtLeast = 1;
    play.allowDirectPolicy = true;
    const Node* node = first.node;
    for (int depth = 0; depth < options_.maxPvLength; depth++) {
      const PlayValues values = playValues(ctx_, *node, play);
      if (!values.ok) return;
      const size_t best = indexOfMax(values.values);
      if (best >= values.children.size()) {
        append(values.moves[best], 0, 0);
        return;
      }
      const ChildView& c = values.children[best];
      append(c.move, c.stats.visits, c.edgeVisits);
      node = c.node;
    }
  }

  void fillFromPolicy() {
    while (static_cast<int>(moves_.size()) < options_.minMoves) {
      Point best = kNullPoint;
      float bestPolicy = -1;
      for (size_t pos = 0; pos < static_cast<size_t>(ctx_.policyMap.size); pos++) {
        const Point move = ctx_.policyMap.pointOf[pos];
        if (move == kNullPoint || policyOf(move) < bestPolicy) continue;
        if (std::any_of(moves_.begin(), moves_.end(), [move](const MoveReport& m) { return m.move == move; })) continue;
        best = move;
        bestPolicy = policyOf(move);
      }
      if (bestPolicy < 0) return;
      MoveReport m = withPriors(best);
      setUnvisited(m);
      setBounds(m, 0, 0);
      m.pv = {best};
      m.pvVisits = m.pvEdgeVisits = {0};
      addOwnership(m, *ctx_.root);
      moves_.push_back(std::move(m));
    }
  }

  void expandSymmetries() {
    const std::vector<int>& avoid = ctx_.avoidOf(pla_);
    std::vector<MoveReport> all;
    PointSet emitted;
    const Board& board = ctx_.rootState.board();
    for (const MoveReport& m : moves_) {
      for (const int s : ctx_.symmetries) {
        const Point image = symmetry::apply(s, m.move, board.xSize(), board.ySize());
        if (emitted[static_cast<size_t>(image)]) continue;
        if (!avoid.empty() && avoid[static_cast<size_t>(image)] > 0) continue;
        emitted.set(static_cast<size_t>(image));
        all.push_back(mapped(m, s));
      }
    }
    moves_ = std::move(all);
  }

  MoveReport mapped(const MoveReport& original, int s) const {
    if (s == 0) return original;
    const Board& board = ctx_.rootState.board();
    MoveReport m = original;
    m.symmetry = s;
    m.isSymmetryOf = original.move;
    m.move = symmetry::apply(s, original.move, board.xSize(), board.ySize());
    for (Point& p : m.pv) p = symmetry::apply(s, p, board.xSize(), board.ySize());
    const auto mapPoints = [&](const std::vector<double>& from, std::vector<double>& to) {
      if (from.empty()) return;
      for (int y = 0; y < board.ySize(); y++) {
        for (int x = 0; x < board.xSize(); x++) {
          const symmetry::XY image = symmetry::apply(s, x, y, board.xSize(), board.ySize());
          to[static_cast<size_t>(image.y * board.xSize() + image.x)] =
              from[static_cast<size_t>(y * board.xSize() + x)];
        }
      }
    };
    mapPoints(original.ownership, m.ownership);
    mapPoints(original.ownershipStdev, m.ownershipStdev);
    return m;
  }

  const SearchContext& ctx_;
  const ReportOptions& options_;
  const NodeStats& root_;
  const Color pla_;
  PlayValues play_;
  double fpu_ = 0;
  std::vector<MoveReport> moves_;
};

}  // namespace

bool plainRootValues(const SearchContext& ctx, RootValues& values) {
  if (!ctx.root || !ctx.root->net()) return false;
  const NodeStats s = ctx.root->stats.load();
  if (s.visits <= 0 || s.weight <= 0) return false;
  values = valuesOf(s);
  return true;
}

bool buildReport(const SearchContext& ctx, const ReportOptions& options, SearchReport& report) {
  report = SearchReport();
  if (!plainRootValues(ctx, report.plain)) return false;
  const NodeStats root = ctx.root->stats.load();
  const Board& board = ctx.rootState.board();
  report.toMove = ctx.rootPla();
  report.xSize = board.xSize();
  report.ySize = board.ySize();
  report.pruned = prunedRootValues(ctx, root);
  report.moves = MoveReporter(ctx, options, root).run();
  {
    const std::lock_guard<SpinLock> guard(ctx.root->lock);
    report.rootNet = ctx.root->sharedNet();
    report.rootHuman = ctx.root->sharedHuman();
  }
  if (options.ownership || options.ownershipStdev) {
    TreeOwnership o = treeOwnership(ctx, *ctx.root);
    if (options.ownership) report.ownership = std::move(o.mean);
    if (options.ownershipStdev) report.ownershipStdev = std::move(o.stdev);
  }
  report.thisHash = symmetry::thisHash(board, report.toMove);
  report.symHash = symmetry::symHash(board, report.toMove);
  if (const auto s = surpriseOf(ctx)) {
    report.policySurprise = s->policySurprise;
    report.searchEntropy = s->searchEntropy;
    report.policyEntropy = s->policyEntropy;
  }
  return true;
}

}  // namespace ponnuki
