#include "eval/features.h"

#include <doctest/doctest.h>

#include <map>
#include <numeric>
#include <set>

#include "base/error.h"
#include "eval/buffer_symmetry.h"
#include "game/symmetry.h"
#include "worked_examples.h"

using namespace ponnuki;
using namespace ponnuki::examples;

namespace {

using Points = std::set<std::pair<int, int>>;
using Planes = std::map<int, Points>;  // channel -> points with value 1; empty channels left out
using Globals = std::map<int, float>;  // index -> value; zeros left out

struct Inputs {
  Planes planes;  // without channel 0
  Globals globals;
  int maskPoints = 0;
};

Inputs inputsOf(int version, const GameState& state, const EvalParams& params, int nnX, int nnY) {
  const int channels = spatialChannels(version);
  std::vector<float> spatial(channels * nnX * nnY, -1), global(globalChannels(version), -1);
  fillFeatures(version, state, state.toMove(), params, nnX, nnY, spatial.data(), global.data());
  Inputs in;
  for (int i = 0; i < nnX * nnY; i++) {
    for (int c = 0; c < channels; c++) {
      const float v = spatial[i * channels + c];
      REQUIRE((v == 0 || v == 1));
      if (v == 1 && c == 0) in.maskPoints++;
      if (v == 1 && c > 0) in.planes[c].insert({i % nnX, i / nnX});
    }
  }
  for (size_t i = 0; i < global.size(); i++) {
    if (global[i] != 0) in.globals[static_cast<int>(i)] = global[i];
  }
  return in;
}

Inputs inputsOf(const GameState& state, const EvalParams& params = {}) {
  return inputsOf(7, state, params, state.board().xSize(), state.board().ySize());
}

void checkGlobals(const Inputs& in, const std::map<int, double>& expected) {
  CHECK(in.globals.size() == expected.size());
  for (const auto& global : expected) {
    CAPTURE(global.first);
    REQUIRE(in.globals.count(global.first) == 1);
    CHECK(in.globals.at(global.first) == doctest::Approx(global.second).epsilon(1e-7));
  }
}

constexpr int kOwn = 18, kOther = 19;

}  // namespace

TEST_CASE("inputs versions and channel counts follow the model version") {
  CHECK(inputsVersionOf(3) == 3);
  CHECK(inputsVersionOf(4) == 3);
  CHECK(inputsVersionOf(5) == 4);
  CHECK(inputsVersionOf(6) == 5);
  CHECK(inputsVersionOf(7) == 6);
  CHECK(inputsVersionOf(8) == 7);
  CHECK(inputsVersionOf(17) == 7);
  CHECK_THROWS_AS(inputsVersionOf(2), UserError);
  CHECK_THROWS_AS(inputsVersionOf(18), UserError);
  constexpr int kCounts[][3] = {{3, 22, 14}, {4, 22, 14}, {5, 13, 12}, {6, 22, 16}, {7, 22, 19}};
  for (const auto& [version, spatial, global] : kCounts) {
    CHECK(spatialChannels(version) == spatial);
    CHECK(globalChannels(version) == global);
  }
}

TEST_CASE("V7 of a ladder with history") {
  GameState state = ladderGame();
  const Inputs in = inputsOf(state);
  CHECK(in.maskPoints == 49);
  const Planes expected = {{1, {{2, 1}, {1, 2}, {1, 3}}},
                           {2, {{5, 0}, {6, 0}, {2, 2}}},
                           {4, {{2, 2}}},
                           {5, {{5, 0}, {6, 0}, {2, 1}}},
                           {9, {{5, 0}}},
                           {10, {{1, 3}}},
                           {11, {{6, 0}}},
                           {12, {{1, 2}}},
                           {13, {{2, 2}}},
                           {14, {{2, 2}}},
                           {15, {{6, 0}, {2, 2}}},
                           {16, {{6, 0}}},
                           {17, {{3, 2}}},
                           {18, {{2, 1}, {1, 2}, {1, 3}}},
                           {19, {{5, 0}, {6, 0}, {2, 2}}}};
  CHECK(in.planes == expected);
  checkGlobals(in, {{5, -0.35}, {6, 1}, {7, 0.5}, {8, 1}});

  playAll(state, {{3, 2}});
  Planes planes = inputsOf(state).planes;
  CHECK(planes[3] == Points{{2, 2}});
  CHECK(planes.count(4) == 0);
  CHECK(planes[5] == Points{{5, 0}, {6, 0}, {2, 1}, {3, 2}});
  CHECK(planes[14] == Points{{2, 2}});
  CHECK(planes[15] == Points{{2, 2}});
  CHECK(planes[16] == Points{{6, 0}, {2, 2}});
  CHECK(planes.count(17) == 0);

  playAll(state, {{2, 3}});
  planes = inputsOf(state).planes;
  CHECK(planes[4] == Points{{2, 2}, {2, 3}});
  CHECK(planes[14] == Points{{2, 2}, {2, 3}});
  CHECK(planes[15] == Points{{2, 2}});
  CHECK(planes[17] == Points{{2, 4}});
}

TEST_CASE("maxHistory hides moves and moves the ladder planes to the current board") {
  EvalParams params;
  params.maxHistory = 1;
  Planes planes = inputsOf(ladderGame(), params).planes;
  CHECK(planes[9] == Points{{5, 0}});
  CHECK(planes.count(10) == 0);
  CHECK(planes[15] == Points{{6, 0}, {2, 2}});
  CHECK(planes[16] == planes[15]);
  params.maxHistory = 0;
  planes = inputsOf(ladderGame(), params).planes;
  CHECK(planes.count(9) == 0);
  CHECK(planes[15] == planes[14]);
  CHECK(planes[16] == planes[14]);
}

namespace {

Points columns(int from, int to) {
  Points points;
  for (int x = from; x <= to; x++) {
    for (int y = 0; y < 5; y++) points.insert({x, y});
  }
  return points;
}

}  // namespace

TEST_CASE("V7 through the phases of territory scoring, in a larger buffer") {
  GameState state = territoryGame();
  const auto inputs = [&](const EvalParams& params = {}) { return inputsOf(7, state, params, 7, 7); };
  Inputs in = inputs();
  CHECK(in.maskPoints == 25);
  CHECK(in.planes[1] == columns(1, 1));
  CHECK(in.planes[13] == Points{{2, 2}});
  CHECK(in.planes.count(kOwn) == 0);
  checkGlobals(in, {{5, -0.325}, {9, 1}, {10, 1}});

  playAll(state, {kPassXY});
  in = inputs();
  CHECK(in.planes.count(9) == 0);
  CHECK(in.planes[10] == Points{{2, 4}});
  checkGlobals(in, {{0, 1}, {5, 0.325}, {9, 1}, {10, 1}, {14, 1}});

  playAll(state, {kPassXY});
  in = inputs();
  for (int c = 9; c <= 13; c++) CHECK(in.planes.count(c) == 0);
  checkGlobals(in, {{5, -0.325}, {9, 1}, {10, 1}, {12, 1}});

  playAll(state, {kPassXY, kPassXY});
  in = inputs();
  CHECK(in.planes[kOwn] == columns(0, 1));
  CHECK(in.planes[kOther] == columns(2, 4));
  CHECK(in.planes[20] == columns(1, 1));
  CHECK(in.planes[21] == columns(2, 2));
  checkGlobals(in, {{5, -0.325}, {9, 1}, {10, 1}, {12, 1}, {13, 1}, {18, 0.5}});
}

TEST_CASE("a pass that would end the game is hidden by conservative pass or, if losing, by passing hacks") {
  GameState state = territoryGame();
  playAll(state, {kPassXY, kPassXY, kPassXY, kPassXY});
  GameState losing = state;
  playAll(state, {kPassXY});
  EvalParams conservative, hacks;
  conservative.conservativePassAndIsRoot = true;
  hacks.enablePassingHacks = true;
  const std::map<int, double> shown = {{0, 1},  {5, 0.325}, {9, 1},  {10, 1},
                                       {12, 1}, {13, 1},    {14, 1}, {18, -0.5}};
  checkGlobals(inputsOf(state), shown);
  checkGlobals(inputsOf(state, hacks), shown);  // White would win
  checkGlobals(inputsOf(state, conservative), {{5, 0.325}, {9, 1}, {10, 1}, {12, 1}, {13, 1}, {18, -0.5}});

  playAll(losing, {{0, 0}, kPassXY});
  Inputs in = inputsOf(losing);
  CHECK(in.planes[10] == Points{{0, 0}});
  CHECK(in.planes[20] == columns(1, 1));
  checkGlobals(in, {{0, 1}, {5, -0.325}, {9, 1}, {10, 1}, {12, 1}, {13, 1}, {14, 1}, {18, 0.5}});
  in = inputsOf(losing, hacks);
  CHECK(in.planes.count(10) == 0);
  checkGlobals(in, {{5, -0.325}, {9, 1}, {10, 1}, {12, 1}, {13, 1}, {18, 0.5}});
}

TEST_CASE("a ko, the draw value and playout doublings in every inputs version") {
  const GameState state = koGame();
  EvalParams params;
  params.drawEquivalentWinsForWhite = 0.75;
  params.playoutDoublingAdvantage = 1.5;
  const Points own = {{2, 0}, {3, 1}, {2, 2}}, other = {{1, 0}, {0, 1}, {2, 1}, {1, 2}, {4, 4}};
  const Planes expected = {{1, own},
                           {2, other},
                           {3, {{2, 0}, {2, 1}}},
                           {4, {{1, 0}, {2, 2}, {4, 4}}},
                           {5, {{0, 1}, {3, 1}, {1, 2}}},
                           {6, {{1, 1}}},
                           {9, {{2, 1}}},
                           {10, {{1, 1}}},
                           {11, {{4, 4}}},
                           {12, {{2, 2}}},
                           {13, {{1, 2}}},
                           {14, {{4, 4}}},
                           {15, {{4, 4}}},
                           {16, {{4, 4}}},
                           {17, {{4, 3}, {3, 4}}},
                           {18, own},
                           {19, {{0, 0}, {1, 0}, {0, 1}, {1, 1}, {2, 1}, {1, 2}, {4, 4}}}};
  Planes passAliveOnly = expected;
  passAliveOnly.erase(18);
  passAliveOnly.erase(19);

  const Inputs v7 = inputsOf(7, state, params, 5, 5);
  CHECK(v7.planes == expected);
  checkGlobals(v7, {{5, 0.3625}, {6, 1}, {7, -0.5}, {15, 1}, {16, 0.75}, {18, 0.25}});
  const Inputs v6 = inputsOf(6, state, params, 5, 5);
  CHECK(v6.planes == expected);
  checkGlobals(v6, {{5, 0.3625}, {6, 1}, {7, -0.5}, {15, 0.25}});
  const Inputs v3 = inputsOf(3, state, params, 5, 5);
  CHECK(v3.planes == expected);
  checkGlobals(v3, {{5, 0.483333319}, {6, 1}, {7, -0.5}, {13, 0.25}});
  const Inputs v4 = inputsOf(4, state, params, 5, 5);
  CHECK(v4.planes == passAliveOnly);
  checkGlobals(v4, {{5, 0.483333319}, {6, 1}, {7, -0.5}, {13, 0.25}});
  const Inputs v5 = inputsOf(5, state, params, 5, 5);
  const Planes expected5 = {{1, own},      {2, other},    {3, {{1, 1}}}, {6, {{2, 1}}},
                            {7, {{1, 1}}}, {8, {{4, 4}}}, {9, {{2, 2}}}, {10, {{1, 2}}}};
  CHECK(v5.planes == expected5);
  checkGlobals(v5, {{5, 0.483333319}, {6, 1}, {7, -0.5}});
}

TEST_CASE("komi is clipped to the area plus a margin, and its parity wave follows the clipped value") {
  const auto globalsAt = [](float komi, int xSize, int ySize) {
    Rules rules;
    rules.komi = komi;
    return inputsOf(GameState(Board(xSize, ySize), Color::White, rules)).globals;
  };
  CHECK(globalsAt(100, 5, 5)[5] == doctest::Approx(45 / 20.0));
  CHECK(globalsAt(-100, 5, 5)[5] == doctest::Approx(-45 / 20.0));
  CHECK(globalsAt(7, 5, 5)[18] == 0);
  CHECK(globalsAt(7.5f, 5, 5)[18] == 0.5f);
  CHECK(globalsAt(8.5f, 5, 5)[18] == -0.5f);
  CHECK(globalsAt(-6.5f, 5, 5)[18] == 0.5f);
  CHECK(globalsAt(-7.5f, 5, 5)[18] == -0.5f);
  CHECK(globalsAt(0.5f, 4, 5)[18] == 0.5f);
  CHECK(globalsAt(7.5f, 4, 5)[18] == -0.5f);
}

TEST_CASE("rules appear in the globals") {
  Rules rules;
  rules.tax = TaxRule::All;
  rules.hasButton = true;
  rules.ko = KoRule::Spight;
  rules.komi = 7;
  checkGlobals(inputsOf(GameState(Board(5, 5), Color::White, rules)),
               {{5, 0.35}, {6, 1}, {7, 0.5}, {8, 1}, {10, 1}, {11, 1}, {17, 1}});
}

TEST_CASE("the pass-alive override changes the area planes as if suicide were legal") {
  Rules rules;  // spec 17.4
  rules.multiStoneSuicide = false;
  const GameState state(Board::parse(5, 4, ".X..X\n.X..X\n.XXXX\nOO...\n"), Color::Black, rules);
  EvalParams params;
  CHECK(inputsOf(state, params).planes[kOwn].size() == 20);
  params.passAliveSuicideOverride = 1;
  Inputs in = inputsOf(state, params);
  CHECK(in.planes[kOwn].size() == 12);
  CHECK(in.planes[kOther] == Points{{0, 3}, {1, 3}});
}

TEST_CASE("buffer symmetries move the whole buffer and come back") {
  constexpr int kChannels = 3;
  for (const auto& [nnX, nnY] : {std::pair(5, 5), std::pair(5, 3)}) {
    std::vector<float> in(nnX * nnY * kChannels), moved(in.size()), back(in.size());
    std::iota(in.begin(), in.end(), 1.0f);
    for (int s = 0; s < symmetry::kCount; s++) {
      applyToSpatial(s, nnX, nnY, kChannels, in.data(), moved.data());
      undoOnSpatial(s, nnX, nnY, kChannels, moved.data(), back.data());
      CHECK(back == in);
      const int acting = nnX == nnY ? s : s & 3;
      CHECK((moved != in) == (acting != 0));
      const symmetry::XY image = symmetry::apply(acting, 1, 0, nnX, nnY);
      CHECK(moved[(image.y * nnX + image.x) * kChannels + 2] == in[1 * kChannels + 2]);
    }
  }
}
