// Growing records that a GameState carries, made for cheap copying: the search copies a state once per
// playout and then plays some moves on the copy. Value types, not thread-safe.
#pragma once

#include <algorithm>
#include <array>
#include <vector>

#include "base/hash128.h"

namespace ponnuki {

// A vector whose copies have room for more elements, so that playing on a copy does not allocate.
template <typename T>
class RoomyVector : public std::vector<T> {
 public:
  static constexpr size_t kRoom = 64;

  RoomyVector() = default;
  RoomyVector(RoomyVector&&) noexcept = default;
  RoomyVector& operator=(RoomyVector&&) noexcept = default;
  RoomyVector(const RoomyVector& o) : std::vector<T>() { *this = o; }
  RoomyVector& operator=(const RoomyVector& o) {
    if (this == &o) return *this;
    if (this->capacity() < o.size() + kRoom / 4) {
      this->clear();
      this->reserve(o.size() + kRoom);
    }
    this->assign(o.begin(), o.end());
    return *this;
  }
  ~RoomyVector() = default;
};

// State keys in order of occurrence. A Bloom filter answers nearly all look-ups of absent keys at once.
class KeyHistory {
 public:
  void clear() {
    keys_.clear();
    filter_.fill(0);
    newestMayRepeat_ = false;
  }
  void add(Hash128 key) {
    newestMayRepeat_ = mayContain(key);
    keys_.push_back(key);
    filter_[word(key.h0)] |= bit(key.h0);
    filter_[word(key.h1)] |= bit(key.h1);
  }
  bool contains(Hash128 key) const {
    return mayContain(key) && std::find(keys_.begin(), keys_.end(), key) != keys_.end();
  }
  int countNewest() const {
    if (!newestMayRepeat_) return static_cast<int>(!keys_.empty());
    return static_cast<int>(std::count(keys_.begin(), keys_.end(), keys_.back()));
  }

 private:
  static constexpr size_t kWords = 128;

  static size_t word(uint64_t hash) { return hash / 64 % kWords; }
  static uint64_t bit(uint64_t hash) { return uint64_t{1} << hash % 64; }
  bool mayContain(Hash128 key) const {
    return (filter_[word(key.h0)] & bit(key.h0)) != 0 && (filter_[word(key.h1)] & bit(key.h1)) != 0;
  }

  RoomyVector<Hash128> keys_;
  std::array<uint64_t, kWords> filter_{};
  bool newestMayRepeat_ = false;
};

}  // namespace ponnuki
