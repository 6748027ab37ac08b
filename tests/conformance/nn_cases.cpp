#include "conformance/nn_cases.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <sstream>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "conformance/golden_game.h"
#include "conformance/inputs_cases.h"
#include "eval/net_evaluator.h"
#include "eval/precision_measures.h"
#include "model/model_file.h"

namespace ponnuki {
namespace {

using nlohmann::json;

class NnChecker {
 public:
  NnChecker(const std::string& modelPath, const std::string& gamesFile, nn::Backend& backend,
            const NnTolerances& tolerances, NetPrecision precision)
      : model_(loadModel(modelPath)), backend_(backend), tolerances_(tolerances), precision_(precision) {
    for (GoldenGame& game : GoldenGame::readFile(gamesFile)) {
      const int id = game.id();
      games_.emplace(id, std::move(game));
    }
  }

  void check(const json& line, CaseResult& result) {
    const size_t before = result.messages.size();
    const int turn = line.at("turn").get<int>();
    const GoldenGame& game = games_.at(line.at("game").get<int>());
    where_ = "game " + std::to_string(game.id()) + " turn " + std::to_string(turn) + " symmetry " +
             std::to_string(line.at("symmetry").get<int>());
    const NNOutputPtr output = evaluate(game, turn, line);
    if (precision_ != NetPrecision::Fp32) {
      measures_.add(recordedAnswer(line), answerOf(*output, game));
      result.passed++;
      return;
    }
    compareScalars(line, *output, result);
    comparePolicy(line, game, *output, result);
    compareMap(line.at("ownership"), game, *output, result);
    (result.messages.size() == before ? result.passed : result.failed)++;
  }

  // The bounds over all lines, if they are what counts.
  void checkBounds(CaseResult& result) const {
    if (precision_ == NetPrecision::Fp32) return;
    const PrecisionSummary summary = measures_.summary();
    result.messages.push_back(summary.text());
    for (const std::string& miss : PrecisionBounds().violations(summary)) {
      result.messages.push_back(miss);
      result.failed++;
    }
  }

 private:
  static NetAnswer recordedAnswer(const json& line) {
    NetAnswer a;
    a.policy = line.at("policy").get<std::vector<double>>();
    a.policy.push_back(line.at("policyPass").get<double>());
    a.winrate = 100 * (line.at("whiteWin").get<double>() + 0.5 * line.at("noResult").get<double>());
    a.lead = line.at("whiteLead").get<double>();
    a.ownership = line.at("ownership").get<std::vector<double>>();
    return a;
  }
  static NetAnswer answerOf(const NNOutput& out, const GoldenGame& game) {
    NetAnswer a;
    for (size_t i = 0; i < static_cast<size_t>(game.xSize() * game.ySize()); i++) {
      a.policy.push_back(static_cast<double>(out.policy[bufferIndex(i, game, out)]));
      a.ownership.push_back(static_cast<double>(out.ownership[bufferIndex(i, game, out)]));
    }
    a.policy.push_back(static_cast<double>(out.policy[static_cast<size_t>(out.passPos())]));
    a.winrate =
        100 * (static_cast<double>(out.whiteWinProb) + 0.5 * static_cast<double>(out.whiteNoResultProb));
    a.lead = static_cast<double>(out.whiteLead);
    return a;
  }

  NNOutputPtr evaluate(const GoldenGame& game, int turn, const json& line) {
    const json* snapshot = game.snapshotAt(turn);
    if (!snapshot) throw UserError(where_ + ": the recorded games have no such snapshot");
    const json options = line.value("options", json::object());
    EvalRequest request;
    request.params = goldenEvalParams(*snapshot);
    request.params.symmetry = line.at("symmetry").get<int>();
    request.params.nnPolicyTemperature = options.value("nnPolicyTemperature", 1.0f);
    request.params.policyOptimism = options.value("policyOptimism", 0.0);
    request.includeOwnership = true;
    const SgfMetadata metadata = SgfMetadata::fromProfile(options.value("humanSLProfile", ""));
    request.metadata = &metadata;
    return evaluatorFor(game.xSize(), game.ySize()).evaluate(game.stateAt(turn), request);
  }

  // The recordings were made with a 19x19 buffer, where symmetries transpose boards of every shape. The
  // smallest square buffer that holds the board gives the same values in less time.
  Evaluator& evaluatorFor(int x, int y) {
    std::unique_ptr<NetEvaluator>& evaluator = evaluators_[{x, y}];
    if (!evaluator) {
      NetEvaluatorSettings settings;
      settings.net.bufferX = settings.net.bufferY = std::max(x, y);
      settings.net.requireExactSize = x == y;
      settings.net.nnCacheSizePowerOfTwo = -1;
      settings.net.precision = precision_;
      settings.maxBatch = 1;
      settings.seats = 1;
      evaluator = std::make_unique<NetEvaluator>(settings, model_, backend_, log_);
    }
    return *evaluator;
  }

  void compare(const char* what, double expected, double actual, double tolerance, CaseResult& result) const {
    if (std::abs(expected - actual) <= tolerance) return;
    result.messages.push_back(where_ + ": " + what + " is " + formatNumber(actual, 8) + ", recorded " +
                              formatNumber(expected, 8));
  }

  void compareScalars(const json& line, const NNOutput& out, CaseResult& result) const {
    const double p = tolerances_.probability, s = tolerances_.score;
    const auto number = [&](const char* key) { return line.at(key).get<double>(); };
    const auto relative = [&](const char* key) { return s * std::max(1.0, std::abs(number(key)) * 0.01); };
    compare("whiteWin", number("whiteWin"), out.whiteWinProb, p, result);
    compare("whiteLoss", number("whiteLoss"), out.whiteLossProb, p, result);
    compare("noResult", number("noResult"), out.whiteNoResultProb, p, result);
    compare("whiteScoreMean", number("whiteScoreMean"), out.whiteScoreMean, s, result);
    compare("whiteScoreMeanSq", number("whiteScoreMeanSq"), out.whiteScoreMeanSq,
            relative("whiteScoreMeanSq"), result);
    compare("whiteLead", number("whiteLead"), out.whiteLead, s, result);
    compare("varTimeLeft", number("varTimeLeft"), out.varTimeLeft, relative("varTimeLeft"), result);
    compare("shorttermWinlossError", number("shorttermWinlossError"), out.shorttermWinlossError, p, result);
    compare("shorttermScoreError", number("shorttermScoreError"), out.shorttermScoreError, s, result);
    compare("policyPass", number("policyPass"), out.policy[static_cast<size_t>(out.passPos())], p, result);
  }

  void comparePolicy(const json& line, const GoldenGame& game, const NNOutput& out,
                     CaseResult& result) const {
    const auto recorded = line.at("policy").get<std::vector<double>>();
    comparePoints("policy", recorded, game, out, out.policy.expanded().data(), tolerances_.probability, result);
    for (size_t i = 0; i < recorded.size(); i++) {
      const float actual = out.policy[bufferIndex(i, game, out)];
      if ((recorded[i] < 0) != (actual < 0))
        result.messages.push_back(where_ + ": policy at point " + std::to_string(i) +
                                  " disagrees on legality");
    }
  }

  void compareMap(const json& map, const GoldenGame& game, const NNOutput& out, CaseResult& result) const {
    comparePoints("ownership", map.get<std::vector<double>>(), game, out, out.ownership.data(),
                  tolerances_.ownership, result);
  }

  static size_t bufferIndex(size_t point, const GoldenGame& game, const NNOutput& out) {
    const auto x = static_cast<size_t>(game.xSize());
    return point / x * static_cast<size_t>(out.nnX) + point % x;
  }

  // Reports the worst point only.
  void comparePoints(const char* what, const std::vector<double>& recorded, const GoldenGame& game,
                     const NNOutput& out, const float* actual, double tolerance, CaseResult& result) const {
    if (recorded.size() != static_cast<size_t>(game.xSize() * game.ySize()))
      throw UserError(where_ + ": " + what + " has " + std::to_string(recorded.size()) +
                      " values, not one a point");
    size_t worst = 0;
    double worstDifference = -1;
    for (size_t i = 0; i < recorded.size(); i++) {
      const double difference =
          std::abs(recorded[i] - static_cast<double>(actual[bufferIndex(i, game, out)]));
      if (difference > worstDifference) {
        worst = i;
        worstDifference = difference;
      }
    }
    const std::string name = std::string(what) + " at point " + std::to_string(worst);
    compare(name.c_str(), recorded[worst], actual[bufferIndex(worst, game, out)], tolerance, result);
  }

  const LoadedModel model_;
  nn::Backend& backend_;
  const NnTolerances tolerances_;
  const NetPrecision precision_;
  PrecisionMeasures measures_;
  Logger log_;
  std::map<int, GoldenGame> games_;
  std::map<std::pair<int, int>, std::unique_ptr<NetEvaluator>> evaluators_;
  std::string where_;
};

}  // namespace

CaseResult checkNnFile(const std::string& nnFile, const std::string& modelPath, const std::string& gamesFile,
                       nn::Backend& backend, const NnTolerances& tolerances, NetPrecision precision) {
  NnChecker checker(modelPath, gamesFile, backend, tolerances, precision);
  CaseResult result;
  std::istringstream lines(readMaybeGzip(nnFile, kMaxGoldenFileBytes));
  for (std::string text; std::getline(lines, text);) {
    if (text.empty()) continue;
    try {
      checker.check(json::parse(text), result);
    } catch (const json::exception& e) {
      throw UserError(nnFile + ": a line is no recording of a net output: " + e.what());
    }
  }
  checker.checkBounds(result);
  return result;
}

}  // namespace ponnuki
