#include "search/tree_averages.h"

#include "search/share_walk.h"

namespace ponnuki {

std::optional<TreeAverages> treeAverages(const SearchContext& ctx) {
  if (!ctx.root || !ctx.root->net()) return std::nullopt;
  TreeAverages out;
  // The end of a game has no net output, but a score.
  ShareWalk(
      ctx, [](const Node& node) { return node.net() || node.stats.visits() > 0; },
      [&](const Node& node, double share) {
        out.sharpScore += share * (node.net() ? static_cast<double>(node.net()->whiteScoreMean)
                                              : node.stats.load().scoreMean);
      })
      .run(*ctx.root);
  if (ctx.root->net()->shorttermScoreError < 0) return out;
  out.shorttermWinlossError = out.shorttermScoreError = 0;
  ShareWalk(
      ctx, [](const Node& node) { return node.net() != nullptr; },
      [&](const Node& node, double share) {
        out.shorttermWinlossError += share * static_cast<double>(node.net()->shorttermWinlossError);
        out.shorttermScoreError += share * static_cast<double>(node.net()->shorttermScoreError);
      })
      .run(*ctx.root);
  return out;
}

}  // namespace ponnuki
