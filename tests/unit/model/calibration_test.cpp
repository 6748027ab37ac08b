// The calibration table, and 8-bit storage that is made with it.
#include "model/calibration.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "base/error.h"
#include "base/file.h"
#include "graph/fake_quantization.h"
#include "graph/product.h"
#include "model/group_scales.h"
#include "support/load_error.h"
#include "support/replaced.h"
#include "support/tiny_nets.h"

using namespace ponnuki;
using test::loadError;
using test::replaced;

namespace {

CalibrationTable tableFor(const LoadedModel& model) {
  CalibrationTable table;
  table.net = model.info.name, table.sha256 = "abc", table.program = "test", table.positions = 7;
  table.accuracy = {{"positions", 5}, {"policyKL", 0.001}};
  for (const NamedProduct& product : namedProducts(model.graph)) {
    CalibrationLine line;
    line.name = product.name, line.kind = product.kind, line.method = "max";
    line.scale = 0.05f, line.zero = 128, line.error = 1.5;
    if (line.kind == "matmul") line.method = kPerPoint, line.scale = 0, line.zero = 0;
    table.lines.push_back(line);
  }
  return table;
}

std::string errorOf(const std::string& text, const LoadedModel& model, const std::string& sha256 = "abc") {
  try {
    LoadedModel copy = model;
    applyCalibration(copy, parseCalibration(text, "net.calib"), "net.calib", sha256);
  } catch (const UserError& error) {
    return error.what();
  }
  return "";
}

bool contains(const std::string& text, const std::string& part) {
  INFO(text);
  return text.find(part) != std::string::npos;
}

size_t quantizedLayers(const LoadedModel& model) {
  size_t count = 0;
  for (const nn::Op& op : model.graph.ops) count += nn::quantizationOf(op) != nullptr;
  return count;
}

}  // namespace

TEST_CASE("a calibration table survives writing and reading, and quantises every layer it names") {
  LoadedModel model = test::loadSpec(test::everyBlockSpec());
  CalibrationTable table = tableFor(model);
  table.lines[1].used = false;
  table.lines[1].reason = "sensitive";
  const std::string text = formatCalibration(table);
  const CalibrationTable read = parseCalibration(text, "net.calib");
  CHECK(formatCalibration(read) == text);
  REQUIRE(read.lines.size() == table.lines.size());
  CHECK(read.lines[1].reason == "sensitive");
  CHECK_FALSE(read.lines[1].used);
  CHECK(read.lines[0].scale == 0.05f);
  applyCalibration(model, read, "net.calib", "abc");
  CHECK(quantizedLayers(model) == table.lines.size() - 1);
  CHECK(model.info.stored.accuracy == table.accuracy);
}

TEST_CASE("every mistake in a calibration table is named with its line") {
  const LoadedModel model = test::loadSpec(test::tinySpec(15, {BlockKind::Ordinary, BlockKind::Nested}));
  const CalibrationTable table = tableFor(model);
  const std::string text = formatCalibration(table), name = table.lines[2].name;
  CHECK(errorOf(text, model).empty());
  CHECK(contains(errorOf(text, model, "other"), "net.calib belongs to another net"));
  CHECK(contains(errorOf("", model), "no calibration table"));
  CHECK(contains(errorOf(replaced(text, "calibration 2", "calibration 1"), model),
                 "net.calib:3: its version is 1"));
  CHECK(contains(errorOf(replaced(text, "sha256 abc\n", ""), model), "'sha256 ...' is missing"));
  CHECK(contains(errorOf(replaced(text, "positions 7", "positions x"), model),
                 "net.calib:6: the number of positions"));
  CHECK(
      contains(errorOf(replaced(text, "net tiny", "nett tiny"), model), "net.calib:4: unknown word 'nett'"));
  CHECK(contains(errorOf(replaced(text, "layer   " + name, "layer   x" + name), model), "is missing"));
  CHECK(contains(errorOf(text + "layer other conv3x3 max 1 0 1 0 0\n", model), "has no layer other"));
  CHECK(contains(errorOf(text + "#layer other conv3x3 max 1 0 1 0 0\n", model), "has no layer other"));
  CHECK(contains(errorOf(text + "layer " + name + " conv3x3 max 1 0 1 0 0\n", model),
                 "was already given in line"));
  CHECK(contains(errorOf(text + "layer x conv3x3 max 1 0 1\n", model), "but the line has 7 words"));
  CHECK(contains(errorOf(text + "layer x conv3x3 max -1 0 1 0 0\n", model), "expected a positive number"));
  CHECK(contains(errorOf(text + "layer x conv3x3 max 1 256 1 0 0\n", model), "from 0 to 255"));
  CHECK(contains(errorOf(text + "layer x conv3x3 point 0 0 1 0 0\n", model), "only matmul and conv1x1"));
  CHECK(contains(errorOf(text + "layer x matmul point 1 0 1 0 0\n", model), "needs 0 for its scale"));
  CHECK(contains(errorOf(text + "layer x conv3x3 max 1 0 1 -2 0\n", model), "expected microseconds"));
  CHECK(contains(errorOf(replaced(text, table.lines[0].kind, "conv7x7"), model), "not a conv7x7"));
  CHECK(errorOf(replaced(text, "layer   " + name, "#layer   " + name), model).empty());
  CHECK(errorOf(text + "# any remark\n\n", model).empty());
}

TEST_CASE("a layer that is only stored in 8 bits has scales for groups of inputs") {
  const std::string folder = std::filesystem::temp_directory_path().string();
  const std::string from = folder + "/ponnuki-groups.bin.gz", to = folder + "/ponnuki-groups.q8.bin.gz";
  writeRandomNet(test::tinySpec(15, {BlockKind::Ordinary}), from, 3);
  const LoadedModel source = loadModel(from);
  const NamedProduct layer = namedProducts(source.graph)[1];
  const nn::Op& op = source.graph.ops[layer.op];
  const std::span<const float> exact = nn::weightsOf(op).span();
  const GroupScales groups = groupScales(exact, nn::outChannels(op), 5);
  const std::vector<float> scales = groups.scales();
  const size_t outputs = static_cast<size_t>(nn::outChannels(op));
  std::vector<float> rounded(exact.size());
  for (size_t i = 0; i < rounded.size(); i++) {
    const float scale = scales[i / outputs / 5 * outputs + i % outputs];
    rounded[i] = static_cast<float>(nn::quantizedWeight(exact[i], scale)) * scale;
    CHECK(std::fabs(rounded[i] - exact[i]) <= 0.501f * scale);
  }
  Int8Plan plan;
  plan.stored[layer.name] = {nn::Weights(rounded), groups.groupSize};
  writeInt8Storage(from, to, plan);
  const LoadedModel read = loadModel(to);
  CHECK(quantizedLayers(read) == 0);
  const std::span<const float> got = nn::weightsOf(read.graph.ops[layer.op]).span();
  CHECK(std::equal(rounded.begin(), rounded.end(), got.begin(), got.end()));

  const std::string bytes = gunzip(readFile(to), to, size_t{1} << 26);
  const size_t block = bytes.find("@I8G@");
  REQUIRE(block != std::string::npos);
  const auto errorWith = [&](size_t at, const std::string& other) {
    std::string copy = bytes;
    return loadError(copy.replace(block + at, other.size(), other));
  };
  const size_t values = 17 + groups.halvings.size();
  CHECK(contains(errorWith(5, std::string(4, '\0')), "8-bit block has 0 scales"));
  CHECK(contains(errorWith(9, std::string(4, '\0')), "groups of 0 inputs"));
  CHECK(contains(errorWith(13, std::string(4, '\0')), "not positive and finite"));
  CHECK(contains(errorWith(values, "\x80"), "is -128"));
  CHECK(contains(loadError(bytes.substr(0, block + 40)), "did not find the expected number of floats"));
  CHECK_FALSE(
      errorWith(9, std::string(4, '\xff')).empty());  // one group for everything: less follows than there is
  std::filesystem::remove(from);
  std::filesystem::remove(to);
}

TEST_CASE("8-bit storage holds the integers, the scales and the accuracy, and is a quarter the size") {
  const auto path = [](const char* name) {
    return (std::filesystem::temp_directory_path() / (std::string("ponnuki-int8-") + name)).string();
  };
  NetSpec spec = test::tinySpec(15, {BlockKind::Ordinary, BlockKind::Pooling, BlockKind::NestedTransformer});
  spec.channels = 48, spec.mid = 32;
  const std::string from = path("source.bin.gz"), to = path("net.bin.gz");
  writeRandomNet(spec, from, 3);
  LoadedModel source = loadModel(from);
  applyCalibration(source, tableFor(source), "net.calib", "abc");
  Int8Plan plan;
  plan.calibrationPositions = 7;
  plan.accuracy = {{"policyKL", 0.25}};
  for (const CalibrationLine& line : tableFor(source).lines) plan.inputs[line.name] = {line.scale, line.zero};
  const StorageReport report = writeInt8Storage(from, to, plan);
  CHECK(static_cast<double>(report.blockBytesAfter) < 0.30 * static_cast<double>(report.blockBytesBefore));
  const LoadedModel read = loadModel(to);
  CHECK(read.info.stored.storage == "int8");
  CHECK(read.info.stored.sourceSha256 == fileSha256(from));
  CHECK(read.info.stored.calibrationPositions == 7);
  CHECK(read.info.stored.accuracy == plan.accuracy);
  CHECK(quantizedLayers(read) == plan.inputs.size());
  REQUIRE(read.graph.ops.size() == source.graph.ops.size());
  for (size_t i = 0; i < read.graph.ops.size(); i++) {
    const auto expected = nn::quantizationOf(source.graph.ops[i]),
               got = nn::quantizationOf(read.graph.ops[i]);
    REQUIRE((expected == nullptr) == (got == nullptr));
    if (!got) continue;
    CHECK(got->inputScale == expected->inputScale);
    CHECK(got->inputZero == expected->inputZero);
    CHECK(got->weightScale == expected->weightScale);
    const nn::Weights want = nn::roundedWeights(nn::weightsOf(source.graph.ops[i]), expected->weightScale);
    const auto stored = nn::weightsOf(read.graph.ops[i]).span();
    CHECK(std::equal(stored.begin(), stored.end(), want.span().begin()));
  }

  // Weights that were rounded another way, with a bias.
  const std::string name = namedProducts(source.graph)[1].name;
  nn::Op& op = source.graph.ops[namedProducts(source.graph)[1].op];
  const std::vector<float> scales = nn::quantizationOf(op)->weightScale;
  std::vector<float> others(nn::weightsOf(op).size());
  for (size_t i = 0; i < others.size(); i++)
    others[i] = static_cast<float>(static_cast<int>(i % 255) - 127) * scales[i % scales.size()];
  plan.rounded[name] = {nn::Weights(others), nn::Weights(std::vector<float>(scales.size(), 0.5f))};
  const std::string biased = path("biased.bin.gz");
  writeInt8Storage(from, biased, plan);
  const LoadedModel loaded = loadModel(biased);
  const nn::Op& got = loaded.graph.ops[namedProducts(loaded.graph)[1].op];
  CHECK(nn::quantizationOf(got)->weightScale == scales);
  CHECK(std::equal(others.begin(), others.end(), nn::weightsOf(got).span().begin()));
  REQUIRE(nn::epilogueOf(got)->bias.size() == scales.size());
  CHECK(nn::epilogueOf(got)->bias[0] == 0.5f);
  CHECK(nn::epilogueOf(loaded.graph.ops[namedProducts(loaded.graph)[2].op])->bias.empty());

  std::filesystem::remove(biased);

  const std::string bytes = gunzip(readFile(to), to, size_t{1} << 26);
  CHECK(loadError(bytes).empty());
  const size_t block = bytes.find("@I08@");
  REQUIRE(block != std::string::npos);
  const auto changed = [&](size_t at, char value) {
    std::string copy = bytes;
    copy[block + at] = value;
    return copy;
  };
  CHECK(contains(loadError(changed(5, 0)), "8-bit block has"));
  CHECK(contains(loadError(changed(12, '\xff')), "scale of its inputs is impossible"));
  CHECK(contains(loadError(changed(14, 1)), "scale of its inputs is impossible"));  // a zero point above 255
  CHECK(contains(loadError(changed(18, '\xff')), "not positive and finite"));
  CHECK(contains(loadError(bytes.substr(0, block + 40)), "did not find the expected number of floats"));
  CHECK(contains(loadError(replaced(bytes, "storage int8", "storage fp16")), "did not find expected header"));
  CHECK_THROWS_WITH_AS(writeInt8Storage(to, path("again.bin.gz"), plan),
                       doctest::Contains("already has a smaller storage"), UserError);
  std::filesystem::remove(from);
  std::filesystem::remove(to);
}
