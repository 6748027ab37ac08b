// Compiled once for each ISA with PK_ISA naming the variant; exports exactly one symbol, its kernel table.
// See vec.h for why nothing else may be included here.
#include "backends/cpu/kernels/kernel_table.h"
#include "backends/cpu/kernels/vec.h"

#include "backends/cpu/kernels/gemm.inc"

#include "backends/cpu/kernels/winograd.inc"

#include "backends/cpu/kernels/elementwise.inc"

#include "backends/cpu/kernels/pair_tile.inc"

#include "backends/cpu/kernels/half_tile.inc"

#include "backends/cpu/kernels/winograd_int16.inc"

#include "backends/cpu/kernels/gemm_int16.inc"

#if PK_HALF_PAIRS
#include "backends/cpu/kernels/attention_half.inc"
#else
#include "backends/cpu/kernels/softmax_int16.inc"

#include "backends/cpu/kernels/attention_int16.inc"
#endif

#include "backends/cpu/kernels/attention.inc"

#include "backends/cpu/kernels/gemm_bf16.inc"

#include "backends/cpu/kernels/int8_tile.inc"

#include "backends/cpu/kernels/gemm_int8.inc"

#include "backends/cpu/kernels/conv_int8.inc"

#define PK_STRING2(x) #x
#define PK_STRING(x) PK_STRING2(x)

namespace ponnuki::nn::PK_ISA {

// SSE2 has no fused multiply-add to compete with; halves are as many again as floats in an instruction.
#if defined(__AVX512VNNI__) || defined(__AVXVNNI__) || (defined(__x86_64__) && !defined(__AVX2__)) || PK_HALF_PAIRS
#define PK_FAST_INT16 true
#else
#define PK_FAST_INT16 false
#endif

// With 512 bits the additions take turns with the products, and nothing is won.
#if defined(__AVX2__) && !defined(__AVX512F__)
#define PK_FAST_INT16_WITH_PAIRS true
#else
#define PK_FAST_INT16_WITH_PAIRS false
#endif
#if defined(__ARM_FEATURE_DOTPROD) && !PK_HALF_PAIRS
#define PK_FAST_INT8_CONV true
#else
#define PK_FAST_INT8_CONV false
#endif

extern const KernelTable kTable;
const KernelTable kTable = {
    .isa = PK_STRING(PK_ISA),
    .rowTile = kRowTile,
    .maxGroupBlocks = kColTile,
    .gemm = gemm,
    .winogradInput = winogradInput,
    .winogradOutput = winogradOutput,
    .elementwise = elementwise,
    .pool = pool,
    .rmsNorm = rmsNorm,
    .attention = attention,
    .attentionScratch = attentionScratch,
    .fastInt16 = PK_FAST_INT16,
    .fastInt16WithPairs = PK_FAST_INT16_WITH_PAIRS,
    .halfPairs = PK_HALF_PAIRS,
    .winogradInt16Input = winogradInt16Input,
    .winogradInt16Quantize = winogradInt16Quantize,
    .winogradInt16Output = winogradInt16Output,
    .gemmInt16 = gemmInt16,
    .gemmBf16 = PK_GEMM_BF16,
    .fastInt8Conv = PK_FAST_INT8_CONV,
    .gemmInt8 = gemmInt8,
    .convInt8Input = convInt8Input,
    .convInt8Output = convInt8Output,
    .int8Peak = int8Peak,
};

}  // namespace ponnuki::nn::PK_ISA
