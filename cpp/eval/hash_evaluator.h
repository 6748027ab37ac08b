// Invents evaluations from a hash of the position: a plausible policy over the legal moves and values near
// even. Costs a few microseconds and is the same on every machine; for tests of the search and for measuring
// its overhead. Thread-safe. No cache, never busy.
#pragma once

#include <atomic>
#include <string>

#include "eval/evaluator.h"

namespace ponnuki {

struct HashEvaluatorSettings {
  int nnX = kMaxBoardLen, nnY = kMaxBoardLen;
  uint64_t salt = 0;  // another salt is another net
  int modelVersion = 14;
  bool usesMetadata = false;
};

class HashEvaluator final : public Evaluator {
 public:
  explicit HashEvaluator(const HashEvaluatorSettings& settings = {});

  NNOutputPtr evaluate(const GameState& state, const EvalRequest& request) override;

  int nnX() const override { return settings_.nnX; }
  int nnY() const override { return settings_.nnY; }
  bool requiresExactSize() const override { return false; }
  bool supportsShorttermError() const override { return settings_.modelVersion >= 9; }
  bool usesMetadata() const override { return settings_.usesMetadata; }
  bool declaresPassAliveAsIfSuicide() const override { return false; }
  int modelVersion() const override { return settings_.modelVersion; }
  std::string modelName() const override { return "hash"; }
  std::string modelFile() const override { return "hash"; }
  void clearCache() override {}
  uint64_t rowsEvaluated() const override { return rows_.load(std::memory_order_relaxed); }
  uint64_t batchesEvaluated() const override { return rowsEvaluated(); }
  uint64_t cacheHits() const override { return 0; }
  bool isBusy() const override { return false; }
  void waitForAnyEvaluation() override {}

 private:
  HashEvaluatorSettings settings_;
  std::atomic<uint64_t> rows_{0};
};

}  // namespace ponnuki
