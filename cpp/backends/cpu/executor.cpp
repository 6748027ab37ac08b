#include "backends/cpu/executor.h"

#include "base/error.h"

namespace ponnuki::nn {

CpuExecutor::CpuExecutor(std::shared_ptr<const CompiledNet> net)
    : net_(std::move(net)), memory_(net_->scratchFloats()), barrier_(net_->threads()) {
  state_.kernels = net_->kernels;
  state_.arena = memory_.data();
  state_.mask = state_.arena + net_->arenaFloats;
  state_.shared = state_.mask + net_->maskFloats();
  state_.own = state_.shared + net_->sharedFloats;
  state_.ownSize = net_->ownFloats;
  for (int i = 1; i < net_->threads(); i++) helpers_.emplace_back([this, i] { helperLoop(i); });
}

CpuExecutor::~CpuExecutor() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  for (std::thread& t : helpers_) t.join();
}

void CpuExecutor::run(const BatchIn& in, const BatchOut& out) {
  ENSURE(in.rows >= 0 && in.rows <= net_->options.maxBatch);
  const size_t rows = static_cast<size_t>(in.rows), points = static_cast<size_t>(net_->points());
  ENSURE(in.spatial.size() >= rows * points * static_cast<size_t>(net_->spatialChannels));
  ENSURE(in.global.size() >= rows * static_cast<size_t>(net_->globalChannels));
  ENSURE(in.meta.size() >= rows * static_cast<size_t>(net_->metaChannels));
  if (in.rows == 0) return;
  state_.rows = in.rows;
  state_.in = &in;
  state_.out = &out;
  if (!helpers_.empty()) {
    {
      const std::lock_guard lock(mutex_);
      runs_++;
    }
    wake_.notify_all();
  }
  runSteps(0);
}

// The barrier after the last step also tells the caller that no helper touches its buffers any more.
void CpuExecutor::runSteps(int index) {
  const Worker worker(state_, helpers_.empty() ? nullptr : &barrier_, index, net_->threads());
  for (const auto& step : net_->steps) {
    step->run(worker);
    worker.barrier();
  }
}

void CpuExecutor::helperLoop(int index) {
  constexpr int kSpins =
      1000;  // tens of microseconds: a search thread comes back sooner than a sleeper wakes
  for (unsigned seen = 0;;) {
    for (int i = 0; i < kSpins && runs_.load(std::memory_order_acquire) == seen; i++) relaxCore();
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [&] { return stop_ || runs_ != seen; });
      if (stop_) return;
      seen = runs_;
    }
    runSteps(index);
  }
}

}  // namespace ponnuki::nn
