#include "protocol/gtp/command_line.h"

#include "base/text.h"

namespace ponnuki::gtp {

std::string cleanLine(std::string_view raw) {
  std::string kept;
  for (const char c : trim(raw)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '#') break;
    if (c == '\t')
      kept += ' ';
    else if (byte >= 32 && byte <= 126)
      kept += c;
  }
  return std::string(trim(kept));
}

ParsedLine parseLine(const std::string& clean) {
  constexpr size_t kMaxIdDigits = 9;
  ParsedLine line;
  size_t digits = 0;
  while (digits < clean.size() && clean[digits] >= '0' && clean[digits] <= '9') digits++;
  if (digits > kMaxIdDigits) {
    line.framingError =
        "? GTP id '0' could not be parsed: Could not parse digits, overflow: " + clean.substr(0, digits);
    return line;
  }
  if (digits > 0) line.id = std::to_string(std::stoi(clean.substr(0, digits)));
  const std::string_view rest = trim(std::string_view(clean).substr(digits));
  if (rest.empty()) {
    line.framingError = "? empty command";
    return line;
  }
  std::vector<std::string> pieces = split(rest, ' ');
  line.name = std::move(pieces.front());
  line.args.assign(std::make_move_iterator(pieces.begin() + 1), std::make_move_iterator(pieces.end()));
  return line;
}

}  // namespace ponnuki::gtp
