// One SIMD register of floats for the ISA this object is compiled for, with the few operations kernels use.
//
// Included only by the per-ISA kernel objects, always inside namespace PK_ISA: everything here has internal
// linkage, and no project or standard header with inline bodies may be added (style-anchors 9.6: such
// functions become weak symbols, and the linker could keep the AVX-512 copy for the baseline path).
#pragma once

#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__ARM_NEON)
#include <arm_neon.h>
#endif

#define PK_ALWAYS_INLINE inline __attribute__((always_inline))
#define PK_INLINE static PK_ALWAYS_INLINE
#if defined(__clang__)
#define PK_UNROLL _Pragma("clang loop unroll(full)")
#else
#define PK_UNROLL _Pragma("GCC unroll 32")
#endif

namespace ponnuki::nn::PK_ISA {
namespace {

#if defined(__AVX512F__)
constexpr int kLanes = 16;
#elif defined(__AVX2__)
constexpr int kLanes = 8;
#else
constexpr int kLanes = 4;
#endif
// GCC and Clang vector types: + - * / and comparisons work lane by lane on every ISA.
typedef float Vec __attribute__((vector_size(4 * kLanes)));
typedef int32_t VecI __attribute__((vector_size(4 * kLanes)));
typedef int16_t VecS __attribute__((vector_size(4 * kLanes)));
typedef uint16_t VecUS __attribute__((vector_size(4 * kLanes)));
typedef float VecU __attribute__((vector_size(4 * kLanes), aligned(4)));  // may be unaligned in memory

PK_INLINE Vec load(const float* p) {
  return *reinterpret_cast<const VecU*>(p);
}
PK_INLINE void store(float* p, Vec v) {
  *reinterpret_cast<VecU*>(p) = v;
}
PK_INLINE Vec splat(float x) {
  return x - Vec{};
}

#if defined(__AVX512F__)
PK_INLINE Vec fma(Vec a, Vec b, Vec c) {
  return Vec(_mm512_fmadd_ps(__m512(a), __m512(b), __m512(c)));
}
PK_INLINE Vec maximum(Vec a, Vec b) {
  return Vec(_mm512_maskz_max_ps(0xffff, __m512(a), __m512(b)));
}
PK_INLINE Vec minimum(Vec a, Vec b) {
  return Vec(_mm512_maskz_min_ps(0xffff, __m512(a), __m512(b)));
}
#elif defined(__AVX2__)
PK_INLINE Vec fma(Vec a, Vec b, Vec c) {
  return Vec(_mm256_fmadd_ps(__m256(a), __m256(b), __m256(c)));
}
PK_INLINE Vec maximum(Vec a, Vec b) {
  return Vec(_mm256_max_ps(__m256(a), __m256(b)));
}
PK_INLINE Vec minimum(Vec a, Vec b) {
  return Vec(_mm256_min_ps(__m256(a), __m256(b)));
}
#elif defined(__x86_64__)
PK_INLINE Vec fma(Vec a, Vec b, Vec c) {
  return a * b + c;
}
PK_INLINE Vec maximum(Vec a, Vec b) {
  return Vec(_mm_max_ps(__m128(a), __m128(b)));
}
PK_INLINE Vec minimum(Vec a, Vec b) {
  return Vec(_mm_min_ps(__m128(a), __m128(b)));
}
#elif defined(__ARM_NEON) && defined(__ARM_FEATURE_FMA)  // on 64 bits always, on 32 from the Cortex-A7 on
PK_INLINE Vec fma(Vec a, Vec b, Vec c) {
  return Vec(vfmaq_f32(float32x4_t(c), float32x4_t(a), float32x4_t(b)));
}
PK_INLINE Vec maximum(Vec a, Vec b) {
  return Vec(vmaxq_f32(float32x4_t(a), float32x4_t(b)));
}
PK_INLINE Vec minimum(Vec a, Vec b) {
  return Vec(vminq_f32(float32x4_t(a), float32x4_t(b)));
}
#else
PK_INLINE Vec fma(Vec a, Vec b, Vec c) {
  return a * b + c;
}
PK_INLINE Vec maximum(Vec a, Vec b) {
  return a > b ? a : b;
}
PK_INLINE Vec minimum(Vec a, Vec b) {
  return a < b ? a : b;
}
#endif

// To the nearest integer, and back.
PK_INLINE VecI toInts(Vec v) {
#if defined(__AVX512F__)
  return VecI(_mm512_maskz_cvtps_epi32(0xffff, __m512(v)));
#elif defined(__AVX2__)
  return VecI(_mm256_cvtps_epi32(__m256(v)));
#elif defined(__x86_64__)
  return VecI(_mm_cvtps_epi32(__m128(v)));
#elif defined(__aarch64__)
  return VecI(vcvtnq_s32_f32(float32x4_t(v)));
#else
  const Vec magic = splat(12582912.0f);  // exact below 2^22
  return VecI(v + magic) - VecI(magic);
#endif
}
PK_INLINE Vec toFloats(VecI v) {
  return __builtin_convertvector(v, Vec);
}
PK_INLINE VecI maximumInts(VecI a, VecI b) {
#if defined(__AVX512F__)
  return VecI(_mm512_maskz_max_epi32(0xffff, __m512i(a), __m512i(b)));
#elif defined(__AVX2__)
  return VecI(_mm256_max_epi32(__m256i(a), __m256i(b)));
#elif defined(__aarch64__)
  return VecI(vmaxq_s32(int32x4_t(a), int32x4_t(b)));
#else
  const VecI larger = VecI(a > b);  // all bits of a lane, or none
  return (a & larger) | (b & ~larger);
#endif
}
// The low halves of the lanes, which must fit.
PK_INLINE void storeInt16(int16_t* p, VecI v) {
#if defined(__AVX512F__)
  _mm256_storeu_si256(reinterpret_cast<__m256i_u*>(p), _mm512_maskz_cvtepi32_epi16(0xffff, __m512i(v)));
#elif defined(__AVX2__)
  const __m256i packed = _mm256_packs_epi32(__m256i(v), __m256i(v));
  _mm_storeu_si128(reinterpret_cast<__m128i_u*>(p),
                   _mm256_castsi256_si128(_mm256_permute4x64_epi64(packed, 0x08)));
#elif defined(__x86_64__)
  _mm_storel_epi64(reinterpret_cast<__m128i_u*>(p), _mm_packs_epi32(__m128i(v), __m128i(v)));
#else
  for (int i = 0; i < kLanes; i++) p[i] = static_cast<int16_t>(v[i]);
#endif
}

// Halves a register again and again: lane 0 ends with the sum, or the maximum, of all.
template <class Join>
PK_INLINE float joinLanes(Vec v, Join join) {
#if defined(__AVX512F__)
  v = join(v, __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  v = join(v, __builtin_shufflevector(v, v, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11));
  v = join(v, __builtin_shufflevector(v, v, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13));
  v = join(v, __builtin_shufflevector(v, v, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14));
#elif defined(__AVX2__)
  v = join(v, __builtin_shufflevector(v, v, 4, 5, 6, 7, 0, 1, 2, 3));
  v = join(v, __builtin_shufflevector(v, v, 2, 3, 0, 1, 6, 7, 4, 5));
  v = join(v, __builtin_shufflevector(v, v, 1, 0, 3, 2, 5, 4, 7, 6));
#else
  v = join(v, __builtin_shufflevector(v, v, 2, 3, 0, 1));
  v = join(v, __builtin_shufflevector(v, v, 1, 0, 3, 2));
#endif
  return v[0];
}
PK_INLINE float sumLanes(Vec v) {
  return joinLanes(
      v, [](Vec a, Vec b) __attribute__((always_inline)) { return a + b; });
}
PK_INLINE float maxLane(Vec v) {
  return joinLanes(
      v, [](Vec a, Vec b) __attribute__((always_inline)) { return maximum(a, b); });
}
// maxLane of two registers, for the price of little more than one.
PK_INLINE void maxLanes(Vec a, Vec b, float& ofA, float& ofB) {
#if defined(__AVX512F__)
  const Vec low = __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
  Vec v = maximum(low, __builtin_shufflevector(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31));
  v = maximum(v, __builtin_shufflevector(v, v, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11));
  v = maximum(v, __builtin_shufflevector(v, v, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13));
  v = maximum(v, __builtin_shufflevector(v, v, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14));
  ofA = v[0], ofB = v[8];
#elif defined(__AVX2__)
  Vec v = maximum(__builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11),
                  __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15));
  v = maximum(v, __builtin_shufflevector(v, v, 2, 3, 0, 1, 6, 7, 4, 5));
  v = maximum(v, __builtin_shufflevector(v, v, 1, 0, 3, 2, 5, 4, 7, 6));
  ofA = v[0], ofB = v[4];
#else
  ofA = maxLane(a), ofB = maxLane(b);
#endif
}
// a where the lanes of mask have all bits set, b where they have none.
PK_INLINE Vec chosen(VecI mask, Vec a, Vec b) {
  return Vec((VecI(a) & mask) | (VecI(b) & ~mask));
}
PK_INLINE Vec swapPairs(Vec v) {  // (a, b, c, d, ...) -> (b, a, d, c, ...)
#if defined(__AVX512F__)
  return __builtin_shufflevector(v, v, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
#elif defined(__AVX2__)
  return __builtin_shufflevector(v, v, 1, 0, 3, 2, 5, 4, 7, 6);
#else
  return __builtin_shufflevector(v, v, 1, 0, 3, 2);
#endif
}

// 2^x for x in [-126, 127], relative error below 2e-7 (degree 6 minimax on [-0.5, 0.5]). Adding kMagic rounds
// x to an integer and leaves that integer in the low mantissa bits, from where a shift moves it into the
// exponent.
PK_INLINE Vec exp2Vec(Vec x) {
  const Vec magic = splat(12582912.0f);
  const Vec shifted = x + magic;
  const Vec f = x - (shifted - magic);
  Vec p = splat(1.540353e-4f);
  p = fma(p, f, splat(1.3333558e-3f));
  p = fma(p, f, splat(9.6181291e-3f));
  p = fma(p, f, splat(5.5504109e-2f));
  p = fma(p, f, splat(2.4022651e-1f));
  p = fma(p, f, splat(6.9314718e-1f));
  p = fma(p, f, splat(1.0f));
  return Vec(VecI(p) + (VecI(shifted) << 23));
}
// e^x, x limited to [-87, 88]; relative error below 3e-7: log2(e) is split so that the product loses no bits.
PK_INLINE Vec expVec(Vec x) {
  x = minimum(maximum(x, splat(-87.0f)), splat(88.0f));
  const Vec magic = splat(12582912.0f);
  const Vec shifted = fma(x, splat(1.44269504f), magic);
  const Vec n = shifted - magic;
  Vec r = fma(n, splat(-0.693145751953125f), x);
  r = fma(n, splat(-1.42860677e-6f), r);
  Vec p = splat(1.3888889e-3f);
  p = fma(p, r, splat(8.3333333e-3f));
  p = fma(p, r, splat(4.1666667e-2f));
  p = fma(p, r, splat(1.6666667e-1f));
  p = fma(p, r, splat(0.5f));
  p = fma(p, r, splat(1.0f));
  p = fma(p, r, splat(1.0f));
  return Vec(VecI(p) + (VecI(shifted) << 23));
}

enum Act : int { kIdentity, kRelu, kMish, kSilu };  // the order of ponnuki::nn::Activation

// Mish with e = exp(x): tanh(log(1 + e)) = n / (n + 2), n = e*(e + 2); from x = 20 on the factor is 1 in
// float32. Relative error of Mish and Silu below 1e-6.
template <int ACT>
PK_INLINE Vec activate(Vec v) {
  if constexpr (ACT == kRelu) return maximum(v, Vec{});
  if constexpr (ACT == kMish) {
    const Vec e = expVec(minimum(v, splat(20.0f)));
    const Vec n = e * (e + splat(2.0f));
    return v * (n / (n + splat(2.0f)));
  }
  if constexpr (ACT == kSilu) return v / (splat(1.0f) + expVec(-v));
  return v;
}

}  // namespace
}  // namespace ponnuki::nn::PK_ISA
