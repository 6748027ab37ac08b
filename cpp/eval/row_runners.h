// The two kinds of row runner: a net on a backend, and a generator of random outputs (spec
// model-and-network 16.9).
#pragma once

#include <map>
#include <memory>
#include <mutex>

#include "eval/batcher.h"
#include "eval/thread_plan.h"
#include "graph/backend.h"
#include "model/model_file.h"

namespace ponnuki {

struct RowShape {
  int nnX = 0, nnY = 0;
  int spatialChannels = 0, globalChannels = 0, metaChannels = 0;
  int policyChannels = 0, scoreChannels = 0;

  static RowShape of(const ModelInfo& info, int nnX, int nnY);
  size_t points() const { return static_cast<size_t>(nnX) * static_cast<size_t>(nnY); }
};

struct SymmetryChoice {
  bool randomize = true;
  int fallback = 0;  // 0..7, where nothing is named or drawn
};

// The programs of one net by tensor extent, made when first asked for; the runners of all seats share them.
// Thread-safe.
class SizedPrograms {
 public:
  // `full` has the extent nnX * nnY.
  SizedPrograms(std::shared_ptr<const nn::Program> full, int nnX, int nnY, bool exact);

  // Small boards run on tensors of their own size.
  bool resizes() const { return resizes_; }
  std::shared_ptr<const nn::Program> get(const Extent& extent);

 private:
  const std::shared_ptr<const nn::Program> full_;
  const int nnX_, nnY_;
  bool resizes_ = false;
  std::mutex mutex_;
  std::map<Extent, std::shared_ptr<const nn::Program>> programs_;  // guarded by mutex_
};

// Takes rows of any extents in one batch; those of one extent run together.
std::unique_ptr<RowRunner> makeNetRunner(std::shared_ptr<SizedPrograms> programs, const RowShape& shape,
                                         const ThreadPlan& plan, SymmetryChoice choice);
std::unique_ptr<RowRunner> makeRandomRunner(const RowShape& shape);

}  // namespace ponnuki
