// One run at a time on the calling thread, with the help of whoever is idle in the net's pool: at most
// BatchIn::threads, and no more than make it faster. The result does not depend on how many help. All memory
// is allocated here: a run allocates nothing.
#pragma once

#include <memory>
#include <vector>

#include "backends/cpu/aligned.h"
#include "backends/cpu/helper_pool.h"
#include "backends/cpu/lowering.h"
#include "backends/cpu/step.h"
#include "backends/cpu/team_sizer.h"
#include "graph/backend.h"

namespace ponnuki::nn {

struct CompiledNet {
  std::shared_ptr<SharedNet> shared;
  CompileOptions options;
  const KernelTable* kernels = nullptr;
  std::vector<std::unique_ptr<Step>> steps;
  std::vector<std::vector<std::string>> layers;  // names of the ops in each step
  std::shared_ptr<HelperPool> helpers;  // options.threads - 1 of them, for all executors
  size_t arenaFloats = 0, sharedFloats = 0, ownFloats = 0, weightFloats = 0;
  int int8Products = 0;
  int spatialChannels = 0, globalChannels = 0, metaChannels = 0;

  int points() const { return options.boardX * options.boardY; }
  size_t maskFloats() const { return static_cast<size_t>(options.maxBatch * points() + 15) / 16 * 16; }
  size_t scratchFloats() const { return arenaFloats + maskFloats() + sharedFloats + ownFloats; }
};

class CpuExecutor final : public Executor, private HelpedTask {
 public:
  explicit CpuExecutor(std::shared_ptr<const CompiledNet> net);
  void run(const BatchIn& in, const BatchOut& out) override;
  // The same on the calling thread alone; seconds[i] becomes the time of step i if that is less.
  void runTimed(const BatchIn& in, const BatchOut& out, std::vector<double>& seconds);

 private:
  void help(int index, float* scratch) override;
  size_t scratchFloats() const override { return net_->ownFloats; }
  void prepare(const BatchIn& in, const BatchOut& out);
  void runSharing(int most);

  std::shared_ptr<const CompiledNet> net_;
  AlignedFloats memory_;
  float* scratch_;  // of the calling thread
  RunState state_;
  HelperPool::Team team_;
  TeamSizer sizer_;
  SpinBarrier barrier_;
};

}  // namespace ponnuki::nn
