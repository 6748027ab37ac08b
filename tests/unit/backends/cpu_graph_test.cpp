// Whole nets on the CPU backend against the reference backend, for every ISA this machine can run.
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <thread>

#include "backends/cpu/dispatch.h"
#include "base/error.h"
#include "base/rng.h"
#include "graph/backend.h"
#include "model/model_file.h"
#include "model/random_net.h"
#include "support/each_isa.h"

using namespace ponnuki;

namespace {

struct Outputs {
  std::vector<float> policy, pass, value, score, ownership;
};

struct Inputs {
  int rows, points;
  std::vector<float> spatial, global, meta;
};

float uniform(Rng& rng) {
  return static_cast<float>(rng.next32() >> 8) / static_cast<float>(1 << 24);
}

// Row 0 fills the extent; later rows lose more and more points at the right and lower edges.
Inputs randomInputs(const nn::Graph& g, int rows, int boardX, int boardY, bool exact) {
  Rng rng("cpu graph test");
  Inputs in{rows, boardX * boardY, {}, {}, {}};
  for (int r = 0; r < rows; r++) {
    const int cut = exact ? 0 : r % 4;
    for (int y = 0; y < boardY; y++) {
      for (int x = 0; x < boardX; x++) {
        const bool on = y < boardY - cut && x < boardX - cut;
        for (int c = 0; c < g.spatialChannels(); c++)
          in.spatial.push_back(!on ? 0.0f : c == 0 ? 1.0f : rng.next32() % 4 == 0 ? 1.0f : 0.0f);
      }
    }
    for (int c = 0; c < g.globalChannels(); c++) in.global.push_back(uniform(rng) - 0.5f);
    for (int c = 0; c < g.metaChannels(); c++) in.meta.push_back(uniform(rng) - 0.5f);
  }
  return in;
}

Outputs runOn(nn::Executor& executor, const nn::Graph& g, const Inputs& in, int threads) {
  const size_t rows = static_cast<size_t>(in.rows), points = static_cast<size_t>(in.points);
  const auto sized = [&](size_t n, int channels) {
    return std::vector<float>(rows * n * static_cast<size_t>(channels));
  };
  Outputs out{sized(points, g.policyChannels()), sized(1, g.policyChannels()), sized(1, 3),
              sized(1, g.scoreChannels()), sized(points, 1)};
  executor.run({in.rows, in.spatial, in.global, in.meta, threads},
               {out.policy, out.pass, out.value, out.score, out.ownership});
  return out;
}

// The second run of an executor sees memory that is no longer zero.
Outputs runTwice(const nn::Graph& g, nn::Backend& backend, const nn::CompileOptions& options,
                 const Inputs& in) {
  const auto executor = backend.compile(g, options)->makeExecutor();
  runOn(*executor, g, in, 0);
  return runOn(*executor, g, in, 0);
}

Outputs runNet(const nn::Graph& g, nn::Backend& backend, const nn::CompileOptions& options,
               const Inputs& in) {
  const auto executor = backend.compile(g, options)->makeExecutor();
  return runOn(*executor, g, in, 0);
}

// Largest difference at points on the board, relative to the largest value there.
double difference(const std::vector<float>& a, const std::vector<float>& b, const Inputs& in,
                  int spatialChannels, bool perPoint) {
  double worst = 0, most = 1;
  const size_t perEntry = a.size() / static_cast<size_t>(in.rows * (perPoint ? in.points : 1));
  for (size_t i = 0; i < a.size(); i++) {
    if (perPoint && in.spatial[i / perEntry * static_cast<size_t>(spatialChannels)] == 0) continue;
    if (!std::isfinite(a[i])) return 1e9;
    worst = std::max(worst, std::fabs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
    most = std::max(most, std::fabs(static_cast<double>(b[i])));
  }
  return worst / most;
}

// Largest differences allowed. Int16 has 15 bits, half precision 11 and bfloat16 8; a few layers add up.
std::vector<std::pair<nn::Precision, double>> precisionsOf(const nn::KernelTable& kernels) {
  const double sixteenBits = kernels.halfPairs ? 8e-3 : 2e-3;
  std::vector<std::pair<nn::Precision, double>> list = {
      {nn::Precision::Fp32, 3e-5}, {nn::Precision::Int16, sixteenBits}, {nn::Precision::Half, sixteenBits}};
  if (kernels.gemmBf16) list.push_back({nn::Precision::Bf16, 2e-2});
  return list;
}

struct Case {
  int rows, boardX, boardY;
  bool exact;
  int threads;
};

void compareWithReference(const nn::Graph& g, const Case& c) {
  const Inputs in = randomInputs(g, c.rows, c.boardX, c.boardY, c.exact);
  nn::CompileOptions options;
  options.maxBatch = c.rows;
  options.boardX = c.boardX;
  options.boardY = c.boardY;
  options.exactBoardSize = c.exact;
  const Outputs want = runNet(g, *nn::makeReferenceBackend(), options, in);
  options.threads = c.threads;
  options.maxBatch = c.rows + 1;
  for (const nn::KernelTable* kernels : test::testedKernels()) {
    for (const auto& tested : precisionsOf(*kernels)) {
      const nn::Precision precision = tested.first;
      nn::BackendSettings settings;
      settings.cpuIsa = kernels->isa;
      options.precision = precision;
      const Outputs got = runTwice(g, *nn::makeBackend(settings), options, in);
      const int sc = g.spatialChannels();
      const double worst = std::max(
          {difference(got.policy, want.policy, in, sc, true), difference(got.pass, want.pass, in, sc, false),
           difference(got.value, want.value, in, sc, false), difference(got.score, want.score, in, sc, false),
           difference(got.ownership, want.ownership, in, sc, true)});
      CAPTURE(settings.cpuIsa);
      CAPTURE(static_cast<int>(precision));
      CAPTURE(c.rows);
      CAPTURE(c.boardX);
      CHECK(worst < tested.second);
    }
  }
}

void compareNet(const NetSpec& spec) {
  const LoadedModel model = loadModelFromBytes(randomNetBytes(spec, 7, FloatEncoding::Binary), "net.bin");
  compareWithReference(model.graph, {1, 19, 19, true, 1});
  compareWithReference(model.graph, {3, 9, 9, false, 1});
  compareWithReference(model.graph, {2, 13, 9, false, 2});
  compareWithReference(model.graph, {5, 7, 7, false, 3});
}

}  // namespace

TEST_CASE("convolutional nets give the outputs of the reference backend") {
  NetSpec spec;
  spec.channels = 40, spec.mid = 40, spec.gpool = 8;
  spec.p1 = 9, spec.g1 = 17, spec.v1 = 16, spec.v2 = 33;
  spec.blocks = {BlockKind::Ordinary, BlockKind::Pooling, BlockKind::Ordinary};
  SUBCASE("mish") {
    spec.activation = nn::Activation::Mish;
  }
  SUBCASE("relu, 5x5 stem, no channel a multiple of 16") {
    spec.version = 8, spec.stemSize = 5, spec.channels = 33, spec.mid = 33, spec.gpool = 5;
  }
  SUBCASE("7x7 stem and metadata") {
    spec.stemSize = 7, spec.metadataEncoder = true;
  }
  compareNet(spec);
}

TEST_CASE("nested bottleneck nets give the outputs of the reference backend") {
  NetSpec spec;
  spec.channels = 48, spec.mid = 24, spec.gpool = 8;
  spec.blocks = {BlockKind::Nested, BlockKind::NestedPooling, BlockKind::Nested};
  compareNet(spec);
}

TEST_CASE("transformer nets give the outputs of the reference backend") {
  NetSpec spec;
  spec.version = 17;
  spec.channels = 48, spec.mid = 32, spec.gpool = 8, spec.ffn = 80;
  spec.blocks = {BlockKind::Attention, BlockKind::FeedForward, BlockKind::Attention, BlockKind::FeedForward};
  SUBCASE("head sizes of whole blocks, fixed rope") {}
  SUBCASE("grouped keys, learnable rope, norm tip") {
    spec.heads = 6, spec.kvHeads = 3, spec.vDim = 16, spec.learnableRope = true;
  }
  SUBCASE("odd head sizes, spatial rms tip") {
    spec.heads = 4, spec.kvHeads = 2, spec.qDim = 10, spec.vDim = 7, spec.rmsTip = true,
    spec.rmsTipIsSpatial = true;
  }
  SUBCASE("no rope, rms tip, plain feed-forward") {
    spec.rope = false, spec.rmsTip = true, spec.gatedFfn = false;
  }
  SUBCASE("nested transformer blocks") {
    spec.blocks = {BlockKind::NestedTransformer, BlockKind::NestedTransformer};
  }
  compareNet(spec);
}

// Executors of one program that run at the same time and share its helpers.
static void checkThreadsChangeNothing(const NetSpec& spec) {
  const LoadedModel model = loadModelFromBytes(randomNetBytes(spec, 7, FloatEncoding::Binary), "net.bin");
  nn::CompileOptions options;
  options.maxBatch = 2;
  options.boardX = options.boardY = 13;
  const Inputs in = randomInputs(model.graph, 2, 13, 13, false);
  const int rounds = test::oneIsaAlone() ? 5 : 20;  // 5: each caller uses each number of threads
  for (const nn::KernelTable* kernels : test::testedKernels()) {
    nn::BackendSettings settings;
    settings.cpuIsa = kernels->isa;
    options.threads = 1;
    const Outputs want = runNet(model.graph, *nn::makeBackend(settings), options, in);
    options.threads = 4;
    const auto program = nn::makeBackend(settings)->compile(model.graph, options);
    std::atomic<int> different{0};
    std::vector<std::thread> callers;
    for (int caller = 0; caller < 3; caller++)
      callers.emplace_back([&, caller] {
        const auto executor = program->makeExecutor();
        for (int i = 0; i < rounds; i++) {
          const Outputs got = runOn(*executor, model.graph, in, (i + caller) % 5);
          different += got.policy != want.policy || got.value != want.value || got.score != want.score ||
                       got.pass != want.pass || got.ownership != want.ownership;
        }
      });
    for (std::thread& caller : callers) caller.join();
    CHECK(different == 0);
  }
}

TEST_CASE("results are the same to the last bit with any number of threads and of runs at once") {
  NetSpec conv;
  conv.channels = 80, conv.mid = 48, conv.gpool = 16;
  conv.blocks = {BlockKind::Ordinary, BlockKind::Pooling, BlockKind::Nested};
  checkThreadsChangeNothing(conv);
  NetSpec transformer;
  transformer.version = 17;
  transformer.channels = 48, transformer.mid = 32, transformer.gpool = 8, transformer.ffn = 80;
  transformer.heads = 6, transformer.kvHeads = 3, transformer.vDim = 16;
  transformer.blocks = {BlockKind::Attention, BlockKind::FeedForward};
  checkThreadsChangeNothing(transformer);
}

TEST_CASE("an instruction set this machine cannot run is refused with the choices") {
  nn::BackendSettings settings;
  settings.cpuIsa = "sse9";
  CHECK_THROWS_AS(nn::makeBackend(settings), UserError);
}
