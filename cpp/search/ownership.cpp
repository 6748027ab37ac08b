#include "search/ownership.h"

#include <algorithm>
#include <cmath>

#include "search/share_walk.h"

namespace ponnuki {

TreeOwnership treeOwnership(const SearchContext& ctx, const Node& start) {
  const auto area = static_cast<size_t>(ctx.policyMap.size - 1);
  std::vector<double> sum(area), squares(area);
  const auto hasMap = [](const Node& node) { return node.net() && !node.net()->ownership.empty(); };
  const auto add = [&](const Node& node, double share) {
    for (size_t i = 0; i < area; i++) {
      const double v = node.net()->ownership[i];
      sum[i] += share * v;
      squares[i] += share * v * v;
    }
  };
  ShareWalk(ctx, hasMap, add).run(start);

  TreeOwnership out;
  const Board& board = ctx.rootState.board();
  for (int y = 0; y < board.ySize(); y++) {
    for (int x = 0; x < board.xSize(); x++) {
      const auto pos = static_cast<size_t>(ctx.policyMap.posOf[static_cast<size_t>(board.at(x, y))]);
      out.mean.push_back(sum[pos]);
      out.stdev.push_back(std::sqrt(std::max(0.0, squares[pos] - sum[pos] * sum[pos])));
    }
  }
  return out;
}

}  // namespace ponnuki
