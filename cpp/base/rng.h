// The seeded generator of the reference: PCG32 plus xorshift1024*, seeded from a string (spec nn-inputs 15.2).
// The same string gives the same stream on every machine. Not thread-safe; each thread owns its own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/hash128.h"

namespace ponnuki {

class Rng {
 public:
  explicit Rng(std::string_view seed) { reseed(seed); }

  void reseed(std::string_view seed);
  uint32_t next32();
  uint64_t next64();                // first draw is the low half
  Hash128 nextHash();               // h0, then h1
  uint32_t uniform(uint32_t n);     // 0 .. n-1 without bias, n >= 1

 private:
  uint64_t xorshift_[16];
  int at_ = 0;
  uint64_t pcg_ = 0;
};

std::string randomSeedString();     // fresh entropy, for when the user names no seed

}  // namespace ponnuki
