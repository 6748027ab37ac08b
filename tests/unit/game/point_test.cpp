#include "game/handicap.h"
#include "game_test_util.h"

using namespace ponnuki;
using namespace ponnuki::test;

TEST_CASE("coordinates parse as the reference parses them") {
  const auto parse = [](const char* s) { return parsePoint(s, 19, 19).value_or(kNullPoint); };
  CHECK_EQ(parse("a1"), 381);
  CHECK_EQ(parse("T19"), 39);
  CHECK_EQ(parse("A+5"), parse("A5"));
  CHECK_EQ(parse("A05"), parse("A5"));
  CHECK_EQ(parse(" d16 "), parse("(3,3)"));
  CHECK_EQ(parse("PASS"), kPass);
  CHECK_EQ(parse("pss"), kPass);
  CHECK_EQ(parse("( 18 , 0 )"), parse("T19"));
  for (const char* bad :
       {"U1", "I5", "A0", "AA1", "A", "", "A20", "(3,3", "(3)", "(1,2,3)", "A1x", "5A", "null"})
    CHECK_FALSE(parsePoint(bad, 19, 19).has_value());
}

TEST_CASE("a coordinate pair outside the board fails instead of becoming a wall, pass or another point") {
  for (const char* bad : {"(0,2000000000)", "(-5,-5)", "(2147483647,2147483647)", "(-2147483648,0)", "(0,-1)",
                          "(-1,0)", "(19,0)", "(0,19)", "()", "(,)"})
    CHECK_FALSE(parsePoint(bad, 19, 19).has_value());
  for (const char* bad : {"(9,0)", "(0,9)", "(9,9)", "(-1,8)"}) CHECK_FALSE(parsePoint(bad, 9, 9).has_value());
  CHECK_EQ(parsePoint("(6,12)", 7, 13).value(), pointAt(6, 12, 7));
  CHECK_FALSE(parsePoint("(12,6)", 7, 13).has_value());
}

TEST_CASE("points print as column letters without I and the row from below") {
  CHECK_EQ(pointToString(pointAt(8, 0, 19), 19, 19), "J19");
  CHECK_EQ(pointToString(pointAt(18, 18, 19), 19, 19), "T1");
  CHECK_EQ(pointToString(kPass, 19, 19), "pass");
  CHECK_EQ(pointToString(kNullPoint, 19, 19), "null");
  CHECK_EQ(pointToString(pointAt(19, 0, 19), 19, 19), "(-1,1)");
}

TEST_CASE("columns beyond Z have two letters") {
  const int wide = 50;
  CHECK_EQ(parsePoint("AA1", wide, 2).value(), pointAt(25, 1, wide));
  CHECK_EQ(pointToString(pointAt(49, 0, wide), wide, 2), "AZ2");
  CHECK_EQ(parsePoint("az2", wide, 2).value(), pointAt(49, 0, wide));
}

TEST_CASE("every point of a board survives printing and parsing") {
  const Board board(7, 13);
  for (int y = 0; y < 13; y++)
    for (int x = 0; x < 7; x++)
      CHECK_EQ(parsePoint(pointToString(board.at(x, y), 7, 13), 7, 13).value(), board.at(x, y));
}

TEST_CASE("players parse in any case, without trimming") {
  CHECK_EQ(parsePlayer("bLACK").value(), kBlack);
  CHECK_EQ(parsePlayer("W").value(), kWhite);
  for (const char* bad : {" b", "", "bl", "empty"}) CHECK_FALSE(parsePlayer(bad).has_value());
}

TEST_CASE("fixed handicap points") {
  const auto names = [](int n, int x, int y) {
    std::string text;
    for (const Point p : fixedHandicapPoints(n, x, y)) text += pointToString(p, x, y) + " ";
    return text;
  };
  CHECK_EQ(names(2, 19, 19), "Q16 D4 ");
  CHECK_EQ(names(3, 19, 19), "D16 Q16 D4 ");
  CHECK_EQ(names(5, 9, 9), "C7 G7 E5 C3 G3 ");
  CHECK_EQ(names(8, 13, 13), "D10 G10 K10 D7 K7 D4 G4 K4 ");
  CHECK_EQ(fixedHandicapPoints(9, 19, 19).size(), 9);
}

TEST_CASE("impossible fixed handicaps are refused with the reference's words") {
  const auto error = [](int n, int x, int y) { return errorOf([&] { fixedHandicapPoints(n, x, y); }); };
  CHECK_EQ(error(2, 6, 19), "Board is too small for fixed handicap");
  CHECK_EQ(error(5, 18, 19), "Fixed handicap > 4 is not allowed on boards with even dimensions");
  CHECK_EQ(error(5, 7, 7), "Fixed handicap > 4 is not allowed on boards with size 7");
  CHECK_EQ(error(1, 9, 9), "Fixed handicap < 2 is not allowed");
  CHECK_EQ(error(10, 9, 9), "Fixed handicap > 9 is not allowed");
}
