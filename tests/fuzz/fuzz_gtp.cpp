// Any bytes as GTP input: every line is answered without a crash, and the session stays usable. Commands that
// touch files, end the session or search for long are left out.
#include <cstddef>
#include <cstdint>
#include <sstream>
#include <string>

#include "base/error.h"
#include "base/text.h"
#include "unit/protocol/gtp_harness.h"

using namespace ponnuki;
using namespace ponnuki::gtp;

namespace {

bool isLeftOut(const std::string& line) {
  for (const char* word :
       {"quit", "sgf", "time", "Time", "numSearchThreads", "place_free", "final_", "benchmark", "maxVisits"})
    if (line.find(word) != std::string::npos) return true;
  return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static GtpHarness gtp("maxVisits=3");
  std::istringstream in(std::string(reinterpret_cast<const char*>(data), size));
  std::string line;
  for (int i = 0; i < 20 && std::getline(in, line); i++)
    if (!isLeftOut(line)) gtp.send(line);
  gtp.send("");
  ENSURE(gtp.send("7 name") == "=7 KataGo\n\n");
  return 0;
}
