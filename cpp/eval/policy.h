// The prior probabilities of one position by pos (nn_output.h), exactly as the net gave them; an illegal move
// has -1. Keeps the legal moves alone where that takes less room: a tree of millions of nodes consists mostly
// of these. A value; immutable but for assignment.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "game/point.h"

namespace ponnuki {

constexpr int kMaxPolicySize = kMaxBoardArea + 1;

class Policy {
 public:
  Policy() = default;                              // without moves
  explicit Policy(std::span<const float> priors);  // one for each pos, negative: illegal
  Policy(const Policy& other);
  Policy(Policy&&) noexcept = default;
  Policy& operator=(Policy other) noexcept {
    std::swap(values_, other.values_);
    std::swap(index_, other.index_);
    std::swap(size_, other.size_);
    std::swap(count_, other.count_);
    return *this;
  }
  ~Policy() = default;

  size_t size() const { return size_; }  // of the policy, not of what is stored

  float operator[](size_t pos) const {
    if (!index_) return values_[pos];
    const uint64_t word = index_->legal[pos / 64], bit = uint64_t{1} << (pos % 64);
    if (!(word & bit)) return -1.0f;
    return values_[index_->before[pos / 64] + static_cast<size_t>(std::popcount(word & (bit - 1)))];
  }

  // f(pos, prior), ascending.
  template <class F>
  void forEachLegal(F&& f) const {
    if (!index_) {
      for (size_t pos = 0; pos < size_; pos++)
        if (values_[pos] >= 0) f(pos, values_[pos]);
      return;
    }
    const float* next = values_.get();
    for (size_t i = 0; i < kWords; i++)
      for (uint64_t word = index_->legal[i]; word; word &= word - 1)
        f(i * 64 + static_cast<size_t>(std::countr_zero(word)), *next++);
  }

  std::vector<float> expanded() const;  // one for each pos
  size_t bytes() const;                 // beside the object itself
  bool operator==(const Policy& other) const { return expanded() == other.expanded(); }

 private:
  static constexpr size_t kWords = (kMaxPolicySize + 63) / 64;
  struct Index {
    std::array<uint64_t, kWords> legal{};   // one bit a pos
    std::array<uint16_t, kWords> before{};  // legal ones in earlier words
  };

  std::unique_ptr<float[]> values_;  // of all moves, or of the legal ones with an index
  std::unique_ptr<Index> index_;
  uint16_t size_ = 0, count_ = 0;  // count_: of values_
};

}  // namespace ponnuki
