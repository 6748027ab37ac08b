// libFuzzer: any text as a rules string, and its lines as single-rule changes. Only UserErrors may come out;
// what parses must print to a text that parses to the same rules.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/error.h"
#include "base/text.h"
#include "game/rules.h"

using namespace ponnuki;

namespace {

void checkPrinting(const Rules& rules) {
  ENSURE(Rules::parse(rules.toJson(false), false).equalsIgnoringKomi(rules));
  ENSURE(Rules::parse(rules.toCompact(false), false).equalsIgnoringKomi(rules));
  ENSURE(!rules.niceName().empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  for (const bool allowKomi : {false, true}) {
    try {
      checkPrinting(Rules::parse(text, allowKomi));
    } catch (const UserError&) {
    }
  }
  Rules rules;
  for (const std::string& line : split(text, '\n')) {
    const size_t space = line.find(' ');
    if (space == std::string::npos) continue;
    try {
      rules = rules.withChanged(line.substr(0, space), line.substr(space + 1));
    } catch (const UserError&) {
    }
  }
  checkPrinting(rules);
  return 0;
}
