// The nodes of a search graph by 128-bit key, in independently locked shards (spec search 3.2). The root is
// never in it. findOrInsert is thread-safe; everything else is for between searches. Owns the nodes.
#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <vector>

#include "search/node.h"

namespace ponnuki {

class NodeTable {
 public:
  explicit NodeTable(int shardsPowerOfTwo);
  ~NodeTable();

  Node* find(Hash128 key) const;  // null if absent
  // Two threads may both make a node of one key: the first wins and is returned, the other is given to
  // `drop`.
  Node* insert(std::unique_ptr<Node> node, const std::function<void(Node&)>& drop);

  size_t size() const { return size_.load(std::memory_order_relaxed); }
  // Memory of the nodes and what hangs on them, to a few percent: edges are counted by their average number.
  size_t bytes() const { return bytes_.load(std::memory_order_relaxed); }
  void noteOutputs(const Node& node);  // of this table, when it got its first net output
  // Takes every node out for which remove(node) is true and returns them.
  std::vector<std::unique_ptr<Node>> removeIf(const std::function<bool(const Node&)>& remove);
  void forEach(const std::function<void(Node&)>& f) const;

 private:
  struct Shard {
    mutable SpinLock lock;
    std::vector<Node*> slots;  // open addressing, a power of two, at most 3/4 full
    size_t used = 0;
  };
  Shard& shardOf(Hash128 key) const { return shards_[key.h1 & (shardCount_ - 1)]; }
  static size_t slotOf(const Shard& shard, Hash128 key);  // where it is or belongs
  static void grow(Shard& shard);

  size_t shardCount_;
  std::unique_ptr<Shard[]> shards_;
  std::atomic<size_t> size_{0}, bytes_{0};
};

}  // namespace ponnuki
