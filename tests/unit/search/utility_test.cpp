// Function values of spec search 28.1; they hold for builds of board size 19.
#include "search/utility.h"

#include <doctest/doctest.h>

#include <vector>

#include "search/search_rng.h"
#include "search/weights.h"

using namespace ponnuki;
using doctest::Approx;

TEST_CASE("expected score value agrees with the reference" * doctest::skip(kMaxBoardLen != 19)) {
  struct Row {
    double mean, stdev, center, scale, sqrtArea, value;
  };
  for (const Row& r : {Row{0, 0, 0, 2, 19, 0}, Row{7.5, 12, 0, 2, 19, 0.114639492136351},
                       Row{7.5, 0, 0, 2, 19, 0.123991548097904}, Row{-30.25, 20.5, -5, 0.75, 9, -0.644099273215438},
                       Row{400, 10, 0, 0.75, 9, 0.971054816147336}, Row{-3.2, 14.7, 1.1, 0.75, 13, -0.14624233023048}})
    CHECK(expectedScoreValue(r.mean, r.stdev, r.center, r.scale, r.sqrtArea) == Approx(r.value).epsilon(1e-12));
  CHECK(scoreValueTableEntry(421, 0) == Approx(-0.0167492862086108).epsilon(1e-12));
  CHECK(scoreValueTableEntry(421, 10) == Approx(-0.013929180783243).epsilon(1e-12));
  CHECK(scoreValueTableEntry(430, 20) == Approx(0.179516926229073).epsilon(1e-12));
  CHECK(scoreValueTableEntry(0, 420) == Approx(-0.664155389565357).epsilon(1e-12));
}

TEST_CASE("t distribution look-ups agree with the reference") {
  CHECK(tDistributionCdf(-60) == 0);
  const double rows[][2] = {{-49.99, 1.76612499449339e-06}, {-3, 0.0288415950951296},   {-1, 0.195565741286607},
                            {-0.3, 0.391923731711075},      {0, 0.5},                   {0.5, 0.674215739245942},
                            {1, 0.804434258713393},         {2, 0.930312937431059},     {10, 0.998935764165196}};
  for (const auto& r : rows) CHECK(tDistributionCdf(r[0]) == Approx(r[1]).epsilon(1e-12));
  CHECK(tDistributionCdf(60) == 1);
}

TEST_CASE("a child that got more weight than its prior deserves loses some of it") {
  SearchParams params;
  WeightedChild good{0.5, 10, 0.5}, bad{-0.5, 50, 0.1};
  std::vector<WeightedChild> children{good, bad};
  const double total = pruneNoise(children, 60, params);
  CHECK(children[0].weight == 10);
  CHECK(children[1].weight < 50);
  CHECK(children[1].weight >= 2 * 10 * 0.1 / 0.5);   // the lenient bound stays
  CHECK(total == Approx(children[0].weight + children[1].weight));
}

TEST_CASE("down-weighting keeps the sum and favours the better child") {
  std::vector<WeightedChild> children{{0.5, 10, 0.5}, {-0.5, 10, 0.5}};
  downweightBad(children, 20, {0.25, 0, 0});
  CHECK(children[0].weight + children[1].weight == Approx(20));
  CHECK(children[0].weight > children[1].weight);
}

TEST_CASE("random variates have the moments of their distributions") {
  SearchRng rng("moments");
  double gaussian = 0, squares = 0, gamma = 0;
  constexpr int kDraws = 20000;
  for (int i = 0; i < kDraws; i++) {
    const double g = rng.nextGaussian();
    gaussian += g;
    squares += g * g;
    gamma += rng.nextGamma(0.4);
  }
  CHECK(gaussian / kDraws == Approx(0).epsilon(0.03));
  CHECK(squares / kDraws == Approx(1).epsilon(0.04));
  CHECK(gamma / kDraws == Approx(0.4).epsilon(0.04));
}
