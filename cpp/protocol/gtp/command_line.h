// From a raw input line to id, command name and arguments (spec gtp 4.1). Any bytes are fine. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ponnuki::gtp {

using Args = std::vector<std::string>;

// Without comments, controls and non-ASCII bytes; tabs become blanks; trimmed.
std::string cleanLine(std::string_view raw);

struct ParsedLine {
  std::string id;  // digits without leading zeros, "" = none
  std::string name;
  Args args;                 // split at single blanks: two blanks make an empty argument
  std::string framingError;  // the whole answer line if the line has no command, else ""
};
ParsedLine parseLine(const std::string& clean);  // clean is not empty

}  // namespace ponnuki::gtp
