// Floats on a 64-byte boundary, zero at first. Move-only; not resizable.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>

namespace ponnuki::nn {

class AlignedFloats {
 public:
  AlignedFloats() = default;
  explicit AlignedFloats(size_t n) : size_(n), data_(static_cast<float*>(::operator new(n * sizeof(float), kAlign))) {
    std::fill_n(data_.get(), n, 0.0f);
  }
  float* data() { return data_.get(); }
  const float* data() const { return data_.get(); }
  size_t size() const { return size_; }

 private:
  static constexpr std::align_val_t kAlign{64};
  struct Free {
    void operator()(float* p) const { ::operator delete(p, kAlign); }
  };
  size_t size_ = 0;
  std::unique_ptr<float, Free> data_;
};

}  // namespace ponnuki::nn
