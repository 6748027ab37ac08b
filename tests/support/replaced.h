// Damaging a text on purpose.
#pragma once

#include <doctest/doctest.h>

#include <string>

namespace ponnuki::test {

// With the first `from`, which must be there, replaced.
inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace ponnuki::test
