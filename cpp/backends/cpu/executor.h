// One run at a time on the calling thread and, with CompileOptions::threads > 1, helper threads of its own
// that watch for the next run for a moment, then sleep. All memory is allocated here: a run allocates
// nothing.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "backends/cpu/aligned.h"
#include "backends/cpu/step.h"
#include "graph/backend.h"

namespace ponnuki::nn {

struct CompiledNet {
  CompileOptions options;
  const KernelTable* kernels = nullptr;
  std::vector<std::unique_ptr<Step>> steps;
  size_t arenaFloats = 0, sharedFloats = 0, ownFloats = 0, weightFloats = 0;
  int spatialChannels = 0, globalChannels = 0, metaChannels = 0;

  int points() const { return options.boardX * options.boardY; }
  int threads() const { return options.threads > 1 ? options.threads : 1; }
  size_t maskFloats() const { return static_cast<size_t>(options.maxBatch * points() + 15) / 16 * 16; }
  size_t scratchFloats() const {
    return arenaFloats + maskFloats() + sharedFloats + ownFloats * static_cast<size_t>(threads());
  }
};

class CpuExecutor final : public Executor {
 public:
  explicit CpuExecutor(std::shared_ptr<const CompiledNet> net);
  ~CpuExecutor() override;
  void run(const BatchIn& in, const BatchOut& out) override;

 private:
  void runSteps(int index);
  void helperLoop(int index);

  std::shared_ptr<const CompiledNet> net_;
  AlignedFloats memory_;
  RunState state_;
  SpinBarrier barrier_;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::atomic<unsigned> runs_{0};  // changes under mutex_, so that no sleeper misses it
  bool stop_ = false;              // guarded by mutex_
  std::vector<std::thread> helpers_;
};

}  // namespace ponnuki::nn
