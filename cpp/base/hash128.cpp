#include "base/hash128.h"

#include <cinttypes>
#include <cstdio>

namespace ponnuki {

std::string Hash128::toString() const {
  char text[33];
  std::snprintf(text, sizeof text, "%016" PRIX64 "%016" PRIX64, h1, h0);
  return text;
}

}  // namespace ponnuki
