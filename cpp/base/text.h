// Small text helpers with the exact parsing habits the protocols rely on (spec rules-and-board 0).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ponnuki {

std::string_view trim(std::string_view s);                     // space, tab, CR, LF, VT, FF
std::string toLower(std::string_view s);                       // ASCII only
std::string toUpper(std::string_view s);
std::vector<std::string> split(std::string_view s, char at);   // drops one trailing empty piece; "" -> {}
std::vector<std::string> splitWhitespace(std::string_view s);
std::string join(const std::vector<std::string>& pieces, std::string_view between);
bool startsWith(std::string_view s, std::string_view prefix);
bool endsWith(std::string_view s, std::string_view suffix);

// Trim, read a decimal number, require the end. "+5" and "05" are 5; "5x", "", and overflow fail.
std::optional<int> tryInt(std::string_view s);
std::optional<long long> tryInt64(std::string_view s);
// "1e2", ".5", "7." succeed; "nan", "inf", overflow and trailing text fail.
std::optional<double> tryDouble(std::string_view s);
std::optional<float> tryFloat(std::string_view s);
std::optional<bool> tryBool(std::string_view s);               // true/false in any case

// Like printf("%.<digits>g"): the default C++ stream format has 6 digits.
std::string formatNumber(double v, int digits = 6);

// The candidate closest to `word` by edit distance, or "" if none is close enough to be a misspelling.
std::string nearestWord(std::string_view word, const std::vector<std::string>& candidates);

// Replaces every byte that is not part of valid UTF-8 by U+FFFD, so that any input can be echoed in JSON.
std::string sanitizeUtf8(std::string_view s);

}  // namespace ponnuki
