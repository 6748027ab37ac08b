// A one-byte lock for critical sections of some tens of instructions, with the standard lock interface.
#pragma once

#include <atomic>
#include <thread>

namespace ponnuki {

class SpinLock {
 public:
  void lock() {
    for (int tries = 0; flag_.test_and_set(std::memory_order_acquire); tries++)
      if (tries > 64) std::this_thread::yield();
  }
  void unlock() { flag_.clear(std::memory_order_release); }

 private:
  std::atomic_flag flag_ = ATOMIC_FLAG_INIT;
};

}  // namespace ponnuki
