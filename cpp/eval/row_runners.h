// The two kinds of row runner: a net on a backend, and a generator of random outputs (spec
// model-and-network 16.9).
#pragma once

#include <memory>

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

// Shares ownership of the program, whose Executor it makes.
std::unique_ptr<RowRunner> makeNetRunner(std::shared_ptr<const nn::Program> program, const RowShape& shape,
                                         const ThreadPlan& plan, SymmetryChoice choice);
std::unique_ptr<RowRunner> makeRandomRunner(const RowShape& shape);

}  // namespace ponnuki
