// Lines typed by a person, with editing, history and completion of command names where the build found
// libedit or readline. For one thread.
#pragma once

#include <cstdio>
#include <optional>
#include <string>
#include <vector>

namespace ponnuki {

bool isTerminal(std::FILE* file);
bool wantsColours(std::FILE* file);  // a terminal that can show them, and nobody set NO_COLOR

class TerminalInput {
 public:
  // words: what the first word of a line is completed to.
  explicit TerminalInput(std::vector<std::string> words);
  std::optional<std::string> next(const char* prompt);  // nothing at the end of input
};

}  // namespace ponnuki
