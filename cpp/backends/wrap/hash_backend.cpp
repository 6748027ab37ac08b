#include "backends/wrap/hash_backend.h"

#include <bit>

#include "base/error.h"
#include "base/hash128.h"

namespace ponnuki::nn {
namespace {

struct Sizes {
  int maxBatch = 1;
  size_t spatial = 0, global = 0, meta = 0;                          // input floats per row
  size_t policy = 0, pass = 0, value = 3, score = 0, ownership = 0;  // output floats per row
};

// -0.0 and 0.0 are the same input.
uint64_t absorb(uint64_t state, std::span<const float> values) {
  for (const float v : values) state = mix::splitMix64(state ^ std::bit_cast<uint32_t>(v == 0 ? 0.0f : v));
  return state;
}

// Uniform in [-spread, spread), the same for the same (state, index).
float pseudoLogit(uint64_t state, size_t index, float spread) {
  const uint64_t bits = mix::murmurMix(state + 0x9e3779b97f4a7c15ULL * (index + 1));
  return (static_cast<float>(bits >> 40) * 0x1p-23f - 1.0f) * spread;
}

class HashExecutor : public Executor {
 public:
  explicit HashExecutor(const Sizes& sizes) : sizes_(sizes) {}

  void run(const BatchIn& in, const BatchOut& out) override {
    ENSURE(in.rows >= 0 && in.rows <= sizes_.maxBatch);
    for (size_t row = 0; row < static_cast<size_t>(in.rows); row++) {
      uint64_t state = absorb(0x706f6e6e756b69ULL, in.spatial.subspan(row * sizes_.spatial, sizes_.spatial));
      state = absorb(state, in.global.subspan(row * sizes_.global, sizes_.global));
      if (sizes_.meta > 0) state = absorb(state, in.meta.subspan(row * sizes_.meta, sizes_.meta));
      fill(out.policy, row, sizes_.policy, state, 2.5f);
      fill(out.pass, row, sizes_.pass, state + 1, 2.5f);
      fill(out.value, row, sizes_.value, state + 2, 1.0f);
      fill(out.score, row, sizes_.score, state + 3, 0.5f);
      fill(out.ownership, row, sizes_.ownership, state + 4, 1.0f);
    }
  }

 private:
  static void fill(std::span<float> out, size_t row, size_t count, uint64_t state, float spread) {
    if (out.empty()) return;
    std::span<float> to = out.subspan(row * count, count);
    for (size_t i = 0; i < count; i++) to[i] = pseudoLogit(state, i, spread);
  }
  Sizes sizes_;
};

class HashProgram : public Program {
 public:
  explicit HashProgram(const Sizes& sizes) : sizes_(sizes) {}
  ProgramInfo info() const override { return {DType::F32, 0, 0, "hash"}; }
  std::unique_ptr<Executor> makeExecutor() const override { return std::make_unique<HashExecutor>(sizes_); }

 private:
  Sizes sizes_;
};

class HashBackend : public Backend {
 public:
  std::string_view name() const override { return "hash"; }
  std::vector<DeviceInfo> devices() const override { return {{"hash of the inputs", 0}}; }
  bool supports(const Op&, DType) const override { return true; }
  std::unique_ptr<Program> compile(Graph graph, const CompileOptions& options) override {
    const int points = options.boardX * options.boardY;
    const auto floats = [&](TensorId id) {
      return id == kNoTensor ? size_t{0} : graph.tensor(id).shape.floatsPerRow(points);
    };
    return std::make_unique<HashProgram>(
        Sizes{options.maxBatch, floats(graph.inputs.spatial), floats(graph.inputs.global),
              floats(graph.inputs.meta), floats(graph.outputs.policy), floats(graph.outputs.pass),
              floats(graph.outputs.value), floats(graph.outputs.score), floats(graph.outputs.ownership)});
  }
};

}  // namespace

std::unique_ptr<Backend> makeHashBackend() {
  return std::make_unique<HashBackend>();
}

}  // namespace ponnuki::nn
