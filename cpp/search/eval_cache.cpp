#include "search/eval_cache.h"

#include <algorithm>

namespace ponnuki {

Hash128 EvalCache::nameOf(const SearchParams& params) {
  const std::lock_guard<std::mutex> guard(paramsMutex_);
  const auto it = std::find(seenParams_.begin(), seenParams_.end(), params);
  const auto number = static_cast<uint64_t>(it - seenParams_.begin());
  if (it == seenParams_.end()) seenParams_.push_back(params);
  return {mix::murmurMix(number + 1), mix::splitMix64(number + 1)};
}

EvalCache::EntryPtr EvalCache::find(Hash128 graphKey, Hash128 paramsName) const {
  const Hash128 key = graphKey ^ paramsName;
  const Shard& shard = shards_[key.h0 % kShards];
  const std::lock_guard<std::mutex> guard(shard.mutex);
  const auto it = shard.entries.find(key);
  return it == shard.entries.end() ? nullptr : it->second;
}

void EvalCache::store(Hash128 graphKey, Hash128 paramsName, EntryPtr entry) {
  const Hash128 key = graphKey ^ paramsName;
  Shard& shard = shards_[key.h0 % kShards];
  const std::lock_guard<std::mutex> guard(shard.mutex);
  shard.entries[key] = std::move(entry);
}

void EvalCache::clear() {
  for (Shard& shard : shards_) {
    const std::lock_guard<std::mutex> guard(shard.mutex);
    shard.entries.clear();
  }
}

}  // namespace ponnuki
