// The 8-bit kernels against plain integer loops, on odd sizes and at the extremes, and whole nets against the
// reference backend, for every ISA this machine can run.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "backends/cpu/dispatch.h"
#include "backends/cpu/pack_int8.h"
#include "graph/backend.h"
#include "graph/builder.h"
#include "graph/product.h"
#include "support/blocked.h"
#include "support/each_isa.h"
#include "support/graph_runs.h"
#include "support/quantized_graph.h"
#include "support/tiny_nets.h"

using namespace ponnuki;
using namespace ponnuki::nn;
using ponnuki::test::blocked;
using ponnuki::test::blockedAt;
using ponnuki::test::forEachIsa;
using ponnuki::test::sz;

namespace {

// A product of integers: with scales of 1 its float results are the sums themselves, rounded once to float32.
struct Problem {
  int x = 1, y = 1, rows = 1, edge = 1, dilation = 1, inC = 1, outC = 1, zero = 0;
  std::vector<float> in, weights;  // [row][y][x][inC] and [tap][inC][outC]

  int points() const { return rows * x * y; }
  // least, most: of u, not yet without the zero point.
  void fill(uint64_t seed, int least, int most) {
    test::Stream stream(seed);
    const auto integer = [&](int low, int high) {
      return static_cast<float>(low +
                                static_cast<int>(stream.bits() % static_cast<uint64_t>(high - low + 1)));
    };
    in.resize(sz(points() * inC)), weights.resize(sz(edge * edge * inC * outC));
    for (float& v : in) v = integer(least, most) - static_cast<float>(zero);
    for (float& w : weights) w = integer(-127, 127);
  }
  Quantization quantization() const {
    return {.inputScale = 1, .inputZero = zero, .weightScale = std::vector<float>(sz(outC), 1.0f)};
  }
  float want(int point, int oc) const {
    const int board = point / (x * y), py = point % (x * y) / x, px = point % x;
    int64_t sum = 0;
    for (int tap = 0; tap < edge * edge; tap++) {
      const int iy = py + (tap / edge - edge / 2) * dilation, ix = px + (tap % edge - edge / 2) * dilation;
      if (iy < 0 || iy >= y || ix < 0 || ix >= x) continue;
      for (int c = 0; c < inC; c++)
        sum += static_cast<int64_t>(in[sz(((board * y + iy) * x + ix) * inC + c)]) *
               static_cast<int64_t>(weights[sz((tap * inC + c) * outC + oc)]);
    }
    REQUIRE(std::abs(sum) < int64_t{1} << 31);
    return static_cast<float>(sum);
  }
};

struct IntegerOutputs {
  explicit IntegerOutputs(const Problem& p)
      : points(p.points()), values(sz(blocksFor(p.outC) * p.points() * kBlock)) {
    epilogues.resize(sz(blocksFor(p.outC)));
    for (size_t i = 0; i < epilogues.size(); i++) epilogues[i].out = values.data() + i * sz(points * kBlock);
  }
  float at(int point, int oc) const { return blockedAt(values, points, point, oc); }
  int points;
  AlignedFloats values;
  std::vector<BlockEpilogue> epilogues;
};

void runGemm(const KernelTable& kernels, const Problem& p, const Int8Weights& w, IntegerOutputs& out) {
  const AlignedFloats in = blocked(p.in, p.points(), p.inC);
  AlignedArray<int32_t> panel(sz(blocksFor(p.inC) * kPanelRows * kInt8BlockWords));
  const GemmInt8Args args = {.a = in.data(),
                             .aStride = sz(p.points() * kBlock),
                             .w = w.columns(),
                             .inBlocks = blocksFor(p.inC),
                             .blocks = blocksFor(p.outC),
                             .panel = panel.data(),
                             .epilogues = out.epilogues.data(),
                             .pointsPerRow = p.x * p.y};
  const int middle = p.points() / 2 / kernels.rowTile * kernels.rowTile;  // as two threads would share it
  kernels.gemmInt8(args, 0, middle);
  kernels.gemmInt8(args, middle, p.points());
}

void runConv(const KernelTable& kernels, const Problem& p, const Int8Weights& w, IntegerOutputs& out) {
  const AlignedFloats in = blocked(p.in, p.points(), p.inC);
  const int border = (p.edge - 1) * p.dilation;
  AlignedArray<int32_t> padded(
      sz(p.rows * blocksFor(p.inC) * (p.x + border) * (p.y + border) * kInt8BlockWords));
  std::fill_n(padded.data(), padded.size(), 0x55555555);  // what other steps leave behind
  ConvInt8Args args = {};
  args.boardX = p.x, args.boardY = p.y, args.ky = args.kx = p.edge, args.dilY = args.dilX = p.dilation;
  args.rows = p.rows, args.inBlocks = blocksFor(p.inC), args.outBlocks = blocksFor(p.outC);
  args.in = in.data(), args.inStride = sz(p.points() * kBlock);
  args.w = w.columns();
  args.padded = padded.data();
  args.epilogues = out.epilogues.data();
  const int units = p.rows * args.inBlocks, lines = p.rows * p.y;
  kernels.convInt8Input(args, 0, units / 2);
  kernels.convInt8Input(args, units / 2, units);
  kernels.convInt8Output(args, 0, lines / 2);
  kernels.convInt8Output(args, lines / 2, lines);
}

int wrongSums(const Problem& p, const IntegerOutputs& out) {
  int wrong = 0;
  for (int point = 0; point < p.points(); point++)
    for (int oc = 0; oc < p.outC; oc++) wrong += out.at(point, oc) != p.want(point, oc);
  return wrong;
}

// Both kernels where both can run.
void checkExact(const Problem& p) {
  CAPTURE(p.inC);
  CAPTURE(p.outC);
  CAPTURE(p.edge);
  CAPTURE(p.zero);
  CAPTURE(p.points());
  const Quantization q = p.quantization();
  const Int8Weights w = packInt8({{{p.weights, p.outC}, &q}}, p.edge * p.edge, p.inC);
  forEachIsa([&](const KernelTable& kernels) {
    if (p.edge == 1) {
      IntegerOutputs out(p);
      runGemm(kernels, p, w, out);
      CHECK(wrongSums(p, out) == 0);
    }
    IntegerOutputs out(p);
    runConv(kernels, p, w, out);
    CHECK(wrongSums(p, out) == 0);
  });
}

}  // namespace

TEST_CASE("8-bit matrix products are exact on odd sizes") {
  uint64_t seed = 0;
  for (const auto& [rows, inC, outC] : {std::array{1, 1, 1},
                                        {7, 3, 5},
                                        {48, 16, 16},
                                        {50, 33, 49},
                                        {361, 96, 64},
                                        {101, 130, 17},
                                        {3, 600, 100}}) {
    for (const int zero : {0, 1, 128, 255}) {
      Problem p{.x = rows, .inC = inC, .outC = outC, .zero = zero, .in = {}, .weights = {}};
      p.fill(++seed, 0, 255);
      checkExact(p);
    }
  }
}

TEST_CASE("8-bit convolutions are exact on odd sizes, with borders that stand for zero") {
  uint64_t seed = 100;
  for (const auto& [x, y, rows, edge, dilation] :
       {std::array{19, 19, 1, 3, 1}, {1, 1, 2, 3, 1}, {13, 7, 3, 3, 1}, {2, 9, 1, 5, 1}, {9, 6, 2, 3, 2}}) {
    for (const int zero : {0, 77, 255}) {
      Problem p{.x = x,
                .y = y,
                .rows = rows,
                .edge = edge,
                .dilation = dilation,
                .inC = 35,
                .outC = 50,
                .zero = zero,
                .in = {},
                .weights = {}};
      p.fill(++seed, 0, 255);
      checkExact(p);
    }
  }
}

TEST_CASE("8-bit products neither saturate nor overflow at the extremes") {
  for (const int zero : {0, 255}) {
    for (const int inC : {32, 513, 2048}) {
      Problem p{.x = 9, .inC = inC, .outC = 17, .zero = zero, .in = {}, .weights = {}};
      const int u = 255 - zero;  // the far end
      p.fill(1, u, u);
      for (size_t i = 0; i < p.weights.size(); i++) p.weights[i] = i % 17 % 2 == 0 ? 127 : -127;
      checkExact(p);
      p.fill(2, zero, zero);  // all 0.0 whatever the weights are
      checkExact(p);
    }
    Problem deep{.x = 3, .y = 3, .edge = 3, .inC = 1024, .outC = 3, .zero = zero, .in = {}, .weights = {}};
    deep.fill(3, 255 - zero, 255 - zero);
    std::fill(deep.weights.begin(), deep.weights.end(), -127.0f);
    checkExact(deep);
  }
}

TEST_CASE("inputs out of range saturate to 0 and 255") {
  Problem p{.x = 5, .inC = 20, .outC = 16, .zero = 100, .in = {}, .weights = {}};
  p.fill(4, 0, 255);
  Problem clamped = p;
  for (size_t i = 0; i < p.in.size(); i += 3) {
    p.in[i] = i % 2 == 0 ? 3e9f : -1e30f;
    clamped.in[i] = i % 2 == 0 ? 155.0f : -100.0f;
  }
  const Quantization q = p.quantization();
  const Int8Weights w = packInt8({{{p.weights, p.outC}, &q}}, 1, p.inC);
  forEachIsa([&](const KernelTable& kernels) {
    IntegerOutputs out(p);
    runGemm(kernels, p, w, out);
    CHECK(wrongSums(clamped, out) == 0);
  });
}

TEST_CASE("8-bit products round their inputs to nearest even like the definition") {
  Problem p{.x = 40, .inC = 16, .outC = 16, .zero = 130, .in = {}, .weights = {}};
  p.fill(5, 0, 0);
  test::Stream stream(6);
  for (size_t i = 0; i < p.in.size(); i++)
    p.in[i] = i % 2 == 0 ? stream.next() * 0.6f : (static_cast<float>(i % 200) - 99.5f) * 0.004f;  // halves
  for (size_t i = 0; i < p.weights.size(); i++)
    p.weights[i] = i / 16 == i % 16 ? 1.0f : 0.0f;  // the identity
  Quantization q = p.quantization();
  q.inputScale = 0.004f;
  const InputRange range{q.inputScale, q.inputZero};
  const Int8Weights w = packInt8({{{p.weights, p.outC}, &q}}, 1, p.inC);
  forEachIsa([&](const KernelTable& kernels) {
    IntegerOutputs out(p);
    runGemm(kernels, p, w, out);
    int wrong = 0;
    for (int point = 0; point < p.points(); point++)
      for (int c = 0; c < 16; c++)
        wrong += out.at(point, c) !=
                 static_cast<float>(quantizedInput(range, p.in[sz(point * 16 + c)]) - range.zero) * range.scale;
    CHECK(wrong == 0);
  });
}

TEST_CASE("8-bit matrix products with a scale for each point are what the definition says, to the last bit") {
  test::Stream stream(16);
  for (const std::array<int, 3>& shape : {std::array{1, 1, 1}, {50, 33, 49}, {100, 96, 64}, {3, 600, 17}}) {
    const int points = shape[0], inC = shape[1], outC = shape[2];
    CAPTURE(inC);
    Problem p{.x = points, .inC = inC, .outC = outC, .in = {}, .weights = {}};
    p.fill(sz(inC), 0, 255);
    for (int point = 0; point < points; point++) {
      const float size = point % 7 == 0 ? 0.0f : std::exp2(static_cast<float>(point % 40 - 20));
      for (int c = 0; c < inC; c++)
        p.in[sz(point * inC + c)] = size * (stream.next() + (point % 3 == 0 ? 1.0f : 0.0f));
    }
    Quantization q = p.quantization();
    q.inputScale = 0, q.inputZero = 0;
    q.weightScale.assign(sz(outC), 0.01f);
    for (float& w : p.weights) w *= 0.01f;
    const Int8Weights w = packInt8({{{p.weights, p.outC}, &q}}, 1, p.inC);
    forEachIsa([&](const KernelTable& kernels) {
      IntegerOutputs out(p);
      runGemm(kernels, p, w, out);
      int wrong = 0;
      for (int point = 0; point < points; point++) {
        const std::span<const float> in(&p.in[sz(point * inC)], sz(inC));
        const InputRange range = pointRange(in);
        for (int oc = 0; oc < outC; oc++) {
          int32_t sum = 0;
          for (int c = 0; c < inC; c++)
            sum += (quantizedInput(range, in[sz(c)]) - range.zero) *
                   quantizedWeight(p.weights[sz(c * outC + oc)], q.weightScale[sz(oc)]);
          wrong += out.at(point, oc) != static_cast<float>(sum) * (range.scale * q.weightScale[sz(oc)]);
        }
      }
      CHECK(wrong == 0);
    });
  }
}

namespace {

// An input on the edge of two integers may round the other way where float sums before it differ in the last
// bit; all else is exact.
float differenceFromReference(const NetSpec& spec, const std::string& isa, int threads, bool perPoint) {
  Graph graph = test::quantized(test::loadSpec(spec, 8).graph, -3, 3, isMatrix);
  for (Op& op : graph.ops)
    if (perPoint && isProduct(op) && isMatrix(op)) setQuantization(op, makeQuantization(op, 0, 0));
  const test::RandomInputs in = test::randomInputs(graph, 3, 9, 7, false, 14);
  CompileOptions options{.boardX = 9, .boardY = 7, .precision = Precision::Int8};
  const auto want = test::run(*makeReferenceBackend(), graph, in, options);
  const auto backend = makeBackend({isa});
  options.threads = threads;
  return test::largestDifference(graph, in, want, test::run(*backend, graph, in, options));
}

}  // namespace

TEST_CASE("nets with 8-bit products agree with the reference backend") {
  NetSpec wide = test::tinySpec(16, {BlockKind::Nested, BlockKind::Attention, BlockKind::FeedForward});
  wide.channels = 48, wide.mid = 40, wide.ffn = 70;
  forEachIsa([&](const KernelTable& kernels) {
    for (const int threads : {1, 3}) {
      for (const bool perPoint : {false, true}) {
        CHECK(differenceFromReference(test::everyBlockSpec(), kernels.isa, threads, perPoint) < 0.05f);
        CHECK(differenceFromReference(wide, kernels.isa, threads, perPoint) < 0.05f);
      }
    }
  });
}

TEST_CASE("8-bit weights are used where the precision asks for them and take a byte each") {
  NetSpec spec = test::tinySpec(16, {BlockKind::Attention, BlockKind::FeedForward});
  spec.channels = 128, spec.ffn = 512;
  const Graph plain = test::loadSpec(spec, 9).graph;
  const Graph graph = test::quantized(plain, -3, 3, [](const Op& op) { return op.kind() == OpKind::MatMul; });
  forEachIsa([&](const KernelTable& kernels) {
    const auto backend = makeBackend({kernels.isa});
    const auto bytes = [&](const Graph& g, Precision precision) {
      return backend->compile(g, {.boardX = 9, .boardY = 9, .precision = precision})->info().weightBytes;
    };
    const auto plan =
        backend->compile(graph, {.boardX = 9, .boardY = 9, .precision = Precision::Int8})->info().plan;
    CHECK(plan.starts_with("int8: "));
    CHECK(bytes(graph, Precision::Fp32) == bytes(plain, Precision::Fp32));
    CHECK(bytes(graph, Precision::Half) == bytes(plain, Precision::Half));
    CHECK(bytes(plain, Precision::Int8) == bytes(plain, Precision::Half));
    // Three feed-forward matrices of 128 x 512, as bytes instead of floats.
    CHECK(bytes(graph, Precision::Int8) + 3 * 128 * 512 * 3 - 20000 < bytes(plain, Precision::Fp32));
  });
}

TEST_CASE("products of one input are computed together only if they quantise it alike") {
  const Graph net = test::loadSpec(test::tinySpec(16, {BlockKind::Attention}), 10).graph;
  int matrices = 0;
  const Graph graph = test::quantized(net, -3, 3, [&](const Op& op) {
    return op.kind() == OpKind::MatMul && matrices++ % 2 == 0;  // half of them stay float
  });
  const test::RandomInputs in = test::randomInputs(graph, 2, 7, 7, false, 15);
  const CompileOptions options{.boardX = 7, .boardY = 7, .precision = Precision::Int8};
  const auto want = test::run(*makeReferenceBackend(), graph, in, options);
  forEachIsa([&](const KernelTable& kernels) {
    const auto backend = makeBackend({kernels.isa});
    CHECK(test::largestDifference(graph, in, want, test::run(*backend, graph, in, options)) < 0.05f);
  });
}

// A quantised convolution, masked, whose results are the policy; all other outputs are small.
static Graph convGraph(int edge, int dilation) {
  constexpr int kIn = 20, kOut = 30;  // too thin for 16-bit products in the heads
  test::Stream stream(16);
  const auto floats = [&](int n) {
    std::vector<float> v(sz(n));
    for (float& x : v) x = stream.next();
    return v;
  };
  GraphBuilder b(kIn, 3, 0);
  Conv2dAttrs conv{.ky = edge,
                   .kx = edge,
                   .inC = kIn,
                   .outC = kOut,
                   .dilY = dilation,
                   .dilX = dilation,
                   .weights = floats(edge * edge * kIn * kOut),
                   .epilogue = {}};
  conv.quantization = test::quantizationFor(conv.weights.span(), kOut, -0.5f, 1);
  conv.epilogue.bias = floats(kOut);
  conv.epilogue.activation = Activation::Relu;
  conv.epilogue.masked = true;
  const TensorId policy = b.append("conv", std::move(conv), {b.spatial()});
  const auto head = [&](const char* name, TensorId in, int inC, int outC) {
    return b.append(
        name, MatMulAttrs{.inC = inC, .outC = outC, .weights = floats(inC * outC), .epilogue = {}}, {in});
  };
  const TensorId pass = head("pass", b.global(), 3, kOut), value = head("value", b.global(), 3, 3),
                 score = head("score", b.global(), 3, 4), ownership = head("ownership", policy, kOut, 1);
  return b.finish({policy, pass, value, score, ownership});
}

TEST_CASE("8-bit convolutions of a batch on several threads agree with the reference backend") {
  for (const std::array<int, 2>& window : {std::array{3, 1}, {3, 2}, {7, 1}}) {
    const int edge = window[0], dilation = window[1];
    const Graph graph = convGraph(edge, dilation);
    const test::RandomInputs in = test::randomInputs(graph, 20, 11, 9, false, 17);
    CompileOptions options{.boardX = 11, .boardY = 9, .precision = Precision::Int8};
    const auto want = test::run(*makeReferenceBackend(), graph, in, options);
    forEachIsa([&](const KernelTable& kernels) {
      // 3x3 layers may run in Winograd and 7x7 ones in float32: close to the 8-bit result, not equal.
      const bool direct = edge * edge <= kInt8MaxTaps && (dilation > 1 || kernels.fastInt8Conv);
      for (const int threads : {1, 3}) {
        options.threads = threads;
        const auto backend = makeBackend({kernels.isa});
        CHECK(test::largestDifference(graph, in, want, test::run(*backend, graph, in, options)) <
              (direct ? 1e-4f : 0.3f));
      }
    });
  }
}
