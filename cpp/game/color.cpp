#include "game/color.h"

#include "base/text.h"

namespace ponnuki {

std::optional<Color> parsePlayer(std::string_view s) {
  const std::string lower = toLower(s);
  if (lower == "b" || lower == "black") return Color::Black;
  if (lower == "w" || lower == "white") return Color::White;
  return std::nullopt;
}

const char* longName(Color c) {
  return c == Color::Black ? "Black" : c == Color::White ? "White" : "Empty";
}

const char* shortName(Color c) {
  return c == Color::Black ? "B" : c == Color::White ? "W" : "E";
}

char boardChar(Color c) {
  return c == Color::Black ? 'X' : c == Color::White ? 'O' : '.';
}

}  // namespace ponnuki
