// Small boards and channel counts in the CPU backend's layout, for the tests of its kernels.
#pragma once

#include <vector>

#include "backends/cpu/pack.h"

namespace ponnuki::test {

inline size_t sz(int n) {
  return static_cast<size_t>(n);
}

// Values [point][channel] as [channel block][point][16], the rest of the last block zero.
inline nn::AlignedFloats blocked(const std::vector<float>& plain, int points, int channels) {
  nn::AlignedFloats out(sz(nn::blocksFor(channels) * points * nn::kBlock));
  for (int p = 0; p < points; p++)
    for (int c = 0; c < channels; c++)
      out.data()[(c / nn::kBlock * points + p) * nn::kBlock + c % nn::kBlock] = plain[sz(p * channels + c)];
  return out;
}

inline float blockedAt(const nn::AlignedFloats& t, int points, int point, int channel) {
  return t.data()[(channel / nn::kBlock * points + point) * nn::kBlock + channel % nn::kBlock];
}

}  // namespace ponnuki::test
