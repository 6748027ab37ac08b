// Products in 8-bit integers against the other arithmetics of this machine: katago-int8-bench [ISA] [NET ...]
//
// Layers: 10^9 operations in a second of one thread's own time (best and median of 20 rounds; a convolution
// counts its direct products whatever it is computed with), quantising, epilogue and all, and for int8 the
// share of what the bare instructions reach in registers. Nets: evaluations a second of one and of all
// threads at batch 8, best (median) of 5; every matrix product is quantised with an invented range, so only
// the speed means something.
#include <time.h>
#include <algorithm>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <functional>
#include <thread>

#include "backends/cpu/dispatch.h"
#include "backends/cpu/peak.h"
#include "backends/cpu/steps_half.h"
#include "backends/cpu/steps_int8.h"
#include "graph/backend.h"
#include "graph/product.h"
#include "model/model_file.h"

using namespace ponnuki;
using namespace ponnuki::nn;

namespace {

constexpr int kBoard = 19, kPoints = kBoard * kBoard;

struct Rates {
  double best, median;
};
// How often a second `run` ends, by `now`, over rounds of at least `seconds`.
template <class Now>
Rates rateOf(const std::function<void()>& run, int rounds, double seconds, Now now) {
  std::vector<double> rates;
  run();
  for (int round = 0; round < rounds; round++) {
    const double start = now();
    double elapsed = 0;
    int runs = 0;
    do {
      run();
      runs++;
      elapsed = now() - start;
    } while (elapsed < seconds);
    rates.push_back(runs / elapsed);
  }
  std::sort(rates.begin(), rates.end());
  return {rates.back(), rates[rates.size() / 2]};
}
double wallSeconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}
// Of this thread alone: other programs on its core count less.
double threadSeconds() {
  timespec t = {};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

struct Layer {
  int edge, inC, outC, rows;
  double operations() const { return 2.0 * edge * edge * inC * outC * rows * kPoints; }
};

std::vector<float> someFloats(size_t n) {
  std::vector<float> v(n);
  for (size_t i = 0; i < n; i++) v[i] = static_cast<float>(i * 7919 % 2003) / 1001 - 1;
  return v;
}
// Matrices with a range for each point, as calibrate mostly chooses.
std::shared_ptr<Quantization> inventedQuantization(int outC, bool isMatrix) {
  auto q = std::make_shared<Quantization>();
  q->inputScale = isMatrix ? 0 : 1.0f / 32;
  q->inputZero = isMatrix ? 0 : 60;
  q->weightScale.assign(static_cast<size_t>(outC), 1.0f / 127);
  return q;
}

// One step alone on one thread.
Rates stepRate(const KernelTable& kernels, const Layer& layer,
               const std::function<std::unique_ptr<Step>(Place, ProductOutput)>& make) {
  Place in{0, layer.inC, kPoints},
      out{in.stride(layer.rows) * static_cast<size_t>(in.blocks()), layer.outC, kPoints};
  AlignedFloats arena(out.offset + out.stride(layer.rows) * static_cast<size_t>(out.blocks()));
  const std::vector<float> values = someFloats(out.offset);
  std::copy(values.begin(), values.end(), arena.data());
  ProductOutput finish;
  finish.out = out;
  finish.bias = AlignedFloats(static_cast<size_t>(blocksFor(layer.outC)) * kBlock);
  finish.activation = Activation::Relu;
  const std::unique_ptr<Step> step = make(in, std::move(finish));
  AlignedFloats shared(step->sharedFloats(layer.rows)), own(step->ownFloats(layer.rows));
  RunState state;
  state.kernels = &kernels, state.arena = arena.data(), state.shared = shared.data(), state.rows = layer.rows;
  const Worker worker(state, nullptr, 0, 1, own.data());
  const Rates r = rateOf([&] { step->run(worker); }, 20, 0.005, threadSeconds);
  return {r.best * layer.operations() / 1e9, r.median * layer.operations() / 1e9};
}

std::vector<ProductOutput> only(ProductOutput out) {
  std::vector<ProductOutput> outputs;
  outputs.push_back(std::move(out));
  return outputs;
}

void printLayer(const KernelTable& kernels, const Layer& l, double peak) {
  const int taps = l.edge * l.edge;
  const std::vector<float> weights = someFloats(static_cast<size_t>(taps * l.inC * l.outC));
  const std::vector<MatrixPart> parts = {{weights, l.outC}};
  const auto q = inventedQuantization(l.outC, taps == 1);
  const ConvGeometry geometry{kBoard, kBoard, l.edge, l.edge, 1, 1};
  const Rates f32 = stepRate(kernels, l, [&](Place in, ProductOutput out) -> std::unique_ptr<Step> {
    if (taps == 1)
      return std::make_unique<MatMulStep>(in, l.inC, only(std::move(out)), packMatrices(parts, l.inC));
    return std::make_unique<WinogradStep>(in, l.inC, only(std::move(out)), packWinograd(parts, l.edge, l.inC),
                                          geometry);
  });
  const Rates int16 = stepRate(kernels, l, [&](Place in, ProductOutput out) -> std::unique_ptr<Step> {
    if (taps == 1)
      return std::make_unique<MatMulInt16Step>(in, l.inC, only(std::move(out)), packInt16(parts, l.inC));
    return std::make_unique<WinogradInt16Step>(in, l.inC, only(std::move(out)),
                                               packInt16Winograd(parts, l.inC), geometry);
  });
  const Rates int8 = stepRate(kernels, l, [&](Place in, ProductOutput out) -> std::unique_ptr<Step> {
    Int8Weights packed = packInt8({{parts[0], q.get()}}, taps, l.inC);
    if (taps == 1)
      return std::make_unique<MatMulInt8Step>(in, l.inC, only(std::move(out)), std::move(packed));
    return std::make_unique<ConvInt8Step>(in, l.inC, only(std::move(out)), std::move(packed), geometry);
  });
  std::printf("| %dx%d | %d -> %d | %d | %.0f (%.0f) | %.0f (%.0f) | %.0f (%.0f) | %.0f%% |\n", l.edge,
              l.edge, l.inC, l.outC, l.rows, f32.best, f32.median, int16.best, int16.median, int8.best,
              int8.median, 100 * int8.best / peak);
}

Graph withInventedQuantization(Graph graph) {
  for (Op& op : graph.ops) {
    if (auto* m = std::get_if<MatMulAttrs>(&op.attrs);
        m && graph.tensor(op.inputs[0]).shape.domain == Domain::Points)
      m->quantization = inventedQuantization(m->outC, true);
    if (auto* c = std::get_if<Conv2dAttrs>(&op.attrs); c && c->inC >= 32)
      c->quantization = inventedQuantization(c->outC, isMatrix(op));
  }
  return graph;
}

void printNet(const std::string& isa, const std::string& path, int threads) {
  constexpr int kBatch = 8;
  const Graph graph = withInventedQuantization(loadModel(path).graph);
  const auto backend = makeBackend({isa});
  std::vector<float> spatial = someFloats(static_cast<size_t>(kBatch * kPoints * graph.spatialChannels()));
  for (size_t i = 0; i < spatial.size(); i++)
    spatial[i] = i % static_cast<size_t>(graph.spatialChannels()) == 0 || spatial[i] > 0.6f ? 1.0f : 0.0f;
  const std::vector<float> global = someFloats(static_cast<size_t>(kBatch * graph.globalChannels())),
                           meta = someFloats(static_cast<size_t>(kBatch * graph.metaChannels()));
  std::vector<float> policy(static_cast<size_t>(kBatch * kPoints * graph.policyChannels())),
      value(kBatch * 3);
  for (const auto& [precision, name] : {std::pair{Precision::Fp32, "fp32"},
                                        {Precision::Half, "half"},
                                        {Precision::Int16, "int16"},
                                        {Precision::Int8, "int8"}}) {
    CompileOptions options;
    options.maxBatch = kBatch, options.boardX = options.boardY = kBoard, options.exactBoardSize = true;
    options.precision = precision, options.threads = threads;
    const auto program = backend->compile(graph, options);
    const auto executor = program->makeExecutor();
    const Rates r = rateOf(
        [&] {
          executor->run({kBatch, spatial, global, meta}, {policy, {}, value, {}, {}});
        },
        5, 0.6, threads == 1 ? threadSeconds : wallSeconds);
    std::printf("| %s | %s | %d | %.1f (%.1f) | %.1f MB | %s |\n",
                path.substr(path.find_last_of('/') + 1).c_str(), name, threads, r.best * kBatch,
                r.median * kBatch, static_cast<double>(program->info().weightBytes) / 1e6,
                program->info().plan.c_str());
    std::fflush(stdout);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::string isa = argc > 1 ? argv[1] : "auto";
  const KernelTable& kernels = chooseKernels(isa);
  const double peak = int8PeakOfOneThread(kernels);
  std::printf("%s: peak of one thread %.0f in float32, %.0f in int8\n\n", kernels.isa,
              peakOfOneThread(kernels), peak);
  if (argc <= 2) {
    std::printf(
        "| kernel | channels | boards | f32 | int16 | int8 | int8 of its peak "
        "|\n|---|---|---|---|---|---|---|\n");
    for (const Layer& l : {Layer{1, 96, 96, 8},
                           {1, 96, 256, 8},
                           {1, 256, 96, 8},
                           {1, 192, 192, 8},
                           {1, 384, 384, 8},
                           {1, 1536, 384, 4},
                           {3, 96, 96, 4},
                           {3, 192, 192, 4}})
      printLayer(kernels, l, peak);
    return 0;
  }
  std::printf(
      "| net | precision | threads | evals/s best (median) | weights | plan |\n|---|---|---|---|---|---|\n");
  for (int i = 2; i < argc; i++)
    for (const int threads : {1, static_cast<int>(std::thread::hardware_concurrency())})
      printNet(isa, argv[i], threads);
  return 0;
}
