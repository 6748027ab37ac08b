#include "protocol/analysis/safe_json.h"

#include <algorithm>

#include "base/text.h"

namespace ponnuki {

using nlohmann::json;

int nestingDepth(std::string_view text) {
  int depth = 0, deepest = 0;
  bool inString = false;
  for (size_t i = 0; i < text.size(); i++) {
    const char c = text[i];
    if (inString) {
      if (c == '\\')
        i++;
      else if (c == '"')
        inString = false;
    } else if (c == '"') {
      inString = true;
    } else if (c == '[' || c == '{') {
      deepest = std::max(deepest, ++depth);
    } else if (c == ']' || c == '}') {
      depth--;
    }
  }
  return deepest;
}

JsonLine parseJsonLine(const std::string& line) {
  JsonLine result;
  std::string problem;
  if (nestingDepth(line) > kMaxJsonDepth) {
    problem = "nested more than " + std::to_string(kMaxJsonDepth) + " levels deep";
  } else {
    try {
      result.value = json::parse(line);
      return result;
    } catch (const json::exception& error) {
      problem = error.what();
    }
  }
  result.error = sanitizeUtf8(problem + " - could not parse input line as json request: " + line);
  return result;
}

std::string toLine(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

}  // namespace ponnuki
