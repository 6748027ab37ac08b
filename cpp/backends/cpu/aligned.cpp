#include "backends/cpu/aligned.h"

#include <algorithm>
#include <cstdlib>
#include <new>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace ponnuki::nn {

AlignedFloats::AlignedFloats(size_t n) : size_(n) {
  constexpr size_t kHugePage = size_t{2} << 20;
  const size_t bytes = std::max<size_t>(n * sizeof(float), 1);
  const size_t align = bytes >= kHugePage ? kHugePage : 64;
  const size_t rounded = (bytes + align - 1) / align * align;
  data_.reset(static_cast<float*>(std::aligned_alloc(align, rounded)), [](float* p) { std::free(p); });
  if (!data_) throw std::bad_alloc();
#if defined(__linux__)
  if (align == kHugePage) madvise(data_.get(), rounded, MADV_HUGEPAGE);  // a refusal costs speed only
#endif
  std::fill_n(data_.get(), n, 0.0f);
}

}  // namespace ponnuki::nn
