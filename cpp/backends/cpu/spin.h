// Waiting for other threads of a run: microseconds at most, unless other programs have taken their core.
#pragma once

#include <atomic>
#include <thread>

namespace ponnuki::nn {

// A hint that the core may slow down: this thread only waits.
inline void relaxCore() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("isb" ::: "memory");  // `yield` does nothing on most cores
#endif
}

// Spins briefly, then gives the core away between looks: a run has to end soon, but must not starve others.
template <class Done>
void relaxUntil(Done done) {
  for (int spins = 0; !done(); spins++) {
    if (spins < 1000)
      relaxCore();
    else
      std::this_thread::yield();
  }
}

// Meeting point of the threads of one run: spins, then sleeps.
class SpinBarrier {
 public:
  void reset(int threads) { threads_ = threads; }  // while nobody waits
  void wait() {
    const unsigned round = round_.load(std::memory_order_relaxed);
    if (waiting_.fetch_add(1, std::memory_order_acq_rel) + 1 == threads_) {
      waiting_.store(0, std::memory_order_relaxed);
      round_.store(round + 1, std::memory_order_release);
      round_.notify_all();
      return;
    }
    for (int spins = 0; spins < kSpins; spins++) {
      if (round_.load(std::memory_order_acquire) != round) return;
      relaxCore();
    }
    round_.wait(round, std::memory_order_acquire);
  }

 private:
  static constexpr int kSpins = 2000;  // some 30 microseconds; the threads' shares differ by less
  int threads_ = 1;
  std::atomic<int> waiting_{0};
  std::atomic<unsigned> round_{0};
};

}  // namespace ponnuki::nn
