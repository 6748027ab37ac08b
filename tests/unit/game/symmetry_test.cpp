#include "game/symmetry.h"

#include <doctest/doctest.h>

using namespace ponnuki;

namespace {

Point named(const char* name, const Board& board) {
  return *parsePoint(name, board.xSize(), board.ySize());
}

size_t countKept(const Board& board, const PointSet& duplicates) {
  return board.area() - duplicates.count();
}

GameState koGame() {  // spec nn-inputs 17.3: the last move takes a ko
  Rules rules;
  rules.ko = KoRule::Situational;
  rules.multiStoneSuicide = false;
  rules.komi = 7;
  GameState state(Board(5, 5), Color::Black, rules);
  constexpr int kMoves[][2] = {{1, 0}, {2, 0}, {0, 1}, {3, 1}, {1, 2}, {2, 2}, {4, 4}, {1, 1}, {2, 1}};
  for (const auto& m : kMoves) state.play(state.board().at(m[0], m[1]), state.toMove());
  return state;
}

}  // namespace

TEST_CASE("inverse undoes a symmetry and compose chains two, on rectangles too") {
  for (int s = 0; s < symmetry::kCount; s++) {
    const int xSize = 5, ySize = 3;
    const int xThen = symmetry::transposes(s) ? ySize : xSize,
              yThen = symmetry::transposes(s) ? xSize : ySize;
    for (int y = 0; y < ySize; y++) {
      for (int x = 0; x < xSize; x++) {
        const symmetry::XY image = symmetry::apply(s, x, y, xSize, ySize);
        const symmetry::XY back = symmetry::apply(symmetry::inverse(s), image.x, image.y, xThen, yThen);
        CHECK((back.x == x && back.y == y));
        for (int t = 0; t < symmetry::kCount; t++) {
          const symmetry::XY twice = symmetry::apply(t, image.x, image.y, xThen, yThen);
          const symmetry::XY once = symmetry::apply(symmetry::compose(s, t), x, y, xSize, ySize);
          CHECK((twice.x == once.x && twice.y == once.y));
        }
      }
    }
  }
}

TEST_CASE("symmetry 5 flips the rows and then transposes") {
  const symmetry::XY image = symmetry::apply(5, 1, 0, 5, 3);
  CHECK(image.x == 2);
  CHECK(image.y == 1);
  CHECK(symmetry::apply(5, kPass, 5, 3) == kPass);
  CHECK(symmetry::apply(5, kNullPoint, 5, 3) == kNullPoint);
}

TEST_CASE("the empty board has 55 distinct first moves, kept on the side of the player to move") {
  for (const Color toMove : {Color::Black, Color::White}) {
    const GameState state(Board(19, 19), toMove, Rules());
    const std::vector<int> valid = symmetry::validSymmetries(state);
    CHECK(valid.size() == 8);
    const PointSet duplicates = symmetry::symmetricDuplicates(state, valid, {});
    CHECK(countKept(state.board(), duplicates) == 55);
    const bool black = toMove == Color::Black;
    for (const char* kept : {black ? "R16" : "C4", black ? "Q16" : "D4", black ? "T19" : "A1", "K10"})
      CHECK_FALSE(duplicates[named(kept, state.board())]);
    for (const char* gone :
         {black ? "Q17" : "D3", black ? "R4" : "R16", black ? "C4" : "Q16", black ? "A1" : "T19"})
      CHECK(duplicates[named(gone, state.board())]);
  }
}

TEST_CASE("an avoided point represents nobody but can still be a duplicate") {
  const GameState state(Board(19, 19), Color::Black, Rules());
  std::vector<int> avoid(kPointArraySize, 0);
  avoid[named("T19", state.board())] = 1;
  const PointSet duplicates = symmetry::symmetricDuplicates(state, symmetry::validSymmetries(state), avoid);
  CHECK(duplicates[named("T19", state.board())]);
  CHECK(countKept(state.board(), duplicates) == 55);
}

TEST_CASE("a stone off the axes leaves the identity only, a rectangle no transposition") {
  GameState state(Board(19, 19), Color::Black, Rules());
  state.play(named("R16", state.board()), Color::Black);
  CHECK((symmetry::validSymmetries(state) == std::vector<int>{0}));
  CHECK((symmetry::validSymmetries(GameState(Board(7, 9), Color::Black, Rules())) ==
         std::vector<int>{0, 1, 2, 3}));
}

TEST_CASE("thisHash and symHash equal the reference's in a ko position") {
  const Board board = koGame().board();
  CHECK(symmetry::thisHash(board, Color::White).toString() == "20F25CD35C862D917D9D1C283563380A");
  constexpr const char* kExpected[] = {
      "20F25CD35C862D917D9D1C283563380A", "F750AAF5778E61A0180A0177A39A0D1E",
      "A7B5D451331ABF8839AE8365530D26BF", "C7B0DD505D96A988A8A61E0A75648C48",
      "D791EFFFF2E09BFA11490AA4AB417947", "E89D9FCE51AC93CD8E898FBC1571AA05",
      "9A0C71A7B169A8CCD018C04FB1C771C7", "12A7FEB157A1FACABB47C567BF673D66"};
  for (int s = 0; s < symmetry::kCount; s++)
    CHECK(symmetry::thisHash(symmetry::apply(s, board), Color::White).toString() == kExpected[s]);
  CHECK(symmetry::symHash(board, Color::White).toString() == kExpected[7]);
}

TEST_CASE("with a ko point on the board no symmetry but the identity is valid") {
  CHECK((symmetry::validSymmetries(koGame()) == std::vector<int>{0}));
}
