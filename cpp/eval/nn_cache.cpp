#include "eval/nn_cache.h"

#include <algorithm>

#include "base/error.h"

namespace ponnuki {

NNCache::NNCache(int sizePower, int mutexPower) {
  if (sizePower < 0) return;
  if (mutexPower < 0)
    throw UserError("NNCacheTable: Invalid mutexPoolSizePowerOfTwo: " + std::to_string(mutexPower));
  mutexPower = std::min(mutexPower, sizePower);
  slots_.resize(size_t{1} << sizePower);
  mutexes_ = std::vector<std::mutex>(size_t{1} << mutexPower);
  slotMask_ = slots_.size() - 1;
  mutexMask_ = mutexes_.size() - 1;
}

NNOutputPtr NNCache::get(Hash128 key) const {
  if (!enabled()) return nullptr;
  const uint64_t slot = key.h0 & slotMask_;
  const std::lock_guard lock(mutexes_[slot & mutexMask_]);
  const NNOutputPtr& found = slots_[slot];
  return found && found->key == key ? found : nullptr;
}

void NNCache::put(NNOutputPtr output) {
  if (!enabled()) return;
  const uint64_t slot = output->key.h0 & slotMask_;
  {
    const std::lock_guard lock(mutexes_[slot & mutexMask_]);
    slots_[slot].swap(output);
  }
  // The replaced entry is freed here, outside the lock.
}

void NNCache::clear() {
  for (uint64_t slot = 0; slot < slots_.size(); slot++) {
    NNOutputPtr old;
    const std::lock_guard lock(mutexes_[slot & mutexMask_]);
    slots_[slot].swap(old);
  }
}

}  // namespace ponnuki
