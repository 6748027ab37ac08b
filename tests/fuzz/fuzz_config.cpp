// Any bytes as a config file: a UserError or a config from which settings load or fail with a UserError.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/error.h"
#include "config/resolve.h"

using namespace ponnuki;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (text.find("@include") != std::string::npos || text.find("log") != std::string::npos)
    return 0;  // reads or creates files
  try {
    Config config = Config::fromText(text, "fuzz.cfg");
    config.applyOverrideString(text.substr(0, 64));
    loadSearchParams(config, Mode::Gtp, true);
    loadGtpSettings(config);
  } catch (const UserError&) {
  }
  return 0;
}
