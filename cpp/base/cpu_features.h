// What the processor and the operating system allow. Asked once; results are constant and thread-safe.
#pragma once

namespace ponnuki {

bool cpuHasAvx2();    // AVX2 and FMA, registers saved by the system
bool cpuHasAvx512();  // AVX-512 F, VL, DQ and BW, registers saved by the system
// Pairs of 16-bit products: with those of cpuHasAvx2, of cpuHasAvx512, and bfloat16 besides.
bool cpuHasAvxVnni();
bool cpuHasAvx512Vnni();
bool cpuHasAvx512Bf16();
// AVX2 that multiplies two registers of such pairs in a cycle: AMD from Zen 3 and Intel from Skylake on.
// Others multiply one.
bool cpuHasFastPairs();
// 64-bit ARM, beyond its NEON baseline: products of four 8-bit integers summed in 32 bits (SDOT), and with it
// arithmetic on vectors of eight half-precision numbers.
bool cpuHasDotProduct();
bool cpuHasHalfArithmetic();

// Threads that can really run at once: the processors this process may use, limited by the CPU quota of its
// container. At least 1.
int usableCores();

}  // namespace ponnuki
