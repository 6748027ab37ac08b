// Colours of points and players. The numbers are fixed by the hash tables (spec nn-inputs 1).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace ponnuki {

enum class Color : uint8_t { Empty = 0, Black = 1, White = 2, Wall = 3 };

constexpr Color opponent(Color c) { return static_cast<Color>(static_cast<uint8_t>(c) ^ 3); }  // Empty <-> Wall
constexpr int index(Color c) { return static_cast<int>(c); }

std::optional<Color> parsePlayer(std::string_view s);  // b, black, w, white in any case; no trimming
const char* longName(Color c);                          // Black, White, Empty
const char* shortName(Color c);                         // B, W, E
char boardChar(Color c);                                // X O .

}  // namespace ponnuki
