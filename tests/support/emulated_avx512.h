// The AVX-512, VNNI and BF16 instructions of the CPU kernels in plain loops, so that those kernels are tested where no such processor is
// at hand. Compiled into one object with kernel_table.cpp (-include), which then believes in AVX-512 while the compiler has AVX2.
// Only what the kernels use is here: a missing instruction is a compile error.
#pragma once

#include <immintrin.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

namespace emulated {

typedef float Floats __attribute__((vector_size(64)));
typedef int32_t Ints __attribute__((vector_size(64)));
typedef uint32_t Unsigned __attribute__((vector_size(64)));
typedef int16_t Shorts __attribute__((vector_size(64)));
typedef int8_t Bytes __attribute__((vector_size(64)));
typedef uint8_t UnsignedBytes __attribute__((vector_size(64)));

#define EMULATED static inline __attribute__((always_inline))

template <class To, class From>
EMULATED To bitsAs(const From& from) {
  To to;
  static_assert(sizeof to <= sizeof from);
  memcpy(&to, &from, sizeof to);
  return to;
}

// ---- float32
EMULATED __m512 fmadd(__m512 a, __m512 b, __m512 c) {
  Floats r;
  for (int i = 0; i < 16; i++) r[i] = __builtin_fmaf(Floats(a)[i], Floats(b)[i], Floats(c)[i]);
  return __m512(r);
}
EMULATED __m512 maxFloats(__m512 a, __m512 b) {
  Floats r;
  for (int i = 0; i < 16; i++) r[i] = Floats(a)[i] > Floats(b)[i] ? Floats(a)[i] : Floats(b)[i];
  return __m512(r);
}
EMULATED __m512 minFloats(__m512 a, __m512 b) {
  Floats r;
  for (int i = 0; i < 16; i++) r[i] = Floats(a)[i] < Floats(b)[i] ? Floats(a)[i] : Floats(b)[i];
  return __m512(r);
}
EMULATED __m512 maxMagnitudes(__m512 a, __m512 b) {  // RANGE with 0xb
  Floats r;
  for (int i = 0; i < 16; i++) r[i] = fmaxf(fabsf(Floats(a)[i]), fabsf(Floats(b)[i]));
  return __m512(r);
}
EMULATED __m512i toInts(__m512 a) {
  Ints r;
  for (int i = 0; i < 16; i++) r[i] = _mm_cvtss_si32(_mm_set_ss(Floats(a)[i]));
  return __m512i(r);
}

// ---- products
EMULATED __m512i madd16(__m512i a, __m512i b) {
  const Shorts x = Shorts(a), y = Shorts(b);
  Ints r;
  for (int i = 0; i < 16; i++) r[i] = x[2 * i] * y[2 * i] + x[2 * i + 1] * y[2 * i + 1];
  return __m512i(r);
}
EMULATED __m512i dot16(__m512i sum, __m512i a, __m512i b) {
  return __m512i(Unsigned(sum) + Unsigned(madd16(a, b)));
}
EMULATED __m512i dot8(__m512i sum, __m512i a, __m512i b) {
  Ints r = Ints(sum);
  for (int i = 0; i < 64; i++) r[i / 4] += static_cast<int>(UnsignedBytes(a)[i]) * Bytes(b)[i];
  return __m512i(r);
}
EMULATED __m512i mulRounded16(__m512i a, __m512i b) {
  Shorts r;
  for (int i = 0; i < 32; i++) r[i] = static_cast<int16_t>((Shorts(a)[i] * Shorts(b)[i] + 0x4000) >> 15);
  return __m512i(r);
}

// ---- bfloat16: rounded to nearest, ties to even; its instructions take denormal numbers for zero and make none
EMULATED float flushed(float x) {
  return fabsf(x) < 0x1p-126f ? copysignf(0, x) : x;
}
EMULATED uint16_t bfloat16(float x) {
  const uint32_t bits = bitsAs<uint32_t>(flushed(x));
  if (x != x) return static_cast<uint16_t>(bits >> 16 | 0x40);
  return static_cast<uint16_t>((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}
EMULATED __m512i bfloat16Pair(__m512 high, __m512 low) {
  uint16_t r[32];
  for (int i = 0; i < 16; i++) r[i] = bfloat16(Floats(low)[i]), r[16 + i] = bfloat16(Floats(high)[i]);
  return bitsAs<__m512i>(r);
}
EMULATED __m256i bfloat16s(__m512 a) {
  uint16_t r[16];
  for (int i = 0; i < 16; i++) r[i] = bfloat16(Floats(a)[i]);
  return bitsAs<__m256i>(r);
}
EMULATED void storeAll(void* to, __m512i a) {
  memcpy(to, &a, sizeof a);
}
EMULATED __m512 dotBf16(__m512 sum, __m512i a, __m512i b) {  // each product's addition is fused, the odd one's first
  Floats r;
  for (int i = 0; i < 16; i++) {
    const uint32_t x = Unsigned(a)[i], y = Unsigned(b)[i];
    const float odd = __builtin_fmaf(flushed(bitsAs<float>(x & 0xffff0000)), flushed(bitsAs<float>(y & 0xffff0000)),
                                     flushed(Floats(sum)[i]));
    r[i] = flushed(__builtin_fmaf(flushed(bitsAs<float>(x << 16)), flushed(bitsAs<float>(y << 16)), flushed(odd)));
  }
  return __m512(r);
}

// ---- narrowing, shifts, halves
EMULATED __m256i narrow16(__m512i a) {
  int16_t r[16];
  for (int i = 0; i < 16; i++) r[i] = static_cast<int16_t>(Ints(a)[i]);
  return bitsAs<__m256i>(r);
}
EMULATED __m128i narrowUnsigned8(__m512i a) {
  uint8_t r[16];
  for (int i = 0; i < 16; i++) r[i] = static_cast<uint8_t>(Unsigned(a)[i] > 255 ? 255 : Unsigned(a)[i]);
  return bitsAs<__m128i>(r);
}
EMULATED __m512i packUnsigned16(__m512i a, __m512i b) {  // in each 128 bits: four of a, four of b
  uint16_t r[32];
  for (int i = 0; i < 32; i++) {
    const int32_t v = i % 8 < 4 ? Ints(a)[i / 8 * 4 + i % 4] : Ints(b)[i / 8 * 4 + i % 4];
    r[i] = static_cast<uint16_t>(v < 0 ? 0 : v > 65535 ? 65535 : v);
  }
  return bitsAs<__m512i>(r);
}
EMULATED __m512i maxInts(__m512i a, __m512i b) {
  Ints r;
  for (int i = 0; i < 16; i++) r[i] = Ints(a)[i] > Ints(b)[i] ? Ints(a)[i] : Ints(b)[i];
  return __m512i(r);
}
EMULATED __m512i shiftRight32(__m512i a, __m128i count) {
  const long long n = _mm_cvtsi128_si64(count);
  return __m512i(Ints(a) >> static_cast<int>(n > 31 ? 31 : n));
}
EMULATED __m512i shiftRightEach16(__m512i a, __m512i counts) {
  Shorts r;
  for (int i = 0; i < 32; i++) {
    const int n = static_cast<uint16_t>(Shorts(counts)[i]);
    r[i] = static_cast<int16_t>(Shorts(a)[i] >> (n > 15 ? 15 : n));
  }
  return __m512i(r);
}
EMULATED __m512i allShorts(short x) {
  return __m512i(Shorts{} + x);
}
EMULATED __m256i half(__m512i a, int which) {
  __m256i r;
  memcpy(&r, reinterpret_cast<const char*>(&a) + 32 * which, sizeof r);
  return r;
}
EMULATED __m512i withHalf(__m512i a, __m256i b, int which) {
  memcpy(reinterpret_cast<char*>(&a) + 32 * which, &b, sizeof b);
  return a;
}

}  // namespace emulated

// Every mask of the kernels has all bits set. Clang has macros for some of these.
#undef _mm512_range_ps
#undef _mm512_maskz_extracti64x4_epi64
#undef _mm512_maskz_inserti64x4
#define _mm512_fmadd_ps emulated::fmadd
#define _mm512_maskz_max_ps(mask, a, b) emulated::maxFloats(a, b)
#define _mm512_maskz_min_ps(mask, a, b) emulated::minFloats(a, b)
#define _mm512_range_ps(a, b, control) emulated::maxMagnitudes(a, b)
#define _mm512_maskz_cvtps_epi32(mask, a) emulated::toInts(a)
#define _mm512_madd_epi16 emulated::madd16
#define _mm512_dpwssd_epi32 emulated::dot16
#define _mm512_dpbusd_epi32 emulated::dot8
#define _mm512_maskz_mulhrs_epi16(mask, a, b) emulated::mulRounded16(a, b)
#define _mm512_maskz_cvtepi32_epi16(mask, a) emulated::narrow16(a)
#define _mm512_maskz_cvtusepi32_epi8(mask, a) emulated::narrowUnsigned8(a)
#define _mm512_maskz_packus_epi32(mask, a, b) emulated::packUnsigned16(a, b)
#define _mm512_maskz_max_epi32(mask, a, b) emulated::maxInts(a, b)
#define _mm512_maskz_sra_epi32(mask, a, count) emulated::shiftRight32(a, count)
#define _mm512_maskz_srav_epi16(mask, a, counts) emulated::shiftRightEach16(a, counts)
#define _mm512_set1_epi16 emulated::allShorts
#define _mm512_maskz_extracti64x4_epi64(mask, a, which) emulated::half(a, which)
#define _mm512_maskz_inserti64x4(mask, a, b, which) emulated::withHalf(a, b, which)
#define _mm512_maskz_broadcast_i64x4(mask, a) emulated::withHalf(emulated::withHalf(__m512i{}, a, 0), a, 1)

#define __m512bh __m512i
#define _mm512_dpbf16_ps emulated::dotBf16
#define _mm512_cvtne2ps_pbh emulated::bfloat16Pair
#define _mm512_cvtneps_pbh emulated::bfloat16s
#define _mm512_storeu_si512 emulated::storeAll

#define PK_EMULATED 1
#define __AVX512F__ 1
#define __AVX512BW__ 1
#define __AVX512VL__ 1
#define __AVX512DQ__ 1
#define __AVX512VNNI__ 1
#define __AVX512BF16__ 1
