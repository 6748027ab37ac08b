#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "base/text.h"
#include "unit/protocol/gtp_harness.h"

using namespace ponnuki;
using namespace ponnuki::gtp;

namespace {

bool mentionsEventually(GtpHarness& gtp, const std::string& text) {
  for (int i = 0; i < 500; i++) {
    if (gtp.waitingOutput().find(text) != std::string::npos) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

}  // namespace

TEST_CASE("play: occupied points are refused, turn order is not enforced, undo rebuilds the record") {
  GtpHarness gtp;
  CHECK(gtp.ask("play b E5") == "");
  CHECK(gtp.ask("play w E5") == "? illegal move");
  CHECK(gtp.ask("play b C3") == "");  // out of turn: the history restarts, the record does not
  CHECK(gtp.ask("showboard").rfind("MoveNum: 1 ", 0) == 0);
  CHECK(gtp.ask("undo") == "");
  CHECK(gtp.ask("undo") == "");
  CHECK(gtp.ask("undo") == "? cannot undo");
  CHECK(gtp.ask("undo") == "? cannot undo");
}

TEST_CASE("boardsize of the present size keeps stones; komi survives a new size") {
  GtpHarness gtp;
  gtp.ask("komi 3.5");
  gtp.ask("play b E5");
  gtp.ask("boardsize 9");
  CHECK(gtp.ask("printsgf").find(";B[ee]") != std::string::npos);
  gtp.ask("boardsize 9 13");
  CHECK(gtp.ask("get_komi") == "3.5");
  CHECK(gtp.ask("printsgf").find("SZ[9:13]") != std::string::npos);
}

TEST_CASE("genmove plays, kata-search does not, and both answer legal vertices") {
  GtpHarness gtp;
  const std::string searched = gtp.ask("kata-search b");
  CHECK(gtp.ask("showboard").rfind("MoveNum: 0 ", 0) == 0);
  CHECK(gtp.ask("genmove b") == searched);  // the same tree, no temperature
  CHECK(gtp.ask("showboard").rfind("MoveNum: 1 ", 0) == 0);
}

TEST_CASE("analysis lines: shape of the three dialects, and the play line at the end") {
  GtpHarness gtp;
  const std::string kata =
      gtp.send("4 kata-search_analyze b maxmoves 1 rootInfo true pvVisits true ownership true");
  CHECK(kata.rfind("=4\ninfo move ", 0) == 0);
  for (const char* word :
       {" visits ", " edgeVisits ", " utility ", " winrate ", " scoreMean ", " scoreStdev ", " scoreLead ",
        " scoreSelfplay ", " prior ", " lcb ", " utilityLcb ", " weight ", " order 0 pv ", " pvVisits ",
        " rootInfo visits ", " ownership "})
    CHECK(kata.find(word) != std::string::npos);
  CHECK(kata.find("  ") == std::string::npos);
  const std::vector<std::string> lines = split(kata, '\n');
  REQUIRE(lines.size() >= 3);
  CHECK(lines[2].rfind("play ", 0) == 0);
  const std::string ownership = lines[1].substr(lines[1].find(" ownership ") + 11);
  CHECK(splitWhitespace(ownership).size() == 81);

  const std::string lz = gtp.send("lz-genmove_analyze b maxmoves 2");
  CHECK(lz.rfind("=\ninfo move ", 0) == 0);
  CHECK(lz.find("scoreLead") == std::string::npos);
  const std::string sabaki = gtp.send("genmove_analyze w maxmoves 1");
  CHECK(sabaki.find(" weight ") != std::string::npos);
  CHECK(sabaki.find('.') != std::string::npos);
  CHECK(gtp.ask("lz-analyze 10 ownership true") ==
        "? Could not parse analyze arguments or arguments out of range: '10 ownership true'");
}

TEST_CASE("avoid and allow: no combination for one player, one allow, an empty allow forbids everything") {
  GtpHarness gtp;
  const std::string complaint = "? Could not parse genmove_analyze arguments or arguments out of range: '";
  for (const char* args :
       {"b allow b C3 1 avoid b D4 1", "b avoid b C3 1 allow b D4 1", "b allow b C3 1 allow b D4 1",
        "b avoid b C3 0", "b avoid b Z3 1", "b avoid q C3 1"}) {
    CAPTURE(args);
    CHECK(gtp.ask(std::string("kata-search_analyze ") + args) == complaint + args + "'");
  }
  CHECK(split(gtp.send("kata-search_analyze b allow b C3 50 maxmoves 1"), '\n').at(2) == "play C3");
  CHECK(gtp.send("kata-search_analyze b allow b , 1") == "=\n\n");
}

TEST_CASE("kata-analyze runs until any line arrives, then closes with an empty line before the next answer") {
  GtpHarness gtp;
  CHECK(gtp.send("5 kata-analyze b 1 maxmoves 1").rfind("=5\n", 0) == 0);
  CHECK(mentionsEventually(gtp, "info move "));
  const std::string closing = gtp.send("6 name"), end = "\n=6 KataGo\n\n";
  REQUIRE(closing.size() >= end.size());
  CHECK(closing.substr(closing.size() - end.size()) == end);
}

TEST_CASE("without an interval an analysis prints its header and its end only") {
  GtpHarness gtp;
  CHECK(gtp.send("kata-analyze") == "=\n");
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  CHECK(gtp.waitingOutput() == "=\n");
  CHECK(gtp.send("") == "\n");
}

TEST_CASE("cancellable searches answer cancelled when a line arrives, else by themselves") {
  GtpHarness gtp("maxVisits=100000000");
  gtp.send("1 kata-search_cancellable b");
  CHECK(gtp.send("2 name") == "=1 cancelled\n\n=2 KataGo\n\n");
  CHECK(gtp.send("kata-search_analyze_cancellable b").rfind("=\n", 0) == 0);
  const std::string ended = gtp.send("# anything");
  CHECK(ended.substr(ended.size() - 16) == "play cancelled\n\n");
  gtp.ask("kata-set-param maxVisits 5");
  gtp.send("8 kata-search_cancellable w");
  CHECK(mentionsEventually(gtp, "=8 "));
  CHECK(gtp.send("9 name") == "=9 KataGo\n\n");
}

TEST_CASE("pondering prints nothing and yields to the next command") {
  GtpHarness gtp("ponderingEnabled=true");
  gtp.ask("genmove b");
  std::this_thread::sleep_for(std::chrono::milliseconds(30));
  CHECK(gtp.session().bot().search().rootVisits() > 0);
  CHECK(gtp.send("name") == "= KataGo\n\n");
  CHECK(gtp.send("stop") == "= \n\n");
  CHECK(gtp.ask("play w A1") == "");
}

TEST_CASE("resignation needs consecutive bad results and plays nothing") {
  GtpHarness gtp("allowResignation=true,resignThreshold=0,resignConsecTurns=1");
  bool resigned = false;
  for (int i = 0; i < 40 && !resigned; i++) {
    const std::string before = gtp.ask("showboard");
    resigned = gtp.ask(i % 2 == 0 ? "genmove b" : "genmove w") == "resign";
    CHECK((gtp.ask("showboard") == before) == resigned);
  }
  CHECK(resigned);
}

TEST_CASE("handicap: stones are the start position, White moves next, bonus by the rules") {
  GtpHarness gtp("rules=chinese");
  CHECK(gtp.ask("fixed_handicap 3") == "C7 G7 C3");
  const std::string board = gtp.ask("showboard");
  CHECK(board.find("Next player: White") != std::string::npos);
  CHECK(board.find("Handicap bonus score: 3") != std::string::npos);
  CHECK(gtp.ask("undo") == "? cannot undo");
  CHECK(gtp.ask("fixed_handicap 2") == "? Board is not empty");
  gtp.ask("clear_board");
  CHECK(splitWhitespace(gtp.ask("place_free_handicap 4")).size() == 4);
  gtp.ask("clear_board");
  CHECK(gtp.ask("set_free_handicap C3 C3") == "? Handicap placement is invalid");
  CHECK(gtp.ask("set_free_handicap C3 nonsense") == "? Handicap placement is invalid");
  CHECK(gtp.ask("printsgf").find("AB[") == std::string::npos);
}

TEST_CASE("rules: replay keeps the record, komi stays, unsupported ones are refused") {
  GtpHarness gtp;
  gtp.ask("play b E5");
  CHECK(gtp.ask("kata-set-rules japanese") == "");
  CHECK(gtp.ask("get_komi") == "7.5");
  CHECK(gtp.ask("printsgf").find("RU[Japanese];B[ee]") != std::string::npos);
  CHECK(gtp.ask("kata-set-rule hasButton true").rfind("? Rules {", 0) == 0);
  CHECK(gtp.ask("kata-get-rules").find("\"hasButton\":false") != std::string::npos);
}

TEST_CASE("a net that cannot be loaded for another board size leaves the old game in place") {
  GtpHarness gtp("defaultBoardSize=19");
  gtp.ask("play b Q16");
  gtp.failLoads(1);
  CHECK(gtp.ask("boardsize 9") == "? no such net");
  CHECK(gtp.goesOn());
  CHECK(gtp.ask("printsgf").find("SZ[19]") != std::string::npos);
  CHECK(gtp.ask("undo") == "");
  gtp.failLoads(2);
  CHECK(gtp.ask("boardsize 9") == "? no such net");
  CHECK_FALSE(gtp.goesOn());
}

TEST_CASE("movesOwnership has a value for every point, also for moves that minmoves adds") {
  GtpHarness gtp("defaultBoardSize=5,maxVisits=3");
  const std::string answer =
      gtp.ask("kata-search_analyze b minmoves 12 movesOwnership true movesOwnershipStdev true");
  size_t moves = 0;
  for (size_t at = answer.find("info move"); at != std::string::npos; moves++) {
    const size_t next = answer.find("info move", at + 1);
    const std::string piece = answer.substr(at, std::min(next, answer.find("\nplay")) - at);
    at = next;
    CAPTURE(piece);
    const std::vector<std::string> words = splitWhitespace(piece);
    const auto mean = std::find(words.begin(), words.end(), "movesOwnership");
    const auto stdev = std::find(words.begin(), words.end(), "movesOwnershipStdev");
    CHECK(stdev - mean == 26);
    CHECK(words.end() - stdev == 26);
  }
  CHECK(moves >= 12);
}

TEST_CASE("debug_moves follows a very long line of play without keeping its positions") {
  GtpHarness gtp;
  std::string line = "debug_moves";
  for (int i = 0; i < 20000; i++) line += " pass";
  CHECK(gtp.ask(line).rfind("MoveNum: 20000 ", 0) == 0);
  CHECK(gtp.ask("debug_moves D4 D4 rawstats").find("illegal move sequence") != std::string::npos);
}
