// Offers the kernels of emulated_avx512.h and emulated_avxvnni.h to a process that is to test nothing else: "auto" must
// not choose them.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "backends/cpu/dispatch.h"
#include "base/cpu_features.h"
#include "support/each_isa.h"

namespace ponnuki {

namespace nn::emulated_avxvnni {
extern const KernelTable kTable;
}
namespace nn::emulated_avx512bf16 {
extern const KernelTable kTable;
}

namespace {

constexpr int kSkipped = 77;  // SKIP_RETURN_CODE in tests/CMakeLists.txt

[[maybe_unused]] const bool asked = [] {
  const char* only = test::oneIsaAlone();
  for (const nn::KernelTable* table : {&nn::emulated_avxvnni::kTable, &nn::emulated_avx512bf16::kTable}) {
    if (!only || std::string(only) != table->isa) continue;
    if (!cpuHasAvx2()) {
      std::puts("skipped: this processor has no AVX2");
      std::exit(kSkipped);
    }
    nn::addKernels(table);
    return true;
  }
  return false;
}();

}  // namespace

}  // namespace ponnuki
