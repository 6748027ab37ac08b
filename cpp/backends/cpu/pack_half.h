// Weights of 16 bits in the layouts of kernels/kernel_table.h: pairs of input channels side by side.
#pragma once

#include <vector>

#include "backends/cpu/aligned.h"
#include "backends/cpu/pack.h"

namespace ponnuki::nn {

constexpr int pairsFor(int channels) {
  return (channels + 1) / 2;
}

// Matrices [k][outC] -> bfloat16 [output block][pairs][16][2], rounded to nearest even.
AlignedArray<uint16_t> packBf16(const std::vector<MatrixPart>& parts, int k);

// Matrices [k][outC] in 16-bit integers for gemm_int16.inc. Proven: a column has a norm of at most 2^16, so
// its product with any row of norm below 2^15 fits 32 bits.
struct Int16Matrix {
  AlignedArray<int16_t> b;  // [output block][pairs][16][2]
  AlignedFloats scale;      // [output block][16]: a weight is b * scale
  float norm = 0;           // what rows are scaled to, so that their rounding stays below 2^15 too
};
Int16Matrix packInt16(const std::vector<MatrixPart>& parts, int k);

// 3x3 kernels [3][3][inC][outC] in the domain of winograd_int16.inc. Proven: a column (one output channel at
// one tile position) has a norm of at most 2^15, so its product with any tile of norm below 2^16 fits 32
// bits.
struct Int16Weights {
  AlignedArray<int16_t> u;  // [output block][36][pairs][16][2]
  AlignedFloats scale;      // [output block][36][16]: a weight is u * scale
  float norm = 0;           // what tiles are scaled to at most, so that their rounding stays below 2^16 too
};
Int16Weights packInt16Winograd(const std::vector<MatrixPart>& parts, int inC);

// The same weights for kernels with KernelTable::halfPairs: each integer becomes the bits of a half
// (kHalfPairsScale), and [pairs][16][2] becomes [pairs][2][16].
Int16Matrix asHalves(Int16Matrix packed);
Int16Weights asHalves(Int16Weights packed);

}  // namespace ponnuki::nn
