// `katago analysis`: the JSON engine on stdin and stdout (spec analysis-cli-config 1.1, 1.2).
#include <algorithm>
#include <cstdio>
#include <iostream>

#include "app/commands.h"
#include "base/error.h"
#include "engine/builtin_config.h"
#include "engine/engine_setup.h"
#include "engine/version.h"
#include "protocol/analysis/server.h"
#include "protocol/line_io.h"
#include "search/pattern_loader.h"

namespace ponnuki {
namespace {

std::vector<OptionSpec> analysisOptions() {
  std::vector<OptionSpec> specs = commonOptions(ConfigOption::Optional, true);
  specs.push_back(
      {"analysis-threads", "", "THREADS", "Positions to analyze in parallel; numAnalysisThreads."});
  specs.push_back({"quit-without-waiting", "", "",
                   "When stdin is closed, quit quickly without waiting for queued tasks to finish."});
  return specs;
}

int threadsFlag(const Options& options, const Config& config) {
  const std::optional<long long> given = options.getInt("analysis-threads");
  if (!given) return 0;
  if (config.has("numAnalysisThreads") && config.name() != kBuiltinConfig)
    throw UserError("When specifying numAnalysisThreads in the config (" + config.name() +
                    "), it is redundant and disallowed to also specify it via -analysis-threads");
  if (*given < 1 || *given > 16384)
    throw UserError("Invalid value for numAnalysisThreads: " + std::to_string(*given));
  return static_cast<int>(*given);
}

ModelDescription describe(const NetEvaluator& net, const std::string& path, TriState useFP16) {
  ModelDescription model;
  model.name = path;
  model.internalName = net.modelName();
  constexpr int kOfCpuBuilds = 2;  // what the reference reports there; ours batches as its threads ask for
  model.maxBatchSize = std::max(kOfCpuBuilds, net.maxBatch());
  model.usesHumanSLProfile = net.usesMetadata();
  model.usingFP16 = useFP16 == TriState::Auto ? "auto" : useFP16 == TriState::True ? "true" : "false";
  model.version = net.modelVersion();
  return model;
}

AnalysisServerSetup serverSetup(EngineSetup& engine, const AnalysisSettings& settings,
                                const SearchParams& params,
                                std::shared_ptr<const PatternBonusTable> avoidedPatterns) {
  AnalysisServerSetup setup;
  setup.avoidedPatterns = std::move(avoidedPatterns);
  setup.net = &engine.net();
  setup.human = engine.human();
  setup.treeMemory = engine.treeMemoryLimit(settings.numAnalysisThreads);
  setup.models.push_back(describe(engine.net(), engine.modelFile(), engine.netSettings().useFP16));
  if (engine.human() != nullptr)
    setup.models.push_back(describe(*engine.human(), engine.humanModelFile(), engine.netSettings().useFP16));
  for (int i = 0; i < settings.numAnalysisThreads; i++) setup.searchSeeds.push_back(engine.drawSearchSeed());
  QueryContext& context = setup.context;
  context.config = engine.config();
  context.settings = settings;
  context.params = params;
  context.hasHumanModel = engine.hasHumanModel();
  context.modelVersion = engine.net().modelVersion();
  context.netX = engine.net().nnX();
  context.netY = engine.net().nnY();
  context.netNeedsExactSize = engine.net().requiresExactSize();
  context.profileProblem = [&engine](const SearchParams& p) { return engine.profileProblem(p); };
  return setup;
}

// Human nets differ with the profile; without one they are only used by queries that name it.
void noteMissingProfile(EngineSetup& engine, const SearchParams& params) {
  if (engine.human() != nullptr && engine.human()->usesMetadata() && params.humanSLProfile.empty())
    engine.announce(
        "Warning: Provided -human-model but humanSLProfile is not yet set. The human SL model will only "
        "be used on queries that provide humanSLProfile in overrideSettings.");
}

void serve(EngineSetup& engine, AnalysisServerSetup setup, bool quitWithoutWaiting) {
  const AnalysisSettings settings = setup.context.settings;
  Logger& log = engine.log();
  QueuedLineWriter out(stdout, [&](const std::string& line) {
    if (settings.logAllResponses) log.write("Response: " + line);
  });
  AnalysisServer server(std::move(setup), out, log);
  log.write("Analyzing up to " + std::to_string(settings.numAnalysisThreads) +
            " positions at a time in parallel");
  engine.announce("Started, ready to begin handling requests");
  LineReader in(std::cin);
  std::string line;
  while (true) {
    const LineReader::Result result = in.next(line);
    if (result == LineReader::Result::End) break;
    if (result == LineReader::Result::TooLong)
      server.refuseTooLongLine();
    else
      server.handleLine(line);
  }
  server.finish(!quitWithoutWaiting);
}

}  // namespace

int runAnalysis(const CommandLine& line) {
  const std::optional<Options> options = parseOptions(line, analysisOptions());
  if (!options) return 0;
  std::ios::sync_with_stdio(false);
  EngineSetup engine(options->engineOptions(true), Mode::Analysis, line.program, nn::makeBackend({}));
  engine.config().renameKey("numSearchThreadsPerAnalysisThread", "numSearchThreads");
  const int flag = threadsFlag(*options, engine.config());
  engine.openLog();
  engine.log().write("Analysis Engine starting...");
  engine.announce(kBanner);
  const AnalysisSettings settings = loadAnalysisSettings(engine.config(), flag);
  const SearchParams params = loadSearchParams(engine.config(), Mode::Analysis, engine.hasHumanModel());
  std::shared_ptr<const PatternBonusTable> avoidedPatterns =
      loadAvoidedPatterns(engine.config(), engine.log());
  NetRequest request;
  request.boardX = request.boardY = kMaxBoardLen;
  request.concurrentEvaluations = params.numSearchThreads * settings.numAnalysisThreads;
  engine.loadNets(request);
  engine.reportUnusedKeys();
  engine.warnIfProfileUnused(params);
  engine.logWhatWasLoaded();
  noteMissingProfile(engine, params);
  serve(engine, serverSetup(engine, settings, params, std::move(avoidedPatterns)),
        options->has("quit-without-waiting"));
  engine.logNetStatistics();
  engine.log().write("All cleaned up, quitting");
  return 0;
}

}  // namespace ponnuki
