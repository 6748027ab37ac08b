// The outcome of comparing a file of recordings with the engine.
#pragma once

#include <string>
#include <vector>

namespace ponnuki {

struct CaseResult {
  int passed = 0, failed = 0;
  std::vector<std::string> messages;  // one line per difference
};

}  // namespace ponnuki
