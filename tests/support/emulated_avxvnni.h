// The two AVX-VNNI instructions of the CPU kernels in those of AVX2, so that these kernels, the ones of many laptops, are tested
// on any processor with AVX2. Used as emulated_avx512.h is.
#pragma once

#include <immintrin.h>

namespace emulated {

static inline __attribute__((always_inline)) __m256i dot16(__m256i sum, __m256i a, __m256i b) {
  return _mm256_add_epi32(sum, _mm256_madd_epi16(a, b));
}
// Bytes of a are unsigned, those of b signed: as 16-bit integers, even and odd ones apart, no product or sum is cut off.
static inline __attribute__((always_inline)) __m256i dot8(__m256i sum, __m256i a, __m256i b) {
  const __m256i evenA = _mm256_and_si256(a, _mm256_set1_epi16(0xff)), oddA = _mm256_srli_epi16(a, 8);
  const __m256i evenB = _mm256_srai_epi16(_mm256_slli_epi16(b, 8), 8), oddB = _mm256_srai_epi16(b, 8);
  return dot16(dot16(sum, evenA, evenB), oddA, oddB);
}

}  // namespace emulated

#define _mm256_dpwssd_avx_epi32 emulated::dot16
#define _mm256_dpbusd_avx_epi32 emulated::dot8

#define __AVXVNNI__ 1
