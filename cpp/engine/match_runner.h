// Plays all games of a match on several threads and writes what comes of them (spec analysis-cli-config 3.9).
// run() is for one thread; finishEarly() and abort() for any, signal handlers excepted.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/log.h"
#include "engine/match_results.h"
#include "engine/match_settings.h"
#include "eval/evaluator.h"
#include "search/tree_memory.h"

namespace ponnuki {

struct MatchRunnerSetup {
  const MatchSettings& settings;
  std::vector<Evaluator*> nets;  // as settings.nets; outlive the runner
  Logger& log;
  std::function<void(const std::string&)> say;  // progress for a person, and the log
  std::function<std::string()> drawSeed;        // called by one thread at a time
  std::string sgfDirectory;                     // exists; "" = no records
  std::shared_ptr<TreeMemoryLimit> treeMemory;  // null = no limit
};

class MatchRunner {
 public:
  explicit MatchRunner(MatchRunnerSetup setup);
  ~MatchRunner();
  MatchRunner(const MatchRunner&) = delete;
  MatchRunner& operator=(const MatchRunner&) = delete;

  // Returns when all games are over, or those in progress after finishEarly() or abort(). Errors of a game
  // end the match and are rethrown here.
  const MatchResults& run();
  void finishEarly();  // starts no further game
  void abort();        // and discards those in progress
  int gamesInProgress() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ponnuki
