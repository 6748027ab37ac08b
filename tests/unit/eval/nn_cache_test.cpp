#include "eval/nn_cache.h"

#include <doctest/doctest.h>

#include "base/error.h"

using namespace ponnuki;

namespace {

NNOutputPtr entry(uint64_t low, uint64_t high) {
  auto output = std::make_shared<NNOutput>();
  output->key = Hash128(low, high);
  return output;
}

}  // namespace

TEST_CASE("an entry is found under its full key only") {
  NNCache cache(4, 2);
  cache.put(entry(3, 1));
  CHECK(cache.get(Hash128(3, 1)) != nullptr);
  CHECK(cache.get(Hash128(3, 2)) == nullptr);
  CHECK(cache.get(Hash128(19, 1)) == nullptr);
}

TEST_CASE("a new entry replaces the old one of the same slot") {
  NNCache cache(4, 16);
  cache.put(entry(3, 1));
  cache.put(entry(19, 1));
  CHECK(cache.get(Hash128(3, 1)) == nullptr);
  CHECK(cache.get(Hash128(19, 1)) != nullptr);
}

TEST_CASE("a cleared cache and a cache without entries find nothing") {
  NNCache cache(4, 2);
  cache.put(entry(3, 1));
  cache.clear();
  CHECK(cache.get(Hash128(3, 1)) == nullptr);
  NNCache none(-1, -1);
  CHECK(!none.enabled());
  none.put(entry(3, 1));
  CHECK(none.get(Hash128(3, 1)) == nullptr);
  none.clear();
}

TEST_CASE("a cache needs at least one lock") {
  CHECK_THROWS_AS(NNCache(4, -1), UserError);
}
