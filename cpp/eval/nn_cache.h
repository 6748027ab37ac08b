// Direct-mapped table of finished evaluations. Thread-safe: a pool of mutexes guards the slots. The slot of a
// key is its low word mod the size, and a new entry always replaces the old one, so eviction is the same on
// every machine. Memory for slots is taken when they are first used, so that a big cache costs nothing at
// start-up. Spec model-and-network 16.5.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "eval/nn_output.h"

namespace ponnuki {

class NNCache {
 public:
  // Powers of two; sizePower -1 makes a cache that stores nothing. UserError on mutexPower -1 with a cache.
  NNCache(int sizePower, int mutexPower);
  ~NNCache();
  NNCache(const NNCache&) = delete;
  NNCache& operator=(const NNCache&) = delete;

  bool enabled() const { return !chunks_.empty(); }
  NNOutputPtr get(Hash128 key) const;  // null if absent
  void put(NNOutputPtr output);        // under output->key
  void clear();

 private:
  static constexpr uint64_t kChunkSlots = 256;
  using Chunk = std::array<NNOutputPtr, kChunkSlots>;
  NNOutputPtr* existingSlot(uint64_t slot) const;  // null if its chunk is not there
  NNOutputPtr& slotForWriting(uint64_t slot);

  std::vector<std::atomic<Chunk*>> chunks_;
  mutable std::vector<std::mutex> mutexes_;
  uint64_t slotMask_ = 0, mutexMask_ = 0;
};

}  // namespace ponnuki
