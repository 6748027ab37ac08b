#include "engine/nn_benchmark.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "model/random_net.h"

using namespace ponnuki;

namespace {

NnBenchmarkRow measured() {
  NetSpec spec;
  spec.channels = spec.mid = 16, spec.gpool = 8;
  spec.blocks = {BlockKind::Ordinary, BlockKind::Pooling};
  const auto load = [&] {
    return loadModelFromBytes(randomNetBytes(spec, 1, FloatEncoding::Binary), "tiny.bin");
  };
  NnBenchmarkSetup setup;
  setup.runs = 2;
  setup.batch = 3;
  setup.boardSize = 7;
  setup.seconds = 0.02;
  const auto backend = nn::makeReferenceBackend();
  return benchmarkNet("tiny", load, *backend, setup);
}

}  // namespace

TEST_CASE("a net benchmark counts evaluations and describes what ran") {
  const NnBenchmarkRow row = measured();
  CHECK(row.best >= row.median);
  CHECK(row.median > 0);
  CHECK(row.byProcessorTime > 0);
  CHECK(row.parameters > 1000);
  CHECK(row.instructionSet == "reference");
  CHECK(row.fractionOfPeak == 0);  // the plain implementation knows no peak
}

TEST_CASE("net benchmarks are printed as a table and as JSON with the same numbers") {
  const std::vector<NnBenchmarkRow> rows = {measured(), measured()};
  const nlohmann::json json = nlohmann::json::parse(nnBenchmarkJson(rows));
  REQUIRE(json.size() == 2);
  CHECK(json[0]["model"] == "tiny");
  CHECK(json[0]["evalsPerSecondBest"] == rows[0].best);
  CHECK(json[1]["batch"] == 3);
  const std::string table = nnBenchmarkMarkdown(rows);
  CHECK(std::count(table.begin(), table.end(), '\n') == 4);
  CHECK(table.find("| tiny | ") != std::string::npos);
  CHECK(table.find("| 2 x 1 | 3 | 7 | ") != std::string::npos);
}

TEST_CASE("a name that is neither a file nor an architecture is refused with the choices") {
  CHECK_THROWS_WITH_AS(loadNetOrArchitecture("b7c7"), doctest::Contains("b18c384nbt"), UserError);
}
