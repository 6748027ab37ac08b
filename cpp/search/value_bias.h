// Subtree value bias: running averages of (search result - net value) per local situation, by which nodes of
// the same situation are nudged (spec search 13). Thread-safe. Nodes hold counted references to entries.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <unordered_map>

#include "game/game_state.h"
#include "search/node.h"

namespace ponnuki {

struct ValueBiasEntry {
  SpinLock lock;
  double delta = 0, weight = 0;  // under lock; utility x weight, weight
  std::atomic<int32_t> references{0};

  // Replaces a node's share by a new one and returns the average, or nothing while the weight is negligible.
  std::optional<double> update(double oldDelta, double oldWeight, double newDelta, double newWeight);
  std::optional<double> average();
};

class ValueBiasTable {
 public:
  // The entry for the last move of `state` with a reference added for the caller; null if that move has none.
  ValueBiasEntry* acquire(const GameState& state);
  void removeUnreferenced();  // between searches
  size_t size() const;
  int64_t references() const;  // of all entries; between searches

 private:
  static constexpr size_t kShards = 256;
  struct Shard {
    mutable SpinLock lock;
    std::unordered_map<Hash128, std::unique_ptr<ValueBiasEntry>> entries;
  };
  std::array<Shard, kShards> shards_;
};

// Takes a node out of its entry's average, leaving the share 1 - freeProp of it, and drops the reference.
void withdrawBias(Node& node, double freeProp);

}  // namespace ponnuki
