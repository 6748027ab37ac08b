#include "eval/policy.h"

#include <algorithm>

#include "base/error.h"

namespace ponnuki {

Policy::Policy(std::span<const float> priors) : size_(static_cast<uint16_t>(priors.size())), count_(size_) {
  ENSURE(priors.size() <= kMaxPolicySize);
  const auto legal =
      static_cast<size_t>(std::count_if(priors.begin(), priors.end(), [](float p) { return p >= 0; }));
  const bool compact = legal * sizeof(float) + sizeof(Index) < priors.size() * sizeof(float);
  if (compact) {
    index_ = std::make_unique<Index>();
    count_ = static_cast<uint16_t>(legal);
  }
  values_.reset(new float[count_]);
  if (!compact) {
    std::copy(priors.begin(), priors.end(), values_.get());
    return;
  }
  float* next = values_.get();
  for (size_t pos = 0; pos < priors.size(); pos++) {
    if (pos % 64 == 0) index_->before[pos / 64] = static_cast<uint16_t>(next - values_.get());
    if (priors[pos] < 0) continue;
    index_->legal[pos / 64] |= uint64_t{1} << (pos % 64);
    *next++ = priors[pos];
  }
}

Policy::Policy(const Policy& other)
    : values_(new float[other.count_]),
      index_(other.index_ ? std::make_unique<Index>(*other.index_) : nullptr),
      size_(other.size_),
      count_(other.count_) {
  std::copy_n(other.values_.get(), count_, values_.get());
}

std::vector<float> Policy::expanded() const {
  std::vector<float> all(size_, -1.0f);
  forEachLegal([&](size_t pos, float prior) { all[pos] = prior; });
  return all;
}

size_t Policy::bytes() const {
  return count_ * sizeof(float) + (index_ ? sizeof(Index) : 0);
}

}  // namespace ponnuki
