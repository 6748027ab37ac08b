#include "search/search_context.h"

namespace ponnuki {

PolicyMap::PolicyMap(const Board& board, int nnX, int nnY) : size(nnX * nnY + 1) {
  posOf.fill(-1);
  pointOf.fill(kNullPoint);
  for (int y = 0; y < board.ySize(); y++) {
    for (int x = 0; x < board.xSize(); x++) {
      const int pos = y * nnX + x;
      posOf[static_cast<size_t>(board.at(x, y))] = static_cast<int16_t>(pos);
      pointOf[static_cast<size_t>(pos)] = board.at(x, y);
    }
  }
  posOf[kPass] = static_cast<int16_t>(nnX * nnY);
  pointOf[static_cast<size_t>(nnX * nnY)] = kPass;
}

bool SearchContext::isAllowedAtRoot(Point move) const {
  if (move == kPass) return true;
  if (params.rootSymmetryPruning && duplicates[static_cast<size_t>(move)]) return false;
  if (!params.rootPruneUselessMoves || safeArea[static_cast<size_t>(move)] == Color::Empty) return true;
  const auto& moves = rootState.moves();
  const size_t n = moves.size();
  if (n < 7) return true;
  for (size_t back = 1; back <= 7; back += 2) {
    const Move& m = moves[n - back];
    if (m.point != kPass || m.player != opponent(rootPla())) return true;
  }
  return false;
}

void SearchContext::setRootPolicy(std::shared_ptr<const Policy> policy) {
  rootPolicy.store(policy.get(), std::memory_order_release);
  if (root) root->bestNewMove.store(Node::kNoCachedMove, std::memory_order_relaxed);
  policy.swap(rootPolicyOwner);
  bury(std::move(policy));
}

void SearchContext::bury(std::shared_ptr<const void> dead) {
  if (!dead) return;
  const std::lock_guard<std::mutex> guard(graveyardMutex);
  graveyard.push_back(std::move(dead));
}

Worker::Worker(SearchContext& context, int number, const std::string& seed)
    : ctx(context), threadIndex(number), rng(seed) {
  resetToRoot();
}

}  // namespace ponnuki
