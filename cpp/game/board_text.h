// A position as text for people: the drawing of showboard and the lines below it (spec rules-and-board 1.10).
#pragma once

#include <span>
#include <string>

#include "game/board.h"
#include "game/game_state.h"

namespace ponnuki {

struct BoardDrawing {
  const std::vector<Move>* moves =
      nullptr;                   // gives MoveNum and the digits of the last three moves; may be null
  Point markEmpty = kNullPoint;  // drawn as @ if it is empty
};

// "MoveNum: N HASH: H" (without moves "HASH: H"), column letters, rows. Ends with a newline.
std::string drawBoard(const Board& board, const BoardDrawing& drawing = {});

// drawBoard with the moves of the history, an empty line, then next player, phase, rules, bonus, captures.
std::string drawGame(const GameState& state);

}  // namespace ponnuki
