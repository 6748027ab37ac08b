// Remembers what earlier searches found about positions and their well-explored moves (useEvalCache, spec search
// 18). White's view. Thread-safe; may be shared by several searches.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "base/hash128.h"
#include "config/search_params.h"
#include "game/point.h"

namespace ponnuki {

struct EvalCacheEntry {
  struct MoveValue {
    float winLoss = 0, scoreMean = 0, weight = 0;
  };
  float winLoss = 0, noResult = 0, scoreMean = 0, lead = 0;
  float weight = 0;                         // visits; 0 = only moves are known
  std::map<Point, MoveValue> moves;         // pass first, then row-major
};

class EvalCache {
 public:
  using EntryPtr = std::shared_ptr<const EvalCacheEntry>;
  // Entries made under other parameters, limits included, are not seen: each set has its own name.
  Hash128 nameOf(const SearchParams& params);
  EntryPtr find(Hash128 graphKey, Hash128 paramsName) const;
  void store(Hash128 graphKey, Hash128 paramsName, EntryPtr entry);
  void clear();

 private:
  static constexpr size_t kShards = 64;
  struct Shard {
    mutable std::mutex mutex;
    std::unordered_map<Hash128, EntryPtr> entries;
  };
  std::array<Shard, kShards> shards_;
  std::mutex paramsMutex_;
  std::vector<SearchParams> seenParams_;
};

}  // namespace ponnuki
