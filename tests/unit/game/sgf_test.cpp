#include "game/sgf.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "game_test_util.h"

using namespace ponnuki;
using ponnuki::test::errorOf;

namespace {

std::string movesOf(const std::string& text) {
  const Sgf sgf = Sgf::parse(text);
  const auto [xSize, ySize] = sgf.size();
  std::string out;
  for (const Move& m : sgf.moves())
    out += std::string(out.empty() ? "" : " ") + shortName(m.player) + pointToString(m.point, xSize, ySize);
  return out;
}

std::string placementsOf(const std::string& text) {
  const Sgf sgf = Sgf::parse(text);
  const auto [xSize, ySize] = sgf.size();
  std::string out;
  for (const Move& m : sgf.placements())
    out += std::string(out.empty() ? "" : " ") + shortName(m.player) + pointToString(m.point, xSize, ySize);
  return out;
}

Rules rulesNamed(const char* name) {
  return Rules::parse(name, true);
}

std::string dataFolder() {
  const char* shared = std::getenv("KATAGO_SHARED_DIR");
  return std::string(shared ? shared : "../shared") + "/data/sgf";
}

}  // namespace

TEST_CASE("sizes, passes and the main line") {
  CHECK(movesOf("(;SZ[9:13]KM[0];B[im];W[tt];B[])") == "BJ1 Wpass Bpass");
  CHECK((Sgf::parse("(;SZ[9:13])").size() == std::pair(9, 13)));
  CHECK(movesOf("(;FF[4]GM[1]KM[7];B[aa](;W[bb];B[cc])(;W[dd];B[ee];W[ff]))") == "BA19 WD16 BE15 WF14");
  CHECK(movesOf("(;SZ[9](;B[aa])(;B[bb]))") == "BA9");  // the first of equally deep ones
  CHECK(movesOf("( ; S Z [9] ; B [aa] )") == "BA9");
  CHECK(movesOf("(;SZ[9];b[aa];W[bb])") == "WB8");
  CHECK(movesOf("(;SZ[9];W[aa]B[bb])") == "BB8 WA9");
  CHECK(movesOf("(;SZ[9];B[aa][bb]W[cc])") == "BA9 BB8 WC7");
  CHECK(movesOf("(;SZ[9];B[aa])(;SZ[13])") == "BA9");
  CHECK(movesOf("\xEF\xBB\xBF(;SZ[9];B[aa])") == "BA9");
}

TEST_CASE("who moves first") {
  const auto first = [](const char* text) { return Sgf::parse(text).firstPlayer(); };
  CHECK(first("(;SZ[19])") == Color::Black);
  CHECK(first("(;SZ[19]AB[dd][pp])") == Color::White);
  CHECK(first("(;SZ[19]AB[dd][pp]AE[aa])") == Color::Black);
  CHECK(first("(;SZ[19]AB[dd]PL[b])") == Color::Black);
  CHECK(first("(;SZ[19]AB[dd]AW[pp]PL[W];B[qq])") == Color::Black);
}

TEST_CASE("values: escapes, line ends and lists") {
  const Sgf sgf = Sgf::parse("(;C[a\\]b\\\\c\r\n\r\nd\te\\\n\nf]AB[aa]AB[bb])");
  CHECK(sgf.root().single("C") == "a]b\\c\nd ef");
  CHECK(sgf.root().find("AB")->size() == 2);
  CHECK(errorOf([&] { sgf.root().single("AB"); }) == "SGF property is not a singleton: AB");
  CHECK(errorOf([&] { sgf.root().single("KM"); }) == "SGF does not contain property: KM");
}

TEST_CASE("rectangles of placements expand column by column") {
  CHECK(placementsOf("(;SZ[9]AB[aa:bb]AW[cc]AE[dd])") == "BA9 BA8 BB9 BB8 WC7 ED6");
  CHECK(errorOf([] { placementsOf("(;SZ[9]AB[aa:b])"); }) == "Invalid location rect: aa:b");
  CHECK(errorOf([] { placementsOf("(;SZ[9]AB[bb:aa])"); }) == "Invalid location or location rect: bb:aa");
  CHECK(errorOf([] { placementsOf("(;SZ[9]AB[jj])"); }) == "Invalid location or location rect: jj");
  CHECK(errorOf([] { placementsOf("(;SZ[9]AB[a])"); }) == "Invalid location: a");
}

TEST_CASE("syntax errors name what is wrong and where") {
  const auto error = [](const std::string& text) { return errorOf([&] { Sgf::parse(text); }); };
  const std::string empty = "Empty or invalid sgf (is the opening parenthesis missing?) (pos 0):\n";
  CHECK(error("") == empty);
  CHECK(error("x") == empty + "x");
  CHECK(error("()") == empty + "()");
  CHECK(error("  ") == "Unexpected end of str (pos 2):\n  ");
  CHECK(error("(;SZ[9];B[aa]") == "Unexpected end of str (pos 13):\n(;SZ[9];B[aa]");
  CHECK(error("(;SZ[9];B[aa];x)") == "No property values for property x (pos 15):\n(;SZ[9];B[aa];x)");
  CHECK(startsWith(error("(;SZ[9]](;))"), "Expected closing paren for sgf tree (entryPos 1): (pos "));
  CHECK(startsWith(error("(;SZ[9](;)  ;B[aa])"), "Expected closing paren for sgf tree (entryPos 1): (pos "));
  CHECK(error("(;B[aaa])") == "Invalid location: aaa");
}

TEST_CASE("bad moves, sizes and setups are refused with the reference's words") {
  CHECK(errorOf([] { movesOf("(;SZ[9];B[jj])"); }) == "Move out of bounds: 9,9");
  CHECK(errorOf([] { movesOf("(;SZ[9];B[aa][jj])"); }) == "Invalid location: jj");
  CHECK(errorOf([] { Sgf::parse("(;SZ[x])").size(); }) == "Could not parse board size in sgf: x");
  CHECK(errorOf([] { Sgf::parse("(;SZ[1])").size(); }) == "Board size in sgf is <= 1: 1");
  CHECK(startsWith(errorOf([] { Sgf::parse("(;SZ[99])").size(); }),
                   "Board size in sgf is > Board::MAX_LEN = "));
  const std::string bad =
      "setupInitialBoardAndHist: initial board position contains invalid stones or zero-liberty stones";
  CHECK(errorOf([] { Sgf::parse("(;SZ[19]AB[dd:ff]AE[ee];W[qq])").initialState(Rules()); }) == bad);
  CHECK(errorOf([] { Sgf::parse("(;SZ[19]AB[dd][dd])").initialState(Rules()); }) == bad);
  CHECK(
      startsWith(errorOf([] { movesOf("(;SZ[9];B[aa];AB[bb])"); }), "Found stone placements after the root"));
  CHECK(movesOf("(;SZ[9];B[aa](;AB[bb];W[cc]))") == "BA9 WC7");
  CHECK(errorOf([] { movesOf("(;SZ[9](()))"); }) == "Empty sgf");
  const Sgf occupied = Sgf::parse("(;SZ[9];B[aa];W[aa])", "x.sgf");
  CHECK(errorOf([&] { occupied.stateAt(Rules(), 2); }) == "Illegal move in x.sgf turn 1 move A9");
  CHECK(errorOf([&] { occupied.stateAt(Rules(), 3); }) ==
        "Attempting to set up position from SGF for invalid turn idx 3, valid values are 0 to 2");
}

TEST_CASE("komi, with the repairs of some servers' habits") {
  const auto komi = [](const char* text) { return Sgf::parse(text).komi(); };
  CHECK(komi("(;KM[6.5])") == 6.5f);
  CHECK(komi("(;US[GoGoD95]KM[3.75]RU[Chinese])") == 7.5f);
  CHECK(komi("(;AP[foxwq]KM[375])") == 7.5f);
  CHECK(komi("(;AP[SGFC:2.0]KM[650])") == 6.5f);
  CHECK(errorOf([&] { komi("(;KM[3.75]RU[Chinese])"); }) == "Komi in sgf is not integer or half-integer");
  CHECK(errorOf([&] { komi("(;AP[foxwq]KM[5.5])"); }) ==
        "Currently no case implemented for foxwq or SGFC komi: 5.5");
  CHECK(errorOf([&] { komi("(;KM[x])"); }) == "Could not parse komi in sgf");
  CHECK(errorOf([&] { komi("(;SZ[9])"); }) == "Sgf does not specify komi");
  CHECK(errorOf([&] { komi("(;SZ[9]KM[6.5]KM[7.5];B[aa])"); }) == "SGF property is not a singleton: KM");
}

TEST_CASE("rules: strict, lenient and with warnings") {
  const Rules defaults = rulesNamed("japanese");
  CHECK(Sgf::parse("(;RU[Chinese]KM[5])").rules().komi == 5);
  CHECK(errorOf([] { Sgf::parse("(;KM[5])").rules(); }) == "SGF file does not specify rules");
  CHECK(errorOf([] { Sgf::parse("(;RU[what]KM[5])").rules(); }) == "Could not parse rules in sgf: what");
  CHECK((Sgf::parse("(;KM[5])").rulesOr(defaults).scoring == ScoringRule::Territory));
  CHECK(Sgf::parse("(;KM[5])").rulesOr(defaults).komi == 5);

  const auto warned = [&](const char* text) {
    std::string warning;
    const Rules rules = Sgf::parse(text).rulesOrWarn(defaults, [&](const std::string& s) { warning = s; });
    return std::pair(rules, warning);
  };
  const std::string compact = "koSIMPLEscoreTERRITORYtaxSEKIsui0";
  CHECK(warned("(;KM[5])").second ==
        "Sgf has no rules, using default rules with SGF-specified komi: " + compact + "komi5");
  CHECK(warned("(;KM[x])").second ==
        "Sgf has no rules, also there was an error parsing komi, using default rules: " + compact +
            "komi6.5");
  CHECK(warned("(;SZ[9])").second == "Sgf has no rules or komi, using default rules: " + compact + "komi6.5");
  CHECK(warned("(;RU[what]KM[3])").second ==
        "WARNING: using default rules " + compact +
            "komi3 because could not parse sgf rules: " + "Could not parse rules in sgf: what");
  CHECK(warned("(;RU[Chinese])").second == "");
  CHECK(warned("(;RU[Chinese])").first.komi == 7.5f);
  CHECK(startsWith(warned("(;RU[Chinese]KM[3.75])").second,
                   "There was an error parsing komi, using default komi with rules: koSIMPLEscoreAREA"));
}

TEST_CASE("Fox handicap games get their stones back") {
  CHECK(placementsOf("(;SZ[19]AP[foxwq]KM[0]RU[Chinese]HA[3]GN[];W[qq])") == "BD16 BQ16 BD4");
  CHECK(placementsOf("(;SZ[19]AP[foxwq]KM[0]RU[Chinese]HA[6]DT[2016-05-01];W[qq])") ==
        "BD16 BK16 BQ16 BD4 BK4 BQ4");
  CHECK(placementsOf("(;SZ[19]AP[foxwq]KM[0]HA[6]DT[2018-01-01];W[qq])") == "BD16 BQ16 BD10 BQ10 BD4 BQ4");
  CHECK(placementsOf("(;SZ[19]AP[foxwq]KM[0]HA[6]DT[2016-02-30];W[qq])") == "BD16 BQ16 BD10 BQ10 BD4 BQ4");
  CHECK(placementsOf("(;SZ[19]AP[foxwq]KM[0]HA[3];B[qq])") == "");
  CHECK(placementsOf("(;SZ[19]KM[0]HA[3];W[qq])") == "");
  CHECK(placementsOf("(;SZ[19]AP[GNU Go:3.8]GN[x]HA[3];W[qq])") == "");
  CHECK(placementsOf("(;SZ[19]AP[GNU Go:3.8]GN[]HA[2];W[qq])") == "BQ16 BD4");
}

TEST_CASE("writing follows the reference's single line") {
  const Sgf sgf = Sgf::parse("(;SZ[9]KM[6.5]RU[Chinese];B[cc];B[gg];W[ee];B[cg];W[];B[])");
  SgfWriteOptions options;
  options.blackName = "bb";
  options.whiteName = "ww";
  const GameState state = sgf.stateAt(sgf.rules(), 6);
  CHECK(writeSgf(state, options) ==
        "(;FF[4]GM[1]SZ[9]PB[bb]PW[ww]HA[2]KM[6.5]RU[Chinese]RE[W+4.5];B[cc];B[gg];W[ee];B[cg];W[];"
        "B[]C[result=W+4.5])");
}

TEST_CASE("what is written can be read back, with comments and stones") {
  const Sgf sgf = Sgf::parse("(;SZ[7:9]KM[0]RU[Tromp-Taylor]AB[aa][bb]AW[cc];W[dd];B[])");
  SgfWriteOptions options;
  options.moveComments = {"a]b\\c", ""};
  options.rootComment = "start";
  const Sgf again = Sgf::parse(writeSgf(sgf.stateAt(sgf.rules(), 2), options));
  CHECK((again.size() == sgf.size()));
  CHECK((again.moves() == sgf.moves()));
  CHECK((again.placements() == sgf.placements()));
  CHECK((again.rules() == sgf.rules()));
  CHECK(again.root().single("C") == "start");
  CHECK(again.sequences()[0].nodes[1].single("C") == "a]b\\c");
}

TEST_CASE("every distinct position of all variations is visited once, in file order") {
  std::vector<std::string> seen;
  forEachSgfPosition(
      Sgf::parse("(;SZ[9](;B[aa]C[x];W[bb])(;B[cc](;W[dd])(;W[dd])(;PL[B];B[ee])))"),
      [&](const GameState& state, const std::string& comment) {
        const auto& moves = state.moves();
        seen.push_back((moves.empty() ? "-" : pointToString(moves.back().point, 9, 9)) + comment);
      });
  CHECK(join(seen, " ") == "- A9x B8 C7 D6 - E5");
  CHECK(startsWith(
      errorOf([] {
        forEachSgfPosition(Sgf::parse("(;SZ[9];B[aa](;W[bb])(;W[cc];B[aa]))", "f"),
                           [](const GameState&, const std::string&) {});
      }),
      "Illegal move in f effective turn 2 move A9 SGF trace (branches 0-indexed): forward 2 branch 1"));
}

TEST_CASE("deep nesting needs no stack") {
  const int depth = 200000;
  std::string text;
  for (int i = 0; i < depth; i++) text += "(;";
  text += "B[aa]" + std::string(depth, ')');
  const Sgf sgf = Sgf::parse(text);
  CHECK(sgf.mainLine().size() == depth);
  CHECK(sgf.moves().size() == 1);
}

TEST_CASE("real game records replay to their end") {
  if (!std::filesystem::exists(dataFolder())) {
    MESSAGE("skipped: no game records at " << dataFolder() << " (set KATAGO_SHARED_DIR)");
    return;
  }
  int games = 0;
  for (const auto& entry : std::filesystem::directory_iterator(dataFolder())) {
    if (entry.path().extension() != ".sgf") continue;
    CAPTURE(entry.path().string());
    const Sgf sgf = Sgf::load(entry.path().string());
    const Rules rules = sgf.rulesOrWarn(Rules(), [](const std::string&) {});
    const size_t count = sgf.moves().size();
    const GameState state = sgf.stateAt(rules, static_cast<int>(count));
    state.board().checkConsistency();
    CHECK(state.moves().size() == count);
    const Sgf again = Sgf::parse(writeSgf(state));
    CHECK((again.moves() == sgf.moves()));
    CHECK(sameStones(again.stateAt(rules, static_cast<int>(count)).board(), state.board()));
    games++;
  }
  CHECK(games > 0);
}
