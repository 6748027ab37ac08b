// Compiled once for each ISA with PK_ISA naming the variant; exports exactly one symbol, its kernel table.
// See vec.h for why nothing else may be included here.
#include "backends/cpu/kernels/kernel_table.h"
#include "backends/cpu/kernels/vec.h"

#include "backends/cpu/kernels/gemm.inc"

#include "backends/cpu/kernels/winograd.inc"

#include "backends/cpu/kernels/elementwise.inc"

#include "backends/cpu/kernels/attention.inc"

#define PK_STRING2(x) #x
#define PK_STRING(x) PK_STRING2(x)

namespace ponnuki::nn::PK_ISA {

extern const KernelTable kTable;
const KernelTable kTable = {PK_STRING(PK_ISA), kRowTile, kColTile, gemm,      winogradInput,   winogradOutput,
                            elementwise,       pool,     rmsNorm,  attention, attentionScratch};

}  // namespace ponnuki::nn::PK_ISA
