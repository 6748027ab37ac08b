// Brings rows of many threads to a few row runners, first come first served (spec
// model-and-network 16.2, 16.4).
//
// A seat is a RowRunner with its own random generator. A thread that finds a free seat runs its row itself
// and takes along queued rows up to the batch limit; otherwise it sleeps until its row is done or it is handed
// a seat. Invariant: while the queue is not empty, a seat is taken. Thread-safe; must outlive every run().
#pragma once

#include <atomic>
#include <compare>
#include <condition_variable>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "base/rng.h"

namespace ponnuki {

// Size of spatial tensors in points. filled: the board has that size, too.
struct Extent {
  int x = 0, y = 0;
  bool filled = false;
  friend auto operator<=>(const Extent&, const Extent&) = default;
};

// One position on its way through the net. Buffers belong to the row and keep their capacity between uses.
struct EvalRow {
  // Of the spatial tensors below, in points; the board lies in the corner.
  int extentX = 0, extentY = 0;
  // In: board orientation, NHWC.
  std::vector<float> spatial, global, meta;
  int symmetry = -1;  // -1: the seat draws one, or the default is taken
  bool wantOwnership = false;
  int xSize = 0, ySize = 0;  // of the board
  Extent extent() const { return {extentX, extentY, xSize == extentX && ySize == extentY}; }
  // Out: net orientation, i.e. with `symmetry` (then 0..7) applied; see nn::BatchOut.
  std::vector<float> policy, pass, value, score, ownership;

  enum class Stage { Idle, Waiting, Leading, Done };
  std::mutex mutex;
  std::condition_variable changed;
  Stage stage = Stage::Idle;  // guarded by mutex, as are the two below
  size_t seat = 0;            // while Leading
  std::exception_ptr error;
};

class RowRunner {  // used by one thread at a time
 public:
  virtual ~RowRunner() = default;
  // active: how many threads, this one included, have lately been in Batcher::run at once.
  virtual void run(std::span<EvalRow* const> rows, int active, Rng& rng) = 0;
};

// The largest value of the last kWindow to 2 * kWindow ones.
class RecentPeak {
 public:
  explicit RecentPeak(int expected) : before_(expected) {}
  int update(int value) {
    current_ = current_ > value ? current_ : value;
    const int peak = current_ > before_ ? current_ : before_;
    if (++count_ == kWindow) before_ = current_, current_ = value, count_ = 0;
    return peak;
  }

 private:
  static constexpr int kWindow = 16;
  int current_ = 0, before_, count_ = 0;
};

// When a free seat is taken.
enum class SeatPolicy {
  AtOnce,  // for devices with processors of their own, which should never rest
  // Beside a seat at work, only for its share of the active threads' rows. Where runners use the cores that
  // the threads need for everything else, this keeps as many threads busy as there are cores, in full batches;
  // more would take the cores from each other in the middle of a batch.
  ByShare,
};

class Batcher {
 public:
  // The generator of seat k has the seed "<randSeed>:NNEvalServerThread:<k>". expectedActive: threads that
  // will call run(), as far as known before any does.
  Batcher(std::vector<std::unique_ptr<RowRunner>> runners, int maxBatch, const std::string& randSeed,
          SeatPolicy policy, int expectedActive = 1);

  void run(EvalRow& row);  // blocks; throws what the runner threw

  uint64_t rows() const { return rows_.load(std::memory_order_relaxed); }
  uint64_t batches() const { return batches_.load(std::memory_order_relaxed); }
  bool isBusy() const { return inProgress_.load(std::memory_order_acquire) > 0; }
  void waitForAnyBatch();  // returns at once when not busy

 private:
  struct Seat {
    std::unique_ptr<RowRunner> runner;
    Rng rng;
    bool taken = false;
  };

  bool isWorthASeat(size_t rows) const;
  size_t waitOrLead(EvalRow& row, bool& leads);
  void lead(size_t seat, EvalRow& own);
  std::vector<EvalRow*> gather(EvalRow& own, int& active);
  void passOn(size_t seat);

  const size_t maxBatch_;
  const SeatPolicy policy_;
  std::vector<Seat> seats_;  // `taken` is guarded by mutex_
  size_t taken_ = 0;         // seats; guarded by mutex_
  size_t share_ = 1;         // rows of each seat if all active threads wait; guarded by mutex_
  std::deque<EvalRow*> queue_;  // guarded by mutex_
  std::mutex mutex_;
  std::condition_variable batchDone_;
  uint64_t finishedBatches_ = 0;  // guarded by mutex_
  RecentPeak active_;             // guarded by mutex_
  std::atomic<uint64_t> rows_{0}, batches_{0};
  std::atomic<int> inProgress_{0};
};

}  // namespace ponnuki
