#include "game/point.h"

#include <algorithm>

#include "base/text.h"

namespace ponnuki {
namespace {

constexpr std::string_view kLetters = "ABCDEFGHJKLMNOPQRSTUVWXYZ";  // no I
constexpr int kLetterCount = 25;

bool isLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

int letterValue(char c) {  // -1 if it names no column
  if (!isLetter(c)) return -1;
  const size_t at = kLetters.find(c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c);
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

// "(x,y)", y from the top. Unlike the reference this looks at the board: beyond its edge another point, a
// wall or pass would be meant by accident.
std::optional<Point> parsePair(std::string_view s, int xSize, int ySize) {
  if (s.back() != ')') return std::nullopt;
  const std::vector<std::string> pieces = split(s.substr(1, s.size() - 2), ',');
  if (pieces.size() != 2) return std::nullopt;
  const std::optional<int> x = tryInt(pieces[0]), y = tryInt(pieces[1]);
  if (!x || !y || *x < 0 || *x >= xSize || *y < 0 || *y >= ySize) return std::nullopt;
  return pointAt(*x, *y, xSize);
}

}  // namespace

std::optional<Point> parsePoint(std::string_view text, int xSize, int ySize) {
  const std::string_view s = trim(text);
  if (s.size() < 2) return std::nullopt;
  const std::string lower = toLower(s);
  if (lower == "pass" || lower == "pss") return kPass;
  if (s[0] == '(') return parsePair(s, xSize, ySize);
  int x = letterValue(s[0]);
  if (x < 0) return std::nullopt;
  size_t used = 1;
  if (isLetter(s[1])) {
    const int second = letterValue(s[1]);
    if (second < 0) return std::nullopt;
    x = (x + 1) * kLetterCount + second;
    used = 2;
  }
  const std::optional<int> row = tryInt(s.substr(used));
  if (!row) return std::nullopt;
  const long long y = static_cast<long long>(ySize) - *row;
  if (x >= xSize || y < 0 || y >= ySize) return std::nullopt;
  return pointAt(x, static_cast<int>(y), xSize);
}

std::string pointToString(Point p, int xSize, int ySize) {
  if (p == kPass) return "pass";
  if (p == kNullPoint) return "null";
  const int x = xOf(p, xSize), y = yOf(p, xSize);
  if (x < 0 || x >= xSize || y < 0 || y >= ySize)
    return "(" + std::to_string(x) + "," + std::to_string(y) + ")";
  std::string text;
  if (x >= kLetterCount) text += kLetters[static_cast<size_t>(x / kLetterCount - 1)];
  text += kLetters[static_cast<size_t>(x % kLetterCount)];
  return text + std::to_string(ySize - y);
}

}  // namespace ponnuki
