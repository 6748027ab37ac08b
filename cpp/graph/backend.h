// The seam between one net description and the hardware that runs it (style: one graph, every backend).
// A backend knows no trunk, no policy head, no model version, no symmetry and no configuration file.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "graph/dtype.h"
#include "graph/graph.h"

namespace ponnuki::nn {

// Arithmetic of the large products. Half: the best near-lossless 16-bit plan of this machine (float32 where
// that is the fastest); Int16 and Bf16 use that format wherever it applies. Int8: products with a Quantization
// in 8-bit integers, the others as in Half.
enum class Precision : uint8_t { Fp32, Half, Bf16, Int16, Int8 };

struct CompileOptions {
  int maxBatch = 1;              // rows per run, >= 1
  int boardX = 19, boardY = 19;  // tensor extent in points; boards may be smaller unless exactBoardSize
  bool exactBoardSize = false;   // true: every row fills the extent, masking may be dropped
  DType compute = DType::F32;    // requested; Program::info() says what was granted
  Precision precision = Precision::Fp32;  // of products on a CPU; the rest of the net stays in `compute`
  std::string cpuIsa;  // forces the kernels of a CPU backend; empty = those of BackendSettings
  int device = -1;     // index into Backend::devices(), -1 = default
  int threads = 1;     // most CPU threads of one run
};

// Rows of one batch: NHWC, symmetry already applied. meta is empty for nets without a metadata encoder.
struct BatchIn {
  int rows = 0;
  std::span<const float> spatial, global, meta;
  int threads = 0;  // CPU threads of this run, at most CompileOptions::threads; 0 = that many
};
// Raw logits, NHWC, side to move, owned by the caller: policy [rows,y,x,policyChannels], pass
// [rows,policyChannels], value [rows,3], score [rows,scoreChannels], ownership [rows,y,x,1].
// An empty span = not wanted.
struct BatchOut {
  std::span<float> policy, pass, value, score, ownership;
};

class Executor {  // scratch memory; one thread, never shared
 public:
  virtual ~Executor() = default;
  virtual void run(const BatchIn& in, const BatchOut& out) = 0;  // blocking; in.rows <= maxBatch
};

struct ProgramInfo {
  DType compute = DType::F32;
  size_t weightBytes = 0, scratchBytes = 0;  // scratch per Executor
  std::string kernels;                       // "reference", "avx2", "avx512", a driver name
  std::string plan;                          // what the large products are computed in, for people
  int int8Products = 0;                      // those computed in 8-bit integers
};

// How long one part of a run takes that computes the layers of these names (Op::name); none: reading inputs or
// writing outputs.
struct StepTime {
  std::vector<std::string> layers;
  double seconds = 0;
};

class Program {  // packed weights on one device; immutable, thread-safe
 public:
  virtual ~Program() = default;
  virtual ProgramInfo info() const = 0;
  virtual std::unique_ptr<Executor> makeExecutor() const = 0;
  // The same net for another tensor extent, sharing the weights; null where that is not possible. A program
  // compiled with exactBoardSize has only such others.
  virtual std::unique_ptr<Program> resized(int boardX, int boardY, bool exactBoardSize) const {
    return static_cast<void>(boardX), static_cast<void>(boardY), static_cast<void>(exactBoardSize), nullptr;
  }
  // Runs the batch `rounds` times on the calling thread alone and tells the shortest time of each part; empty where
  // a backend cannot tell.
  virtual std::vector<StepTime> timeSteps(const BatchIn& in, int rounds) const {
    return static_cast<void>(in), static_cast<void>(rounds), std::vector<StepTime>();
  }
};

struct DeviceInfo {
  std::string name;
  size_t memoryBytes = 0;
};

class Backend {  // one per process, thread-safe
 public:
  virtual ~Backend() = default;
  virtual std::string_view name() const = 0;
  virtual std::vector<DeviceInfo> devices() const = 0;
  // Names for BackendSettings::cpuIsa that this machine can run, slowest first; empty if there is no choice.
  virtual std::vector<std::string> instructionSets() const { return {}; }
  // GFLOP/s of float32 that one thread can reach with these kernels, measured now; 0 = unknown.
  virtual double peakOfOneThread() const { return 0; }
  virtual bool supports(const Op& op, DType compute) const = 0;
  // A caller that gives its graph away (std::move) lets the backend free the weights one by one as it packs
  // them. Throws UserError if it cannot run the graph.
  virtual std::unique_ptr<Program> compile(Graph graph, const CompileOptions& options) = 0;
};

struct BackendSettings {
  std::string cpuIsa = "auto";  // auto, baseline, avx2, avx512, ...: forced for tests
};
std::unique_ptr<Backend> makeBackend(const BackendSettings& settings);  // the one USE_BACKEND selects
std::unique_ptr<Backend> makeReferenceBackend();                        // always linked: the oracle

}  // namespace ponnuki::nn
