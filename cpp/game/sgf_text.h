// Inside of the SGF files: coordinates as letters (spec rules-and-board 7.3).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ponnuki::sgf {

constexpr int kMaxCoordinates = 52;

// a..z are 0..25, A..Z are 26..51; -1 for anything else.
constexpr int letterValue(char c) {
  if (c >= 'a' && c <= 'z') return c - 'a';
  if (c >= 'A' && c <= 'Z') return c - 'A' + 26;
  return -1;
}
constexpr char valueLetter(int v) {
  return static_cast<char>(v < 26 ? 'a' + v : 'A' + v - 26);
}

struct Location {
  int x, y;
};
inline std::optional<Location> parseLocation(std::string_view s) {  // exactly two letters, no bounds check
  if (s.size() != 2 || letterValue(s[0]) < 0 || letterValue(s[1]) < 0) return std::nullopt;
  return Location{letterValue(s[0]), letterValue(s[1])};
}
inline std::string locationText(int x, int y) {
  return {valueLetter(x), valueLetter(y)};
}

// YYYY-MM-DD with a day that exists.
inline bool isIsoDate(std::string_view s) {
  if (s.size() != 10 || s[4] != '-' || s[7] != '-') return false;
  for (size_t i : {0, 1, 2, 3, 5, 6, 8, 9}) {
    if (s[i] < '0' || s[i] > '9') return false;
  }
  const int year = (s[0] - '0') * 1000 + (s[1] - '0') * 100 + (s[2] - '0') * 10 + (s[3] - '0');
  const int month = (s[5] - '0') * 10 + (s[6] - '0'), day = (s[8] - '0') * 10 + (s[9] - '0');
  if (month < 1 || month > 12 || day < 1) return false;
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return day <= kDays[month - 1] + (month == 2 && leap ? 1 : 0);
}

}  // namespace ponnuki::sgf
