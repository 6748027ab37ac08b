// JSON of strangers: any bytes in, an object or a message out, without exceptions, deep recursion or invalid UTF-8
// in what is sent back (spec analysis-cli-config 1.5, 1.14). Pure functions.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace ponnuki {

// Printing and destroying a value recurses once per level, so deeper lines are refused before they are parsed.
constexpr int kMaxJsonDepth = 500;
int nestingDepth(std::string_view text);  // deepest level of [ and { outside of strings

struct JsonLine {
  std::optional<nlohmann::json> value;
  std::string error;  // set if there is no value; valid UTF-8
};
JsonLine parseJsonLine(const std::string& line);

// Compact, keys in byte order, raw UTF-8; invalid bytes become U+FFFD.
std::string toLine(const nlohmann::json& value);

}  // namespace ponnuki
