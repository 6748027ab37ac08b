#include "game/ladder.h"

#include <doctest/doctest.h>

using namespace ponnuki;

namespace {

Board boardOf(int xSize, int ySize, const std::vector<std::string>& rows) {
  std::string text;
  for (const std::string& row : rows) text += row + "\n";
  return Board::parse(xSize, ySize, text);
}

std::string capturedRows(const Board& board, const PointSet& points) {
  std::string out;
  for (int y = 0; y < board.ySize(); y++) {
    for (int x = 0; x < board.xSize(); x++) out += points[board.at(x, y)] ? '1' : '.';
    if (y + 1 < board.ySize()) out += '/';
  }
  return out;
}

const std::vector<std::string> kPlainLadder = {".........", ".........", "...X.....",
                                               "..XO.....", "..X......", ".........",
                                               ".........", ".........", "........."};

}  // namespace

TEST_CASE("a plain ladder works and survives any added black stone but an atari that lets White extend") {
  const Board board = boardOf(9, 9, kPlainLadder);
  const Point stone = board.at(3, 3);
  CHECK(findLadders(board, Color::White).captured[stone]);
  for (int y = 0; y < 9; y++) {
    for (int x = 0; x < 9; x++) {
      Board more = board;
      if (more[more.at(x, y)] != Color::Empty) continue;
      more.setStone(more.at(x, y), Color::Black);
      CAPTURE(x);
      CAPTURE(y);
      // In atari White moves first, and at (4,3) he gets three liberties.
      const bool atariFromBelow = x == 3 && y == 4;
      CHECK(findLadders(more, Color::White).captured[stone] == !atariFromBelow);
    }
  }
}

TEST_CASE("one white stone breaks the ladder exactly where the reference says") {
  const Board board = boardOf(9, 9, kPlainLadder);
  const std::vector<std::string> expected = {"111111111", "111111111", "111#01111", "11##00111", "11#000011",
                                             "110000001", "111000001", "111100001", "111110011"};
  for (int y = 0; y < 9; y++) {
    std::string row;
    for (int x = 0; x < 9; x++) {
      Board more = board;
      if (more[more.at(x, y)] != Color::Empty) {
        row += '#';
        continue;
      }
      more.setStone(more.at(x, y), Color::White);
      row += findLadders(more, Color::White).captured[more.at(3, 3)] ? '1' : '0';
    }
    CHECK(row == expected[y]);
  }
}

TEST_CASE("the last element of the defender's list decides, even if it is a capture elsewhere") {
  const Board board = boardOf(5, 4, {"OXOOX", "O.X..", "X..O.", "O..X."});
  for (const Color victim : {Color::Black, Color::White})
    CHECK(capturedRows(board, findLadders(board, victim).captured) == "...../...../...../...1.");
}

TEST_CASE("working moves are listed only for two-liberty chains of the victim") {
  const Board board =
      boardOf(7, 7, {".....OO", "..X....", ".XO....", ".X.....", ".......", ".......", "......."});
  const LadderMap map = findLadders(board, Color::White);
  CHECK(capturedRows(board, map.captured) == "......./......./..1..../......./......./......./.......");
  CHECK(capturedRows(board, map.captureMoves) == "......./......./...1.../......./......./......./.......");
  CHECK(findLadders(board, Color::Black).captureMoves.none());
  CHECK((findLadders(board, Color::Empty).captured == map.captured));
}

TEST_CASE("the simple-ko ban stops the attacker's first move") {
  Board board = boardOf(7, 7, {".....OO", "..X....", ".XO....", ".X.....", ".......", ".......", "......."});
  board.setKoPoint(board.at(3, 2));
  CHECK(findLadders(board, Color::White).captured.none());
}
