// The CPU backend: float32, 16-bit or 8-bit arithmetic on this machine's cores (style-anchors 9.4 to 9.6).
#include <algorithm>
#include <limits>

#include "backends/cpu/dispatch.h"
#include "backends/cpu/executor.h"
#include "backends/cpu/lowering.h"
#include "backends/cpu/peak.h"
#include "base/cpu_features.h"
#include "base/error.h"
#include "graph/passes/passes.h"

namespace ponnuki::nn {

namespace {

std::string planText(Precision precision, const KernelTable& kernels, int int8Products) {
  if (int8Products > 0)
    return "int8: " + std::to_string(int8Products) + " products; the rest " +
           planText(Precision::Half, kernels, 0);
  if (usesInt16(precision, kernels) && kernels.halfPairs)
    return "fp16: Winograd F(4x4,3x3), matrices, attention";
  if (usesInt16(precision, kernels)) return "int16: Winograd F(4x4,3x3), matrices, attention";
  if (usesBf16(precision, kernels)) return "bf16: matrices; f32: Winograd F(5x5,3x3), attention";
  return "f32";
}

std::shared_ptr<const CompiledNet> lowerNet(std::shared_ptr<SharedNet> shared, const CompileOptions& options,
                                            const KernelTable& kernels, std::shared_ptr<HelperPool> helpers) {
  auto net = std::make_shared<CompiledNet>();
  net->options = options;
  net->kernels = &kernels;
  LoweredGraph lowered = lowerGraph(*shared, options, kernels);
  net->steps = std::move(lowered.steps);
  net->layers = std::move(lowered.layers);
  net->helpers = std::move(helpers);
  net->arenaFloats = (lowered.arenaFloats + 15) / 16 * 16;
  for (const auto& step : net->steps) {
    net->sharedFloats = std::max(net->sharedFloats, (step->sharedFloats(options.maxBatch) + 15) / 16 * 16);
    net->ownFloats = std::max(net->ownFloats, (step->ownFloats(options.maxBatch) + 15) / 16 * 16);
    net->weightFloats += step->weightFloats();
  }
  for (const Op& op : shared->graph().ops) net->int8Products += quantizationOf(op) != nullptr;
  net->spatialChannels = shared->graph().spatialChannels();
  net->globalChannels = shared->graph().globalChannels();
  net->metaChannels = shared->graph().metaChannels();
  net->shared = std::move(shared);
  return net;
}

class CpuProgram final : public Program {
 public:
  explicit CpuProgram(std::shared_ptr<const CompiledNet> net) : net_(std::move(net)) {}
  ProgramInfo info() const override {
    ProgramInfo info;
    info.compute = DType::F32;
    info.weightBytes = net_->weightFloats * sizeof(float);
    info.scratchBytes = net_->scratchFloats() * sizeof(float);
    info.kernels = net_->kernels->isa;
    info.int8Products = net_->int8Products;
    info.plan = planText(net_->options.precision, *net_->kernels, net_->int8Products);
    return info;
  }
  std::unique_ptr<Executor> makeExecutor() const override { return std::make_unique<CpuExecutor>(net_); }
  std::unique_ptr<Program> resized(int boardX, int boardY, bool exactBoardSize) const override {
    const bool masksAreGone = net_->options.exactBoardSize;  // from the graph
    if (masksAreGone && !exactBoardSize) return nullptr;
    CompileOptions options = net_->options;
    options.boardX = boardX;
    options.boardY = boardY;
    options.exactBoardSize = exactBoardSize;
    return std::make_unique<CpuProgram>(lowerNet(net_->shared, options, *net_->kernels, net_->helpers));
  }
  std::vector<StepTime> timeSteps(const BatchIn& in, int rounds) const override {
    CpuExecutor executor(net_);
    std::vector<double> seconds(net_->steps.size(), std::numeric_limits<double>::infinity());
    for (int round = 0; round < rounds; round++) executor.runTimed(in, {}, seconds);
    std::vector<StepTime> times;
    for (size_t i = 0; i < seconds.size(); i++) times.push_back({net_->layers[i], seconds[i]});
    return times;
  }

 private:
  std::shared_ptr<const CompiledNet> net_;
};

class CpuBackend final : public Backend {
 public:
  explicit CpuBackend(const KernelTable& kernels) : kernels_(kernels) {}
  std::string_view name() const override { return "cpu"; }
  std::vector<DeviceInfo> devices() const override {
    return {{"CPU, " + std::to_string(usableCores()) + " threads, " + kernels_.isa, 0}};
  }
  std::vector<std::string> instructionSets() const override {
    std::vector<std::string> names;
    for (const KernelTable* table : usableKernels()) names.emplace_back(table->isa);
    return names;
  }
  double peakOfOneThread() const override { return nn::peakOfOneThread(kernels_); }
  bool supports(const Op& op, DType compute) const override {
    if (compute != DType::F32) return false;
    if (op.kind() != OpKind::Attention) return true;
    return op.as<AttentionAttrs>().qDim % 2 == 0 || op.as<AttentionAttrs>().rope.empty();
  }
  std::unique_ptr<Program> compile(Graph graph, const CompileOptions& options) override;

 private:
  const KernelTable& kernels_;
};

std::unique_ptr<Program> CpuBackend::compile(Graph graph, const CompileOptions& options) {
  if (options.maxBatch < 1 || options.boardX < 1 || options.boardY < 1)
    throw UserError("the CPU backend needs a batch of at least 1 and a board of at least 1x1 points");
  const KernelTable& kernels = options.cpuIsa.empty() ? kernels_ : chooseKernels(options.cpuIsa);
  if (options.precision == Precision::Bf16 && !kernels.gemmBf16)
    throw UserError("precision = bf16: the " + std::string(kernels.isa) +
                    " kernels have no bfloat16 products; use half or fp32");
  CompileOptions granted = options;
  granted.compute = DType::F32;
  Graph fused = splitBroadcasts(runPasses(std::move(graph), *this, granted));
  keepUsedQuantizations(fused, granted.precision, kernels);
  for (const Op& op : fused.ops)
    if (!supports(op, granted.compute))
      throw UserError("the CPU backend cannot run layer '" + op.name + "' (" + std::string(op.row().name) +
                      ")");

  return std::make_unique<CpuProgram>(
      lowerNet(std::make_shared<SharedNet>(std::move(fused)), granted, kernels,
               std::make_shared<HelperPool>(std::max(0, granted.threads - 1))));
}

}  // namespace

std::unique_ptr<Backend> makeBackend(const BackendSettings& settings) {
  return std::make_unique<CpuBackend>(chooseKernels(settings.cpuIsa));
}

}  // namespace ponnuki::nn
