#include "base/text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <numeric>

namespace ponnuki {
namespace {

constexpr std::string_view kWhitespace = " \t\r\n\v\f";

// std::from_chars accepts no leading '+', streams do.
std::string_view withoutPlus(std::string_view s) {
  if (s.size() >= 2 && s[0] == '+' && s[1] != '-' && s[1] != '+') s.remove_prefix(1);
  return s;
}

template <typename T>
std::optional<T> parseWhole(std::string_view s) {
  s = withoutPlus(trim(s));
  T v{};
  const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), v);
  if (error != std::errc() || end != s.data() + s.size()) return std::nullopt;
  return v;
}

template <typename T>
std::optional<T> parseReal(std::string_view s) {
  const auto v = parseWhole<T>(s);
  return v && std::isfinite(*v) ? v : std::nullopt;
}

}  // namespace

std::string_view trim(std::string_view s) {
  const size_t first = s.find_first_not_of(kWhitespace);
  if (first == std::string_view::npos) return {};
  return s.substr(first, s.find_last_not_of(kWhitespace) - first + 1);
}

std::string toLower(std::string_view s) {
  std::string out(s);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::string toUpper(std::string_view s) {
  std::string out(s);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}

std::vector<std::string> split(std::string_view s, char at) {
  std::vector<std::string> pieces;
  while (!s.empty()) {
    const size_t end = std::min(s.find(at), s.size());
    pieces.emplace_back(s.substr(0, end));
    s.remove_prefix(std::min(end + 1, s.size()));
  }
  return pieces;
}

std::vector<std::string> splitWhitespace(std::string_view s) {
  std::vector<std::string> pieces;
  size_t at = s.find_first_not_of(kWhitespace);
  while (at != std::string_view::npos) {
    const size_t end = std::min(s.find_first_of(kWhitespace, at), s.size());
    pieces.emplace_back(s.substr(at, end - at));
    at = s.find_first_not_of(kWhitespace, end);
  }
  return pieces;
}

std::string join(const std::vector<std::string>& pieces, std::string_view between) {
  std::string out;
  for (size_t i = 0; i < pieces.size(); i++) {
    if (i > 0) out += between;
    out += pieces[i];
  }
  return out;
}

bool startsWith(std::string_view s, std::string_view prefix) { return s.starts_with(prefix); }
bool endsWith(std::string_view s, std::string_view suffix) { return s.ends_with(suffix); }

std::optional<int> tryInt(std::string_view s) { return parseWhole<int>(s); }
std::optional<long long> tryInt64(std::string_view s) { return parseWhole<long long>(s); }
std::optional<double> tryDouble(std::string_view s) { return parseReal<double>(s); }
std::optional<float> tryFloat(std::string_view s) { return parseReal<float>(s); }

std::optional<bool> tryBool(std::string_view s) {
  const std::string word = toLower(trim(s));
  if (word == "true") return true;
  if (word == "false") return false;
  return std::nullopt;
}

std::string formatNumber(double v, int digits) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*g", digits, v);
  return text;
}

std::string nearestWord(std::string_view word, const std::vector<std::string>& candidates) {
  const std::string wanted = toLower(word);
  std::string best;
  size_t bestDistance = std::max<size_t>(2, wanted.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    const std::string other = toLower(candidate);
    std::vector<size_t> row(other.size() + 1);
    std::iota(row.begin(), row.end(), size_t{0});
    for (size_t i = 0; i < wanted.size(); i++) {
      size_t diagonal = row[0];
      row[0] = i + 1;
      for (size_t j = 0; j < other.size(); j++) {
        const size_t replaced = diagonal + (wanted[i] != other[j]);
        diagonal = row[j + 1];
        row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
      }
    }
    if (row.back() < bestDistance) {
      bestDistance = row.back();
      best = candidate;
    }
  }
  return best;
}

std::string sanitizeUtf8(std::string_view s) {
  std::string out;
  out.reserve(s.size());
  for (size_t i = 0; i < s.size();) {
    const auto lead = static_cast<uint8_t>(s[i]);
    const size_t length = lead < 0x80 ? 1 : lead >= 0xC2 && lead < 0xE0 ? 2 : lead >= 0xE0 && lead < 0xF0 ? 3
                          : lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
    bool valid = length > 0 && i + length <= s.size();
    for (size_t k = 1; valid && k < length; k++) valid = (static_cast<uint8_t>(s[i + k]) & 0xC0) == 0x80;
    if (valid && length >= 3) {  // no overlong forms, surrogates or code points beyond U+10FFFF
      const auto second = static_cast<uint8_t>(s[i + 1]);
      valid = !(lead == 0xE0 && second < 0xA0) && !(lead == 0xED && second >= 0xA0) &&
              !(lead == 0xF0 && second < 0x90) && !(lead == 0xF4 && second >= 0x90);
    }
    if (valid) {
      out.append(s.substr(i, length));
      i += length;
    } else {
      out += "\xEF\xBF\xBD";
      i++;
    }
  }
  return out;
}

}  // namespace ponnuki
