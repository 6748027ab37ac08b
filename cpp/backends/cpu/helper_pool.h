// Threads that help the executors of one net. A run claims the helpers that are idle at its start, at most as
// many as it may use, and gives them back at its end; none is ever waited for. A helper watches for the next
// run for a moment, then sleeps.
//
// Thread-safe. Nothing is allocated by a run except that a helper's scratch grows once to the size it needs.
#pragma once

#include <atomic>
#include <memory>
#include <span>
#include <thread>
#include <vector>

#include "backends/cpu/aligned.h"

namespace ponnuki::nn {

// What a run has its helpers do. Lives until all of them have called done().
class HelpedTask {
 public:
  virtual ~HelpedTask() = default;
  virtual void help(int index, float* scratch) = 0;  // index 1, 2, ... ; the leader is 0
  virtual size_t scratchFloats() const = 0;          // what help() needs
};

class HelperPool {
 public:
  static constexpr int kMostPerRun = 15;

  explicit HelperPool(int helpers);
  ~HelperPool();  // no run may be in progress
  HelperPool(const HelperPool&) = delete;
  HelperPool& operator=(const HelperPool&) = delete;

  // The helpers of one run, of one thread.
  class Team {
   public:
    Team() = default;
    int size() const { return size_; }

   private:
    friend class HelperPool;
    int size_ = 0;
    size_t members_[kMostPerRun] = {};
    std::atomic<int> working_{0};
  };

  void claim(Team& team, int most);             // team.size() of them, perhaps 0
  void start(Team& team, HelpedTask& task);     // they call task.help()
  static void waitUntilDone(const Team& team);  // then no helper touches the task or the team any more

 private:
  enum State : int { kIdle, kClaimed, kWorking, kStop };
  struct Helper {
    std::atomic<int> state{kIdle};
    HelpedTask* task = nullptr;  // these three: written while claimed
    Team* team = nullptr;
    int index = 0;
    AlignedFloats scratch;
    std::thread thread;
  };

  static void loop(Helper& helper);
  static State waitForWork(const Helper& helper);

  std::vector<std::unique_ptr<Helper>> helpers_;
};

}  // namespace ponnuki::nn
