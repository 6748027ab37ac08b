#include "backends/cpu/executor.h"

#include <algorithm>
#include <chrono>

#include "base/error.h"

namespace ponnuki::nn {

CpuExecutor::CpuExecutor(std::shared_ptr<const CompiledNet> net)
    : net_(std::move(net)), memory_(net_->scratchFloats()) {
  state_.kernels = net_->kernels;
  state_.arena = memory_.data();
  state_.mask = state_.arena + net_->arenaFloats;
  state_.shared = state_.mask + net_->maskFloats();
  scratch_ = state_.shared + net_->sharedFloats;
}

void CpuExecutor::prepare(const BatchIn& in, const BatchOut& out) {
  ENSURE(in.rows >= 0 && in.rows <= net_->options.maxBatch);
  const size_t rows = static_cast<size_t>(in.rows), points = static_cast<size_t>(net_->points());
  ENSURE(in.spatial.size() >= rows * points * static_cast<size_t>(net_->spatialChannels));
  ENSURE(in.global.size() >= rows * static_cast<size_t>(net_->globalChannels));
  ENSURE(in.meta.size() >= rows * static_cast<size_t>(net_->metaChannels));
  state_.rows = in.rows;
  state_.in = &in;
  state_.out = &out;
}

void CpuExecutor::run(const BatchIn& in, const BatchOut& out) {
  prepare(in, out);
  if (in.rows == 0) return;
  const int most = in.threads > 0 ? std::min(in.threads, net_->options.threads) : net_->options.threads;
  if (most > 1) return runSharing(most);
  net_->helpers->claim(team_, 0);
  help(0, scratch_);
}

void CpuExecutor::runTimed(const BatchIn& in, const BatchOut& out, std::vector<double>& seconds) {
  prepare(in, out);
  ENSURE(in.rows > 0 && seconds.size() == net_->steps.size());
  const Worker worker(state_, nullptr, 0, 1, scratch_);
  for (size_t i = 0; i < seconds.size(); i++) {
    const auto start = std::chrono::steady_clock::now();
    net_->steps[i]->run(worker);
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    seconds[i] = std::min(seconds[i], elapsed.count());
  }
}

void CpuExecutor::runSharing(int most) {
  const int wanted = sizer_.next(most);
  const auto start = std::chrono::steady_clock::now();
  net_->helpers->claim(team_, wanted - 1);
  barrier_.reset(team_.size() + 1);
  net_->helpers->start(team_, *this);
  help(0, scratch_);
  HelperPool::waitUntilDone(team_);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  if (team_.size() + 1 == wanted) sizer_.report(seconds.count() / state_.rows);
}

void CpuExecutor::help(int index, float* scratch) {
  const int count = team_.size() + 1;
  const Worker worker(state_, count > 1 ? &barrier_ : nullptr, index, count, scratch);
  for (const auto& step : net_->steps) {
    step->run(worker);
    if (step != net_->steps.back()) worker.barrier();
  }
}

}  // namespace ponnuki::nn
