#include "search/ownership.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>

namespace ponnuki {

namespace {

class OwnershipWalk {
 public:
  OwnershipWalk(const SearchContext& ctx, const Node& start) : ctx_(ctx) {
    const auto visits = static_cast<double>(std::max<int64_t>(1, start.stats.visits()));
    minShare_ = 0.5 / std::pow(visits, 0.75);
    pruneShare_ = 0.01 * minShare_;
    const auto area = static_cast<size_t>(ctx.policyMap.size - 1);
    sum_.assign(area, 0);
    squares_.assign(area, 0);
  }

  // False if nothing could be added.
  bool walk(const Node& node, double share) {
    const NNOutput* net = node.net();
    if (!net || net->ownership.empty()) return false;
    if (share < minShare_ || path_.count(&node)) {
      add(*net, share);
      return true;
    }
    path_.insert(&node);
    add(*net, spread(node, *net, share));
    path_.erase(&node);
    return true;
  }

  TreeOwnership result() const {
    const Board& board = ctx_.rootState.board();
    TreeOwnership out;
    for (int y = 0; y < board.ySize(); y++) {
      for (int x = 0; x < board.xSize(); x++) {
        const auto pos = static_cast<size_t>(ctx_.policyMap.posOf[static_cast<size_t>(board.at(x, y))]);
        out.mean.push_back(sum_[pos]);
        out.stdev.push_back(std::sqrt(std::max(0.0, squares_[pos] - sum_[pos] * sum_[pos])));
      }
    }
    return out;
  }

 private:
  // Gives the children their shares and returns what stays with the node itself.
  double spread(const Node& node, const NNOutput& net, double share) {
    std::vector<ChildView> children;
    collectChildren(node, children);
    double relative = 0, weights = 0;
    for (const ChildView& c : children) {
      const double w = c.edgeWeight();
      relative += w * w;
      weights += w;
    }
    const double own = std::max(ctx_.utility.weightOf(net), 1e-10);
    const double childShare = share * weights / (weights + own);
    double self = share * own / (weights + own);
    if (childShare <= 0 || relative <= 0) return self + childShare;
    for (const ChildView& c : children) {
      const double w = c.edgeWeight();
      const double s = w * w / relative * childShare;
      if (s < pruneShare_ || !walk(*c.node, s)) self += s;
    }
    return self;
  }

  void add(const NNOutput& net, double share) {
    for (size_t i = 0; i < sum_.size(); i++) {
      const double v = net.ownership[i];
      sum_[i] += share * v;
      squares_[i] += share * v * v;
    }
  }

  const SearchContext& ctx_;
  double minShare_, pruneShare_;
  std::vector<double> sum_, squares_;
  std::unordered_set<const Node*> path_;
};

}  // namespace

TreeOwnership treeOwnership(const SearchContext& ctx, const Node& start) {
  OwnershipWalk walk(ctx, start);
  walk.walk(start, 1.0);
  return walk.result();
}

}  // namespace ponnuki
