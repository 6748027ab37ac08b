// Half storage of model files, and the net inside the program.
#include "model/stored_form.h"

#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>

#include "base/error.h"
#include "base/file.h"
#include "base/half.h"
#include "model/builtin_net.h"
#include "model/model_file.h"
#include "support/graph_runs.h"
#include "support/load_error.h"
#include "support/replaced.h"
#include "support/tiny_nets.h"

using namespace ponnuki;
using test::loadError;
using test::replaced;

namespace {

std::string scratch(const std::string& name) {
  return (std::filesystem::temp_directory_path() / ("ponnuki-stored-form-" + name)).string();
}

}  // namespace

TEST_CASE("every half survives the way to float and back") {
  for (uint32_t bits = 0; bits < 0x10000; bits++) {
    const uint16_t half = static_cast<uint16_t>(bits);
    const float value = floatOfHalf(half);
    if (std::isnan(value))
      CHECK(std::isnan(floatOfHalf(halfOfFloat(value))));
    else
      REQUIRE(halfOfFloat(value) == half);
  }
  CHECK(floatOfHalf(0x3c00) == 1.0f);
  CHECK(floatOfHalf(0xc000) == -2.0f);
  CHECK(floatOfHalf(0x0001) == 0x1p-24f);
  CHECK(floatOfHalf(0x7bff) == kLargestHalf);
}

TEST_CASE("floats round to the nearest half, ties to even") {
  for (uint16_t half = 0; half < 0x7bff; half++) {
    const double low = static_cast<double>(floatOfHalf(half));
    const double high = static_cast<double>(floatOfHalf(static_cast<uint16_t>(half + 1)));
    const float middle = static_cast<float>((low + high) / 2);
    REQUIRE(halfOfFloat(middle) == (half % 2 == 0 ? half : half + 1));
    REQUIRE(halfOfFloat(std::nextafter(middle, 0.0f)) == half);
    REQUIRE(halfOfFloat(-std::nextafter(middle, 1e9f)) == ((half + 1) | 0x8000));
  }
  CHECK(halfOfFloat(65519.0f) == 0x7bff);
  CHECK(halfOfFloat(65520.0f) == 0x7c00);
  CHECK(halfOfFloat(1e-30f) == 0);
}

TEST_CASE("a model with half storage is half the size and computes nearly the same") {
  const NetSpec spec =
      test::tinySpec(15, {BlockKind::Ordinary, BlockKind::Pooling, BlockKind::NestedPooling});
  const std::string from = scratch("source.bin.gz"), to = scratch("half.bin.gz");
  writeRandomNet(spec, from, 3);
  const StorageReport report = writeHalfStorage(from, to);
  CHECK(report.blockBytesAfter < 0.7 * report.blockBytesBefore);
  CHECK(report.largestError > 0);
  CHECK(report.largestError < 0.005);
  const LoadedModel whole = loadModel(from), half = loadModel(to);
  CHECK(whole.info.stored.storage == "fp32");
  CHECK(half.info.stored.storage == "fp16");
  CHECK(half.info.stored.sourceSha256 == fileSha256(from));
  CHECK(half.info.version == 15);
  CHECK(half.info.parameterCount == whole.info.parameterCount);
  const auto backend = nn::makeReferenceBackend();
  const auto in = test::randomInputs(whole.graph, 2, 7, 7, false, 1);
  const nn::CompileOptions options{.boardX = 7, .boardY = 7};
  const auto a = test::run(*backend, whole.graph, in, options),
             b = test::run(*backend, half.graph, in, options);
  REQUIRE(a.policy.size() == b.policy.size());
  double worst = 0;
  for (size_t i = 0; i < a.policy.size(); i++)
    worst = std::max(worst, static_cast<double>(std::fabs(a.policy[i] - b.policy[i])));
  CHECK(worst > 0);
  CHECK(worst < 0.05);
  CHECK_THROWS_WITH_AS(writeHalfStorage(to, scratch("again.bin.gz")),
                       doctest::Contains("already has a smaller storage"), UserError);
  CHECK_THROWS_WITH_AS(writeHalfStorage(from, scratch("net.txt")), doctest::Contains("must end in .bin.gz"),
                       UserError);

  const std::string bytes = gunzip(readFile(to), to, size_t{1} << 26);
  CHECK(loadError(bytes).empty());
  CHECK(loadError(replaced(bytes, "ponnuki-storage 1", "ponnuki-storage 2")).find("has version 2") !=
        std::string::npos);
  CHECK(loadError(replaced(bytes, "ponnuki-storage", "something-else")).find("invalid version") !=
        std::string::npos);
  CHECK(loadError(replaced(bytes, "storage fp16", "storage fp11")).find("unknown storage fp11") !=
        std::string::npos);
  CHECK(loadError(replaced(bytes, "source-sha256", "taste")).find("unknown key in its storage header: taste") !=
        std::string::npos);
  CHECK(loadError(replaced(bytes, "\nend\n", "\n")) != "");
  CHECK(loadError(bytes.substr(0, bytes.size() / 2)).find("did not find the expected number of floats") !=
        std::string::npos);
  std::filesystem::remove(from);
  std::filesystem::remove(to);
}

TEST_CASE("half blocks are refused where the header does not announce them") {
  const NetSpec spec = test::tinySpec(15, {BlockKind::Ordinary});
  std::string bytes = randomNetBytes(spec, 3, FloatEncoding::Binary);
  CHECK(loadError(bytes).empty());
  CHECK(loadError(replaced(bytes, "@BIN@", "@F16@"))
            .find("did not find expected header for binary float block") != std::string::npos);
}

TEST_CASE("the built-in net loads and predicts its own errors") {
  if (builtinNet().empty()) {
    MESSAGE("skipped: this build has no built-in net");
    return;
  }
  CHECK(builtinNet().size() <= 2000000);
  const LoadedModel model = loadModel(kBuiltinNet);
  CHECK(model.info.version >= 15);
  CHECK(model.info.supportsShorttermError());
  CHECK(model.info.fileName == kBuiltinNet);
  CHECK(model.info.metaChannels() == 0);
}
