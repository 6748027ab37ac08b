#include "game_test_util.h"

using namespace ponnuki;
using namespace ponnuki::test;

namespace {

Rules areaRules(TaxRule tax, bool suicide) {
  Rules rules;
  rules.tax = tax;
  rules.multiStoneSuicide = suicide;
  rules.komi = 0;
  return rules;
}

float scoreOf(const Board& board, const Rules& rules, int phase = 0) {
  AreaMap area;
  return GameState(board, Color::Black, rules, phase).scoreNow(area);
}

const char* const kSeki = ".X.O.X./XXXOXXX/OOOXOOO/O.OXO.O/.OOXOO./OOXXXOO/XXX.XXX/.XXXXX.";

}  // namespace

TEST_CASE("a seki counts differently under every tax") {
  const Board board = diagram(kSeki);
  const auto score = [&](ScoringRule scoring, TaxRule tax) {
    Rules rules = areaRules(tax, true);
    rules.scoring = scoring;
    return scoreOf(board, rules);
  };
  CHECK_EQ(score(ScoringRule::Area, TaxRule::None), -6.0f);
  CHECK_EQ(score(ScoringRule::Area, TaxRule::Seki), -4.0f);
  CHECK_EQ(score(ScoringRule::Area, TaxRule::All), -6.0f);
  CHECK_EQ(score(ScoringRule::Territory, TaxRule::None), -1.0f);
  CHECK_EQ(score(ScoringRule::Territory, TaxRule::Seki), 1.0f);
  CHECK_EQ(score(ScoringRule::Territory, TaxRule::All), -1.0f);
  CHECK_EQ(computeIndependentLife(board, false, false, true).whiteMinusBlackRegions, 1);
  CHECK_EQ(rowsOf(board, computeArea(board, {}, true)),
           "......./......./OOOXOOO/OOOXOOO/OOOXOOO/OOXXXOO/XXXXXXX/XXXXXXX");
}

TEST_CASE("filling one's own seki eye is free in phase 2 and costs a point in phase 1") {
  Rules rules = areaRules(TaxRule::Seki, true);
  rules.scoring = ScoringRule::Territory;
  AreaMap area;
  GameState free(diagram(kSeki), kBlack, rules, 2);
  playAll(free, "B A8");
  CHECK_EQ(free.scoreNow(area), 1.0f);
  CHECK_EQ(area[pt(free, "A8")], Color::Empty);
  GameState charged(diagram(kSeki), kBlack, rules, 1);
  playAll(charged, "B A8");
  CHECK_EQ(charged.whiteBonus(), 6.0f);
}

TEST_CASE("with suicide a stone inside must be touched for a region to be vital") {
  const Board board = diagram(".XXXX/XX.XX/X.O.X/XX.XX/XXXXX");
  CHECK_EQ(scoreOf(board, areaRules(TaxRule::None, false)), -25.0f);
  CHECK_EQ(scoreOf(board, areaRules(TaxRule::None, true)), -19.0f);
  GameState state(board, kBlack, areaRules(TaxRule::None, false));
  state.setPassAliveAsIfSuicide(true);
  AreaMap area;
  CHECK_EQ(state.scoreNow(area), -19.0f);
  CHECK_EQ(rowsOf(board, area), "XXXXX/XX.XX/X.O.X/XX.XX/XXXXX");
  state.endIfAllPassAlive();
  CHECK_FALSE(state.isFinished());
  state.setPassAliveAsIfSuicide(false);
  state.endIfAllPassAlive();
  CHECK(state.isFinished());
  CHECK_EQ(state.finalScore(), -25.0f);
  CHECK_EQ(state.winner(), kBlack);
}

TEST_CASE("stones inside pass-alive territory are dead without capture") {
  const Board board = diagram(".X.XO./XXXXOO/XOOXXX/.O.X.X");
  for (const bool suicide : {false, true})
    CHECK_EQ(scoreOf(board, areaRules(TaxRule::None, suicide)), -24.0f);
}

TEST_CASE("a stone in atari makes its region a seki") {
  GameState state(diagram(".O.OX.X/OOOOXXX/.OOX.X."), kBlack, areaRules(TaxRule::Seki, true));
  CHECK_EQ(scoreOf(state.board(), areaRules(TaxRule::None, true)), 1.0f);
  CHECK_EQ(scoreOf(state.board(), areaRules(TaxRule::Seki, true)), 4.0f);
  CHECK_EQ(scoreOf(state.board(), areaRules(TaxRule::All, true)), 2.0f);
  playAll(state, "B E1");
  AreaMap area;
  CHECK_EQ(state.scoreNow(area), 1.0f);
}

TEST_CASE("group tax costs two points for every living group") {
  const Board board = diagram(".O.OX.X/OOOOXXX/XXXXX../OOOOXXX/.O.OX..");
  CHECK_EQ(scoreOf(board, areaRules(TaxRule::None, true)), -3.0f);
  CHECK_EQ(scoreOf(board, areaRules(TaxRule::All, true)), -5.0f);
}

TEST_CASE("one stone owns everything, an empty board belongs to nobody") {
  CHECK_EQ(scoreOf(diagram("X../.../..."), areaRules(TaxRule::None, true)), -9.0f);
  CHECK_EQ(scoreOf(Board(3, 3), areaRules(TaxRule::None, true)), 0.0f);
}

TEST_CASE("the flags decide which regions count") {
  const Board board = diagram(".X..X/.X..X/.XXXX/OO...");
  const std::string stones = ".X..X/.X..X/.XXXX/.....", all = "XXXXX/XXXXX/XXXXX/XXXXX";
  CHECK_EQ(rowsOf(board, computeArea(board, {false, true, false}, false)), all);
  CHECK_EQ(rowsOf(board, computeArea(board, {false, true, false}, true)), "...../...../...../.....");
  CHECK_EQ(rowsOf(board, computeArea(board, {true, true, true}, true)), ".XXXX/.XXXX/.XXXX/OO...");
  const IndependentLife dead = computeIndependentLife(board, false, true, false);
  CHECK_EQ(rowsOf(board, dead.area), all);
  CHECK_EQ(dead.whiteMinusBlackRegions, -1);
  const IndependentLife seki = computeIndependentLife(board, false, true, true);
  CHECK_EQ(rowsOf(board, seki.area), ".X..X/.X..X/.XXXX/OO...");
  CHECK_EQ(seki.whiteMinusBlackRegions, 0);
}
