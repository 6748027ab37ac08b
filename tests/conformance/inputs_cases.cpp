#include "conformance/inputs_cases.h"

#include <algorithm>
#include <cmath>

#include "conformance/golden_game.h"
#include "eval/features.h"

namespace ponnuki {
namespace {

constexpr int kVersion = 7;
constexpr float kTolerance = 1e-6f;

// The recorded planes as a full buffer, as large as the board.
std::vector<float> recordedSpatial(const nlohmann::json& planes, int area) {
  const int channels = spatialChannels(kVersion);
  std::vector<float> values(static_cast<size_t>(area) * channels, 0.0f);
  for (const auto& [channel, content] : planes.items()) {
    const int c = std::stoi(channel);
    const auto set = [&](int index, float v) { values.at(static_cast<size_t>(index) * channels + c) = v; };
    if (content.is_string()) {  // "all"
      for (int i = 0; i < area; i++) set(i, 1.0f);
      continue;
    }
    for (const auto& index : content.value("1", nlohmann::json::array())) set(index.get<int>(), 1.0f);
    for (const auto& pair : content.value("v", nlohmann::json::array()))
      set(pair[0].get<int>(), pair[1].get<float>());
  }
  return values;
}

// "" if equal, else the first difference and how many there are.
std::string compare(const std::vector<float>& got, const std::vector<float>& expected,
                    const std::string& what, int perPoint) {
  std::string first;
  int count = 0;
  for (size_t i = 0; i < expected.size(); i++) {
    if (std::fabs(got[i] - expected[i]) <= kTolerance) continue;
    if (count++ == 0)
      first = what + " " + std::to_string(i % perPoint) + " at " + std::to_string(i / perPoint) + " is " +
              std::to_string(got[i]) + ", expected " + std::to_string(expected[i]);
  }
  return count > 1 ? first + " (and " + std::to_string(count - 1) + " more)" : first;
}

// "" if the snapshot's inputs agree. Finished positions have none recorded.
std::string checkSnapshot(const GoldenGame& game, const nlohmann::json& snapshot) {
  const GameState state = game.stateAt(snapshot.at("turn").get<int>());
  if (!snapshot.contains("v7")) return state.isFinished() ? "" : "the game should be finished";
  const auto pla = parsePlayer(snapshot.at("pla").get<std::string>());
  if (pla != state.toMove()) return "wrong side to move";
  const int area = game.xSize() * game.ySize();
  std::vector<float> spatial(static_cast<size_t>(area) * spatialChannels(kVersion)),
      global(globalChannels(kVersion));
  fillFeatures(kVersion, state, *pla, goldenEvalParams(snapshot), game.xSize(), game.ySize(), spatial.data(),
               global.data());
  const nlohmann::json& v7 = snapshot.at("v7");
  std::string difference =
      compare(global, v7.at("global").get<std::vector<float>>(), "global", globalChannels(kVersion));
  if (difference.empty())
    difference =
        compare(spatial, recordedSpatial(v7.at("spatial"), area), "channel", spatialChannels(kVersion));
  return difference;
}

}  // namespace

EvalParams goldenEvalParams(const nlohmann::json& snapshot) {
  const nlohmann::json given = snapshot.value("inputParams", nlohmann::json::object());
  EvalParams params;
  params.drawEquivalentWinsForWhite =
      given.value("drawEquivalentWinsForWhite", params.drawEquivalentWinsForWhite);
  params.conservativePassAndIsRoot =
      given.value("conservativePassAndIsRoot", params.conservativePassAndIsRoot);
  params.enablePassingHacks = given.value("enablePassingHacks", params.enablePassingHacks);
  params.playoutDoublingAdvantage = given.value("playoutDoublingAdvantage", params.playoutDoublingAdvantage);
  params.maxHistory = given.value("maxHistory", params.maxHistory);
  return params;
}

CaseResult checkInputsFile(const std::string& path) {
  CaseResult result;
  for (const GoldenGame& game : GoldenGame::readFile(path)) {
    for (const nlohmann::json& snapshot : game.snapshots()) {
      const std::string difference = checkSnapshot(game, snapshot);
      if (difference.empty()) {
        result.passed++;
        continue;
      }
      result.failed++;
      result.messages.push_back("game " + std::to_string(game.id()) + " turn " +
                                std::to_string(snapshot.at("turn").get<int>()) + ": " + difference);
    }
  }
  return result;
}

}  // namespace ponnuki
