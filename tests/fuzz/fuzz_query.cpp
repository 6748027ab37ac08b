// Any bytes as a line of the analysis protocol: parsing, validation, actions and the lines that answer must
// neither crash nor throw.
#include <cstddef>
#include <cstdint>
#include <string>

#include "config/resolve.h"
#include "protocol/analysis/actions.h"
#include "protocol/analysis/query_parser.h"
#include "protocol/analysis/safe_json.h"

using namespace ponnuki;

namespace {

const QueryContext& context() {
  static const QueryContext made = [] {
    QueryContext c;
    c.config = Config::fromText("maxVisits = 8\nnumAnalysisThreads = 1\nnumSearchThreads = 1\n", "fuzz.cfg");
    c.settings = loadAnalysisSettings(c.config, 0);
    c.params = loadSearchParams(c.config, Mode::Analysis, false);
    return c;
  }();
  return made;
}

class NoEngine final : public ActionTarget {
 public:
  const std::vector<ModelDescription>& models() const override { return models_; }
  void clearCaches() override {}
  void terminate(const std::optional<std::string>&, const std::optional<std::set<int64_t>>&) override {}

 private:
  std::vector<ModelDescription> models_{{"net.bin.gz", "net", 2, false, "auto", 14}};
};

void require(bool holds) {
  if (!holds) __builtin_trap();
}

// A reply must be one line of JSON.
void checkReply(const nlohmann::json& reply) {
  const std::string line = toLine(reply);
  require(line.find('\n') == std::string::npos && nlohmann::json::accept(line));
}

void checkQuery(const nlohmann::json& object, const std::string& id) {
  const ParsedQuery query = parseQuery(object, context());
  for (const FieldMessage& warning : query.warnings) {
    require(!warning.text.empty());
    checkReply(fieldReply("warning", id, warning.field, warning.text));
  }
  if (query.error) checkReply(fieldReply("error", id, query.error->field, query.error->text));
  require(!query.error || query.requests.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const JsonLine line = parseJsonLine(std::string(reinterpret_cast<const char*>(data), size));
  if (!line.value) {
    checkReply(errorReply(line.error));
    return 0;
  }
  const nlohmann::json& object = *line.value;
  if (!object.is_object() || !object.contains("id") || !object["id"].is_string()) return 0;
  if (object.contains("action") && object["action"].is_string()) {
    NoEngine engine;
    checkReply(runAction(object, engine));
  }
  checkQuery(object, object["id"].get<std::string>());
  return 0;
}
