#include "base/rng.h"
#include "game/board_text.h"
#include "game_test_util.h"

using namespace ponnuki;
using namespace ponnuki::test;

TEST_CASE("a single stone may never kill itself, two may under suicide rules") {
  const Board one = diagram(".X.../X..../...../...../.....");
  for (const bool suicide : {false, true}) CHECK_FALSE(one.isLegalIgnoringKo(pt(one, "A5"), kWhite, suicide));
  Board two = diagram(".OX../XX.../...../...../.....");
  CHECK_FALSE(two.isLegalIgnoringKo(pt(two, "A5"), kWhite, false));
  REQUIRE(two.isLegalIgnoringKo(pt(two, "A5"), kWhite, true));
  two.play(pt(two, "A5"), kWhite);
  CHECK_EQ(rowsOf(two), "..X../XX.../...../...../.....");
  CHECK_EQ(two.captured(kWhite), 2);
  CHECK_EQ(two.koPoint(), kNullPoint);
}

TEST_CASE("a capture takes precedence over suicide and makes a ko") {
  Board b = diagram("O.O../XO.../...../...../.....");
  REQUIRE(b.isLegal(pt(b, "B5"), kBlack, false));
  CHECK_EQ(b.koCaptureTarget(pt(b, "B5"), kBlack), pt(b, "A5"));
  b.play(pt(b, "B5"), kBlack);
  CHECK_EQ(b.captured(kWhite), 1);
  CHECK_EQ(b.koPoint(), pt(b, "A5"));
  CHECK_FALSE(b.isLegal(pt(b, "A5"), kWhite, false));
  CHECK(b.isLegalIgnoringKo(pt(b, "A5"), kWhite, false));
}

TEST_CASE("a ko is banned until another move or a pass") {
  Board b = diagram(".XO../X.XO./.XO../...../.....");
  CHECK_EQ(b.koCaptureTarget(pt(b, "B4"), kWhite), pt(b, "C4"));
  b.play(pt(b, "B4"), kWhite);
  CHECK_EQ(b.koPoint(), pt(b, "C4"));
  CHECK_EQ(b.captured(kBlack), 1);
  b.play(kPass, kBlack);
  CHECK_EQ(b.koPoint(), kNullPoint);
  b.play(pt(b, "C4"), kBlack);
  CHECK_EQ(b.koPoint(), pt(b, "B4"));
}

TEST_CASE("stones set one by one capture, and lone suicides stay off") {
  const auto set = [](const std::string& stones) {
    Board b(5, 5);
    for (const Move& m : moveList(stones, 5, 5)) REQUIRE(b.setStone(m.point, m.player));
    b.checkConsistency();
    return b;
  };
  const Board captured = set("W A1 B A2 B B1");
  CHECK_EQ(captured[pt(captured, "A1")], Color::Empty);
  CHECK_EQ(captured.captured(kWhite), 1);
  CHECK_EQ(GameState(captured, kBlack, rulesNamed("japanese", 6.5f)).whiteBonus(), 1.0f);
  const Board lone = set("B A2 B B1 W A1 W B2 W C1");
  CHECK_EQ(rowsOf(lone), "...../...../...../XO.../.XO..");
  CHECK_EQ(lone.captured(kWhite) + lone.captured(kBlack), 0);
  const Board pair = set("W A2 W B2 W C1 B B1 B A1");
  CHECK_EQ(rowsOf(pair), "...../...../...../OO.../..O..");
  CHECK_EQ(pair.captured(kBlack), 2);
}

TEST_CASE("strict setup takes a whole legal list or nothing") {
  Board b(5, 5);
  for (const char* bad : {"B A1 B A1", "W A1 B A2 B B1", "W A1 B A2 B B1 W B2 W A3", "B pass"})
    CHECK_FALSE(b.setStonesStrict(moveList(bad, 5, 5)));
  CHECK(b.isEmpty());
  CHECK(b.setStonesStrict(moveList("B A2 B B1 W E5", 5, 5)));
  CHECK_EQ(b.stoneCount(kBlack), 2);
}

TEST_CASE("taking a stone off splits its chain") {
  Board b = diagram("..X../..X../XXXXX/..X../O.X..");
  REQUIRE(b.setStone(pt(b, "C3"), Color::Empty));
  b.checkConsistency();
  CHECK_EQ(b.chainSize(pt(b, "A3")), 2);
  CHECK_EQ(b.chainSize(pt(b, "C5")), 2);
  CHECK_EQ(b.liberties(pt(b, "C5")), 5);
  REQUIRE(b.setStone(pt(b, "C2"), kWhite));
  b.checkConsistency();
  CHECK_EQ(rowsOf(b), "..X../..X../XX.XX/..O../O.X..");
}

TEST_CASE("overlay removes every chain without liberties at once") {
  Board corner = diagram(".O.../O..../...../...../.....");
  CHECK_EQ(corner.setStonesOverlay(moveList("B A5 B B4 W E5", 5, 5)), 1);
  CHECK_EQ(rowsOf(corner), ".O..O/OX.../...../...../.....");
  corner.checkConsistency();
  Board row(3, 1);
  CHECK_EQ(row.setStonesOverlay(moveList("B A1 W B1 B C1", 3, 1)), 3);
  CHECK(row.isEmpty());
}

TEST_CASE("chain lists follow the order of play") {
  Board b(5, 5);
  const auto order = [&](const char* from) {
    std::string text;
    Point p = pt(b, from);
    do {
      text += pointToString(p, 5, 5) + " ";
      p = b.nextInChain(p);
    } while (p != pt(b, from));
    return text;
  };
  b.play(pt(b, "A5"), kBlack);
  b.play(pt(b, "B5"), kBlack);  // equal sizes: the neighbour's chain keeps its head
  CHECK_EQ(b.chainHead(pt(b, "B5")), pt(b, "A5"));
  b.play(pt(b, "C5"), kBlack);  // goes right behind the head
  CHECK_EQ(order("A5"), "A5 C5 B5 ");
  for (const char* name : {"E5", "E4", "E3", "E2"}) b.play(pt(b, name), kBlack);
  CHECK_EQ(order("E5"), "E5 E2 E3 E4 ");
  const Board::Undo undo = b.playRecorded(pt(b, "D5"), kBlack);
  // First left, to four stones; then right, a tie that the neighbour wins.
  CHECK_EQ(b.chainHead(pt(b, "D5")), pt(b, "E5"));
  CHECK_EQ(order("E5"), "E5 A5 D5 C5 B5 E2 E3 E4 ");
  b.undo(undo);
  b.checkConsistency();
  CHECK_EQ(order("C5"), "C5 A5 B5 ");  // rebuilt by flood fill from C5
  CHECK_EQ(b.chainHead(pt(b, "A5")), pt(b, "C5"));
}

namespace {

// Everything but the order of the chain lists.
bool sameUpToLists(const Board& a, const Board& b) {
  if (!sameStones(a, b) || a.koPoint() != b.koPoint() || a.positionHash() != b.positionHash()) return false;
  if (a.captured(kBlack) != b.captured(kBlack) || a.captured(kWhite) != b.captured(kWhite)) return false;
  for (Point p = 0; p < kPointArraySize; p++) {
    if (a[p] != kBlack && a[p] != kWhite) continue;
    if (a.liberties(p) != b.liberties(p) || a.chainSize(p) != b.chainSize(p)) return false;
  }
  return true;
}

Point randomLegalPoint(const Board& board, Color c, Rng& rng) {
  for (int tries = 0; tries < 60; tries++) {
    const Point p = board.at(static_cast<int>(rng.uniform(static_cast<uint32_t>(board.xSize()))),
                             static_cast<int>(rng.uniform(static_cast<uint32_t>(board.ySize()))));
    if (board.isLegal(p, c, true)) return p;
  }
  return kPass;
}

}  // namespace

TEST_CASE("random play keeps the board consistent, undo restores it, and the predicted hash comes true") {
  Rng rng("board test");
  for (const auto& [xSize, ySize] : {std::pair{2, 2}, {5, 4}, {7, 7}, {9, 3}, {kMaxBoardLen, kMaxBoardLen}}) {
    Board board(xSize, ySize);
    for (int turn = 0; turn < 3 * xSize * ySize; turn++) {
      const Color c = rng.uniform(4) == 0 ? kWhite : turn % 2 == 0 ? kBlack : kWhite;
      const Point p = randomLegalPoint(board, c, rng);
      const Hash128 predicted = board.hashAfter(p, c);
      Board played = board;
      const Board::Undo undo = played.playRecorded(p, c);
      played.checkConsistency();
      REQUIRE_EQ(played.positionHash(), predicted);
      played.undo(undo);
      played.checkConsistency();
      REQUIRE(sameUpToLists(played, board));
      board.play(p, c);
    }
  }
}

TEST_CASE("undo goes back through a whole game") {
  Rng rng("undo test");
  Board board(6, 6);
  std::vector<Board> boards;
  std::vector<Board::Undo> undos;
  for (int turn = 0; turn < 150; turn++) {
    const Color c = turn % 2 == 0 ? kBlack : kWhite;
    boards.push_back(board);
    undos.push_back(board.playRecorded(randomLegalPoint(board, c, rng), c));
  }
  while (!boards.empty()) {
    board.undo(undos.back());
    board.checkConsistency();
    REQUIRE(sameUpToLists(board, boards.back()));
    boards.pop_back();
    undos.pop_back();
  }
}

TEST_CASE("board sizes outside the build's limit are refused") {
  CHECK_EQ(errorOf([] { Board(kMaxBoardLen + 1, 5); }), "Board::init - invalid board size");
  CHECK_EQ(errorOf([] { Board(5, -1); }), "Board::init - invalid board size");
}

TEST_CASE("board text with coordinates and spaces parses") {
  const Board b = Board::parse(3, 2, "   A B C\n 2 X . O\n 1 . * .\n");
  CHECK_EQ(rowsOf(b), "X.O/...");
  CHECK_EQ(errorOf([] {
             Board::parse(2, 2,
                          "X./.."
                          ".\n");
           }),
           "Board::parseBoard - string has different number of board rows than ySize");
  CHECK_EQ(errorOf([] { Board::parse(2, 1, "X...\n"); }),
           "Board::parseBoard - line length not compatible with xSize");
  CHECK_EQ(errorOf([] { Board::parse(2, 1, "X?\n"); }),
           "Board::parseBoard - could not parse board character: ?");
  CHECK_EQ(errorOf([] { Board::parse(2, 2, "XO\nO.\n"); }), "Board::parseBoard - zero-liberty group near A1");
}

TEST_CASE("the distance to repetition is bounded by chain, liberties and empty regions") {
  Board b = diagram("X.O../.XO../XXO../OOO../.....");
  const Point p = pt(b, "B4");  // 3 stones, 3 liberties, regions of 2 and 1 empty points
  CHECK_EQ(b.chainSize(p), 3);
  CHECK(b.repetitionBoundExceeds(p, 4));
  CHECK(b.repetitionBoundExceeds(p, 5) == (b.chainSize(p) + 2 > 5));
  CHECK_FALSE(b.repetitionBoundExceeds(kPass, 0));
}

TEST_CASE("connections between shaky stones are recognised") {
  const Board b = diagram(".X.../X..../...../...../.....");
  AreaMap area{};
  CHECK(b.isNonPassAliveSelfConnection(pt(b, "A5"), kBlack, area));
  CHECK_FALSE(b.isNonPassAliveSelfConnection(pt(b, "C5"), kBlack, area));
  area[pt(b, "A5")] = kBlack;
  CHECK_FALSE(b.isNonPassAliveSelfConnection(pt(b, "A5"), kBlack, area));
}

TEST_CASE("the drawing marks the last three moves and keeps numbers for passes") {
  GameState state(Board(5, 5), kBlack, Rules());
  playAll(state, "B A1 W pass B E5 W C3");
  CHECK_EQ(drawBoard(state.board(), {&state.moves(), kNullPoint}),
           "MoveNum: 4 HASH: " + state.board().positionHash().toString() +
               "\n   A B C D E\n 5 . . . . X2\n 4 . . . . .\n 3 . . O3. .\n 2 . . . . .\n 1 X . . . .\n");
}

TEST_CASE("a game is drawn with the facts a player needs") {
  GameState state(Board(2, 2), kBlack, rulesNamed("chinese", 7.0f));
  state.setAssumeMultipleStartingBlackMovesAreHandicap(true);
  state.setHandicapOverride(2);
  CHECK_EQ(drawGame(state),
           "MoveNum: 0 HASH: " + state.board().positionHash().toString() +
               "\n   A B\n 2 . .\n 1 . .\n\nNext player: Black\nRules: " + state.rules().toJson(true) +
               "\nHandicap bonus score: 2\nB stones captured: 0\nW stones captured: 0\n");
}
