#include "search/search_rng.h"

#include <cmath>

namespace ponnuki {

double SearchRng::nextDouble() {
  constexpr uint64_t kMask = (uint64_t{1} << 53) - 1;
  return static_cast<double>(rng_.next64() & kMask) / static_cast<double>(uint64_t{1} << 53);
}

double SearchRng::nextGaussian() {
  if (storedGaussian_) {
    const double v = *storedGaussian_;
    storedGaussian_.reset();
    return v;
  }
  double v1, v2, q;
  do {
    v1 = 2 * nextDouble() - 1;
    v2 = 2 * nextDouble() - 1;
    q = v1 * v1 + v2 * v2;
  } while (q >= 1 || q == 0);
  const double f = std::sqrt(-2 * std::log(q) / q);
  storedGaussian_ = v2 * f;
  return v1 * f;
}

double SearchRng::nextGamma(double shape) {
  if (shape <= 1) {
    const double r = nextGamma(shape + 1);
    const double exponent = 1 / shape;
    const double u = nextDouble();
    return exponent == 0 ? r : r * std::pow(u, exponent);
  }
  const double d = shape - 1.0 / 3.0;
  const double c = (1.0 / 3.0) / std::sqrt(d);
  while (true) {
    const double x = nextGaussian();
    const double t = 1 + c * x;
    if (t <= 0) continue;
    const double v = t * t * t;
    const double u = nextDouble();
    const double xx = x * x;
    if (u < 1 - 0.0331 * xx * xx) return d * v;
    if (u == 0 || std::log(u) < 0.5 * xx + d * (1 - v + std::log(v))) return d * v;
  }
}

}  // namespace ponnuki
