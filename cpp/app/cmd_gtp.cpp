// `katago gtp`: the engine for Go clients, on stdin and stdout (spec gtp 2).
#include <algorithm>
#include <cstdio>
#include <iostream>

#include "app/commands.h"
#include "app/terminal_input.h"
#include "base/error.h"
#include "engine/engine_setup.h"
#include "engine/version.h"
#include "protocol/gtp/command_table.h"
#include "protocol/gtp/session.h"
#include "search/pattern_loader.h"

namespace ponnuki {
namespace {

std::vector<OptionSpec> gtpOptions() {
  std::vector<OptionSpec> specs = commonOptions(ConfigOption::Optional, true);
  specs.push_back({"override-version", "", "VERSION",
                   "Force KataGo to say a certain value in response to GTP version command"});
  return specs;
}

// To the log and, unless start-up is to be quiet or the log goes there anyway, to stderr.
class StartupMessages {
 public:
  StartupMessages(EngineSetup& engine, bool quiet) : engine_(engine), quiet_(quiet) {}
  void say(const std::string& line) const {
    engine_.log().write(line);
    if (!quiet_ && !engine_.logsToStderr()) std::fprintf(stderr, "%s\n", line.c_str());
  }

 private:
  EngineSetup& engine_;
  bool quiet_;
};

Rules initialRules(const Config& config, const StartupMessages& messages) {
  Rules rules = loadRules(config);
  messages.say("Using " + rules.niceName() + " rules initially, unless GTP/GUI overrides this");
  if (config.has("ignoreGTPAndForceKomi"))
    rules.komi = config.getFloat("ignoreGTPAndForceKomi", -kMaxUserKomi, kMaxUserKomi);
  return rules;
}

void requireOneBot(const Config& config) {
  if (config.has("numBots") && config.getInt("numBots", 1, 4096) > 1)
    throw UserError("The config for this command cannot have numBots > 0");
}

void logBufferSize(EngineSetup& engine, const char* what, const Evaluator& net) {
  engine.log().write(std::string("Loaded ") + what + " with nnXLen " + std::to_string(net.nnX()) +
                     " nnYLen " + std::to_string(net.nnY()));
}

NetLoader netLoader(EngineSetup& engine, const GtpSettings& settings, const BotParams& params,
                    const Rules& rules) {
  const int threads = std::max(params.sets.genmove.numSearchThreads, params.sets.analysis.numSearchThreads);
  const bool exact = !settings.gtpForceMaxNNSize;
  return [&engine, threads, exact, rules](int boardX, int boardY) {
    NetRequest request;
    request.boardX = boardX;
    request.boardY = boardY;
    request.requireExactSize = exact;
    request.concurrentEvaluations = threads;
    engine.loadNets(request);
    logBufferSize(engine, "neural net", engine.net());
    if (engine.human() != nullptr) logBufferSize(engine, "human SL net", *engine.human());
    if (!(rules.nearestSupported(engine.net().modelVersion()) == rules))
      throw UserError("Rules " + rules.toJson(false) + " from config file " + engine.config().name() +
                      " are NOT supported by neural net");
    Nets nets;
    nets.main = &engine.net();
    nets.human = engine.human();
    nets.maxBatchSize = engine.net().maxBatch();
    nets.useFP16 = engine.netSettings().useFP16;
    return nets;
  };
}

// Patterns not to repeat, from game records or from the engine's own games (spec gtp 3.6).
void loadPatterns(EngineSetup& engine, gtp::SessionSetup& setup) {
  const Config& config = engine.config();
  setup.avoidedPatterns = loadAvoidedPatterns(config, engine.log());
  setup.autoAvoid = AutoAvoid::fromConfig(config, engine.log(), engine.seeds());
  if (!setup.autoAvoid) return;
  if (setup.avoidedPatterns)
    throw UserError("Providing both sgf avoid patterns and auto avoid patterns is not implemented right now");
  setup.avoidedPatterns = setup.autoAvoid->load();
}

gtp::SessionSetup sessionSetup(EngineSetup& engine, const Options& options, const StartupMessages& messages) {
  Config& config = engine.config();
  gtp::SessionSetup setup;
  setup.config = &config;
  setup.hasHumanModel = engine.hasHumanModel();
  setup.logsToStderr = engine.logsToStderr();
  setup.forPerson = isTerminal(stdin) && isTerminal(stdout);
  setup.colours = setup.forPerson && wantsColours(stdout);
  if (options.has("override-version")) setup.versionOverride = options.get("override-version");
  setup.rules = initialRules(config, messages);
  requireOneBot(config);
  setup.params = gtp::loadBotParams(config, engine.hasHumanModel());
  engine.log().write("Using " + std::to_string(setup.params.sets.genmove.numSearchThreads) +
                     " CPU thread(s) for search");
  setup.settings = loadGtpSettings(config);
  setup.treeMemory = engine.treeMemoryLimit(1);
  if (setup.settings.onlyOneBoardSizeKey)
    engine.log().write(
        "Warning: Config specified only one of defaultBoardXSize or defaultBoardYSize and no other "
        "board size parameter, ignoring it");
  loadPatterns(engine, setup);
  setup.loader = netLoader(engine, setup.settings, setup.params, setup.rules);
  return setup;
}

// Without any limit the engine would think for ever.
void setDefaultClocks(gtp::Session& session) {
  const Config& config = session.config();
  if (config.has("maxPlayouts") || config.has("maxVisits") || config.has("maxTime")) return;
  for (const Color c : {Color::Black, Color::White})
    session.bot().clock(c) = TimeControl::byoYomi(1.0, 5.0, 5);
}

void announceReady(EngineSetup& engine, const SearchParams& params, const StartupMessages& messages) {
  engine.reportUnusedKeys();
  engine.warnIfProfileUnused(params);
  messages.say("Loaded config " + engine.config().name());
  messages.say("Loaded model " + engine.modelFile());
  if (engine.human() != nullptr) messages.say("Loaded human SL model " + engine.humanModelFile());
  for (const auto& [key, value] : engine.config().overrides())
    engine.log().write("Config override: " + key + " = " + value);
  messages.say("Model name: " + engine.net().modelName());
  if (engine.human() != nullptr) messages.say("Human SL model name: " + engine.human()->modelName());
  messages.say("GTP ready, beginning main protocol loop");
  if (engine.human() != nullptr && engine.human()->usesMetadata() && params.humanSLProfile.empty())
    engine.announce(
        "WARNING: Provided -human-model but humanSLProfile was not set in the config or overrides. The "
        "human SL model will not be used until it is set in the config or at runtime via kata-set-param.");
}

// A person types, with editing, instead of a client.
void playAtTerminal(gtp::Session& session) {
  std::fprintf(stderr, "Type GTP commands: help lists them, showboard shows the game, quit ends.\n");
  std::vector<std::string> names;
  for (const gtp::Command& command : gtp::commandTable()) names.emplace_back(command.name);
  TerminalInput input(std::move(names));
  while (const std::optional<std::string> line = input.next(session.printsInBackground() ? "" : "> "))
    if (!session.handleLine(*line)) return;
  session.endOfInput();
}

}  // namespace

int runGtp(const CommandLine& line) {
  const std::optional<Options> options = parseOptions(line, gtpOptions());
  if (!options) return 0;
  std::ios::sync_with_stdio(false);
  EngineSetup engine(options->engineOptions(true), Mode::Gtp, line.program, nn::makeBackend({}));
  engine.openLog();
  const Config& config = engine.config();
  config.getBool("logAllGTPCommunication");  // both are required and missed first
  config.getBool("logSearchInfo");
  const StartupMessages messages(engine, !config.getBool("startupPrintMessageToStderr", true));
  engine.log().write("GTP Engine starting...");
  messages.say(kBanner);
  gtp::SessionSetup setup = sessionSetup(engine, *options, messages);
  const SearchParams params = setup.params.sets.genmove;
  {
    gtp::Session session(std::move(setup), engine.log(), std::cout, std::cerr);
    setDefaultClocks(session);
    announceReady(engine, params, messages);
    if (isTerminal(stdin) && isTerminal(stdout))
      playAtTerminal(session);
    else
      session.run(std::cin);
  }
  engine.log().write("All cleaned up, quitting");
  return 0;
}

}  // namespace ponnuki
