// Evaluates positions with a net: features, cache, batches of many threads, post-processing. Thread-safe.
//
// There are no server threads. A seat is an Executor with a random generator for symmetries; a calling thread
// that finds a free seat runs the net itself, and takes along what others queued. With all seats taken a
// thread queues its row and sleeps until another has evaluated it or hands it the seat. So one search thread
// never changes threads, and many share batches of at most the batch limit, first come first served. Spec
// model-and-network 16.
#pragma once

#include <memory>
#include <string>

#include "base/log.h"
#include "config/engine_params.h"
#include "eval/evaluator.h"
#include "graph/backend.h"
#include "model/model_file.h"

namespace ponnuki {

struct NetEvaluatorSettings {
  std::string modelFile;
  NetSettings net;     // loadNetSettings()
  int modelIndex = 0;  // for log lines
  // Rows per run and Executors; 0 = by the backend: CPU kinds as thread_plan.h says, others
  // numNNServerThreadsPerModel seats and nnMaxBatchSize.
  int maxBatch = 0, seats = 0;
};

class NetEvaluator final : public Evaluator {
 public:
  // Takes the model's weights; none of the graph is kept once it is compiled.
  NetEvaluator(const NetEvaluatorSettings& settings, LoadedModel model, nn::Backend& backend, Logger& log);
  ~NetEvaluator() override;  // no evaluation may be in progress

  NNOutputPtr evaluate(const GameState& state, const EvalRequest& request) override;

  int nnX() const override;
  int nnY() const override;
  bool requiresExactSize() const override;
  bool supportsShorttermError() const override;
  bool usesMetadata() const override;
  bool declaresPassAliveAsIfSuicide() const override;
  int modelVersion() const override;
  std::string modelName() const override;
  std::string modelFile() const override;
  void clearCache() override;
  uint64_t rowsEvaluated() const override;
  uint64_t batchesEvaluated() const override;
  uint64_t cacheHits() const override;
  bool isBusy() const override;
  void waitForAnyEvaluation() override;

  const ModelInfo& info() const;
  int maxBatch() const;
  int seats() const;
  int threads() const;  // CPU threads of all evaluations together; on other devices the seats
  std::string computeDescription() const;  // kernels and dtype, for benchmarks

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Loads the file (or, with debugSkipNeuralNet, invents outputs) and logs the lines of spec 16.8.
std::unique_ptr<NetEvaluator> makeNetEvaluator(const NetEvaluatorSettings& settings, nn::Backend& backend,
                                               Logger& log);

}  // namespace ponnuki
