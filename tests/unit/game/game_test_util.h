// Short notation for positions and moves in the game tests.
#pragma once

#include <doctest/doctest.h>

#include <ostream>
#include <string>

#include "base/error.h"
#include "base/text.h"
#include "game/game_state.h"

namespace ponnuki::test {

// "B C3 W pass": colour and point, alternating.
inline std::vector<Move> moveList(const std::string& text, int xSize, int ySize) {
  const std::vector<std::string> words = splitWhitespace(text);
  std::vector<Move> moves;
  for (size_t i = 0; i + 1 < words.size(); i += 2)
    moves.push_back({parsePoint(words[i + 1], xSize, ySize).value(), parsePlayer(words[i]).value()});
  return moves;
}

// Rows separated by '/', X O and dots.
inline Board diagram(const std::string& rows) {
  const std::vector<std::string> lines = split(rows, '/');
  return Board::parse(static_cast<int>(lines[0].size()), static_cast<int>(lines.size()), rows, '/');
}

inline std::string rowsOf(const Board& board) {
  std::string text = board.toString();
  for (char& c : text)
    if (c == '\n') c = '/';
  return text;
}

inline std::string rowsOf(const Board& board, const AreaMap& area) {
  std::string text;
  for (int y = 0; y < board.ySize(); y++) {
    if (y > 0) text += '/';
    for (int x = 0; x < board.xSize(); x++) text += boardChar(area[board.at(x, y)]);
  }
  return text;
}

inline Point pt(const Board& board, const std::string& name) {
  return parsePoint(name, board.xSize(), board.ySize()).value();
}
inline Point pt(const GameState& state, const std::string& name) {
  return pt(state.board(), name);
}

inline void playAll(GameState& state, const std::string& text, bool hold = false) {
  for (const Move& move : moveList(text, state.board().xSize(), state.board().ySize())) {
    const std::string name = pointToString(move.point, state.board().xSize(), state.board().ySize());
    INFO("move " << shortName(move.player) << " " << name << " of " << text);
    REQUIRE(state.playTolerant(move.point, move.player, hold));
  }
}

// Is the move "B C3" strictly legal?
inline bool legal(const GameState& state, const std::string& move) {
  const Move m = moveList(move, state.board().xSize(), state.board().ySize())[0];
  return state.isLegal(m.point, m.player);
}

inline Rules rulesNamed(const std::string& text, float komi) {
  Rules rules = Rules::parse(text, true);
  rules.komi = komi;
  return rules;
}

constexpr Color kBlack = Color::Black, kWhite = Color::White;

template <typename F>
std::string errorOf(F&& f) {
  try {
    f();
  } catch (const UserError& e) {
    return e.what();
  }
  return "";
}

}  // namespace ponnuki::test
