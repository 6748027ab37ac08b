#include "app/terminal_input.h"

#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <iostream>

#if defined(PONNUKI_LIBEDIT)
#include <editline/readline.h>
#define PONNUKI_LINE_EDITING
#elif defined(PONNUKI_READLINE)
#include <readline/history.h>
#include <readline/readline.h>
#define PONNUKI_LINE_EDITING
#endif

namespace ponnuki {

bool isTerminal(std::FILE* file) {
  return isatty(fileno(file)) != 0;
}

bool wantsColours(std::FILE* file) {
  const char* kind = std::getenv("TERM");
  return isTerminal(file) && std::getenv("NO_COLOR") == nullptr && kind != nullptr &&
         std::strcmp(kind, "dumb") != 0;
}

#ifdef PONNUKI_LINE_EDITING

namespace {

// The library's callbacks are plain functions, so their words are global.
std::vector<std::string>& completions() {
  static std::vector<std::string> words;
  return words;
}

char* nextMatch(const char* begin, int isAgain) {
  static size_t at = 0;
  if (!isAgain) at = 0;
  while (at < completions().size()) {
    const std::string& word = completions()[at++];
    if (word.compare(0, std::strlen(begin), begin) == 0) return strdup(word.c_str());
  }
  return nullptr;
}

char** complete(const char* text, int start, int) {
  return start == 0 ? rl_completion_matches(text, nextMatch)
                    : nullptr;  // else the library completes file names
}

}  // namespace

TerminalInput::TerminalInput(std::vector<std::string> words) {
  completions() = std::move(words);
  rl_attempted_completion_function = complete;
#ifdef PONNUKI_READLINE
  rl_variable_bind("enable-bracketed-paste", "off");  // its switching would stand in the answers
#endif
  using_history();
}

std::optional<std::string> TerminalInput::next(const char* prompt) {
  char* typed = readline(prompt);
  if (typed == nullptr) return std::nullopt;
  std::string line = typed;
  std::free(typed);
  if (!line.empty()) add_history(line.c_str());
  return line;
}

#else

TerminalInput::TerminalInput(std::vector<std::string>) {}

std::optional<std::string> TerminalInput::next(const char* prompt) {
  std::cout << prompt << std::flush;
  std::string line;
  if (!std::getline(std::cin, line)) return std::nullopt;
  return line;
}

#endif

}  // namespace ponnuki
