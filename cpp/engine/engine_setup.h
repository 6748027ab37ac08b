// From command-line options to a running engine, the same way for every command: find the model, read configs
// and overrides, open the log, load the nets. Steps are separate calls because their order decides which
// error or log line a user sees first (spec analysis-cli-config 1.2, 2.2, 2.4, 2.7, 2.8, gtp 2).
//
// Owns config, log, backend and nets; they live as long as the EngineSetup. For one thread, except that the
// evaluators and the log may be used by all. Errors are UserErrors.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/rng.h"
#include "config/config_file.h"
#include "config/engine_params.h"
#include "config/resolve.h"
#include "eval/net_evaluator.h"
#include "graph/backend.h"
#include "search/tree_memory.h"

namespace ponnuki {

struct EngineOptions {
  std::vector<std::string> configFiles;  // empty: a default file where the mode has one, else see the next
  bool builtinConfig = false;            // without any file, start from builtinConfig() and not from nothing
  std::string modelFile;                 // "": the default file if there is one, else the built-in net
  std::string humanModelFile;            // "": no human net
  std::vector<std::string> overrides;    // each "k=v, k=v"
};

struct NetRequest {
  int boardX = 19, boardY = 19;   // size of the net buffer when the config names none
  bool requireExactSize = false;  // when the config does not say
  int concurrentEvaluations = 1;  // search threads that may ask at once
  std::optional<int> bot;         // of a match, see NetContext
  std::optional<int> maxBatch;    // instead of the config's nnMaxBatchSize; 0 = as the threads ask for
};

class EngineSetup {
 public:
  // Resolves the model file, reads configs, applies overrides. program: argv[0]. A null backend is for
  // commands and tests that load no net; otherwise app passes nn::makeBackend().
  EngineSetup(const EngineOptions& options, Mode mode, const std::string& program,
              std::unique_ptr<nn::Backend> backend);
  ~EngineSetup();
  EngineSetup(const EngineSetup&) = delete;
  EngineSetup& operator=(const EngineSetup&) = delete;

  Config& config() { return config_; }
  const Config& config() const { return config_; }
  Mode mode() const { return mode_; }
  const std::string& modelFile() const { return options_.modelFile; }  // resolved, as given if given
  bool hasHumanModel() const { return !options_.humanModelFile.empty(); }
  const std::string& humanModelFile() const { return options_.humanModelFile; }
  nn::Backend& backend();
  bool runsOnGpu() const;

  // Opens the log as the config asks and writes the config into it. Call once, before log().
  Logger& openLog(const std::string& extraFile = "");
  Logger& log();
  bool logsToStderr() const { return logsToStderr_; }
  bool logsToStdout() const { return logsToStdout_; }
  // To the log, and to stderr where the log does not go there already.
  void announce(const std::string& line);
  // To the log and to stderr in any case.
  void warn(const std::string& line);

  // Seeds of this run, in the order the reference draws them; fixed under forDeterministicTesting.
  Rng& seeds() { return seeds_; }
  // 32 upper-case hex digits from two draws: the seed of a searcher whose config names none (spec 1.15).
  std::string drawSearchSeed();

  // Loads the main net and, if given, the human net. Again for another board size: the old ones are freed
  // first, so no Search may still refer to them.
  void loadNets(const NetRequest& request);
  // A net of the caller's, for match; `index` is the one that per-net keys may have (maxBoardSizeForNNBuffer1).
  std::unique_ptr<NetEvaluator> loadOwnNet(const std::string& file, int index, const NetRequest& request);
  NetEvaluator& net();
  NetEvaluator* human() { return human_.get(); }        // null without a human net
  // The limit for the trees of this process, of which at most so many are in use at once; call once.
  std::shared_ptr<TreeMemoryLimit> treeMemoryLimit(int trees);
  const NetSettings& netSettings() const { return netSettings_; }  // of the main net as loaded

  // After everything was read: the warnings about unused keys (to log and stderr) and about a humanSLProfile
  // that no net uses; then what was loaded.
  void reportUnusedKeys();
  void warnIfProfileUnused(const SearchParams& params);
  // The text of that warning, "" if the profile is unset or some net uses it.
  std::string profileProblem(const SearchParams& params) const;
  void logWhatWasLoaded();
  void logNetStatistics();  // at exit

 private:
  std::unique_ptr<NetEvaluator> loadNet(const std::string& file, int index, std::string& randSeed,
                                        const NetRequest& request);

  EngineOptions options_;
  Mode mode_;
  Config config_;
  std::unique_ptr<nn::Backend> backend_;
  std::unique_ptr<Logger> log_;
  bool logsToStderr_ = false, logsToStdout_ = false;
  Rng seeds_;
  std::string nnRandSeed_, humanRandSeed_;  // drawn once, kept over reloads
  NetSettings netSettings_;
  std::unique_ptr<NetEvaluator> net_, human_;
};

}  // namespace ponnuki
