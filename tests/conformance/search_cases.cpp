#include "conformance/search_cases.h"

#include <algorithm>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/error.h"
#include "base/file.h"
#include "config/resolve.h"
#include "eval/net_evaluator.h"
#include "protocol/analysis/query_parser.h"
#include "search/search.h"

namespace ponnuki {
namespace {

using nlohmann::json;

using Visits = std::map<std::string, int64_t>;

class SearchChecker {
 public:
  SearchChecker(const SearchFiles& files, nn::Backend& backend) {
    context_.config = Config::fromFiles({files.config});
    context_.config.renameKey("numSearchThreadsPerAnalysisThread", "numSearchThreads");
    context_.settings = loadAnalysisSettings(context_.config, 1);
    context_.hasHumanModel = !files.humanModel.empty();
    context_.params = loadSearchParams(context_.config, Mode::Analysis, context_.hasHumanModel);
    net_ = load(files.model, 0, backend);
    if (context_.hasHumanModel) human_ = load(files.humanModel, 1, backend);
    context_.modelVersion = net_->modelVersion();
    context_.netX = net_->nnX();
    context_.netY = net_->nnY();
    search_ = std::make_unique<Search>(context_.params, *net_, human_.get(), log_, "conformance");
  }

  void check(const json& line, CaseResult& result) {
    const ParsedQuery query = parseQuery(line.at("query"), context_);
    for (const json& reply : line.at("replies")) {
      if (!reply.contains("rootInfo") || reply.value("isDuringSearch", false)) continue;
      const int turn = reply.at("turnNumber").get<int>();
      const std::string where =
          line.at("query").at("id").get<std::string>() + " turn " + std::to_string(turn);
      const size_t before = result.messages.size();
      const auto request = std::find_if(query.requests.begin(), query.requests.end(),
                                        [turn](const AnalysisRequest& r) { return r.turn == turn; });
      if (request == query.requests.end())
        result.messages.push_back(where + ": the query was refused");
      else
        compare(recorded(reply), searched(*request), where, result);
      (result.messages.size() == before ? result.passed : result.failed)++;
    }
  }

 private:
  std::unique_ptr<NetEvaluator> load(const std::string& model, int index, nn::Backend& backend) {
    NetContext netContext;
    netContext.mode = Mode::Analysis;
    netContext.modelIndex = index;
    netContext.requireExactSize = false;
    NetEvaluatorSettings settings;
    settings.modelFile = model;
    settings.net = loadNetSettings(context_.config, netContext);
    settings.modelIndex = index;
    settings.maxBatch = settings.seats = 1;
    return makeNetEvaluator(settings, backend, log_);
  }

  static Visits recorded(const json& reply) {
    Visits visits{{"root", reply.at("rootInfo").at("visits").get<int64_t>()}};
    for (const json& m : reply.at("moveInfos")) visits[m.at("move").get<std::string>()] = m.at("visits").get<int64_t>();
    return visits;
  }

  Visits searched(const AnalysisRequest& request) {
    const QuerySettings& settings = *request.settings;
    search_->setParams(settings.params);
    search_->setAlwaysIncludeOwnership(settings.reply.needsOwnership());
    search_->setPosition(request.state);
    search_->setAvoidMoves(settings.avoidBlack, settings.avoidWhite);
    search_->run({});
    SearchReport report;
    ENSURE(search_->makeReport({}, report));
    Visits visits{{"root", report.pruned.visits}};
    for (const MoveReport& m : report.moves) visits[pointToString(m.move, report.xSize, report.ySize)] = m.visits;
    return visits;
  }

  static void compare(const Visits& expected, const Visits& actual, const std::string& where, CaseResult& result) {
    for (const auto& [move, visits] : expected) {
      const auto it = actual.find(move);
      if (it == actual.end() || it->second != visits)
        result.messages.push_back(where + ": " + move + " has " +
                                  (it == actual.end() ? "no" : std::to_string(it->second)) + " visits, recorded " +
                                  std::to_string(visits));
    }
    for (const auto& [move, visits] : actual)
      if (expected.count(move) == 0)
        result.messages.push_back(where + ": " + move + " was not searched in the recording");
  }

  Logger log_;
  QueryContext context_;
  std::unique_ptr<NetEvaluator> net_, human_;
  std::unique_ptr<Search> search_;
};

}  // namespace

CaseResult checkSearchFile(const SearchFiles& files, nn::Backend& backend) {
  SearchChecker checker(files, backend);
  CaseResult result;
  std::istringstream lines(readMaybeGzip(files.recordings, kMaxGoldenFileBytes));
  for (std::string text; std::getline(lines, text);) {
    if (text.empty()) continue;
    try {
      checker.check(json::parse(text), result);
    } catch (const json::exception& e) {
      throw UserError(files.recordings + ": a line is no recording of an analysis query: " + e.what());
    }
  }
  return result;
}

}  // namespace ponnuki
