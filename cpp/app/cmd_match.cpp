// `katago match`: games of bots against each other (spec analysis-cli-config 3.9).
#include <atomic>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <thread>

#include "app/commands.h"
#include "base/error.h"
#include "engine/engine_setup.h"
#include "engine/match_runner.h"
#include "engine/version.h"

namespace ponnuki {
namespace {

std::vector<OptionSpec> matchOptions() {
  return {{"config", "", "FILE", "Config file to use; a later one overrides an earlier one.", true, true},
          {"override-config", "", "KEYVALUEPAIRS",
           "Override config parameters, as in \"key=value, key=value, ...\".", true},
          {"log-file", "", "FILE", "Log file to output to, beside those of the config."},
          {"sgf-output-dir", "", "DIR", "Directory for the records of the games."}};
}

volatile std::sig_atomic_t gInterrupts = 0;  // SIGINT: the first ends the match after the games in progress
volatile std::sig_atomic_t gTerminated = 0;  // SIGTERM: they are discarded

void countSignal(int number) {
  if (number == SIGTERM)
    gTerminated = 1;
  else
    gInterrupts = gInterrupts + 1;
}

// Watches for signals while it lives, since a handler itself may do next to nothing.
class SignalWatch {
 public:
  SignalWatch(MatchRunner& runner, std::function<void(const std::string&)> say)
      : runner_(runner), say_(std::move(say)) {
    std::signal(SIGINT, countSignal);
    std::signal(SIGTERM, countSignal);
    thread_ = std::thread([this] { watch(); });
  }
  ~SignalWatch() {
    over_ = true;
    thread_.join();
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
  }
  static bool signalled() { return gInterrupts > 0 || gTerminated; }

 private:
  void watch() {
    bool told = false;
    for (; !over_; std::this_thread::sleep_for(std::chrono::milliseconds(20))) {
      if (gInterrupts > 1 || gTerminated) return runner_.abort();
      if (gInterrupts == 0 || told) continue;
      told = true;
      runner_.finishEarly();
      say_("Interrupted: no further game starts, " + std::to_string(runner_.gamesInProgress()) +
           " in progress go on to their end. Interrupt again to discard them.");
    }
  }

  MatchRunner& runner_;
  std::function<void(const std::string&)> say_;
  std::atomic<bool> over_{false};
  std::thread thread_;
};

using OwnedNets = std::vector<std::unique_ptr<NetEvaluator>>;

OwnedNets loadNets(EngineSetup& engine, const MatchSettings& settings) {
  OwnedNets nets;
  for (size_t i = 0; i < settings.nets.size(); i++) {
    NetRequest request;
    request.bot = static_cast<int>(settings.nets[i].firstBot);
    request.boardX = settings.largestX();
    request.boardY = settings.largestY();
    request.requireExactSize = settings.allOneSize();
    for (const MatchBot& bot : settings.bots)
      if (bot.net == i)
        request.concurrentEvaluations =
            std::max(request.concurrentEvaluations, bot.params.numSearchThreads * settings.gameThreads);
    nets.push_back(engine.loadOwnNet(settings.nets[i].modelFile, static_cast<int>(i), request));
    engine.log().write("Loaded neural net");
  }
  return nets;
}

void checkNets(const MatchSettings& settings, const OwnedNets& nets) {
  for (const auto& net : nets)
    if (net->usesMetadata())
      throw UserError("The net " + net->modelFile() +
                      " imitates human players and needs a profile; match cannot use it");
  for (const MatchBoardSize& size : settings.sizes)
    for (const auto& net : nets)
      if (size.x > net->nnX() || size.y > net->nnY())
        throw UserError("Board size " + std::to_string(size.x) + "x" + std::to_string(size.y) +
                        " of the match is larger "
                        "than the buffer of the net, " +
                        std::to_string(net->nnX()) + "x" + std::to_string(net->nnY()) +
                        ": raise maxBoardSizeForNNBuffer or leave it out");
}

void warnOfRules(EngineSetup& engine, const MatchSettings& settings, const OwnedNets& nets) {
  for (const MatchBot& bot : settings.bots) {
    bool supported = true;
    for (const KoRule ko : settings.ko)
      for (const ScoringRule scoring : settings.scoring)
        for (const TaxRule tax : settings.tax)
          for (const bool button : settings.button) {
            Rules rules;
            rules.ko = ko;
            rules.scoring = scoring;
            rules.tax = tax;
            rules.hasButton = button && scoring == ScoringRule::Area;
            supported = supported && rules.nearestSupported(nets[bot.net]->modelVersion()) == rules;
          }
    if (!supported)
      engine.log().write("WARNING: Match is running bot on rules that it does not support: " + bot.name);
  }
}

void requireLimits(const MatchSettings& settings) {
  for (const MatchBot& bot : settings.bots)
    if (bot.params.maxVisits >= kUnlimitedVisits && bot.params.maxPlayouts >= kUnlimitedVisits &&
        bot.params.maxTime >= kUnlimitedTime)
      throw UserError("Bot " + bot.name +
                      " would think for ever on its first move: set maxVisits, maxPlayouts or maxTime");
}

void makeFolder(const std::string& path) {
  if (path.empty()) return;
  std::error_code failed;
  std::filesystem::create_directories(path, failed);
  if (!std::filesystem::is_directory(path))
    throw UserError("Could not create the folder " + path + " for game records");
}

}  // namespace

int runMatch(const CommandLine& line) {
  const std::optional<Options> options = parseOptions(line, matchOptions());
  if (!options) return 0;
  EngineSetup engine(options->engineOptions(), Mode::Match, line.program, nn::makeBackend({}));
  engine.openLog(options->get("log-file"));
  const auto say = [&engine](const std::string& text) {
    engine.log().write(text);
    if (engine.logsToStdout()) return;
    std::printf("%s\n", text.c_str());
    std::fflush(stdout);
  };
  engine.log().write("Match Engine starting...");
  engine.log().write(std::string("Git revision: ") + kGitRevision);
  const MatchSettings settings = loadMatchSettings(engine.config());
  requireLimits(settings);
  makeFolder(options->get("sgf-output-dir"));
  const OwnedNets nets = loadNets(engine, settings);
  checkNets(settings, nets);
  const std::shared_ptr<TreeMemoryLimit> memory = engine.treeMemoryLimit(2 * settings.gameThreads);
  for (const std::string& key : settings.ignoredKeys)
    engine.warn("WARNING: " + key + " has no effect in match and is ignored");
  engine.reportUnusedKeys();
  warnOfRules(engine, settings, nets);
  say("Loaded all config stuff, starting matches");

  MatchRunnerSetup setup{settings,
                         {},
                         engine.log(),
                         say,
                         [&engine] { return engine.drawSearchSeed(); },
                         options->get("sgf-output-dir"),
                         memory};
  for (const auto& net : nets) setup.nets.push_back(net.get());
  MatchRunner runner(std::move(setup));
  std::string table;
  {
    const SignalWatch watch(runner, say);
    const MatchResults& results = runner.run();
    table = std::to_string(results.games()) + " games\n" + results.table();
  }
  say(table);
  for (const auto& net : nets) {
    engine.log().write(net->modelFile());
    engine.log().write("NN rows: " + std::to_string(net->rowsEvaluated()));
    engine.log().write("NN batches: " + std::to_string(net->batchesEvaluated()));
  }
  if (SignalWatch::signalled()) engine.log().write("Exited cleanly after signal");
  engine.log().write("All cleaned up, quitting");
  return 0;
}

}  // namespace ponnuki
