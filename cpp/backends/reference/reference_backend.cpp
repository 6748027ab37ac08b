// The oracle: runs a graph op by op and row by row with the plain functions of ops.h, in F32; with
// Precision::Int8 the products that have a Quantization are computed in exactly its integers.
#include <algorithm>

#include "backends/reference/ops.h"
#include "base/error.h"
#include "graph/backend.h"
#include "graph/memory_plan.h"
#include "graph/shapes.h"

namespace ponnuki::nn {
namespace {

using reference::PackedWeights;
using reference::RowContext;

struct Compiled {
  Graph graph;
  int boardX = 0, boardY = 0, maxBatch = 1;
  std::vector<PackedWeights> packed;  // by op; empty where an op has no matrix
  MemoryPlan memory;                  // of one row

  int points() const { return boardX * boardY; }
  size_t floats(TensorId id) const { return graph.tensor(id).shape.floatsPerRow(points()); }
};

class ReferenceExecutor : public Executor {
 public:
  explicit ReferenceExecutor(std::shared_ptr<const Compiled> program)
      : program_(std::move(program)),
        arena_(program_->memory.arenaBytes / sizeof(float)),
        mask_(static_cast<size_t>(program_->points())) {}

  void run(const BatchIn& in, const BatchOut& out) override {
    ENSURE(in.rows >= 0 && in.rows <= program_->maxBatch);
    for (int r = 0; r < in.rows; r++) runRow(in, out, static_cast<size_t>(r));
  }

 private:
  void runRow(const BatchIn& in, const BatchOut& out, size_t row) {
    const Graph& graph = program_->graph;
    where_.assign(graph.tensors.size(), nullptr);
    for (size_t id = 0; id < where_.size(); id++)
      if (const size_t offset = program_->memory.offset[id]; offset != MemoryPlan::kNoPlace)
        where_[id] = arena_.data() + offset / sizeof(float);
    bindInput(graph.inputs.spatial, in.spatial, row);
    bindInput(graph.inputs.global, in.global, row);
    bindInput(graph.inputs.meta, in.meta, row);
    readMask();
    for (size_t i = 0; i < graph.ops.size(); i++) runOp(graph.ops[i], program_->packed[i]);
    copyOutput(graph.outputs.policy, out.policy, row);
    copyOutput(graph.outputs.pass, out.pass, row);
    copyOutput(graph.outputs.value, out.value, row);
    copyOutput(graph.outputs.score, out.score, row);
    copyOutput(graph.outputs.ownership, out.ownership, row);
  }

  void bindInput(TensorId id, std::span<const float> values, size_t row) {
    if (id == kNoTensor) return;
    const size_t count = program_->floats(id);
    ENSURE(values.size() >= (row + 1) * count);
    where_[static_cast<size_t>(id)] =
        const_cast<float*>(values.data()) + row * count;  // never written: no place
  }

  void copyOutput(TensorId id, std::span<float> to, size_t row) {
    if (to.empty()) return;
    const size_t count = program_->floats(id);
    ENSURE(to.size() >= (row + 1) * count);
    std::copy_n(where_[static_cast<size_t>(id)], count, to.data() + row * count);
  }

  void readMask() {
    const TensorId spatial = program_->graph.inputs.spatial;
    const size_t channels = static_cast<size_t>(program_->graph.channels(spatial));
    row_ = {program_->boardX, program_->boardY, mask_.data(), 0};
    for (size_t point = 0; point < mask_.size(); point++) {
      mask_[point] = where_[static_cast<size_t>(spatial)][point * channels];
      row_.area += mask_[point];
    }
  }

  const float* at(TensorId id) const { return id == kNoTensor ? nullptr : where_[static_cast<size_t>(id)]; }
  void runOp(const Op& op, const PackedWeights& packed);

  std::shared_ptr<const Compiled> program_;
  std::vector<float> arena_, mask_;
  std::vector<float*> where_;  // of every tensor, for the row at hand
  RowContext row_;
};

void ReferenceExecutor::runOp(const Op& op, const PackedWeights& packed) {
  const Shape shape = program_->graph.tensor(op.inputs[0]).shape;
  const size_t count = program_->floats(op.inputs[0]);
  const float* a = at(op.inputs[0]);
  const float* b = op.inputs.size() > 1 ? at(op.inputs[1]) : nullptr;
  float* out = where_[static_cast<size_t>(op.output)];
  switch (op.kind()) {
    case OpKind::Conv2d:
    case OpKind::MatMul: {
      const float one = 1;
      const bool onPoints = shape.domain == Domain::Points;
      reference::convolve(onPoints ? row_ : RowContext{1, 1, &one, 1}, packed, *epilogueOf(op),
                          {a, at(residualOf(op)), at(broadcastOf(op))}, out);
      return;
    }
    case OpKind::ScaleBias:
      return reference::scaleBias(row_, op.as<ScaleBiasAttrs>(), shape, a, out);
    case OpKind::Activation:
      return reference::activate(op.as<ActivationAttrs>().activation, count, a, out);
    case OpKind::Add:
      return reference::add(count, a, b, out);
    case OpKind::Mul:
      return reference::mul(count, a, b, out);
    case OpKind::BroadcastAdd:
      return reference::broadcastAdd(row_, shape.channels, a, b, out);
    case OpKind::ApplyMask:
      return reference::applyMask(row_, shape.channels, a, out);
    case OpKind::GlobalPool:
      return reference::globalPool(row_, op.as<GlobalPoolAttrs>().kind, shape.channels, a, out);
    case OpKind::RmsNorm:
      return reference::rmsNorm(row_, op.as<RmsNormAttrs>(), shape.channels, a, out);
    case OpKind::Attention:
      return reference::attention(row_, op.as<AttentionAttrs>(), a, b, at(op.inputs[2]), out);
  }
}

class ReferenceProgram : public Program {
 public:
  ReferenceProgram(const Graph& graph, const CompileOptions& options) {
    auto compiled = std::make_shared<Compiled>();
    compiled->graph = graph;
    compiled->boardX = options.boardX;
    compiled->boardY = options.boardY;
    compiled->maxBatch = options.maxBatch;
    compiled->memory = planMemory(graph, [&](const TensorInfo& info) {
      return info.shape.floatsPerRow(compiled->points()) * sizeof(float);
    });
    for (const Op& op : graph.ops) {
      compiled->packed.push_back(reference::packWeights(op, options.precision == Precision::Int8));
      weightBytes_ += compiled->packed.back().bytes();
    }
    program_ = std::move(compiled);
  }

  ProgramInfo info() const override {
    return {DType::F32, weightBytes_, program_->memory.arenaBytes, "reference"};
  }
  std::unique_ptr<Executor> makeExecutor() const override {
    return std::make_unique<ReferenceExecutor>(program_);
  }

 private:
  std::shared_ptr<const Compiled> program_;
  size_t weightBytes_ = 0;
};

class ReferenceBackend : public Backend {
 public:
  std::string_view name() const override { return "reference"; }
  std::vector<DeviceInfo> devices() const override { return {{"CPU, plain loops", 0}}; }
  bool supports(const Op&, DType compute) const override { return compute == DType::F32; }
  std::unique_ptr<Program> compile(Graph graph, const CompileOptions& options) override {
    ENSURE(options.maxBatch >= 1 && options.boardX >= 1 && options.boardY >= 1);
    verifyGraph(graph);
    return std::make_unique<ReferenceProgram>(graph, options);
  }
};

}  // namespace

std::unique_ptr<Backend> makeReferenceBackend() {
  return std::make_unique<ReferenceBackend>();
}

}  // namespace ponnuki::nn
