#include "eval/row_runners.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "eval/buffer_symmetry.h"

namespace ponnuki {
namespace {

// The part of a batch buffer that holds row i of `size` values.
std::span<float> part(std::vector<float>& buffer, size_t i, size_t size) {
  return std::span(buffer).subspan(i * size, size);
}

// Runs rows of one extent.
class SizedRunner {
 public:
  SizedRunner(std::shared_ptr<const nn::Program> program, const RowShape& shape, int maxBatch)
      : program_(std::move(program)), executor_(program_->makeExecutor()), shape_(shape) {
    const auto rows = static_cast<size_t>(maxBatch);
    spatial_.resize(rows * spatialSize());
    global_.resize(rows * static_cast<size_t>(shape.globalChannels));
    meta_.resize(rows * static_cast<size_t>(shape.metaChannels));
    policy_.resize(rows * policySize());
    pass_.resize(rows * static_cast<size_t>(shape.policyChannels));
    value_.resize(rows * 3);
    score_.resize(rows * static_cast<size_t>(shape.scoreChannels));
    ownership_.resize(rows * shape.points());
  }

  void run(std::span<EvalRow* const> rows, int threads) {
    bool ownership = false;
    for (size_t i = 0; i < rows.size(); i++) {
      ownership = ownership || rows[i]->wantOwnership;
      load(i, *rows[i]);
    }
    const size_t n = rows.size();
    const auto first = [n](std::vector<float>& buffer, size_t perRow) {
      return std::span(buffer).first(n * perRow);
    };
    nn::BatchIn in{static_cast<int>(n), first(spatial_, spatialSize()),
                   first(global_, static_cast<size_t>(shape_.globalChannels)),
                   first(meta_, static_cast<size_t>(shape_.metaChannels)), threads};
    nn::BatchOut out{first(policy_, policySize()),
                     first(pass_, static_cast<size_t>(shape_.policyChannels)),
                     first(value_, 3),
                     first(score_, static_cast<size_t>(shape_.scoreChannels)),
                     {}};
    if (ownership) out.ownership = first(ownership_, shape_.points());
    executor_->run(in, out);
    for (size_t i = 0; i < n; i++) unload(i, *rows[i]);
  }

 private:
  size_t spatialSize() const { return shape_.points() * static_cast<size_t>(shape_.spatialChannels); }
  size_t policySize() const { return shape_.points() * static_cast<size_t>(shape_.policyChannels); }

  void load(size_t i, const EvalRow& row) {
    applyToSpatial(row.symmetry, shape_.nnX, shape_.nnY, shape_.spatialChannels, row.spatial.data(),
                   part(spatial_, i, spatialSize()).data());
    std::copy(row.global.begin(), row.global.end(), part(global_, i, row.global.size()).begin());
    std::copy(row.meta.begin(), row.meta.end(), part(meta_, i, row.meta.size()).begin());
  }

  void unload(size_t i, EvalRow& row) {
    const auto copyOut = [i](std::vector<float>& from, size_t size, std::vector<float>& to) {
      const std::span<float> values = part(from, i, size);
      to.assign(values.begin(), values.end());
    };
    copyOut(policy_, policySize(), row.policy);
    copyOut(pass_, static_cast<size_t>(shape_.policyChannels), row.pass);
    copyOut(value_, 3, row.value);
    copyOut(score_, static_cast<size_t>(shape_.scoreChannels), row.score);
    if (row.wantOwnership) copyOut(ownership_, shape_.points(), row.ownership);
  }

  std::shared_ptr<const nn::Program> program_;
  std::unique_ptr<nn::Executor> executor_;
  const RowShape shape_;
  std::vector<float> spatial_, global_, meta_, policy_, pass_, value_, score_, ownership_;
};

class NetRunner final : public RowRunner {
 public:
  NetRunner(std::shared_ptr<SizedPrograms> programs, const RowShape& shape, const ThreadPlan& plan,
            SymmetryChoice choice)
      : programs_(std::move(programs)), shape_(shape), plan_(plan), choice_(choice) {}

  void run(std::span<EvalRow* const> rows, int active, Rng& rng) override {
    for (EvalRow* row : rows)
      if (row->symmetry < 0)
        row->symmetry = choice_.randomize ? static_cast<int>(rng.uniform(8)) : choice_.fallback;
    left_.assign(rows.begin(), rows.end());
    while (!left_.empty()) {
      const Extent extent = left_.front()->extent();
      const auto others = std::stable_partition(left_.begin(), left_.end(),
                                                [&](EvalRow* row) { return row->extent() == extent; });
      const auto count = static_cast<size_t>(others - left_.begin());
      runnerFor(extent).run(std::span(left_).first(count), plan_.threadsPerRun(active));
      left_.erase(left_.begin(), others);
    }
  }

 private:
  SizedRunner& runnerFor(const Extent& extent) {
    std::unique_ptr<SizedRunner>& runner = runners_[extent];
    if (!runner) {
      RowShape shape = shape_;
      shape.nnX = extent.x, shape.nnY = extent.y;
      runner = std::make_unique<SizedRunner>(programs_->get(extent), shape, plan_.maxBatch);
    }
    return *runner;
  }

  std::shared_ptr<SizedPrograms> programs_;
  const RowShape shape_;
  const ThreadPlan plan_;
  const SymmetryChoice choice_;
  std::map<Extent, std::unique_ptr<SizedRunner>> runners_;  // made when first needed
  std::vector<EvalRow*> left_;
};

class RandomRunner final : public RowRunner {
 public:
  explicit RandomRunner(const RowShape& shape) : shape_(shape) {}

  void run(std::span<EvalRow* const> rows, int, Rng& rng) override {
    for (EvalRow* row : rows) fill(*row, rng);
  }

 private:
  double uniform01(Rng& rng) const {
    return static_cast<double>(rng.next64() & ((uint64_t{1} << 53) - 1)) /
           static_cast<double>(uint64_t{1} << 53);
  }

  float normal(Rng& rng) {  // polar method; the second value of a pair is kept
    if (hasSpare_) {
      hasSpare_ = false;
      return static_cast<float>(spare_);
    }
    double u, w, q;
    do {
      u = 2.0 * uniform01(rng) - 1.0;
      w = 2.0 * uniform01(rng) - 1.0;
      q = u * u + w * w;
    } while (q >= 1.0 || q == 0.0);
    const double f = std::sqrt(-2.0 * std::log(q) / q);
    spare_ = w * f;
    hasSpare_ = true;
    return static_cast<float>(u * f);
  }

  void fill(EvalRow& row, Rng& rng) {
    row.symmetry = 0;
    const auto channels = static_cast<size_t>(shape_.policyChannels);
    row.policy.assign(static_cast<size_t>(row.extentX * row.extentY) * channels, 0.0f);
    for (int y = 0; y < row.ySize; y++)
      for (int x = 0; x < row.xSize; x++)
        std::fill_n(row.policy.begin() + (y * row.extentX + x) * shape_.policyChannels, channels,
                    normal(rng));
    row.pass.assign(channels, normal(rng));
    row.ownership.assign(row.wantOwnership ? static_cast<size_t>(row.extentX * row.extentY) : 0, 0.0f);
    if (row.wantOwnership) {
      for (int y = 0; y < row.ySize; y++)
        for (int x = 0; x < row.xSize; x++)
          row.ownership[static_cast<size_t>(y * row.extentX + x)] = 0.2f * normal(rng);
    }
    const float win = 0.2f * normal(rng), loss = 0.2f * normal(rng), mean = 0.2f * normal(rng);
    const float stdev = 0.2f * normal(rng), noResult = 0.2f * normal(rng);
    row.value = {win, loss, noResult};
    row.score = {mean, stdev, mean, 0.5f * static_cast<float>(row.xSize * row.ySize), 0.0f, 0.0f};
  }

  const RowShape shape_;
  bool hasSpare_ = false;
  double spare_ = 0;
};

}  // namespace

RowShape RowShape::of(const ModelInfo& info, int nnX, int nnY) {
  return {nnX,
          nnY,
          info.spatialChannels,
          info.globalChannels,
          info.metaChannels(),
          info.policyChannels,
          info.scoreChannels};
}

SizedPrograms::SizedPrograms(std::shared_ptr<const nn::Program> full, int nnX, int nnY, bool exact)
    : full_(std::move(full)), nnX_(nnX), nnY_(nnY) {
  if (exact) return;
  std::shared_ptr<const nn::Program> filled = full_->resized(nnX, nnY, true);
  resizes_ = filled != nullptr;
  if (resizes_) programs_[{nnX, nnY, true}] = std::move(filled);
}

std::shared_ptr<const nn::Program> SizedPrograms::get(const Extent& extent) {
  const bool isFull = extent.x == nnX_ && extent.y == nnY_;
  ENSURE(isFull || resizes_);
  if (isFull && (!resizes_ || !extent.filled)) return full_;
  const std::lock_guard lock(mutex_);
  std::shared_ptr<const nn::Program>& program = programs_[extent];
  if (!program) program = full_->resized(extent.x, extent.y, extent.filled);
  return program;
}

std::unique_ptr<RowRunner> makeNetRunner(std::shared_ptr<SizedPrograms> programs, const RowShape& shape,
                                         const ThreadPlan& plan, SymmetryChoice choice) {
  return std::make_unique<NetRunner>(std::move(programs), shape, plan, choice);
}

std::unique_ptr<RowRunner> makeRandomRunner(const RowShape& shape) {
  ENSURE(shape.scoreChannels == 6);
  return std::make_unique<RandomRunner>(shape);
}

}  // namespace ponnuki
