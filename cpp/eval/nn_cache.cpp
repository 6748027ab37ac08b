#include "eval/nn_cache.h"

#include <algorithm>

#include "base/error.h"

namespace ponnuki {

NNCache::NNCache(int sizePower, int mutexPower) {
  if (sizePower < 0) return;
  if (mutexPower < 0)
    throw UserError("NNCacheTable: Invalid mutexPoolSizePowerOfTwo: " + std::to_string(mutexPower));
  mutexPower = std::min(mutexPower, sizePower);
  const uint64_t slots = uint64_t{1} << sizePower;
  chunks_ = std::vector<std::atomic<Chunk*>>((slots + kChunkSlots - 1) / kChunkSlots);
  mutexes_ = std::vector<std::mutex>(size_t{1} << mutexPower);
  slotMask_ = slots - 1;
  mutexMask_ = mutexes_.size() - 1;
}

NNCache::~NNCache() {
  for (const std::atomic<Chunk*>& chunk : chunks_) delete chunk.load();
}

NNOutputPtr* NNCache::existingSlot(uint64_t slot) const {
  Chunk* chunk = chunks_[slot / kChunkSlots].load(std::memory_order_acquire);
  return chunk ? &(*chunk)[slot % kChunkSlots] : nullptr;
}

// A chunk spans the slots of several mutexes, so two threads may want to make it.
NNOutputPtr& NNCache::slotForWriting(uint64_t slot) {
  std::atomic<Chunk*>& chunk = chunks_[slot / kChunkSlots];
  if (!chunk.load(std::memory_order_acquire)) {
    auto fresh = std::make_unique<Chunk>();
    Chunk* none = nullptr;
    if (chunk.compare_exchange_strong(none, fresh.get(), std::memory_order_acq_rel)) fresh.release();
  }
  return *existingSlot(slot);
}

NNOutputPtr NNCache::get(Hash128 key) const {
  if (!enabled()) return nullptr;
  const uint64_t slot = key.h0 & slotMask_;
  const std::lock_guard lock(mutexes_[slot & mutexMask_]);
  const NNOutputPtr* found = existingSlot(slot);
  return found && *found && (*found)->key == key ? *found : nullptr;
}

void NNCache::put(NNOutputPtr output) {
  if (!enabled()) return;
  const uint64_t slot = output->key.h0 & slotMask_;
  {
    const std::lock_guard lock(mutexes_[slot & mutexMask_]);
    slotForWriting(slot).swap(output);
  }
  // The replaced entry is freed here, outside the lock.
}

void NNCache::clear() {
  if (!enabled()) return;
  for (uint64_t slot = 0; slot <= slotMask_; slot++) {
    NNOutputPtr* found = existingSlot(slot);
    if (!found) {
      slot |= kChunkSlots - 1;  // to the end of the chunk
      continue;
    }
    NNOutputPtr old;
    const std::lock_guard lock(mutexes_[slot & mutexMask_]);
    found->swap(old);
  }
}

}  // namespace ponnuki
