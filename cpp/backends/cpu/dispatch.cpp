#include "backends/cpu/dispatch.h"

#include "base/cpu_features.h"
#include "base/error.h"
#include "base/text.h"

namespace ponnuki::nn {

namespace baseline {
extern const KernelTable kTable;
}
#if defined(PONNUKI_X86_KERNELS)
namespace avx2 {
extern const KernelTable kTable;
}
namespace avxvnni {
extern const KernelTable kTable;
}
namespace avx512 {
extern const KernelTable kTable;
}
namespace avx512vnni {
extern const KernelTable kTable;
}
namespace avx512bf16 {
extern const KernelTable kTable;
}
#endif
#if defined(PONNUKI_ARM64_KERNELS)
namespace dotprod {
extern const KernelTable kTable;
}
namespace fp16 {
extern const KernelTable kTable;
}
#endif

namespace {

std::vector<const KernelTable*>& addedKernels() {
  static std::vector<const KernelTable*> tables;
  return tables;
}

}  // namespace

void addKernels(const KernelTable* table) {
  addedKernels().push_back(table);
}

std::vector<const KernelTable*> usableKernels() {
  std::vector<const KernelTable*> tables = addedKernels();
  tables.push_back(&baseline::kTable);
#if defined(PONNUKI_X86_KERNELS)
  if (cpuHasAvx2()) tables.push_back(&avx2::kTable);
  if (cpuHasAvxVnni()) tables.push_back(&avxvnni::kTable);
  if (cpuHasAvx512()) tables.push_back(&avx512::kTable);
  if (cpuHasAvx512Vnni()) tables.push_back(&avx512vnni::kTable);
  if (cpuHasAvx512Bf16()) tables.push_back(&avx512bf16::kTable);
#endif
#if defined(PONNUKI_ARM64_KERNELS)
  if (cpuHasDotProduct()) tables.push_back(&dotprod::kTable);
  if (cpuHasHalfArithmetic()) tables.push_back(&fp16::kTable);
#endif
  return tables;
}

const KernelTable& chooseKernels(const std::string& isa) {
  const std::vector<const KernelTable*> tables = usableKernels();
  if (isa == "auto" || isa.empty()) return *tables.back();
  std::vector<std::string> names = {"auto"};
  for (const KernelTable* t : tables) {
    if (isa == t->isa) return *t;
    names.push_back(t->isa);
  }
  throw UserError("cpuIsa = " + isa + ": this machine cannot run it or it does not exist; expected one of " +
                  join(names, ", "));
}

}  // namespace ponnuki::nn
