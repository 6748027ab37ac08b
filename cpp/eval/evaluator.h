// Evaluates positions. The search sees only this interface; NetEvaluator runs a net behind a cache and batches
// requests of many threads, HashEvaluator invents values from a position hash for tests and overhead benchmarks.
// Thread-safe. Spec model-and-network 16, nn-inputs 13.
#pragma once

#include <cstdint>
#include <string>

#include "eval/eval_params.h"
#include "eval/metadata.h"
#include "eval/nn_output.h"
#include "game/game_state.h"

namespace ponnuki {

struct EvalRequest {
  EvalParams params;
  bool skipCache = false;        // do not read the cache (the result is still written)
  bool includeOwnership = false;
  const SgfMetadata* metadata = nullptr;  // needed by nets with a metadata encoder; caller owns, may be null otherwise
};

class Evaluator {
 public:
  virtual ~Evaluator() = default;
  // state.toMove() is the side to move. Throws UserError if the board does not fit the buffer or a needed
  // profile is missing, InternalError on a net that yields non-finite numbers. Blocks until done.
  virtual NNOutputPtr evaluate(const GameState& state, const EvalRequest& request) = 0;

  virtual int nnX() const = 0;                     // buffer size in points
  virtual int nnY() const = 0;
  virtual bool requiresExactSize() const = 0;
  virtual bool supportsShorttermError() const = 0; // net version >= 9
  virtual bool usesMetadata() const = 0;           // net wants an SgfMetadata
  virtual bool declaresPassAliveAsIfSuicide() const = 0;
  virtual int modelVersion() const = 0;            // for Rules::nearestSupported
  virtual std::string modelName() const = 0;       // internal name of the file
  virtual std::string modelFile() const = 0;
  virtual void clearCache() = 0;
  virtual uint64_t rowsEvaluated() const = 0;      // statistics since construction
  virtual uint64_t batchesEvaluated() const = 0;
  virtual uint64_t cacheHits() const = 0;
  // True while some thread is waiting for an evaluation: terminal leaves wait for it (spec search 25).
  virtual bool isBusy() const = 0;
  virtual void waitForAnyEvaluation() = 0;
};

}  // namespace ponnuki
