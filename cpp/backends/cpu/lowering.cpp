#include "backends/cpu/lowering.h"

#include "backends/cpu/pack.h"
#include "backends/cpu/steps.h"
#include "backends/cpu/steps_half.h"
#include "backends/cpu/steps_int8.h"
#include "base/cpu_features.h"
#include "base/error.h"
#include "base/parallel.h"
#include "graph/product.h"

namespace ponnuki::nn {

namespace {

constexpr int kLeastHalfChannels = 32;  // thin layers cost little, and the heads' last ones stay exact

bool isWinogradShape(const Conv2dAttrs& c) {
  return c.ky == c.kx && (c.ky == 3 || c.ky == 5) && c.dilY == 1 && c.dilX == 1;
}

class Lowering {
 public:
  Lowering(SharedNet& net, const CompileOptions& options, const KernelTable& kernels)
      : net_(net),
        graph_(net.graph()),
        options_(options),
        kernels_(kernels),
        int16_(usesInt16(options.precision, kernels)),
        bf16_(usesBf16(options.precision, kernels)) {
    arena_ = planArena(graph_, net.groups(), options.maxBatch, options.boardX * options.boardY);
  }

  LoweredGraph run() {
    LoweredGraph lowered;
    lowered.arenaFloats = arena_.floats;
    auto& steps = lowered.steps;
    const GraphInputs& in = graph_.inputs;
    const std::optional<Place> meta = in.meta == kNoTensor ? std::nullopt : std::optional(place(in.meta));
    steps.push_back(std::make_unique<LoadStep>(place(in.spatial), place(in.global), meta));
    const size_t first = steps.size();
    steps.resize(first + net_.groups().size());
    parallelFor(net_.groups().size(), [&](size_t i) {
      const OpGroup& group = net_.groups()[i];
      steps[first + i] = lower(group);
      if (!net_.isPacked()) net_.freeMatrices(group);
    });
    if (!net_.isPacked()) net_.finishPacking();
    const GraphOutputs& out = graph_.outputs;
    steps.push_back(std::make_unique<StoreStep>(place(out.policy), place(out.pass), place(out.value),
                                                place(out.score), place(out.ownership)));
    lowered.layers.resize(steps.size());
    for (size_t i = 0; i < net_.groups().size(); i++)
      for (const OpGroup::Member& m : net_.groups()[i].members) lowered.layers[first + i].push_back(graph_.ops[m.op].name);
    return lowered;
  }

 private:
  Place place(TensorId id) const { return arena_.places[static_cast<size_t>(id)]; }
  std::optional<Place> maybePlace(TensorId id) const {
    return id == kNoTensor ? std::nullopt : std::optional(place(id));
  }

  std::unique_ptr<Step> lower(const OpGroup& group) const {
    const Op& op = graph_.ops[group.members.front().op];
    switch (op.kind()) {
      case OpKind::Conv2d:
      case OpKind::MatMul:
        return lowerProducts(group);
      case OpKind::GlobalPool:
        return lowerPool(op);
      case OpKind::RmsNorm:
        return lowerRmsNorm(op);
      case OpKind::Attention:
        return lowerAttention(op);
      default:
        return lowerElementwise(op);
    }
  }

  ProductOutput productOutput(const OpGroup::Member& member) const {
    const Op& op = graph_.ops[member.op];
    const Epilogue& e = *epilogueOf(op);
    ProductOutput out;
    out.out = place(op.output);
    out.storeOut = member.storeOut;
    const int channels = out.out.channels;
    if (!e.bias.empty()) out.bias = packVectors({{&e.bias, channels}}, 0);
    out.residual = maybePlace(residualOf(op));
    out.broadcast = maybePlace(broadcastOf(op));
    out.activation = e.activation;
    out.masked = e.masked;
    if (member.gated != OpGroup::kNone) {
      const Op& gated = graph_.ops[member.gated];
      out.gate = place(gated.inputs[0] == op.output ? gated.inputs[1] : gated.inputs[0]);
      out.out = place(gated.output);
      out.storeOut = true;
    }
    if (member.scaleBias == OpGroup::kNone) return out;
    const Op& next = graph_.ops[member.scaleBias];
    const ScaleBiasAttrs& s = next.as<ScaleBiasAttrs>();
    out.scaled = place(next.output);
    if (!s.scale.empty()) out.scale2 = packVectors({{&s.scale, channels}}, 1);
    if (!s.bias.empty()) out.bias2 = packVectors({{&s.bias, channels}}, 0);
    out.activation2 = s.activation;
    out.masked2 = s.masked;
    return out;
  }

  std::unique_ptr<Step> lowerProducts(const OpGroup& group) const {
    std::vector<ProductOutput> outputs;
    std::vector<MatrixPart> parts;
    for (const OpGroup::Member& m : group.members) {
      const Op& op = graph_.ops[m.op];
      outputs.push_back(productOutput(m));
      if (op.kind() == OpKind::Conv2d)
        parts.push_back({op.as<Conv2dAttrs>().weights.span(), op.as<Conv2dAttrs>().outC});
      else
        parts.push_back({op.as<MatMulAttrs>().weights.span(), op.as<MatMulAttrs>().outC});
    }
    const Op& op = graph_.ops[group.members.front().op];
    const Place in = place(op.inputs[0]);
    const int inC = in.channels;
    const auto packed = [&](auto pack) { return net_.packed(group, pack); };
    if (isMatrix(op)) return lowerMatMul(group, in, std::move(outputs), parts);
    const Conv2dAttrs& c = op.as<Conv2dAttrs>();
    const ConvGeometry geometry = {options_.boardX, options_.boardY, c.ky, c.kx, c.dilY, c.dilX};
    if (c.quantization)
      return std::make_unique<ConvInt8Step>(
          in, inC, std::move(outputs),
          packed([&] { return packInt8(int8Parts(group, parts), c.ky * c.kx, inC); }), geometry);
    const bool fits = options_.boardX <= kWinogradMaxBoard && options_.boardY <= kWinogradMaxBoard;
    if (fits && c.ky == 3 && c.kx == 3 && c.dilY == 1 && c.dilX == 1 && inC >= kLeastHalfChannels && int16_)
      return std::make_unique<WinogradInt16Step>(
          in, inC, std::move(outputs), packed([&] { return forKernels(packInt16Winograd(parts, inC)); }),
          geometry);
    if (fits && isWinogradShape(c))
      return std::make_unique<WinogradStep>(in, inC, std::move(outputs),
                                            packed([&] { return packWinograd(parts, c.ky, inC); }), geometry);
    return std::make_unique<PatchStep>(
        in, inC, std::move(outputs), packed([&] { return packPatches(parts, c.ky * c.kx, inC); }), geometry);
  }

  std::vector<Int8Part> int8Parts(const OpGroup& group, const std::vector<MatrixPart>& parts) const {
    std::vector<Int8Part> out;
    for (size_t i = 0; i < parts.size(); i++)
      out.push_back({parts[i], quantizationOf(graph_.ops[group.members[i].op]).get()});
    return out;
  }

  template <class Packed>
  Packed forKernels(Packed packed) const {
    return kernels_.halfPairs ? asHalves(std::move(packed)) : std::move(packed);
  }

  std::unique_ptr<Step> lowerMatMul(const OpGroup& group, const Place& in, std::vector<ProductOutput> outputs,
                                    const std::vector<MatrixPart>& parts) const {
    const int inC = in.channels;
    const auto packed = [&](auto pack) { return net_.packed(group, pack); };
    if (quantizationOf(graph_.ops[group.members.front().op]))
      return std::make_unique<MatMulInt8Step>(
          in, inC, std::move(outputs), packed([&] { return packInt8(int8Parts(group, parts), 1, inC); }));
    const bool wide = in.points > 1 && inC >= kLeastHalfChannels;
    if (int16_ && wide)
      return std::make_unique<MatMulInt16Step>(in, inC, std::move(outputs),
                                               packed([&] { return forKernels(packInt16(parts, inC)); }));
    if (bf16_ && wide)
      return std::make_unique<MatMulBf16Step>(in, inC, std::move(outputs),
                                              packed([&] { return packBf16(parts, inC); }));
    return std::make_unique<MatMulStep>(in, inC, std::move(outputs),
                                        packed([&] { return packMatrices(parts, inC); }));
  }

  std::unique_ptr<Step> lowerElementwise(const Op& op) const {
    auto step = std::make_unique<ElementwiseStep>();
    step->in = place(op.inputs[0]);
    step->out = place(op.output);
    const int channels = step->in.channels;
    switch (op.kind()) {
      case OpKind::ScaleBias: {
        const ScaleBiasAttrs& a = op.as<ScaleBiasAttrs>();
        if (!a.scale.empty()) step->scale = packVectors({{&a.scale, channels}}, 1);
        if (!a.bias.empty()) step->bias = packVectors({{&a.bias, channels}}, 0);
        step->activation = a.activation;
        step->masked = a.masked;
        break;
      }
      case OpKind::Activation:
        step->activation = op.as<ActivationAttrs>().activation;
        break;
      case OpKind::Mul:
        step->multiply = true;
        [[fallthrough]];
      case OpKind::Add:
        step->other = place(op.inputs[1]);
        break;
      case OpKind::BroadcastAdd:
        step->broadcast = place(op.inputs[1]);
        break;
      case OpKind::ApplyMask:
        step->masked = true;
        break;
      default:
        ENSURE(!"an element-wise op");
    }
    return step;
  }
  std::unique_ptr<Step> lowerPool(const Op& op) const {
    auto step = std::make_unique<PoolStep>();
    step->in = place(op.inputs[0]);
    step->out = place(op.output);
    step->moments = op.as<GlobalPoolAttrs>().kind == PoolKind::Moments;
    step->fullBoard = options_.exactBoardSize;
    return step;
  }
  std::unique_ptr<Step> lowerRmsNorm(const Op& op) const {
    const RmsNormAttrs& a = op.as<RmsNormAttrs>();
    auto step = std::make_unique<RmsNormStep>();
    step->in = place(op.inputs[0]);
    step->out = place(op.output);
    step->scale = packVectors({{&a.scale, step->in.channels}}, 1);
    if (!a.bias.empty()) step->bias = packVectors({{&a.bias, step->in.channels}}, 0);
    step->epsilon = a.epsilon;
    step->spatial = a.spatial;
    step->masked = a.masked;
    step->fullBoard = options_.exactBoardSize;
    step->activation = a.activation;
    return step;
  }
  std::unique_ptr<Step> lowerAttention(const Op& op) const {
    const AttentionAttrs& a = op.as<AttentionAttrs>();
    auto step = std::make_unique<AttentionStep>();
    step->q = place(op.inputs[0]);
    step->k = place(op.inputs[1]);
    step->v = place(op.inputs[2]);
    step->out = place(op.output);
    step->heads = a.heads, step->kvHeads = a.kvHeads, step->qDim = a.qDim, step->vDim = a.vDim;
    step->fullBoard = options_.exactBoardSize;
    step->kernels = &kernels_;
    step->int16 = int16_;
    if (!a.rope.empty()) step->makeRope(a.rope, options_.boardX, options_.boardY);
    return step;
  }

  SharedNet& net_;
  const Graph& graph_;
  const CompileOptions& options_;
  const KernelTable& kernels_;
  const bool int16_, bf16_;
  ArenaPlan arena_;
};

}  // namespace

SharedNet::SharedNet(Graph graph)
    : graph_(std::move(graph)), groups_(groupOps(graph_)), packs_(groups_.size()) {}

void SharedNet::freeMatrices(const OpGroup& group) {
  for (const OpGroup::Member& member : group.members) {
    Op& op = graph_.ops[member.op];
    if (isProduct(op)) setWeights(op, {});
  }
}

bool usesInt16(Precision precision, const KernelTable& kernels) {
  if (precision == Precision::Int16) return true;
  if (precision != Precision::Half && precision != Precision::Int8) return false;
  return kernels.fastInt16 || (kernels.fastInt16WithPairs && cpuHasFastPairs());
}
bool usesBf16(Precision precision, const KernelTable& kernels) {
  return precision == Precision::Bf16 && kernels.gemmBf16;
}

// A 3x3 layer in 8 bits does 3.6 to 4.1 times the products of a Winograd layer, which only an instruction for
// bytes beside slow 16-bit ones makes up for.
void keepUsedQuantizations(Graph& graph, Precision precision, const KernelTable& kernels) {
  for (Op& op : graph.ops) {
    if (!quantizationOf(op)) continue;
    bool used = precision == Precision::Int8;
    if (const Conv2dAttrs* c = std::get_if<Conv2dAttrs>(&op.attrs))
      used = used && (!isWinogradShape(*c) || kernels.fastInt8Conv) && c->ky * c->kx <= kInt8MaxTaps;
    if (!used) setQuantization(op, nullptr);
  }
}

LoweredGraph lowerGraph(SharedNet& net, const CompileOptions& options, const KernelTable& kernels) {
  return Lowering(net, options, kernels).run();
}

}  // namespace ponnuki::nn
