#include "base/rng.h"

#include <bit>
#include <chrono>
#include <random>

#include "base/digest.h"

namespace ponnuki {

void Rng::reseed(std::string_view seed) {
  const auto digest = md5(seed);
  const uint32_t m = digest[0] | digest[1] << 8 | digest[2] << 16 | static_cast<uint32_t>(digest[3]) << 24;
  const std::string tail = "|" + std::to_string(m) + "|" + std::string(seed);
  int filled = 0;
  for (uint64_t counter = 0; filled < 17; counter += 37) {
    const auto block = sha256(std::to_string(counter) + tail);
    for (int w = 0; w < 4 && filled < 17; w++) {
      uint64_t word = 0;
      for (int i = 0; i < 8; i++) word = (word << 8) | block[8 * w + i];
      if (word == 0) continue;
      if (filled < 16)
        xorshift_[filled] = word;
      else
        pcg_ = word;
      filled++;
    }
  }
  at_ = 0;
}

uint32_t Rng::next32() {
  pcg_ = pcg_ * 6364136223846793005ULL + 1442695040888963407ULL;
  const uint32_t folded = static_cast<uint32_t>(((pcg_ >> 18) ^ pcg_) >> 27);
  const uint32_t pcg = std::rotr(folded, static_cast<int>(pcg_ >> 59));

  uint64_t a = xorshift_[at_];
  at_ = (at_ + 1) & 15;
  uint64_t b = xorshift_[at_];
  b ^= b << 31;
  b ^= b >> 11;
  a ^= a >> 30;
  xorshift_[at_] = a ^ b;
  return pcg + static_cast<uint32_t>((xorshift_[at_] * 1181783497276652981ULL) >> 32);
}

uint64_t Rng::next64() {
  const uint64_t low = next32();
  return low | static_cast<uint64_t>(next32()) << 32;
}

Hash128 Rng::nextHash() {
  const uint64_t h0 = next64();
  return {h0, next64()};
}

uint32_t Rng::uniform(uint32_t n) {
  for (;;) {
    const uint32_t u = next32();
    const uint32_t v = u % n;
    if (static_cast<uint64_t>(u - v) + (n - 1) <= UINT32_MAX) return v;
  }
}

std::string randomSeedString() {
  std::random_device device;
  const auto now = std::chrono::high_resolution_clock::now().time_since_epoch().count();
  return std::to_string(device()) + "-" + std::to_string(device()) + "-" + std::to_string(now);
}

}  // namespace ponnuki
