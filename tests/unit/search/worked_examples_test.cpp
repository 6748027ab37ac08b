// The two searches of spec search 28.2 and 28.3, checked number for number.
#include <doctest/doctest.h>

#include "search/search.h"
#include "table_evaluator.h"

using namespace ponnuki;
using doctest::Approx;

namespace {

SearchParams exampleParams() {
  SearchParams p;   // analysis defaults
  p.conservativePass = true;
  p.rootSymmetryPruning = false;
  p.ignorePreRootHistory = false;
  p.wideRootNoise = 0;
  return p;
}

TableEvaluator firstExample() {
  TableEvaluator t(8, 0);
  t.add("", {0.024991542f, -0.0520458817f, 216.762695f, -0.318909943f, -1, -1,
             {{"E5", 0.26968199f}, {"E6", 0.125071451f}, {"F5", 0.111955397f}, {"E4", 0.0967567787f},
              {"D5", 0.0764722675f}, {"F6", 0.0740347579f}}});
  t.add("E5", {0.176015378f, 2.37501025f, 213.181091f, 0.777992368f, -1, -1,
               {{"G5", 0.192145631f}, {"C5", 0.179971009f}, {"E7", 0.147731662f}}});
  t.add("E6", {0.101107836f, 1.42677915f, 189.320602f, 0.525939822f, -1, -1,
               {{"E4", 0.61873126f}, {"D4", 0.116540581f}}});
  t.add("F5", {0.113910288f, 1.49898827f, 190.133377f, 0.691759944f, -1, -1,
               {{"D5", 0.590279162f}, {"D4", 0.129082233f}}});
  t.add("E4", {0.046646238f, 0.87684989f, 198.923492f, 4.34182584e-05f, -1, -1,
               {{"E6", 0.607520223f}, {"F6", 0.103630498f}}});
  t.add("E4 E6", {0.02644363f, -0.528500378f, 183.876709f, -0.46014756f, -1, -1,
                  {{"C5", 0.264220297f}, {"G5", 0.230911553f}}});
  t.add("E4 E6 C5", {0.103909522f, 1.80045533f, 185.289413f, 0.71463114f, -1, -1,
                     {{"C6", 0.35323143f}, {"F4", 0.212470189f}}});
  t.add("E5 G5", {0.111498118f, 0.568977892f, 176.590408f, -0.0179880951f, -1, -1,
                  {{"F7", 0.180290133f}, {"F6", 0.169585258f}}});
  t.add("D5", {0.076612472f, 1.20990133f, 210.217377f, 0.404388577f, -1, -1,
               {{"F5", 0.604994297f}, {"F4", 0.183431625f}}});
  t.add("E5 C5", {0.126237542f, 0.89092195f, 182.285126f, 0.673926353f, -1, -1,
                  {{"D7", 0.186911389f}, {"D3", 0.186734483f}}});
  return t;
}

TableEvaluator secondExample() {
  TableEvaluator t(14, 2);
  t.add("", {0.699121356f, 1.47633433f, 31.010191f, 1.4126358f, 0.171491951f, 0.922874629f,
             {{"G6", 0.129821271f}, {"C6", 0.126463115f}, {"D3", 0.107336558f}, {"F3", 0.0942946747f},
              {"F7", 0.0857963264f}, {"D7", 0.0709946677f}}});
  t.add("G6", {0.751279116f, 1.79775643f, 44.5734444f, 0.673659503f, 0.176201433f, 1.22377741f,
               {{"E3", 0.337086409f}}});
  t.add("C6", {0.761385322f, 1.83301699f, 44.4653168f, 0.695670485f, 0.173610628f, 1.2297734f,
               {{"E3", 0.34534955f}}});
  t.add("D3", {0.722582222f, 1.46707475f, 39.7457161f, 0.494014472f, 0.185454428f, 1.17602527f,
               {{"G6", 0.316126823f}}});
  t.add("F3", {0.718503356f, 1.44501472f, 39.5057945f, 0.473922193f, 0.186978683f, 1.17266631f,
               {{"C6", 0.310602993f}}});
  t.add("F7", {0.610288382f, 1.2445457f, 38.4689445f, 0.384218842f, 0.23026292f, 1.14266014f,
               {{"F8", 0.278877318f}, {"F6", 0.19371523f}}});
  t.add("F7 F8", {0.689850688f, 1.42388761f, 30.30867f, 1.14336228f, 0.183385983f, 0.954724133f,
                  {{"F6", 0.983697593f}}});
  t.add("F7 F8 F6", {0.66649878f, 1.42008245f, 37.3312378f, 0.675573707f, 0.205926001f, 1.09635687f,
                     {{"C6", 0.384493202f}}});
  return t;
}

SearchReport searched(Evaluator& net, const GameState& state, int visits) {
  SearchParams params = exampleParams();
  params.maxVisits = visits;
  Logger log;
  Search search(params, net, nullptr, log, "example");
  search.setPosition(state);
  search.run({});
  search.checkTree();
  SearchReport report;
  ReportOptions options;
  options.maxPvLength = 0;   // the table holds no more than was searched
  REQUIRE(search.makeReport(options, report));
  return report;
}

const MoveReport& moveOf(const SearchReport& report, const char* name) {
  for (const MoveReport& m : report.moves)
    if (pointToString(m.move, 9, 9) == name) return m;
  FAIL(name);
  return report.moves.front();
}

Rules trompTaylor() { return Rules::parse("tromp-taylor", false); }

}  // namespace

TEST_CASE("ten playouts on an empty 9x9 board give the reference's values" *
          doctest::skip(kMaxBoardLen != 19)) {  // the score table depends on the largest board of the build
  const GameState state(Board(9, 9), Color::Black, trompTaylor());
  const double utilities[] = {0.0247380693679, 0.11768765971, 0.119116864955, 0.123474948538, 0.110458440063,
                              0.0947985807952, 0.107569018077, 0.109302036651, 0.107642318777, 0.110885217023};
  for (int visits = 1; visits <= 10; visits++) {
    CAPTURE(visits);
    TableEvaluator net = firstExample();
    const SearchReport report = searched(net, state, visits);
    CHECK(report.plain.visits == visits);
    CHECK(report.plain.weight == Approx(visits).epsilon(1e-9));
    CHECK(report.plain.utility == Approx(utilities[visits - 1]).epsilon(1e-6));
  }
  TableEvaluator net = firstExample();
  const SearchReport report = searched(net, state, 10);
  struct Row {
    const char* move;
    int visits;
    double utility, value, lcb, radius;
  };
  for (const Row& r : {Row{"E5", 3, 0.157160349782, 3, -0.902993762, 0.745833413},
                       Row{"E6", 1, 0.122842085109, 1, -3.622842103, 3.500000018},
                       Row{"F5", 1, 0.136692957489, 1, -3.636692975, 3.500000018},
                       Row{"E4", 3, 0.0870018588605, 3.47667458428, -0.830265168, 0.743263309},
                       Row{"D5", 1, 0.0944972927058, 1, -3.594497311, 3.500000018}}) {
    CAPTURE(r.move);
    const MoveReport& m = moveOf(report, r.move);
    CHECK(m.visits == r.visits);
    CHECK(m.utility == Approx(r.utility).epsilon(1e-6));
    CHECK(m.playSelectionValue == Approx(r.value).epsilon(1e-6));
    CHECK(-m.utilityLcb == Approx(r.lcb).epsilon(1e-6));
    CHECK(m.lcbRadius == Approx(r.radius).epsilon(1e-6));
  }
  CHECK(report.pruned.utility == Approx(0.111125703).epsilon(1e-6));
  CHECK(report.pruned.winProb() == Approx(0.545370244).epsilon(1e-6));
  CHECK(report.pruned.lead == Approx(0.299315339).epsilon(1e-6));
}

TEST_CASE("eight playouts weighted by uncertainty give the reference's values" *
          doctest::skip(kMaxBoardLen != 19)) {  // the score table depends on the largest board of the build
  GameState state(Board(9, 9), Color::Black, trompTaylor());
  state.play(*parsePoint("E5", 9, 9), Color::Black);
  state.play(*parsePoint("E7", 9, 9), Color::White);
  const double rows[][2] = {{0.710009677018, 1.07737127571}, {0.738495968944, 2.09331713814},
                            {0.752015202109, 3.11942420249}, {0.74735581153, 4.10347705514},
                            {0.743646760843, 5.08203261058}, {0.725019764965, 5.92134510724},
                            {0.725988053105, 6.94187870947}, {0.717781020357, 7.86095819943}};
  for (int visits = 1; visits <= 8; visits++) {
    CAPTURE(visits);
    TableEvaluator net = secondExample();
    const SearchReport report = searched(net, state, visits);
    CHECK(report.plain.visits == visits);
    CHECK(report.plain.utility == Approx(rows[visits - 1][0]).epsilon(1e-6));
    CHECK(report.plain.weight == Approx(rows[visits - 1][1]).epsilon(1e-6));
  }
  TableEvaluator net = secondExample();
  const SearchReport report = searched(net, state, 8);
  const MoveReport& m = moveOf(report, "F7");
  CHECK(m.visits == 3);
  CHECK(m.weight == Approx(2.77892558885).epsilon(1e-6));
  CHECK(m.utility == Approx(0.671503564775).epsilon(1e-6));
  CHECK(m.playSelectionValue == Approx(2.77892558885).epsilon(1e-6));
  for (const char* other : {"G6", "C6", "D3", "F3"}) CHECK(moveOf(report, other).playSelectionValue == 1);
  CHECK(report.pruned.utility == Approx(0.717950659).epsilon(1e-6));
}
