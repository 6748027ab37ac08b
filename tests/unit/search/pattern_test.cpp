#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "search/pattern_loader.h"

using namespace ponnuki;

namespace {

GameState gameOf(std::initializer_list<const char*> moves) {
  GameState state(Board(9, 9), Color::Black, Rules::parse("tromp-taylor", false));
  for (const char* m : moves) state.play(*parsePoint(m, 9, 9), state.toMove());
  return state;
}

}  // namespace

TEST_CASE("own moves of a game are penalised in all symmetries, once each") {
  PatternBonusTable table;
  table.avoidOwnMoves(gameOf({"C3", "G7", "D3"}), Color::Black, 0.5);
  CHECK(table.bonus(PatternBonusTable::patternOfLastMove(gameOf({"C3"}))) == 0.5);   // bad for Black is good for White
  CHECK(table.bonus(PatternBonusTable::patternOfLastMove(gameOf({"G7"}))) == 0.5);
  CHECK(table.bonus(PatternBonusTable::patternOfLastMove(gameOf({"C3", "G7"}))) == 0);
  CHECK(table.bonus(PatternBonusTable::patternOfLastMove(gameOf({"C3", "G7", "D3"}))) == 0.5);
  CHECK(table.bonus(PatternBonusTable::patternOfLastMove(gameOf({"E5"}))) == 0);
}

TEST_CASE("game records give penalties to both colours") {
  const auto dir = std::filesystem::temp_directory_path() / "ponnuki-pattern-test";
  std::filesystem::create_directories(dir);
  std::ofstream(dir / "game.sgf") << "(;SZ[9]KM[7]PB[me]PW[you];B[cg];W[gc];B[dg]C[%SKIP%])";
  Logger log;
  CHECK(loadAvoidedPatterns(Config(), log) == nullptr);
  const Config config = Config::fromText("avoidSgfPatternUtility = 0.25\navoidSgfPatternAllowedNames = me\n"
                                         "avoidSgfPatternDirs = " + dir.string() + "\n", "test");
  const auto table = loadAvoidedPatterns(config, log);
  REQUIRE(table);
  CHECK(table->bonus(PatternBonusTable::patternOfLastMove(gameOf({"C3"}))) == 0.25);
  CHECK(table->bonus(PatternBonusTable::patternOfLastMove(gameOf({"pass", "C3"}))) == -0.25);
  CHECK(table->bonus(PatternBonusTable::patternOfLastMove(gameOf({"C3", "G7"}))) == 0);          // not an allowed name
  CHECK(table->bonus(PatternBonusTable::patternOfLastMove(gameOf({"C3", "G7", "D3"}))) == 0);    // skipped
  std::filesystem::remove_all(dir);
}
