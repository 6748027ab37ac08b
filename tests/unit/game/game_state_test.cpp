#include "game_test_util.h"

using namespace ponnuki;
using namespace ponnuki::test;

namespace {

GameState game(const std::string& rows, Color first, const std::string& rules, float komi, int phase = 0) {
  return GameState(diagram(rows), first, rulesNamed(rules, komi), phase);
}

const char* const kEmpty5 = "...../...../...../...../.....";
const char* const kKo = ".XO../X.XO./.XO../...../.....";
const char* const kDeadStone = "..XO./..XO./O.XO./..XO./..XO.";

}  // namespace

TEST_CASE("suicide that recreates a position is banned by superko") {
  const std::string suicide = "scoreAREAsui1";
  GameState positional = game("..X../XX.../...../...../.....", kWhite, "koPOSITIONAL" + suicide, 0);
  playAll(positional, "W B5 B pass");
  CHECK_FALSE(legal(positional, "W A5"));
  CHECK(positional.isLegalTolerant(pt(positional, "A5"), kWhite));
  GameState situational = game("..X../XX.../...../...../.....", kWhite, "koSITUATIONAL" + suicide, 0);
  playAll(situational, "W B5 B pass");
  CHECK(legal(situational, "W A5"));
  playAll(situational, "W A5 B pass");
  CHECK_FALSE(legal(situational, "W B5"));
}

TEST_CASE("sending two, returning one") {
  const char* const rows = ".O.O./XXOO./..XX./...../.....";
  const auto start = [&](const std::string& ko) {
    GameState state = game(rows, kWhite, "ko" + ko + "scoreAREAsui0", 0);
    playAll(state, "W A5 B C5");
    CHECK_EQ(state.board().koPoint(), kNullPoint);
    return state;
  };
  GameState positional = start("POSITIONAL");
  CHECK_FALSE(legal(positional, "W B5"));
  CHECK(positional.isSuperkoBanned(pt(positional, "B5")));
  GameState situational = start("SITUATIONAL");
  REQUIRE(legal(situational, "W B5"));
  playAll(situational, "W B5 B pass");
  CHECK_FALSE(legal(situational, "W A5"));
  GameState spight = start("SPIGHT");
  CHECK_FALSE(legal(spight, "W B5"));
  playAll(spight, "W pass B pass");
  CHECK_FALSE(spight.isFinished());
  CHECK(legal(spight, "W B5"));
  GameState simple = start("SIMPLE");
  REQUIRE(legal(simple, "W B5"));
  playAll(simple, "W B5 B pass W A5 B C5 W B5");
  CHECK(simple.passWouldEndGame(kBlack));
  playAll(simple, "B pass");
  CHECK(simple.isFinished());
  CHECK_EQ(simple.consecutiveEndingPasses(), 1);
  CHECK_EQ(simple.finalScore(), 1.0f);
}

TEST_CASE("under spight ko the third pass ends a quiet game") {
  GameState state = game(".../.../...", kBlack, "koSPIGHTscoreAREA", 0);
  playAll(state, "B B2 W pass B pass");
  CHECK_FALSE(state.isFinished());
  playAll(state, "W pass");
  CHECK(state.isFinished());
  CHECK_EQ(state.finalScore(), -9.0f);
}

TEST_CASE("triple ko") {
  const char* const rows = ".XO../XO.O./.XO../.XO../X.XO./.XO../.XO../XO.O./.XO..";
  const std::string cycle = "B C8 W B5 B C2 W B8 B C5 W B2 ";
  GameState simple = game(rows, kBlack, "koSIMPLEscoreAREAsui0", 0);
  playAll(simple, cycle);
  CHECK_FALSE(simple.isFinished());
  GameState ended = simple;
  playAll(ended, "B pass W pass");
  CHECK_EQ(ended.finalScore(), 11.0f);
  playAll(simple, cycle);
  CHECK(simple.isNoResult());
  CHECK(simple.isFinished());
  CHECK_FALSE(simple.isScored());
  CHECK_EQ(simple.winner(), Color::Empty);
  playAll(simple, "B E1");
  CHECK_FALSE(simple.isFinished());
  for (const char* ko : {"koPOSITIONAL", "koSITUATIONAL"}) {
    GameState superko = game(rows, kBlack, std::string(ko) + "scoreAREAsui0", 0);
    playAll(superko, "B C8 W B5 B C2 W B8 B C5");
    CHECK_FALSE(legal(superko, "W B2"));
  }
}

TEST_CASE("two passes end the game") {
  GameState state = game(".../.../...", kBlack, "tromp-taylor", 0);
  playAll(state, "B A1 W pass B pass");
  CHECK_EQ(state.finalScore(), -9.0f);
  CHECK_EQ(state.winner(), kBlack);
  state.setKomi(9.5f);
  CHECK_EQ(state.finalScore(), 0.5f);
  CHECK_EQ(state.winner(), kWhite);
  AreaMap area;
  CHECK_EQ(GameState(Board(3, 3), kBlack, Rules()).scoreNow(area), 7.5f);
}

TEST_CASE("friendly pass rules only suppress the end for the search") {
  GameState state = game(kEmpty5, kBlack, "chinese", 7.5f);
  playAll(state, "B C3");
  CHECK_FALSE(state.suppressFriendlyEnd(kWhite));
  playAll(state, "W pass");
  CHECK(state.passWouldEndGame(kBlack));
  CHECK(state.suppressFriendlyEnd(kBlack));
  playAll(state, "B pass");
  CHECK(state.isFinished());
  CHECK_EQ(state.finalScore(), -17.5f);
  GameState strict = game(kEmpty5, kBlack, "tromp-taylor", 7.5f);
  playAll(strict, "B C3 W pass");
  CHECK_FALSE(strict.suppressFriendlyEnd(kBlack));
}

TEST_CASE("the first pass takes the button") {
  const auto score = [](const std::string& moves) {
    GameState state = game(kEmpty5, kBlack, "aga-button", 7);
    playAll(state, moves);
    state.endAndScoreNow();
    return state.finalScore();
  };
  GameState state = game(kEmpty5, kBlack, "aga-button", 7);
  playAll(state, "B pass");
  CHECK_EQ(state.whiteBonus(), -0.5f);
  CHECK_EQ(state.consecutiveEndingPasses(), 0);
  playAll(state, "W pass");
  CHECK_EQ(state.consecutiveEndingPasses(), 1);
  playAll(state, "B pass");
  CHECK(state.isFinished());
  CHECK_EQ(state.finalScore(), 6.5f);
  CHECK_EQ(score("B C3 W pass B pass W pass"), -17.5f);
  CHECK_EQ(score("B C3"), -17.5f);
  CHECK_EQ(score("B C3 W C4"), 6.5f);
}

TEST_CASE("a draw shifts komi by its worth for White") {
  GameState state = game(".XO./.XO.", kBlack, "tromp-taylor", 0);
  playAll(state, "B pass W pass");
  CHECK(state.isFinished());
  CHECK_EQ(state.finalScore(), 0.0f);
  CHECK_EQ(state.winner(), Color::Empty);
  CHECK_EQ(state.selfKomi(kWhite, 0.75), 0.25f);
  CHECK_EQ(state.selfKomi(kBlack, 0.75), -0.25f);
}

TEST_CASE("removing a dead stone is free in phase 2 only") {
  GameState state = game(kDeadStone, kBlack, "japanese", 6.5f);
  CHECK_EQ(state.whiteBonus(), -1.0f);
  AreaMap area;
  CHECK_EQ(state.scoreNow(area), 11.5f);
  playAll(state, "B pass W pass");
  CHECK_EQ(state.phase(), 1);
  CHECK_EQ(state.consecutiveEndingPasses(), 0);
  playAll(state, "B pass W pass");
  CHECK_EQ(state.phase(), 2);
  CHECK_EQ(state.secondPhaseStone(pt(state, "A3")), kWhite);
  playAll(state, "B A4 W pass B A2 W pass B B3 W pass B pass");
  CHECK(state.isFinished());
  CHECK_EQ(state.finalScore(), 0.5f);
  GameState charged = game(kDeadStone, kBlack, "japanese", 6.5f, 1);
  playAll(charged, "B A4 W pass B A2 W pass B B3 W pass B pass W pass B pass");
  CHECK_EQ(charged.finalScore(), 3.5f);
  GameState answered = game(kDeadStone, kBlack, "japanese", 6.5f, 2);
  playAll(answered, "B A4 W E1 B A2 W pass B B3 W pass B pass");
  CHECK_EQ(answered.finalScore(), 0.5f);
}

TEST_CASE("a held phase only notes that it is past its end") {
  GameState state = game(kDeadStone, kBlack, "japanese", 6.5f);
  playAll(state, "B pass W pass", true);
  CHECK_FALSE(state.isFinished());
  CHECK(state.isPastPhaseEnd());
  CHECK_EQ(state.phase(), 0);
  CHECK_EQ(state.consecutiveEndingPasses(), 2);
  CHECK_EQ(state.turnsThisPhase(), 2);
  CHECK_EQ(state.turnsValidThisPhase(), 1);
  playAll(state, "B pass", true);
  CHECK_EQ(state.consecutiveEndingPasses(), 3);
  CHECK(state.isPastPhaseEnd());
  CHECK_EQ(state.turnsValidThisPhase(), 1);
  playAll(state, "W A4", true);
  CHECK_FALSE(state.isPastPhaseEnd());
  CHECK_EQ(state.consecutiveEndingPasses(), 0);
  CHECK_EQ(state.whiteBonus(), -2.0f);
  CHECK_EQ(state.turnsValidThisPhase(), 2);
  playAll(state, "B pass W pass", true);
  CHECK(state.isPastPhaseEnd());
}

TEST_CASE("a ko in a clean-up phase is blocked until a pass for ko") {
  GameState state = game(kKo, kWhite, "japanese", 6.5f, 1);
  CHECK_EQ(state.whiteBonus(), 1.0f);
  playAll(state, "W B4");
  CHECK_EQ(state.whiteBonus(), 0.0f);
  CHECK(state.koRecapBlocked()[pt(state, "B4")]);
  CHECK_EQ(state.board().koPoint(), kNullPoint);
  for (const char* point : {"C4", "B4"}) CHECK(state.isPassForKo(pt(state, point), kBlack));
  const Hash128 before = state.board().positionHash();
  playAll(state, "B C4");
  CHECK_EQ(state.board().positionHash(), before);
  CHECK(state.koRecapBlocked().none());
  CHECK_EQ(state.toMove(), kWhite);
  CHECK_EQ(state.whiteBonus(), 0.0f);
  playAll(state, "W pass B C4");
  CHECK(state.koRecapBlocked()[pt(state, "C4")]);
  CHECK_EQ(state.whiteBonus(), 1.0f);
  for (const char* point : {"C4", "B4"}) CHECK(state.isPassForKo(pt(state, point), kWhite));
  playAll(state, "W C4 B C1");
  CHECK_EQ(state.whiteBonus(), 2.0f);
}

TEST_CASE("the same ko capture from the same stones is allowed once a phase") {
  GameState state = game(kKo, kWhite, "japanese", 6.5f, 1);
  playAll(state, "W B4 B B4 W pass B C4");
  CHECK(state.isPassForKo(pt(state, "B4"), kWhite));
  CHECK(legal(state, "W B4"));
  playAll(state, "W B4 B pass");
  CHECK(state.koRecapBlocked().none());
  CHECK_FALSE(legal(state, "W B4"));
}

TEST_CASE("bent four in the corner is dead in the clean-up phases") {
  GameState state = game("XX.OX../XOOOXX./.OXXX../OOX..../XXX..../......./.......", kBlack, "japanese", 6.5f);
  CHECK_EQ(state.whiteBonus(), 6.0f);
  playAll(state, "B pass W pass B pass W pass");
  CHECK_EQ(state.phase(), 2);
  playAll(state, "B C7 W A5 B B7 W A7 B A6");
  CHECK(state.koRecapBlocked()[pt(state, "A6")]);
  CHECK(state.isPassForKo(pt(state, "A7"), kWhite));
  playAll(state, "W A7 B A7 W C7 B A7 W pass B B7 W A6 B A7 W B7 B A7 W pass B pass");
  CHECK(state.isFinished());
  CHECK_EQ(state.board().captured(kBlack), 10);
  CHECK_EQ(state.board().captured(kWhite), 12);
  CHECK_EQ(state.finalScore(), -36.5f);
}

TEST_CASE("a third repetition without passes gives no result, in any phase") {
  const std::string cycle = "W A7 B C7 W B7 B A1 W C1 B B1 ";
  for (const int phase : {0, 1}) {
    GameState state = game(".O.O./XXOO./..XX./...../..OO./OOXX./.X.X.", kWhite, "japanese", 6.5f, phase);
    playAll(state, cycle);
    GameState interrupted = state;
    playAll(state, cycle);
    CHECK(state.isNoResult());
    playAll(interrupted, "W pass " + cycle);
    CHECK_FALSE(interrupted.isNoResult());
  }
}

TEST_CASE("a blocked stone falls to an ordinary capture") {
  GameState state = game(".XO../X.XO./.XOX./...../.....", kWhite, "japanese", 6.5f, 1);
  playAll(state, "W B4 B D5 W pass B E4 W pass B C4");
  CHECK_EQ(state.board().captured(kWhite), 3);
  CHECK(state.koRecapBlocked().none());
}

TEST_CASE("a blocked stone that got connected cannot be passed on") {
  GameState state = game(kKo, kWhite, "japanese", 6.5f, 1);
  playAll(state, "W B4 B E1 W C4");
  CHECK(state.koRecapBlocked()[pt(state, "B4")]);
  CHECK_FALSE(legal(state, "B B4"));
  CHECK_FALSE(legal(state, "B C4"));
}

TEST_CASE("starting afresh in phase 2 charges for the moves that were free") {
  GameState state = game(kDeadStone, kBlack, "japanese", 6.5f, 2);
  for (const char* move : {"B A4", "B A2", "B B3"}) {
    Board board = state.board();
    board.clearKoPoint();
    state.reset(board, kBlack, state.rules(), state.phase());
    playAll(state, move);
  }
  playAll(state, "W pass B pass");
  CHECK_EQ(state.finalScore(), 2.5f);
}

TEST_CASE("handicap stones are counted from setup and from starting moves") {
  const auto play = [](const std::string& moves) {
    GameState state(Board(9, 9), kBlack, rulesNamed("chinese", 7.5f));
    state.setAssumeMultipleStartingBlackMovesAreHandicap(true);
    playAll(state, moves);
    return state;
  };
  const GameState two = play("B C3 B G7 W E5 B E6");
  CHECK_EQ(two.handicapStones(), 2);
  CHECK_EQ(two.whiteHandicapBonus(), 2.0f);
  const GameState three = play("B C3 W pass B G7 W pass B C7 W E5");
  CHECK_EQ(three.handicapStones(), 3);
  CHECK_EQ(three.whiteHandicapBonus(), 3.0f);
  GameState alternating = play("B C3 B G7 W E5 W E6");
  CHECK_EQ(alternating.handicapStones(), 0);
  CHECK_EQ(alternating.whiteHandicapBonus(), 2.0f);
  alternating.setAssumeMultipleStartingBlackMovesAreHandicap(true);
  CHECK_EQ(alternating.whiteHandicapBonus(), 0.0f);
  Board placed(9, 9);
  REQUIRE(placed.setStonesStrict(moveList("B C7 B G3", 9, 9)));
  GameState aga(placed, kWhite, rulesNamed("aga", 7.5f));
  CHECK_EQ(aga.handicapStones(), 2);
  CHECK_EQ(aga.whiteHandicapBonus(), 1.0f);
  aga.setHandicapOverride(5);
  CHECK_EQ(aga.whiteHandicapBonus(), 4.0f);
  REQUIRE(placed.setStonesStrict(moveList("W C7", 9, 9)));
  CHECK_EQ(GameState(placed, kWhite, rulesNamed("aga", 7.5f)).handicapStones(), 0);
}

TEST_CASE("the last six boards are kept, a pass counts as a turn") {
  GameState state(Board(5, 5), kBlack, Rules());
  playAll(state, "B A1 W B1 B pass W D1");
  CHECK_EQ(state.recentBoard(0).stoneCount(kWhite), 2);
  CHECK(sameStones(state.recentBoard(1), state.recentBoard(2)));
  CHECK(state.recentBoard(4).isEmpty());
  CHECK(state.recentBoard(5).isEmpty());
}

TEST_CASE("illegal moves from outside reset the count of valid turns") {
  GameState state = game(kKo, kWhite, "koPOSITIONALscoreAREAsui0", 0);
  playAll(state, "W B4");
  CHECK_EQ(state.turnsValidThisGame(), 1);
  CHECK_FALSE(legal(state, "B C4"));
  playAll(state, "B C4");
  CHECK_EQ(state.turnsValidThisGame(), 0);
  CHECK_EQ(state.turnsValidThisPhase(), 2);
  CHECK_FALSE(state.playTolerant(pt(state, "C4"), kWhite));
  CHECK_FALSE(state.playTolerant(kNullPoint, kWhite));
  CHECK_FALSE(state.playTolerant(Point{-7}, kWhite));
  CHECK_FALSE(state.playTolerant(kPointArraySize, kWhite));
  CHECK_EQ(state.moves().size(), 2);
}
