// Spreads a share of 1 over a part of the search graph: a node keeps what its own evaluation counts and
// passes the rest to its children, by the squares of their weights, so that the likely lines count most.
// Small shares stop the walk (spec search 21.5). Internal to search/.
#pragma once

#include <algorithm>
#include <cmath>
#include <unordered_set>
#include <vector>

#include "search/search_context.h"

namespace ponnuki {

// Usable: bool(const Node&), may the node have a share? Add: void(const Node&, double share).
template <class Usable, class Add>
class ShareWalk {
 public:
  ShareWalk(const SearchContext& ctx, Usable usable, Add add) : ctx_(ctx), usable_(usable), add_(add) {}

  // False if the start itself is not usable; nothing was added then.
  bool run(const Node& start) {
    const auto visits = static_cast<double>(std::max<int64_t>(1, start.stats.visits()));
    minShare_ = 0.5 / std::pow(visits, 0.75);
    pruneShare_ = 0.01 * minShare_;
    return walk(start, 1.0);
  }

 private:
  bool walk(const Node& node, double share) {
    if (!usable_(node)) return false;
    if (share < minShare_ || path_.count(&node)) {
      add_(node, share);
      return true;
    }
    path_.insert(&node);
    add_(node, spread(node, share));
    path_.erase(&node);
    return true;
  }

  // Gives the children their shares and returns what stays with the node itself.
  double spread(const Node& node, double share) {
    std::vector<ChildView> children;
    collectChildren(node, children);
    double relative = 0, weights = 0;
    for (const ChildView& c : children) {
      const double w = c.edgeWeight();
      relative += w * w;
      weights += w;
    }
    const double own = node.net() ? std::max(ctx_.utility.weightOf(*node.net()), 1e-10) : 1;
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

  const SearchContext& ctx_;
  Usable usable_;
  Add add_;
  double minShare_ = 0, pruneShare_ = 0;
  std::unordered_set<const Node*> path_;
};

}  // namespace ponnuki
