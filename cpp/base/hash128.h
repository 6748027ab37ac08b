// 128-bit hash values and the 64-bit mixers used to build them (spec nn-inputs 15.1). All arithmetic wraps.
#pragma once

#include <bit>
#include <compare>
#include <cstdint>
#include <functional>
#include <string>

namespace ponnuki {

struct Hash128 {
  uint64_t h0 = 0;  // low word
  uint64_t h1 = 0;  // high word: printed and compared first

  constexpr Hash128() = default;
  constexpr Hash128(uint64_t low, uint64_t high) : h0(low), h1(high) {}

  constexpr Hash128& operator^=(Hash128 o) {
    h0 ^= o.h0;
    h1 ^= o.h1;
    return *this;
  }
  friend constexpr Hash128 operator^(Hash128 a, Hash128 b) { return a ^= b; }
  friend constexpr bool operator==(Hash128 a, Hash128 b) = default;
  friend constexpr std::strong_ordering operator<=>(Hash128 a, Hash128 b) {
    return a.h1 != b.h1 ? a.h1 <=> b.h1 : a.h0 <=> b.h0;
  }

  std::string toString() const;  // 32 upper-case hex digits, h1 first
};

namespace mix {

constexpr uint64_t lcong(uint64_t x) { return 2862933555777941757ULL * x + 3037000493ULL; }
constexpr uint64_t lcong2(uint64_t x) { return 6364136223846793005ULL * x + 1442695040888963407ULL; }
constexpr uint64_t murmurMix(uint64_t x) {
  x ^= x >> 33;
  x *= 0xff51afd7ed558ccdULL;
  x ^= x >> 33;
  x *= 0xc4ceb9fe1a85ec53ULL;
  return x ^ (x >> 33);
}
constexpr uint64_t splitMix64(uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}
constexpr uint64_t rrmxmx(uint64_t x) {
  x ^= std::rotr(x, 49) ^ std::rotr(x, 24);
  x *= 0x9fb21c651e98df25ULL;
  x ^= x >> 28;
  x *= 0x9fb21c651e98df25ULL;
  return x ^ (x >> 28);
}
constexpr uint64_t nasam(uint64_t x) {
  x ^= std::rotr(x, 25) ^ std::rotr(x, 47);
  x *= 0x9e6c63d0676a9a99ULL;
  x ^= (x >> 23) ^ (x >> 51);
  x *= 0x9e6d62d06f6a9a9bULL;
  return x ^ (x >> 23) ^ (x >> 51);
}

}  // namespace mix
}  // namespace ponnuki

template <>
struct std::hash<ponnuki::Hash128> {
  size_t operator()(ponnuki::Hash128 h) const noexcept { return static_cast<size_t>(h.h0 ^ std::rotl(h.h1, 1)); }
};
