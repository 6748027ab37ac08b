// A program is a list of steps. All threads of a run execute every step together: each takes its share of the
// work and meets the others at Worker::barrier(), between the phases of a step and after it.
//
// Steps are immutable and shared by executors; all memory of a run is in RunState (owned by one Executor).
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "backends/cpu/kernels/kernel_table.h"
#include "backends/cpu/spin.h"
#include "graph/backend.h"

namespace ponnuki::nn {

// Where a tensor lies in the arena; blocked layout with the row count of the run.
struct Place {
  size_t offset = 0;  // floats
  int channels = 0, points = 0;

  int blocks() const { return (channels + kBlock - 1) / kBlock; }
  size_t stride(int rows) const { return static_cast<size_t>(rows) * static_cast<size_t>(points) * kBlock; }
};

struct RunState {
  const KernelTable* kernels = nullptr;
  float* arena = nullptr;
  float* mask = nullptr;    // [maxBatch * points]: channel 0 of the spatial input
  float* shared = nullptr;  // scratch of all threads together
  int rows = 0;
  const BatchIn* in = nullptr;
  const BatchOut* out = nullptr;
};

struct Share {
  int begin, end;
};

class Worker {
 public:
  // scratch: this thread's own. barrier: null if it is alone.
  Worker(const RunState& state, SpinBarrier* barrier, int index, int count, float* scratch)
      : run(state), barrier_(barrier), index_(index), count_(count), scratch_(scratch) {}

  const RunState& run;
  int rows() const { return run.rows; }
  int count() const { return count_; }
  float* at(const Place& p) const { return run.arena + p.offset; }
  float* scratch() const { return scratch_; }
  Share share(int units, int multiple = 1) const {
    const int groups = (units + multiple - 1) / multiple;
    const int begin = groups * index_ / count_ * multiple, end = groups * (index_ + 1) / count_ * multiple;
    return {begin, end < units ? end : units};
  }
  void barrier() const {
    if (barrier_) barrier_->wait();
  }

 private:
  SpinBarrier* barrier_;
  int index_, count_;
  float* scratch_;
};

class Step {
 public:
  virtual ~Step() = default;
  virtual void run(const Worker& w) const = 0;
  virtual size_t sharedFloats(int maxRows) const { return static_cast<void>(maxRows), 0; }
  virtual size_t ownFloats(int maxRows) const { return static_cast<void>(maxRows), 0; }
  virtual size_t weightFloats() const { return 0; }
};

}  // namespace ponnuki::nn
