// Direct-mapped table of finished evaluations. Thread-safe: a pool of mutexes guards the slots. The slot of a
// key is its low word mod the size, and a new entry always replaces the old one, so eviction is the same on
// every machine. Spec model-and-network 16.5.
#pragma once

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

  bool enabled() const { return !slots_.empty(); }
  NNOutputPtr get(Hash128 key) const;  // null if absent
  void put(NNOutputPtr output);        // under output->key
  void clear();

 private:
  std::vector<NNOutputPtr> slots_;
  mutable std::vector<std::mutex> mutexes_;
  uint64_t slotMask_ = 0, mutexMask_ = 0;
};

}  // namespace ponnuki
