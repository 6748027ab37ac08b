#include "backends/wrap/hash_backend.h"

#include <doctest/doctest.h>

#include "model/model_file.h"
#include "support/graph_runs.h"

using namespace ponnuki;

TEST_CASE("the hash backend depends on the row alone, and on every input of it") {
  const LoadedModel model = bareModel("no-net", 17, 1);
  const auto backend = nn::makeHashBackend();
  const nn::CompileOptions options{.boardX = 5, .boardY = 5};
  test::RandomInputs two = test::randomInputs(model.graph, 2, 5, 5, true, 1);
  const auto both = test::run(*backend, model.graph, two, options);

  test::RandomInputs one = two;
  one.rows = 1;
  CHECK(test::run(*backend, model.graph, one, options).value[0] == both.value[0]);
  CHECK(both.value[0] != both.value[3]);
  one.meta[191] += 1;
  CHECK(test::run(*backend, model.graph, one, options).value[0] != both.value[0]);
  CHECK(both.policy.size() == 2 * 25 * 2);
  for (const float v : both.policy) CHECK(std::abs(v) <= 2.5f);
}
