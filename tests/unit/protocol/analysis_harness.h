// Runs lines through an analysis server that has invented evaluations, and collects what it prints.
#pragma once

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "base/log.h"
#include "config/resolve.h"
#include "eval/hash_evaluator.h"
#include "protocol/analysis/server.h"

namespace ponnuki::test {

class AnalysisHarness {
 public:
  explicit AnalysisHarness(int threads = 1, const std::string& moreConfig = "") {
    AnalysisServerSetup setup;
    QueryContext& context = setup.context;
    context.config = Config::fromText(
        "maxVisits = 8\nnumAnalysisThreads = " + std::to_string(threads) +
            "\nnumSearchThreads = 1\nnnRandomize = false\nnnCacheSizePowerOfTwo = 14\n" + moreConfig,
        "a.cfg");
    context.settings = loadAnalysisSettings(context.config, 0);
    context.params = loadSearchParams(context.config, Mode::Analysis, false);
    context.modelVersion = net_.modelVersion();
    context.profileProblem = [](const SearchParams& params) {
      return params.humanSLProfile.empty()
                 ? std::string()
                 : std::string(
                       "WARNING: humanSLProfile is specified as config param but model(s) don't use it: net");
    };
    ModelDescription model;
    model.name = "net.bin.gz";
    model.internalName = "net";
    model.version = 14;
    setup.models = {model};
    for (int i = 0; i < threads; i++) setup.searchSeeds.push_back("seed" + std::to_string(i));
    setup.net = &net_;
    out_ = open_memstream(&buffer_, &size_);
    writer_ = std::make_unique<QueuedLineWriter>(out_, [this](const std::string& line) {
      {
        const std::lock_guard<std::mutex> guard(mutex_);
        seen_.push_back(line);
      }
      lines_++;
      lines_.notify_all();
    });
    server_ = std::make_unique<AnalysisServer>(std::move(setup), *writer_, log_);
  }
  ~AnalysisHarness() {
    if (server_) finish();
    std::free(buffer_);
  }

  AnalysisServer& server() { return *server_; }
  void send(const std::string& line) { server_->handleLine(line); }

  // Blocks until so many lines are out.
  void waitForLines(int count) {
    for (int seen = lines_; seen < count; seen = lines_)
      lines_.wait(seen);
  }

  // What was written so far.
  std::vector<std::string> linesSoFar() const {
    const std::lock_guard<std::mutex> guard(mutex_);
    return seen_;
  }

  // Ends the server and returns all it wrote.
  std::vector<std::string> finish(bool waitForAll = true) {
    server_->finish(waitForAll);
    server_.reset();
    writer_.reset();
    std::fclose(out_);
    std::istringstream in(std::string(buffer_, size_));
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> seen_;
  HashEvaluator net_;
  Logger log_;
  char* buffer_ = nullptr;
  size_t size_ = 0;
  std::FILE* out_ = nullptr;
  std::atomic<int> lines_{0};
  std::unique_ptr<QueuedLineWriter> writer_;
  std::unique_ptr<AnalysisServer> server_;
};

inline std::vector<std::string> answersTo(const std::vector<std::string>& lines) {
  AnalysisHarness harness;
  for (const std::string& line : lines) harness.send(line);
  return harness.finish();
}

}  // namespace ponnuki::test
