// The op kinds of a graph, their inputs and their attributes (spec model-and-network 9). One table row per
// kind.
//
// Masks: the mask of a row is channel 0 of the graph's spatial input, 1 on the board and 0 elsewhere; A is
// its sum. "masked" means: results at points off the board are exactly 0. It has no meaning for Vector
// tensors. In a graph fresh from the builder every fused field is at its default; the passes fill them in.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "graph/quantization.h"
#include "graph/tensor.h"

namespace ponnuki::nn {

// Mish: x*tanh(softplus(x)) with softplus linear above 20. Silu: x/(1+exp(-x)).
enum class Activation : uint8_t { Identity, Relu, Mish, Silu };

// What Conv2d and MatMul may do to each sum before storing it, in this order:
//   v += bias[c];  v += residual (same shape as the output);  v += broadcast[c] (a Vector);
//   v = activation(v);  masked: v = 0 off the board.
// The residual and broadcast tensors follow the data input in Op::inputs, in this order, when their flag is
// set.
struct Epilogue {
  Weights bias;  // [outC] or empty
  bool addResidual = false;
  bool addBroadcast = false;
  Activation activation = Activation::Identity;
  bool masked = false;
};

// Points -> Points. Zero-padded "same" cross-correlation over the extent; weights [ky][kx][inC][outC].
struct Conv2dAttrs {
  int ky = 1, kx = 1, inC = 0, outC = 0, dilY = 1, dilX = 1;
  Weights weights;
  std::shared_ptr<const Quantization> quantization = nullptr;  // null: not fit for 8-bit integers
  Epilogue epilogue;
};
// Per point or per vector: out[oc] = sum in[ic] * weights[ic][oc].
struct MatMulAttrs {
  int inC = 0, outC = 0;
  Weights weights;
  std::shared_ptr<const Quantization> quantization = nullptr;
  Epilogue epilogue;
};
// out = activation(scale[c] * in + bias[c]); an empty scale is 1, an empty bias is 0.
struct ScaleBiasAttrs {
  Weights scale, bias;  // [C] each
  Activation activation = Activation::Identity;
  bool masked = false;
};
struct ActivationAttrs {
  Activation activation = Activation::Identity;
};
struct AddAttrs {};           // a + b, equal shapes
struct MulAttrs {};           // a * b, equal shapes
struct BroadcastAddAttrs {};  // Points + Vector of equal channels, added at every point of the extent
struct ApplyMaskAttrs {};     // Points: 0 off the board

// Points [C], masked -> Vector [3C]. m = sum/A, d = sqrt(A) - 14.
//   Mean, max: m, m*d*0.1, max(-1, max over board points).   Moments: m, m*d*0.1, m*(d*d*0.01 - 0.1).
enum class PoolKind : uint8_t { MeanMax, Moments };
struct GlobalPoolAttrs {
  PoolKind kind = PoolKind::MeanMax;
};
// out = activation(in * r * scale[c] + bias[c]), an empty bias is 0; r = 1/sqrt(mean of in^2 + epsilon), the
// mean over the channels of a point, or, when spatial, over the board points and channels of a row.
struct RmsNormAttrs {
  float epsilon = 0;
  bool spatial = false;
  Weights scale, bias;
  Activation activation = Activation::Identity;
  bool masked = false;
};
// Inputs q [heads*qDim], k [kvHeads*qDim], v [kvHeads*vDim]; output [heads*vDim]; all Points. Head h reads kv
// head h / (heads/kvHeads). Softmax over board points of (q.k)/sqrt(qDim). Output off the board is
// unspecified but finite. rope [kvHeads][qDim/2][2]: frequencies {fx, fy} of the channel pairs (2p, 2p+1) of
// q and k, or empty for none: angle = x*fx + y*fy; (a, b) -> (a*cos - b*sin, a*sin + b*cos); query heads use
// those of their kv head.
struct AttentionAttrs {
  int heads = 1, kvHeads = 1, qDim = 0, vDim = 0;
  Weights rope;
};

using OpAttrs =
    std::variant<Conv2dAttrs, MatMulAttrs, ScaleBiasAttrs, ActivationAttrs, AddAttrs, MulAttrs,
                 BroadcastAddAttrs, ApplyMaskAttrs, GlobalPoolAttrs, RmsNormAttrs, AttentionAttrs>;

// In the order of the variant: the kind of an op is the index of its attributes.
enum class OpKind : uint8_t {
  Conv2d,
  MatMul,
  ScaleBias,
  Activation,
  Add,
  Mul,
  BroadcastAdd,
  ApplyMask,
  GlobalPool,
  RmsNorm,
  Attention
};

struct OpRow {
  OpKind kind;
  std::string_view name;
  int inputs;  // without the optional ones of an Epilogue
  bool hasEpilogue;
  bool elementwise;  // output element i depends on element i of inputs[0] only: may be computed in place
};
inline constexpr OpRow kOpRows[] = {
    {OpKind::Conv2d, "Conv2d", 1, true, false},
    {OpKind::MatMul, "MatMul", 1, true, false},
    {OpKind::ScaleBias, "ScaleBias", 1, false, true},
    {OpKind::Activation, "Activation", 1, false, true},
    {OpKind::Add, "Add", 2, false, true},
    {OpKind::Mul, "Mul", 2, false, true},
    {OpKind::BroadcastAdd, "BroadcastAdd", 2, false, true},
    {OpKind::ApplyMask, "ApplyMask", 1, false, true},
    {OpKind::GlobalPool, "GlobalPool", 1, false, false},
    {OpKind::RmsNorm, "RmsNorm", 1, false, false},
    {OpKind::Attention, "Attention", 3, false, false},
};
static_assert(std::size(kOpRows) == std::variant_size_v<OpAttrs>, "one row per op kind");

struct Op {
  std::string name;  // of the layer in the model file
  std::vector<TensorId> inputs;
  TensorId output = kNoTensor;
  OpAttrs attrs;

  OpKind kind() const { return static_cast<OpKind>(attrs.index()); }
  const OpRow& row() const { return kOpRows[attrs.index()]; }
  template <class Attrs>
  const Attrs& as() const {
    return std::get<Attrs>(attrs);
  }
  template <class Attrs>
  Attrs& as() {
    return std::get<Attrs>(attrs);
  }
};

// The epilogue of a Conv2d or MatMul, else nullptr; and the tensors it adds, else kNoTensor.
const Epilogue* epilogueOf(const Op& op);
Epilogue* epilogueOf(Op& op);
TensorId residualOf(const Op& op);
TensorId broadcastOf(const Op& op);
// The 8-bit form of a Conv2d or MatMul that has one, else null.
std::shared_ptr<const Quantization> quantizationOf(const Op& op);

std::string_view activationName(Activation a);
float applyActivation(Activation a, float x);  // the definition, one value at a time

}  // namespace ponnuki::nn
