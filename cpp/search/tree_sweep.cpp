#include "search/tree_sweep.h"

#include <cmath>
#include <system_error>
#include <thread>
#include <unordered_set>

#include "base/error.h"
#include "search/backup.h"

namespace ponnuki {

namespace {

constexpr size_t kBackgroundDisposal = 5000;  // nodes

struct Frame {
  Node* node;
  int next = 0;
};

}  // namespace

void forEachPostOrder(SearchContext& ctx, const std::function<void(Node&)>& f) {
  if (!ctx.root) return;
  const uint32_t mark = ++ctx.sweeps;
  std::vector<Frame> stack{{ctx.root.get()}};
  while (!stack.empty()) {
    Frame& top = stack.back();
    if (top.next == top.node->numChildren()) {
      f(*top.node);
      stack.pop_back();
      continue;
    }
    Node* child = top.node->edge(top.next++).child();
    if (child->age.exchange(mark, std::memory_order_relaxed) != mark) stack.push_back({child});
  }
}

void recomputeGraph(SearchContext& ctx) {
  BackupScratch scratch;
  forEachPostOrder(ctx, [&](Node& node) {
    if (node.numChildren() == 0)
      recomputeChildless(ctx, node);
    else
      recompute(ctx, node, scratch);
  });
}

void deleteUnreachable(SearchContext& ctx) {
  forEachPostOrder(ctx, [](Node&) {});
  TreeGarbage garbage;
  garbage.nodes = ctx.table->removeIf(
      [mark = ctx.sweeps](const Node& node) { return node.age.load(std::memory_order_relaxed) != mark; });
  for (auto& node : garbage.nodes) withdrawBias(*node, ctx.params.subtreeValueBiasFreeProp);
  disposeTree(std::move(garbage));
}

void disposeTree(TreeGarbage garbage) {
  if (garbage.size() < kBackgroundDisposal) return;
  try {
    std::thread([g = std::move(garbage)]() mutable { g = {}; }).detach();
  } catch (const std::system_error&) {  // no thread to be had: it was freed here
  }
}

namespace {

void addMoves(const SearchContext& ctx, const std::vector<ChildView>& children, EvalCacheEntry& entry) {
  for (const ChildView& c : children) {
    if (c.stats.visits < ctx.params.evalCacheMinVisits) continue;
    EvalCacheEntry::MoveValue& known = entry.moves[c.move];
    const auto visits = static_cast<float>(c.stats.visits);
    if (visits >= known.weight)
      known = {static_cast<float>(c.stats.winLoss), static_cast<float>(c.stats.scoreMean), visits};
  }
}

// A root at which passing is about as good as anything says little about the position.
bool isPassable(const Node& root, const std::vector<ChildView>& children) {
  int64_t total = 0, pass = 0;
  double best = -1e50, passValue = -1e50;
  for (const ChildView& c : children) {
    total += c.edgeVisits;
    const double value = forPlayer(c.stats.utility, root.nextPla);
    best = std::max(best, value);
    if (c.move != kPass) continue;
    pass += c.edgeVisits;
    passValue = value;
  }
  return 8 * pass >= total || passValue + 0.05 >= best;
}

}  // namespace

void recordEvalCache(SearchContext& ctx) {
  if (!ctx.evalCache) return;
  std::vector<ChildView> children;
  const auto record = [&](Node& node, Hash128 graphKey) {
    const NodeStats s = node.stats.load();
    if (s.visits < ctx.params.evalCacheMinVisits || node.forceNonTerminal) return;
    const EvalCache::EntryPtr old = ctx.evalCache->find(graphKey, ctx.evalCacheName);
    const auto weight = static_cast<float>(s.visits);
    if (old && weight < 0.75f * old->weight) return;
    auto entry = old ? std::make_shared<EvalCacheEntry>(*old) : std::make_shared<EvalCacheEntry>();
    collectChildren(node, children);
    addMoves(ctx, children, *entry);
    if (!ctx.isRoot(node) || !isPassable(node, children)) {
      entry->winLoss = static_cast<float>(s.winLoss);
      entry->noResult = static_cast<float>(s.noResult);
      entry->scoreMean = static_cast<float>(s.scoreMean);
      entry->lead = static_cast<float>(s.lead);
      entry->weight = weight;
    }
    ctx.evalCache->store(graphKey, ctx.evalCacheName, std::move(entry));
  };
  forEachPostOrder(ctx,
                   [&](Node& node) { record(node, ctx.isRoot(node) ? ctx.rootGraphKey : node.graphKey); });
}

size_t countTreeBytes(const SearchContext& ctx) {
  size_t total = ctx.root ? ctx.root->bytes() : 0;
  ctx.table->forEach([&](Node& node) { total += node.bytes() + sizeof(Node*); });
  return total;
}

namespace {

void checkStats(const NodeStats& s) {
  for (const double v : {s.weight, s.weightSq, s.winLoss, s.noResult, s.scoreMean, s.scoreMeanSq, s.lead,
                         s.utility, s.utilitySq})
    ENSURE(std::isfinite(v));
  ENSURE(s.visits >= 0 && s.weight >= 0 && s.weightSq >= 0);
  ENSURE((s.visits > 0) == (s.weight > 0));
  ENSURE(std::fabs(s.winLoss) <= 1.000001);
}

void checkEdges(const SearchContext& ctx, const Node& node, const std::vector<ChildView>& children) {
  int64_t edges = 0;
  std::unordered_set<Point> moves;
  for (const ChildView& c : children) {
    ENSURE(moves.insert(c.move).second);
    ENSURE(c.node->nextPla == opponent(node.nextPla));
    ENSURE(!ctx.isRoot(*c.node));
    ENSURE(c.edgeVisits >= 0);
    edges += c.edgeVisits;
  }
  // One visit is the node's own evaluation.
  ENSURE(children.empty() || (node.net() && edges < node.stats.visits()));
}

// Owned once, by the table or the context, and counted by its entry of the bias table.
void checkOwnership(const SearchContext& ctx, size_t reached, int64_t biasReferences, bool clean) {
  size_t owned = ctx.root ? 1 : 0;
  int64_t orphanReferences = 0;
  ctx.table->forEach([&](Node& node) {
    owned++;
    if (node.age.load() == ctx.sweeps) return;
    ENSURE(!clean && node.numChildren() == 0 &&
           node.stats.visits() == 0);  // another thread's child was faster
    orphanReferences += node.biasEntry != nullptr;
  });
  ENSURE(clean ? owned == reached : owned >= reached);
  ENSURE(owned == ctx.table->size() + (ctx.root ? 1 : 0));
  if (ctx.bias) ENSURE(ctx.bias->references() == biasReferences + orphanReferences);
}

}  // namespace

void checkTree(SearchContext& ctx, bool clean) {
  std::vector<ChildView> children;
  size_t reached = 0;
  int64_t biasReferences = 0;
  forEachPostOrder(ctx, [&](Node& node) {
    reached++;
    biasReferences += node.biasEntry != nullptr;
    ENSURE(node.virtualLosses.load() == 0);
    ENSURE(node.pendingVisits.load() == 0);
    ENSURE(node.state.load() != Node::Evaluating);
    checkStats(node.stats.load());
    collectChildren(node, children);
    checkEdges(ctx, node, children);
  });
  checkOwnership(ctx, reached, biasReferences, clean);
}

}  // namespace ponnuki
