#include "protocol/gtp/terminal_text.h"

#include <algorithm>

#include "base/text.h"

namespace ponnuki::gtp {

namespace {

constexpr std::string_view kReset = "\x1b[0m";
constexpr std::string_view kWood = "\x1b[48;5;179m";
constexpr size_t kRowNumberWidth = 3;  // two digits and a blank
constexpr size_t kUsageWidth = 46;

std::string_view styleOf(char c) {
  switch (c) {
    case 'X':
      return "\x1b[1;38;5;16m";
    case 'O':
      return "\x1b[1;38;5;231m";
    case '.':
      return "\x1b[22;38;5;94m";
    case ' ':
      return "";
    default:  // the digits of the last moves
      return "\x1b[1;38;5;124m";
  }
}

bool isBoardRow(std::string_view line) {
  if (line.size() <= kRowNumberWidth || line[1] < '0' || line[1] > '9' || line[2] != ' ') return false;
  return line.substr(kRowNumberWidth).find_first_not_of(".XO123@ ") == std::string_view::npos;
}

std::string colouredRow(std::string_view line) {
  std::string text(line.substr(0, kRowNumberWidth));
  text += kWood;
  std::string_view last;
  for (const char c : line.substr(kRowNumberWidth)) {
    const std::string_view style = styleOf(c);
    if (!style.empty() && style != last) text += last = style;
    text += c;
  }
  return text + std::string(kReset);
}

}  // namespace

std::string colouredBoard(std::string_view text) {
  std::vector<std::string> lines = split(text, '\n');
  for (std::string& line : lines)
    if (isBoardRow(line)) line = colouredRow(line);
  return join(lines, "\n");
}

std::string usageOf(const Command& command) {
  std::string text(command.name);
  if (!command.arguments.empty()) text += " " + std::string(command.arguments);
  return text + "\n  " + std::string(command.help);
}

std::string helpText() {
  std::vector<std::string> lines;
  for (const Command& command : commandTable()) {
    std::string usage = std::string(command.name) + " " + std::string(command.arguments);
    usage.resize(std::max(usage.size() + 1, kUsageWidth), ' ');
    lines.push_back(usage + std::string(command.help));
  }
  return join(lines, "\n");
}

std::string hintFor(const std::string& unknownName) {
  std::vector<std::string> names;
  for (const Command& command : commandTable()) names.emplace_back(command.name);
  const std::string near = nearestWord(unknownName, names);
  return (near.empty() ? "" : "Did you mean " + near + "? ") + "help lists all commands.";
}

}  // namespace ponnuki::gtp
