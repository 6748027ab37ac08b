// Floats on a 64-byte boundary, zero at first. Not resizable; copies share them. Large ones ask for huge
// pages: kernels walk dozens of streams at once, more than there are entries in a small TLB.
#pragma once

#include <cstddef>
#include <memory>

namespace ponnuki::nn {

class AlignedFloats {
 public:
  AlignedFloats() = default;
  explicit AlignedFloats(size_t n);
  float* data() { return data_.get(); }
  const float* data() const { return data_.get(); }
  size_t size() const { return size_; }

 private:
  size_t size_ = 0;
  std::shared_ptr<float> data_;
};

}  // namespace ponnuki::nn
