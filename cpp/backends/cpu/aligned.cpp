#include "backends/cpu/aligned.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace ponnuki::nn {
namespace {

constexpr size_t kLine = 64;

#if defined(__linux__)
constexpr size_t kHugePage = size_t{2} << 20;

// Pages straight from the system: zero already, and back with it as soon as they are freed.
std::shared_ptr<void> hugePages(size_t bytes) {
  const size_t reserved = bytes + kHugePage;
  void* mapped = mmap(nullptr, reserved, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) throw std::bad_alloc();
  const size_t before = (kHugePage - reinterpret_cast<uintptr_t>(mapped) % kHugePage) % kHugePage;
  void* aligned = static_cast<char*>(mapped) + before;
  madvise(aligned, bytes, MADV_HUGEPAGE);  // a refusal costs speed only
  return {aligned, [mapped, reserved](void*) { munmap(mapped, reserved); }};
}
#endif

}  // namespace

std::shared_ptr<void> alignedZeros(size_t bytes) {
#if defined(__linux__)
  if (bytes >= kHugePage) return hugePages(bytes);
#endif
  const size_t rounded = (std::max<size_t>(bytes, 1) + kLine - 1) / kLine * kLine;
  std::shared_ptr<void> memory(std::aligned_alloc(kLine, rounded), [](void* p) { std::free(p); });
  if (!memory) throw std::bad_alloc();
  std::memset(memory.get(), 0, bytes);
  return memory;
}

}  // namespace ponnuki::nn
