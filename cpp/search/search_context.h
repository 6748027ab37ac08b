// What all threads of one search share: parameters, the root position, what was derived from it at the start,
// and the tree. Written between searches only, except the tree and `graveyard`. Internal to search/.
#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <vector>

#include "base/log.h"
#include "config/search_params.h"
#include "eval/evaluator.h"
#include "game/game_state.h"
#include "search/eval_cache.h"
#include "search/mirror.h"
#include "search/node_table.h"
#include "search/pattern_bonus.h"
#include "search/search_rng.h"
#include "search/utility.h"
#include "search/value_bias.h"
#include "search/weights.h"

namespace ponnuki {

// Board points and policy indices of one board on one net buffer; two look-ups instead of two divisions.
struct PolicyMap {
  int size = 0;                                  // nnX * nnY + 1
  std::array<int16_t, kPointArraySize> posOf{};  // by point
  std::array<Point, kMaxPolicySize> pointOf{};   // by pos; kNullPoint off the board
  PolicyMap() = default;
  PolicyMap(const Board& board, int nnX, int nnY);
};

struct SearchContext {
  SearchParams params;
  Evaluator* net = nullptr;
  Evaluator* human = nullptr;  // null without a human net
  Logger* log = nullptr;
  SgfMetadata profile;
  bool humanUsable = false;  // spec 6.2
  int threads = 1;           // of the running search

  // Root position.
  GameState rootState;
  std::array<std::vector<int>, 2> avoidUntil;  // by player - 1, then by point; empty = none (spec 9.5)
  Point hint = kNullPoint;
  bool alwaysOwnership = false;

  // Derived at the start of a search (spec 5).
  Color searchFor = Color::Empty;  // the player the search is for
  PolicyMap policyMap;
  UtilityModel utility;
  AreaMap safeArea{};              // strictly pass-alive stones and territory
  std::vector<int> symmetries{0};  // valid for root pruning, ascending
  PointSet duplicates;             // root moves that others stand for
  MirrorState mirror;
  Hash128 rootGraphKey;

  // The tree.
  std::unique_ptr<Node> root;
  std::unique_ptr<NodeTable> table;
  std::unique_ptr<ValueBiasTable> bias;  // null: not in use
  std::shared_ptr<EvalCache> evalCache;  // null: not in use in this search
  Hash128 evalCacheName;
  std::shared_ptr<const PatternBonusTable> patterns;  // null: none
  uint32_t age = 0;
  uint32_t sweeps = 0;  // walks over the graph so far; each marks nodes with its number

  // Root policy after noise, temperature and hint (spec 7); null: the raw one counts.
  std::atomic<const Policy*> rootPolicy{nullptr};
  std::shared_ptr<const Policy> rootPolicyOwner;
  void setRootPolicy(std::shared_ptr<const Policy> policy);
  // Replaced outputs and policies that other threads may still be reading; emptied between searches.
  std::mutex graveyardMutex;
  std::vector<std::shared_ptr<const void>> graveyard;

  Color rootPla() const { return rootState.toMove(); }
  bool isRoot(const Node& node) const { return &node == root.get(); }
  bool usesBias() const { return bias && params.subtreeValueBiasFactor != 0; }
  const std::vector<int>& avoidOf(Color pla) const { return avoidUntil[static_cast<size_t>(index(pla) - 1)]; }
  // The policy that guides playouts without the human net: at the root the processed one.
  const Policy& policyOf(const Node& node) const {
    if (isRoot(node))
      if (const Policy* processed = rootPolicy.load(std::memory_order_acquire)) return *processed;
    return node.net()->policy;
  }
  double patternBonusOf(const Node& node) const {
    if (!patterns || !node.extras || node.nextPla != opponent(searchFor)) return 0;
    return patterns->bonus(node.extras->patternHash);
  }
  bool isAllowedAtRoot(Point move) const;       // spec 14.1
  void bury(std::shared_ptr<const void> dead);  // keeps what other threads may still read
};

struct BackupScratch {
  std::vector<ChildView> children;
  std::vector<WeightedChild> weighted;
};

// What one search thread owns.
struct Worker {
  Worker(SearchContext& context, int number, const std::string& seed);

  SearchContext& ctx;
  int threadIndex;
  SearchRng rng;
  GameState state;  // the position at the node being visited
  Hash128 graphKey;
  bool counts = true;        // does this playout count toward the limits
  double visitsLeft = 1e30;  // bound of spec 22.4

  struct Step {  // one edge of the path of this playout
    Node* node;
    Node* child;
    Edge* edge;
    bool countEdge;
  };
  std::vector<Step> path;
  std::vector<ChildView> children;  // scratch of selection
  BackupScratch backup;

  void resetToRoot() {
    state = ctx.rootState;
    graphKey = ctx.rootGraphKey;
  }
  int depth() const { return static_cast<int>(state.moves().size() - ctx.rootState.moves().size()); }
};

}  // namespace ponnuki
