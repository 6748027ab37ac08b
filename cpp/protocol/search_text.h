// What a finished search found and took, as text for logs and terminals (spec gtp 7.4,
// analysis-cli-config 1.10, 3.8). Pure functions; for use between searches.
#pragma once

#include <cstdint>
#include <string>

#include "config/engine_params.h"
#include "search/search.h"

namespace ponnuki {

struct NetUse {
  uint64_t rows = 0, batches = 0;
};

Color perspectiveColor(Perspective perspective);  // Empty = the side to move

// "NN rows", "NN batches" and "NN avg batch size", each on a line.
std::string netUseText(const NetUse& use);
// "PV: D4 C3", then a newline, "Tree:" and its lines.
std::string pvAndTreeText(const Search& search, const TreePrintOptions& options);
// The board with its move number and hash, then the rules.
std::string positionText(const GameState& state, Point markEmpty = kNullPoint);

}  // namespace ponnuki
