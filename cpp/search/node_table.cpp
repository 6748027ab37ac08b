#include "search/node_table.h"

#include <algorithm>

namespace ponnuki {

namespace {
// More shards than this gain nothing even with hundreds of threads, and each costs time to create and
// destroy.
constexpr int kMaxShardBits = 10;
constexpr size_t kFirstSlots = 8;
// Every node is the child of an edge, and half of a node's room for edges is empty; then two slots of the
// table.
constexpr size_t kNodeBytes = sizeof(Node) + 2 * sizeof(Edge) + sizeof(EdgeChunk) + 2 * sizeof(Node*);

size_t outputBytes(const Node& node) {
  return (node.net() ? node.net()->bytes() : 0) + (node.human() ? node.human()->bytes() : 0);
}
}  // namespace

NodeTable::NodeTable(int shardsPowerOfTwo)
    : shardCount_(size_t{1} << std::min(shardsPowerOfTwo, kMaxShardBits)), shards_(new Shard[shardCount_]) {}

NodeTable::~NodeTable() {
  for (size_t i = 0; i < shardCount_; i++)
    for (Node* node : shards_[i].slots) delete node;
}

size_t NodeTable::slotOf(const Shard& shard, Hash128 key) {
  const size_t mask = shard.slots.size() - 1;
  size_t at = key.h0 & mask;
  while (shard.slots[at] && shard.slots[at]->graphKey != key) at = (at + 1) & mask;
  return at;
}

void NodeTable::grow(Shard& shard) {
  std::vector<Node*> old;
  old.swap(shard.slots);
  shard.slots.assign(old.empty() ? kFirstSlots : old.size() * 2, nullptr);
  for (Node* node : old)
    if (node) shard.slots[slotOf(shard, node->graphKey)] = node;
}

Node* NodeTable::find(Hash128 key) const {
  const Shard& shard = shardOf(key);
  const std::lock_guard<SpinLock> guard(shard.lock);
  return shard.slots.empty() ? nullptr : shard.slots[slotOf(shard, key)];
}

Node* NodeTable::insert(std::unique_ptr<Node> node, const std::function<void(Node&)>& drop) {
  Shard& shard = shardOf(node->graphKey);
  Node* winner;
  {
    const std::lock_guard<SpinLock> guard(shard.lock);
    if ((shard.used + 1) * 4 > shard.slots.size() * 3) grow(shard);
    Node*& slot = shard.slots[slotOf(shard, node->graphKey)];
    if (!slot) {
      slot = node.release();
      shard.used++;
      size_.fetch_add(1, std::memory_order_relaxed);
      bytes_.fetch_add(kNodeBytes, std::memory_order_relaxed);
      return slot;
    }
    winner = slot;
  }
  drop(*node);
  return winner;
}

void NodeTable::noteOutputs(const Node& node) {
  bytes_.fetch_add(outputBytes(node), std::memory_order_relaxed);
}

std::vector<std::unique_ptr<Node>> NodeTable::removeIf(const std::function<bool(const Node&)>& remove) {
  std::vector<std::unique_ptr<Node>> removed;
  for (size_t i = 0; i < shardCount_; i++) {
    Shard& shard = shards_[i];
    std::vector<Node*> kept;
    const size_t before = removed.size();
    for (Node* node : shard.slots) {
      if (!node) continue;
      if (remove(*node))
        removed.emplace_back(node);
      else
        kept.push_back(node);
    }
    if (removed.size() == before) continue;
    std::fill(shard.slots.begin(), shard.slots.end(), nullptr);
    for (Node* node : kept) shard.slots[slotOf(shard, node->graphKey)] = node;
    shard.used = kept.size();
  }
  size_.fetch_sub(removed.size(), std::memory_order_relaxed);
  size_t freed = 0;
  for (const auto& node : removed) freed += kNodeBytes + outputBytes(*node);
  bytes_.fetch_sub(std::min(freed, bytes()), std::memory_order_relaxed);
  return removed;
}

void NodeTable::forEach(const std::function<void(Node&)>& f) const {
  for (size_t i = 0; i < shardCount_; i++)
    for (Node* node : shards_[i].slots)
      if (node) f(*node);
}

}  // namespace ponnuki
