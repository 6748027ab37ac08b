// Random numbers of one search thread: uniform, normal and gamma variates in the reference's exact order of draws
// (spec search, appendix A). Not thread-safe.
#pragma once

#include <optional>

#include "base/rng.h"

namespace ponnuki {

class SearchRng {
 public:
  explicit SearchRng(std::string_view seed) : rng_(seed) {}
  uint32_t next32() { return rng_.next32(); }
  Hash128 nextHash() { return rng_.nextHash(); }
  uint32_t uniform(uint32_t n) { return rng_.uniform(n); }
  double nextDouble();                 // [0, 1)
  bool nextBool(double probability) { return nextDouble() < probability; }
  double nextGaussian();
  double nextGamma(double shape);

 private:
  Rng rng_;
  std::optional<double> storedGaussian_;
};

}  // namespace ponnuki
