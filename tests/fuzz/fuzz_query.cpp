// Any bytes as a line of the analysis protocol: parsing and validation must neither crash nor throw.
#include <cstddef>
#include <cstdint>
#include <string>

#include "config/resolve.h"
#include "protocol/analysis/query_parser.h"
#include "protocol/analysis/safe_json.h"

using namespace ponnuki;

static const QueryContext& context() {
  static const QueryContext made = [] {
    QueryContext c;
    c.config = Config::fromText("maxVisits = 8\nnumAnalysisThreads = 1\nnumSearchThreads = 1\n", "fuzz.cfg");
    c.settings = loadAnalysisSettings(c.config, 0);
    c.params = loadSearchParams(c.config, Mode::Analysis, false);
    return c;
  }();
  return made;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const JsonLine line = parseJsonLine(std::string(reinterpret_cast<const char*>(data), size));
  if (!line.value)
    return nlohmann::json::accept(toLine(nlohmann::json(line.error))) ? 0 : (__builtin_trap(), 0);
  if (!line.value->is_object() || !line.value->contains("id") || !(*line.value)["id"].is_string())
    return 0;
  const ParsedQuery query = parseQuery(*line.value, context());
  if (query.error && !query.requests.empty())
    __builtin_trap();
  return 0;
}
