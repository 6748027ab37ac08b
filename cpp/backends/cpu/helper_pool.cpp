#include "backends/cpu/helper_pool.h"

#include <algorithm>
#include <chrono>

#include "backends/cpu/spin.h"

namespace ponnuki::nn {

HelperPool::HelperPool(int helpers) {
  for (int i = 0; i < helpers; i++) {
    helpers_.push_back(std::make_unique<Helper>());
    Helper& helper = *helpers_.back();
    helper.thread = std::thread([&helper] { loop(helper); });
  }
}

HelperPool::~HelperPool() {
  for (const auto& helper : helpers_) {
    helper->state.store(kStop, std::memory_order_release);
    helper->state.notify_one();
  }
  for (const auto& helper : helpers_) helper->thread.join();
}

void HelperPool::claim(Team& team, int most) {
  team.size_ = 0;
  most = std::min(most, kMostPerRun);
  for (size_t i = 0; i < helpers_.size() && team.size_ < most; i++) {
    int expected = kIdle;
    if (helpers_[i]->state.compare_exchange_strong(expected, kClaimed, std::memory_order_acquire,
                                                   std::memory_order_relaxed))
      team.members_[team.size_++] = i;
  }
}

void HelperPool::start(Team& team, HelpedTask& task) {
  team.working_.store(team.size_, std::memory_order_relaxed);
  for (int k = 0; k < team.size_; k++) {
    Helper& helper = *helpers_[team.members_[k]];
    helper.task = &task;
    helper.team = &team;
    helper.index = k + 1;
    helper.state.store(kWorking, std::memory_order_release);
    helper.state.notify_one();
  }
}

void HelperPool::waitUntilDone(const Team& team) {
  relaxUntil([&] { return team.working_.load(std::memory_order_acquire) == 0; });
}

HelperPool::State HelperPool::waitForWork(const Helper& helper) {
  // Longer than a search thread needs between two evaluations: it comes back sooner than a sleeper wakes.
  constexpr auto kWatch = std::chrono::microseconds(200);
  const auto given = std::chrono::steady_clock::now() + kWatch;
  for (;;) {
    for (int i = 0; i < 64; i++) {
      const int state = helper.state.load(std::memory_order_acquire);
      if (state >= kWorking) return static_cast<State>(state);
      relaxCore();
    }
    if (std::chrono::steady_clock::now() >= given) break;
  }
  for (;;) {
    const int state = helper.state.load(std::memory_order_acquire);
    if (state >= kWorking) return static_cast<State>(state);
    helper.state.wait(state, std::memory_order_acquire);
  }
}

void HelperPool::loop(Helper& helper) {
  while (waitForWork(helper) == kWorking) {
    HelpedTask& task = *helper.task;
    Team& team = *helper.team;
    if (helper.scratch.size() < task.scratchFloats()) helper.scratch = AlignedFloats(task.scratchFloats());
    task.help(helper.index, helper.scratch.data());
    // Idle first: whoever sees the run ended finds this helper free for the next one.
    helper.state.store(kIdle, std::memory_order_release);
    team.working_.fetch_sub(1, std::memory_order_release);
  }
}

}  // namespace ponnuki::nn
