// Complete games of this engine against itself, for commands that need ordinary positions and no file:
// benchmark and testgpuerror (spec analysis-cli-config 3.4, 3.7, Appendix B). Constant data; thread-safe.
#pragma once

#include <span>
#include <vector>

#include "game/game_state.h"

namespace ponnuki {

struct BuiltInGame {
  int xSize, ySize;
  float komi;
  const char* moves;  // two letters a move as in SGF, Black first

  GameState start() const;  // the empty board under Tromp-Taylor rules
  std::vector<Move> moveList() const;
};

std::span<const BuiltInGame> builtInGames();
// The game benchmark uses for a square board of 7 to 19.
const BuiltInGame& benchmarkGame(int size);

}  // namespace ponnuki
