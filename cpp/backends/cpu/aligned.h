// Numbers on a 64-byte boundary, zero at first. Not resizable; copies share them. Large arrays ask for huge
// pages: kernels walk dozens of streams at once, more than there are entries in a small TLB.
#pragma once

#include <cstddef>
#include <memory>

namespace ponnuki::nn {

std::shared_ptr<void> alignedZeros(size_t bytes);

template <class T>
class AlignedArray {
 public:
  AlignedArray() = default;
  explicit AlignedArray(size_t n)
      : size_(n), data_(std::static_pointer_cast<T>(alignedZeros(n * sizeof(T)))) {}
  T* data() { return data_.get(); }
  const T* data() const { return data_.get(); }
  size_t size() const { return size_; }

 private:
  size_t size_ = 0;
  std::shared_ptr<T> data_;
};
using AlignedFloats = AlignedArray<float>;

}  // namespace ponnuki::nn
