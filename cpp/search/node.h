// Nodes and edges of the search graph. All values are White's view (spec search 3.1).
//
//   Node --edges--> EdgeChunk (2 edges) --next--> EdgeChunk (4 edges) --next--> ...
//                     Edge = child pointer + (move, edge visits) in one word
//
// Threads: statistics are relaxed atomics that one thread at a time writes (the one that won `pendingVisits`,
// or that holds `lock`) and everybody reads without a lock; a reader may see values of two different backups,
// which the formulas tolerate. Edges are only ever appended (under `lock`) and published by numChildren. The
// state goes forward only: unevaluated -> evaluating -> expanded. Nothing is freed while a search runs.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <new>
#include <vector>

#include "base/hash128.h"
#include "eval/nn_output.h"
#include "game/color.h"
#include "game/point.h"
#include "search/spin_lock.h"

namespace ponnuki {

class Node;
struct ValueBiasEntry;
struct EvalCacheEntry;

// A copy of a node's statistics.
struct NodeStats {
  int64_t visits = 0;
  double weight = 0, weightSq = 0;   // sum of weights and of their squares
  double winLoss = 0, noResult = 0;  // averages from here on
  double scoreMean = 0, scoreMeanSq = 0, lead = 0;
  double utility = 0, utilitySq = 0;
};

class AtomicStats {
 public:
  NodeStats load() const {
    constexpr auto relaxed = std::memory_order_relaxed;
    return {visits_.load(relaxed),      weight_.load(relaxed),   weightSq_.load(relaxed),
            winLoss_.load(relaxed),     noResult_.load(relaxed), scoreMean_.load(relaxed),
            scoreMeanSq_.load(relaxed), lead_.load(relaxed),     utility_.load(relaxed),
            utilitySq_.load(relaxed)};
  }
  void prefetch() const {
    __builtin_prefetch(this);
    __builtin_prefetch(&weightSq_);
  }
  void storeAverages(const NodeStats& s);  // everything but the visits
  void addVisits(int64_t n) { visits_.store(visits() + n, std::memory_order_relaxed); }
  void setVisits(int64_t n) { visits_.store(n, std::memory_order_relaxed); }
  int64_t visits() const { return visits_.load(std::memory_order_relaxed); }
  double weight() const { return weight_.load(std::memory_order_relaxed); }
  double weightSq() const { return weightSq_.load(std::memory_order_relaxed); }
  double utility() const { return utility_.load(std::memory_order_relaxed); }

 private:
  std::atomic<int64_t> visits_{0};
  std::atomic<double> weight_{0}, utility_{0}, utilitySq_{0};  // what selection reads comes first
  std::atomic<double> winLoss_{0}, noResult_{0}, scoreMean_{0}, scoreMeanSq_{0}, lead_{0}, weightSq_{0};
};

class Edge {
 public:
  Node* child() const { return child_; }
  Point move() const { return static_cast<Point>(word_.load(std::memory_order_relaxed) & 0xFFFF); }
  int64_t visits() const { return word_.load(std::memory_order_relaxed) >> 16; }
  void addVisits(int64_t n) { word_.fetch_add(n << 16, std::memory_order_relaxed); }
  // Adds one visit while there are fewer than `bound`.
  bool addVisitBelow(int64_t bound);
  void set(Node* child, Point move, int64_t visits);  // before it is published

 private:
  Node* child_ = nullptr;
  std::atomic<int64_t> word_{0};
};

// Head and edges lie in one block of memory.
class EdgeChunk {
 public:
  static constexpr int kFirstCapacity = 2;
  static EdgeChunk* make(int capacity);
  static void free(EdgeChunk* chunk);
  static constexpr size_t bytes(int capacity) {
    return sizeof(EdgeChunk) + static_cast<size_t>(capacity) * sizeof(Edge);
  }
  Edge& at(int i) { return std::launder(reinterpret_cast<Edge*>(this + 1))[i]; }

  const int capacity;
  std::atomic<EdgeChunk*> next{nullptr};

 private:
  explicit EdgeChunk(int size) : capacity(size) {}
};

// What few nodes have; immutable once the node is published.
struct NodeExtras {
  Hash128 patternHash;                               // null: no pattern bonus (spec 17)
  std::shared_ptr<const EvalCacheEntry> cacheEntry;  // null: none (spec 18)
};

class Node {
 public:
  enum State : uint8_t { Unevaluated, Evaluating, Expanded };

  Node(Color toMove, bool forced, Hash128 key) : nextPla(toMove), forceNonTerminal(forced), graphKey(key) {}
  ~Node();
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  const NNOutput* net() const { return net_.load(std::memory_order_acquire); }
  const NNOutput* human() const { return human_.load(std::memory_order_acquire); }
  const NNOutputPtr& sharedNet() const { return netOwner_; }  // holding `lock` during a search
  const NNOutputPtr& sharedHuman() const;
  // These return the previous owner, which other threads may still be reading: keep it until the search ends.
  NNOutputPtr setNet(NNOutputPtr output);
  NNOutputPtr setHuman(NNOutputPtr output);

  int numChildren() const { return numChildren_.load(std::memory_order_acquire); }
  // Appends if there are exactly `expected` children; false if another thread was faster.
  bool appendEdge(int expected, Node* child, Point move, int64_t visits);
  Edge& edge(int index) const;
  template <class F>
  void forEachEdge(F&& f) const {
    int left = numChildren();
    for (EdgeChunk* c = chunks_.load(std::memory_order_acquire); left > 0;
         c = c->next.load(std::memory_order_acquire))
      for (int i = 0; i < c->capacity && left > 0; i++, left--) f(c->at(i));
  }
  void clearEdges();  // between searches only
  // Begins to load what a visit reads first, while the caller still plays the move that leads here.
  void prefetchForVisit() const {
    __builtin_prefetch(net_.load(std::memory_order_relaxed));
    if (const EdgeChunk* chunk = chunks_.load(std::memory_order_relaxed)) __builtin_prefetch(chunk);
  }

  size_t bytes() const;  // of node, edges and net outputs

  const Color nextPla;
  bool forceNonTerminal;  // must be searched even if the game is over here
  std::atomic<uint8_t> state{Unevaluated};
  mutable SpinLock lock;
  std::atomic<uint32_t> age{0};  // of the root evaluation; of others the last sweep
  std::atomic<int32_t> virtualLosses{0};
  std::atomic<int32_t> pendingVisits{0};  // visits that the next backup will add
  // The unvisited move of highest prior: children << 16 | pos, valid for exactly that number of children.
  std::atomic<uint32_t> bestNewMove{kNoCachedMove};
  static constexpr uint32_t kNoCachedMove = 0xFFFFFFFF;
  AtomicStats stats;
  Hash128 graphKey;
  ValueBiasEntry* biasEntry = nullptr;   // counted reference (value_bias.h)
  double lastDelta = 0, lastWeight = 0;  // this node's share in it; written by backups
  std::unique_ptr<NodeExtras> extras;

 private:
  std::atomic<int32_t> numChildren_{0};
  std::atomic<EdgeChunk*> chunks_{nullptr};
  std::atomic<const NNOutput*> net_{nullptr}, human_{nullptr};
  NNOutputPtr netOwner_;
  std::unique_ptr<NNOutputPtr> humanOwner_;
};

// One child as selection and backup see it: a consistent enough copy.
struct ChildView {
  Edge* edge = nullptr;
  Node* node = nullptr;
  Point move = kNullPoint;
  int64_t edgeVisits = 0;
  NodeStats stats;
  // The share of the child's weight that belongs to this edge: the quotient first, then the product.
  double edgeProp() const {
    return static_cast<double>(edgeVisits) / static_cast<double>(stats.visits > 1 ? stats.visits : 1);
  }
  double edgeWeight() const { return stats.weight * edgeProp(); }
  double edgeWeightSq() const { return stats.weightSq * edgeProp(); }
};

// Selected: only visits, weight and utility of the statistics are filled, which lie in one cache line.
enum class ChildDetail { All, Selected };
void collectChildren(const Node& node, std::vector<ChildView>& out, ChildDetail detail = ChildDetail::All);

}  // namespace ponnuki
