// Facts about three trained nets (spec model-and-network 19): structure, parameter counts, and the raw
// outputs for the empty board. Skipped with a message where the nets are not at hand.
#include <doctest/doctest.h>

#include <cmath>

#include "base/digest.h"
#include "base/file.h"
#include "graph/backend.h"
#include "model/model_file.h"
#include "support/shared_files.h"

using namespace ponnuki;

namespace {

constexpr int kSide = 19, kPoints = kSide * kSide;
const char* const kNetA = "g170-b6c96-s175395328-d26788732.bin.gz";
const char* const kNetB = "b7c96h3tfrs-test5-cnorm.bin.gz";
const char* const kNetC = "b7c96h6kv3qk32v16tflrs-fson-bnh.bin.gz";

std::string netPath(const std::string& file) {
  const std::string path = test::sharedFile("models/" + file);
  if (path.empty()) MESSAGE("skipped: models/" << file << " is not in $KATAGO_SHARED_DIR or ../shared");
  return path;
}

struct Outputs {
  int policyChannels = 1;
  std::vector<float> policy, pass, value, score, ownership;
  float policyAt(int x, int y, int channel) const {
    return policy[static_cast<size_t>((y * kSide + x) * policyChannels + channel)];
  }
  float ownershipAt(int x, int y) const { return ownership[static_cast<size_t>(y * kSide + x)]; }
};

// Empty 19x19, Tromp-Taylor, komi 7.5, black to move (end of section 11.4).
Outputs evaluateEmptyBoard(const LoadedModel& model) {
  const auto backend = nn::makeReferenceBackend();
  const auto program = backend->compile(model.graph, nn::CompileOptions{.maxBatch = 1});
  const auto executor = program->makeExecutor();
  std::vector<float> spatial(static_cast<size_t>(kPoints * model.info.spatialChannels), 0.0f);
  for (int point = 0; point < kPoints; point++)
    spatial[static_cast<size_t>(point * model.info.spatialChannels)] = 1;
  std::vector<float> global(static_cast<size_t>(model.info.globalChannels), 0.0f);
  global[5] = -0.375f;
  global[6] = 1;
  global[7] = 0.5f;
  global[8] = 1;
  global[18] = -0.5f;
  Outputs out;
  out.policyChannels = model.info.policyChannels;
  out.policy.resize(static_cast<size_t>(kPoints * out.policyChannels));
  out.pass.resize(static_cast<size_t>(out.policyChannels));
  out.value.resize(3);
  out.score.resize(static_cast<size_t>(model.info.scoreChannels));
  out.ownership.resize(kPoints);
  executor->run({1, spatial, global, {}}, {out.policy, out.pass, out.value, out.score, out.ownership});
  return out;
}

void checkClose(const std::vector<float>& found, const std::vector<float>& wanted) {
  REQUIRE(found.size() == wanted.size());
  for (size_t i = 0; i < wanted.size(); i++) CHECK(std::abs(found[i] - wanted[i]) < 5e-5f);
}

}  // namespace

TEST_CASE("Net A, a version 8 convnet, has the facts and outputs of the reference") {
  const std::string path = netPath(kNetA);
  if (path.empty()) return;
  const LoadedModel model = loadModel(path);
  CHECK(model.info.name == "g170-b6c96-s175395328-d26788732");
  CHECK(model.info.version == 8);
  CHECK(model.info.inputsVersion() == 7);
  CHECK(model.info.parameterCount == 1027911);
  CHECK(model.info.kindName() == "convnet");
  CHECK(model.info.trunkConvDepth == 14);
  CHECK(model.info.policyChannels == 1);
  CHECK(model.info.scoreChannels == 4);
  CHECK(sha256Hex(readFile(path)) == "f5d32604e3675c480c7c8f6aa579a1ea857135628a0afccc8fa56330fbacd38d");
  CHECK(model.info.multipliers.shorttermScoreError == 30);

  const Outputs out = evaluateEmptyBoard(model);
  checkClose(out.value, {2.883143f, 2.992973f, -5.918481f});
  checkClose(out.score, {-0.024855f, 1.325732f, -0.001588f, -0.072340f});
  checkClose(out.pass, {-3.598159f});
  checkClose({out.policyAt(3, 3, 0), out.policyAt(2, 3, 0), out.policyAt(9, 9, 0), out.policyAt(0, 0, 0)},
             {3.023577f, 3.590097f, -3.739107f, -5.388615f});
  checkClose({out.ownershipAt(3, 3), out.ownershipAt(9, 9)}, {-0.051668f, 0.011918f});
}

TEST_CASE("Net B, a transformer with fixed rope and an rms tip, has the facts and outputs of the reference") {
  const std::string path = netPath(kNetB);
  if (path.empty()) return;
  const LoadedModel model = loadModel(path);
  CHECK(model.info.version == 17);
  CHECK(model.info.parameterCount == 818953);
  CHECK(model.info.kindName() == "transformer");
  CHECK(model.info.policyChannels == 2);
  CHECK(model.info.scoreChannels == 6);
  CHECK(model.info.multipliers.shorttermScoreError == 150);
  CHECK(sha256Hex(readFile(path)) == "e0c11d1d2532af0b89792605e4d9edcca15bf6a0589bf28b967e6358277941b8");

  const Outputs out = evaluateEmptyBoard(model);
  checkClose(out.value, {0.354496f, 0.778670f, -5.622861f});
  checkClose(out.score, {-0.046287f, 0.000715f, -0.014588f, 0.958071f, -3.880090f, -5.711016f});
  checkClose(out.pass, {-8.624727f, -5.935535f});
  checkClose({out.policyAt(3, 3, 0), out.policyAt(3, 3, 1), out.policyAt(2, 3, 0), out.policyAt(0, 0, 1)},
             {-0.338222f, 2.621518f, -0.663939f, -7.119975f});
  checkClose({out.ownershipAt(3, 3), out.ownershipAt(9, 9)}, {0.086561f, 0.002946f});
}

TEST_CASE(
    "Net C, a transformer with learnable rope and grouped heads, has the facts and outputs of the "
    "reference") {
  const std::string path = netPath(kNetC);
  if (path.empty()) return;
  const LoadedModel model = loadModel(path);
  CHECK(model.info.parameterCount == 851881);
  CHECK(model.info.kindName() == "transformer");
  CHECK(sha256Hex(readFile(path)) == "3e56eedcda8f997dcdc0d18324fa8390ea10e3dd687cbf5d0d4ed66674d3f74f");

  const Outputs out = evaluateEmptyBoard(model);
  checkClose(out.value, {0.983860f, 1.188791f, -5.272145f});
  checkClose(out.score, {-0.026983f, -0.070569f, -0.022775f, 1.034254f, -0.914057f, -2.966370f});
  checkClose(out.pass, {0.480203f, -1.908696f});
  checkClose({out.policyAt(3, 3, 0), out.policyAt(3, 3, 1), out.policyAt(2, 3, 0), out.policyAt(0, 0, 1)},
             {8.174627f, 6.489115f, 6.694001f, -4.165031f});
  checkClose({out.ownershipAt(3, 3), out.ownershipAt(9, 9)}, {-0.150844f, -0.020953f});
}
