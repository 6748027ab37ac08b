// The analysis engine: takes lines, keeps the queue of positions, runs searches on several threads and writes the
// replies (spec analysis-cli-config 1.4-1.7, 1.11, 1.12).
//
// handleLine() and finish() are for one thread, the reader. Every accepted position gets exactly one line with
// "isDuringSearch" false, also when it is terminated or its search fails.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/log.h"
#include "eval/evaluator.h"
#include "protocol/analysis/query_parser.h"
#include "protocol/line_io.h"
#include "search/pattern_bonus.h"
#include "search/tree_memory.h"

namespace ponnuki {

struct ModelDescription {       // an element of query_models
  std::string name;             // path as given
  std::string internalName;
  int maxBatchSize = 2;
  bool usesHumanSLProfile = false;
  std::string usingFP16 = "auto";
  int version = 0;
};

struct AnalysisServerSetup {
  QueryContext context;
  std::vector<ModelDescription> models;  // main net first
  std::vector<std::string> searchSeeds;  // one per analysis thread
  Evaluator* net = nullptr;              // these outlive the server
  Evaluator* human = nullptr;            // or null
  std::shared_ptr<const PatternBonusTable> avoidedPatterns;  // of avoidSgf* keys, or null
  std::shared_ptr<TreeMemoryLimit> treeMemory;  // for each thread's tree; null = no limit
};

class AnalysisServer {
 public:
  AnalysisServer(AnalysisServerSetup setup, QueuedLineWriter& out, Logger& log);
  ~AnalysisServer();  // like finish(false)
  AnalysisServer(const AnalysisServer&) = delete;
  AnalysisServer& operator=(const AnalysisServer&) = delete;

  void handleLine(const std::string& line);  // never throws on any content
  void refuseTooLongLine();
  // No more lines will come. waitForAll: completes all positions; otherwise drops them and their replies.
  void finish(bool waitForAll);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ponnuki
