#include "protocol/analysis/server.h"

#include <exception>
#include <thread>

#include "base/error.h"
#include "base/text.h"
#include "protocol/analysis/actions.h"
#include "protocol/analysis/request_queue.h"
#include "protocol/analysis/result_writer.h"
#include "protocol/analysis/safe_json.h"
#include "protocol/search_text.h"
#include "search/async_search.h"

namespace ponnuki {

using nlohmann::json;

namespace {

constexpr size_t kMaxLogged = 10000;

json noResultReply(const AnalysisRequest& request) {
  return json::object({{"id", request.settings->id},
                       {"turnNumber", request.turn},
                       {"isDuringSearch", false},
                       {"noResults", true}});
}

// The reply for what the tree holds now; nothing if the root has no value yet.
std::optional<json> resultReply(const AnalysisRequest& request, const Search& search, bool isDuringSearch) {
  const ReplyOptions& options = request.settings->reply;
  SearchReport report;
  if (!search.makeReport(reportOptionsFor(options), report)) return std::nullopt;
  json reply = resultAsJson(report, request.state, options);
  reply["id"] = request.settings->id;
  reply["turnNumber"] = request.turn;
  reply["isDuringSearch"] = isDuringSearch;
  return reply;
}

}  // namespace

struct AnalysisServer::Impl final : ActionTarget {
  Impl(AnalysisServerSetup s, QueuedLineWriter& writer, Logger& logger)
      : setup(std::move(s)), out(writer), log(logger) {
    for (const std::string& seed : setup.searchSeeds) workers.emplace_back([this, seed] { workLoop(seed); });
  }

  void reply(const json& line) { out.write(toLine(line)); }

  void replyProblem(const json& line, const char* kind) {
    const std::string text = toLine(line);
    if (setup.context.settings.logErrorsAndWarnings)  // the start tells enough of a long line
      log.write(std::string(kind) + ": " +
                (text.size() <= kMaxLogged ? text : text.substr(0, kMaxLogged) + "..."));
    out.write(text);
  }

  // --- the reader's side ---

  void handle(const std::string& rawLine) {
    const std::string line(trim(rawLine));
    if (line.empty()) return;
    if (setup.context.settings.logAllRequests) log.write("Request: " + line);
    const JsonLine parsed = parseJsonLine(line);
    if (!parsed.value) return replyProblem(errorReply(parsed.error), "Error");
    const json& object = *parsed.value;
    if (!object.is_object())
      return replyProblem(
          errorReply("Request line was valid json but was not an object, ignoring: " + toLine(object)),
          "Error");
    const auto id = object.find("id");
    if (id == object.end() || !id->is_string())
      return replyProblem(errorReply("Request must have a string \"id\" field"), "Error");
    const auto action = object.find("action");
    if (action != object.end() && action->is_string()) {
      const json answer = runAction(object, *this);
      answer.contains("error") && !object.contains("error") ? replyProblem(answer, "Error") : reply(answer);
      return;
    }
    handleQuery(object);
  }

  void handleQuery(const json& object) {
    ParsedQuery query = parseQuery(object, setup.context);
    const std::string id = object["id"].get<std::string>();
    for (const FieldMessage& warning : query.warnings)
      replyProblem(fieldReply("warning", id, warning.field, warning.text), "Warning");
    if (query.error)
      return replyProblem(fieldReply("error", id, query.error->field, query.error->text), "Error");
    for (AnalysisRequest& request : query.requests) queue.add(std::move(request));
  }

  const std::vector<ModelDescription>& models() const override { return setup.models; }

  void clearCaches() override {
    setup.net->clearCache();
    if (setup.human != nullptr) setup.human->clearCache();
    evalCache->clear();
  }

  void terminate(const std::optional<std::string>& id,
                 const std::optional<std::set<int64_t>>& turns) override {
    queue.terminate(id, turns, [this](const AnalysisRequest& request) { reply(noResultReply(request)); });
  }

  void finish(bool waitForAll) {
    if (waitForAll) {
      queue.close();
    } else {
      out.ignoreFurtherLines();
      queue.closeAndDrop();
    }
    for (std::thread& worker : workers) worker.join();
    workers.clear();
  }

  // --- the workers' side ---

  void workLoop(const std::string& seed) {
    AsyncSearch search(std::make_unique<Search>(setup.context.params, *setup.net, setup.human, log, seed));
    search.stopped().setEvalCache(evalCache);
    search.stopped().setPatternTable(setup.avoidedPatterns);
    search.stopped().setTreeMemoryLimit(setup.treeMemory);
    while (const std::shared_ptr<OpenRequest> open = queue.take([&search] { search.stopWithoutWait(); })) {
      try {
        analyze(search, *open);
      } catch (const std::exception& error) {
        const AnalysisRequest& request = open->request;
        json line = errorReply(sanitizeUtf8(error.what()));
        line["id"] = request.settings->id;
        line["turnNumber"] = request.turn;
        line["isDuringSearch"] = false;
        replyProblem(line, "Error");
      }
      queue.finished(*open);
    }
  }

  void analyze(AsyncSearch& async, const OpenRequest& open) {
    const AnalysisRequest& request = open.request;
    const QuerySettings& settings = *request.settings;
    Search& search = async.stopped();
    search.setParams(settings.params);
    search.setPosition(request.state);
    search.setAvoidMoves(settings.avoidBlack, settings.avoidWhite);
    search.setAlwaysIncludeOwnership(settings.reply.needsOwnership());
    SearchCallbacks callbacks;
    if (settings.firstReportAfter > 0) callbacks.first = settings.firstReportAfter;
    if (settings.reportEvery > 0) callbacks.period = settings.reportEvery;
    callbacks.onReport = [this, &request](const Search& running) {
      if (const std::optional<json> line = resultReply(request, running, true)) reply(*line);
    };
    // A terminate that came between take() and the begin of the search stopped nothing.
    callbacks.onBegin = [this, &async, &open] {
      if (queue.isTerminated(open)) async.stopWithoutWait();
    };
    const NetUse before = netUse();
    async.genmoveSync(request.state.toMove(), SearchLimits{}, std::move(callbacks));
    const std::optional<json> line = resultReply(request, async.search(), false);
    reply(line ? *line : noResultReply(request));
    if (setup.context.settings.logSearchInfo) logSearch(request, async.search(), before);
    async.stopped().clearSearch();
  }

  NetUse netUse() const { return {setup.net->rowsEvaluated(), setup.net->batchesEvaluated()}; }

  // Rows and batches include those of searches that run at the same time.
  void logSearch(const AnalysisRequest& request, const Search& search, const NetUse& before) {
    const NetUse now = netUse();
    TreePrintOptions options;
    options.maxChildren = 10;
    options.perspective = perspectiveColor(request.settings->reply.perspective);
    log.write(positionText(request.state) + "Root visits: " + std::to_string(search.rootVisits()) +
              "\nNew playouts: " + std::to_string(search.lastPlayouts()) + "\n" +
              netUseText({now.rows - before.rows, now.batches - before.batches}) +
              pvAndTreeText(search, options));
  }

  AnalysisServerSetup setup;
  QueuedLineWriter& out;
  Logger& log;
  RequestQueue queue;
  const std::shared_ptr<EvalCache> evalCache =
      std::make_shared<EvalCache>();  // of all workers, if useEvalCache is on
  std::vector<std::thread> workers;
};

AnalysisServer::AnalysisServer(AnalysisServerSetup setup, QueuedLineWriter& out, Logger& log)
    : impl_(std::make_unique<Impl>(std::move(setup), out, log)) {}

AnalysisServer::~AnalysisServer() {
  impl_->finish(false);
}

void AnalysisServer::handleLine(const std::string& line) {
  try {
    impl_->handle(line);
  } catch (const std::exception& error) {  // a bug of ours must not end the other queries
    impl_->replyProblem(
        errorReply(sanitizeUtf8(std::string("Internal problem with this line: ") + error.what())), "Error");
  }
}

void AnalysisServer::refuseTooLongLine() {
  impl_->replyProblem(errorReply("Line is too long - could not parse input line as json request"), "Error");
}

void AnalysisServer::finish(bool waitForAll) {
  impl_->finish(waitForAll);
}

}  // namespace ponnuki
