#include "backends/cpu/aligned.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace ponnuki::nn {

std::shared_ptr<void> alignedZeros(size_t bytes) {
  constexpr size_t kHugePage = size_t{2} << 20;
  const size_t align = bytes >= kHugePage ? kHugePage : 64;
  const size_t rounded = (std::max<size_t>(bytes, 1) + align - 1) / align * align;
  std::shared_ptr<void> memory(std::aligned_alloc(align, rounded), [](void* p) { std::free(p); });
  if (!memory) throw std::bad_alloc();
#if defined(__linux__)
  if (align == kHugePage) madvise(memory.get(), rounded, MADV_HUGEPAGE);  // a refusal costs speed only
#endif
  std::memset(memory.get(), 0, bytes);
  return memory;
}

}  // namespace ponnuki::nn
