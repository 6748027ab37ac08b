#include "base/digest.h"

#include <bit>
#include <cmath>

namespace ponnuki {
namespace {

// The last bytes of a message of `length` bytes plus the 0x80 marker, zeros and the length in bits, as both digests
// want it; they differ in the byte order.
std::string padded(std::string_view tail, size_t length, bool bigEndianLength) {
  std::string block(tail);
  block.push_back(static_cast<char>(0x80));
  while (block.size() % 64 != 56) block.push_back('\0');
  const uint64_t bits = static_cast<uint64_t>(length) * 8;
  for (int i = 0; i < 8; i++)
    block.push_back(static_cast<char>(bits >> (8 * (bigEndianLength ? 7 - i : i))));
  return block;
}

uint32_t readLittle(const char* p) {
  uint32_t v = 0;
  for (int i = 3; i >= 0; i--) v = (v << 8) | static_cast<uint8_t>(p[i]);
  return v;
}

uint32_t readBig(const char* p) {
  uint32_t v = 0;
  for (int i = 0; i < 4; i++) v = (v << 8) | static_cast<uint8_t>(p[i]);
  return v;
}

// MD5's constants are floor(2^32 |sin(i+1)|).
std::array<uint32_t, 64> md5Constants() {
  std::array<uint32_t, 64> k;
  for (int i = 0; i < 64; i++) k[i] = static_cast<uint32_t>(std::floor(std::ldexp(std::fabs(std::sin(i + 1.0)), 32)));
  return k;
}

// SHA-256's constants: the first 32 fractional bits of the square (or cube) roots of the first primes.
constexpr int kPrimes[64] = {2,   3,   5,   7,   11,  13,  17,  19,  23,  29,  31,  37,  41,  43,  47,  53,
                             59,  61,  67,  71,  73,  79,  83,  89,  97,  101, 103, 107, 109, 113, 127, 131,
                             137, 139, 149, 151, 157, 163, 167, 173, 179, 181, 191, 193, 197, 199, 211, 223,
                             227, 229, 233, 239, 241, 251, 257, 263, 269, 271, 277, 281, 283, 293, 307, 311};

uint32_t fraction32(double root) { return static_cast<uint32_t>(std::ldexp(root - std::floor(root), 32)); }

void sha256Block(uint32_t state[8], const uint32_t k[64], const char* block) {
  uint32_t w[64];
  for (int i = 0; i < 16; i++) w[i] = readBig(block + 4 * i);
  for (int i = 16; i < 64; i++) {
    const uint32_t s0 = std::rotr(w[i - 15], 7) ^ std::rotr(w[i - 15], 18) ^ (w[i - 15] >> 3);
    const uint32_t s1 = std::rotr(w[i - 2], 17) ^ std::rotr(w[i - 2], 19) ^ (w[i - 2] >> 10);
    w[i] = w[i - 16] + s0 + w[i - 7] + s1;
  }
  uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
  uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
  for (int i = 0; i < 64; i++) {
    const uint32_t s1 = std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25);
    const uint32_t t1 = h + s1 + ((e & f) ^ (~e & g)) + k[i] + w[i];
    const uint32_t s0 = std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22);
    const uint32_t t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = d + t1;
    d = c;
    c = b;
    b = a;
    a = t1 + t2;
  }
  const uint32_t sums[8] = {a, b, c, d, e, f, g, h};
  for (int i = 0; i < 8; i++) state[i] += sums[i];
}

}  // namespace

std::array<uint8_t, 16> md5(std::string_view bytes) {
  static const std::array<uint32_t, 64> k = md5Constants();
  static constexpr int kRotate[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
  uint32_t state[4] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
  const std::string data = padded(bytes, bytes.size(), false);
  for (size_t at = 0; at < data.size(); at += 64) {
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    for (int i = 0; i < 64; i++) {
      uint32_t f;
      int word;
      switch (i / 16) {
        case 0: f = (b & c) | (~b & d); word = i; break;
        case 1: f = (d & b) | (~d & c); word = (5 * i + 1) % 16; break;
        case 2: f = b ^ c ^ d; word = (3 * i + 5) % 16; break;
        default: f = c ^ (b | ~d); word = (7 * i) % 16; break;
      }
      const uint32_t sum = a + f + k[i] + readLittle(&data[at + 4 * word]);
      a = d;
      d = c;
      c = b;
      b += std::rotl(sum, kRotate[i / 16][i % 4]);
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
  }
  std::array<uint8_t, 16> out;
  for (int i = 0; i < 16; i++) out[i] = static_cast<uint8_t>(state[i / 4] >> (8 * (i % 4)));
  return out;
}

std::array<uint8_t, 32> sha256(std::string_view bytes) {
  uint32_t state[8];
  uint32_t k[64];
  for (int i = 0; i < 8; i++) state[i] = fraction32(std::sqrt(static_cast<double>(kPrimes[i])));
  for (int i = 0; i < 64; i++) k[i] = fraction32(std::cbrt(static_cast<double>(kPrimes[i])));
  const size_t whole = bytes.size() / 64 * 64;  // model files are big: only the tail is copied
  for (size_t at = 0; at < whole; at += 64) sha256Block(state, k, &bytes[at]);
  const std::string rest = padded(bytes.substr(whole), bytes.size(), true);
  for (size_t at = 0; at < rest.size(); at += 64) sha256Block(state, k, &rest[at]);
  std::array<uint8_t, 32> out;
  for (int i = 0; i < 32; i++) out[i] = static_cast<uint8_t>(state[i / 4] >> (24 - 8 * (i % 4)));
  return out;
}

std::string sha256Hex(std::string_view bytes) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string text;
  for (uint8_t b : sha256(bytes)) {
    text.push_back(kHex[b >> 4]);
    text.push_back(kHex[b & 15]);
  }
  return text;
}

}  // namespace ponnuki
