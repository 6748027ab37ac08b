// Offers the kernels of emulated_avx512.h to a process that is to test nothing else: they are slow.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "backends/cpu/dispatch.h"
#include "base/cpu_features.h"
#include "support/each_isa.h"

namespace ponnuki {

namespace nn::emulated_avx512vnni {
extern const KernelTable kTable;
}

namespace {

constexpr int kSkipped = 77;  // SKIP_RETURN_CODE in tests/CMakeLists.txt

[[maybe_unused]] const bool asked = [] {
  const nn::KernelTable& table = nn::emulated_avx512vnni::kTable;
  const char* only = test::oneIsaAlone();
  if (!only || std::string(only) != table.isa) return false;
  if (!cpuHasAvx2()) {
    std::puts("skipped: this processor has no AVX2");
    std::exit(kSkipped);
  }
  nn::addKernels(&table);
  return true;
}();

}  // namespace

}  // namespace ponnuki
