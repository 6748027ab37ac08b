// Policy: what goes in comes out, whatever form it is kept in.
#include "eval/policy.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

using namespace ponnuki;

namespace {

std::vector<float> randomPriors(size_t size, double legalShare, std::mt19937& rng) {
  std::uniform_real_distribution<float> unit(0, 1);
  std::vector<float> priors(size, -1.0f);
  for (float& p : priors)
    if (unit(rng) < legalShare) p = unit(rng) * 1e-3f;
  return priors;
}

}  // namespace

TEST_CASE("a policy gives back every prior bit for bit, dense or not") {
  std::mt19937 rng(7);
  for (const size_t size : {size_t{1}, size_t{26}, size_t{64}, size_t{65}, size_t{82}, size_t{362}}) {
    for (const double share : {0.0, 0.02, 0.3, 0.9, 1.0}) {
      const std::vector<float> priors = randomPriors(size, share, rng);
      const Policy policy(priors);
      REQUIRE(policy.size() == size);
      for (size_t i = 0; i < size; i++) REQUIRE(policy[i] == priors[i]);
      CHECK(policy.expanded() == priors);
      size_t last = 0, legal = 0;
      policy.forEachLegal([&](size_t pos, float prior) {
        CHECK(priors[pos] == prior);
        CHECK((legal == 0 || pos > last));
        last = pos;
        legal++;
      });
      CHECK(legal ==
            static_cast<size_t>(std::count_if(priors.begin(), priors.end(), [](float p) { return p >= 0; })));
    }
  }
}

TEST_CASE("a policy with few legal moves takes little memory, and never more than one float a move") {
  std::mt19937 rng(8);
  CHECK(Policy(randomPriors(362, 1, rng)).bytes() == 362 * sizeof(float));
  CHECK(Policy(randomPriors(362, 0.5, rng)).bytes() < 362 * sizeof(float) * 2 / 3);
  CHECK(Policy(randomPriors(362, 0.96, rng)).bytes() <= 362 * sizeof(float));
}

TEST_CASE("policies are values: copies, moves and assignments keep the priors") {
  std::mt19937 rng(9);
  const std::vector<float> few = randomPriors(82, 0.2, rng), all = randomPriors(82, 1, rng);
  Policy a(few), b(all);
  const Policy copy = a;
  a = b;
  CHECK(a.expanded() == all);
  CHECK(copy.expanded() == few);
  b = std::move(a);
  CHECK(b == Policy(all));
  CHECK_FALSE(b == copy);
}
