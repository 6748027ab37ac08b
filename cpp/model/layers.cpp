#include "model/layers.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "base/text.h"

namespace ponnuki {
namespace {

// a * b, held at the largest size_t: no file is long enough to keep that promise.
size_t product(size_t a, size_t b) {
  return b != 0 && a > std::numeric_limits<size_t>::max() / b ? std::numeric_limits<size_t>::max() : a * b;
}

size_t size(int v) {
  return static_cast<size_t>(v);
}

nn::Weights counted(Reading& r, size_t count, const std::string& owner) {
  nn::Weights weights = r.in.floats(count, owner);
  r.parameters += static_cast<int64_t>(weights.size());
  return weights;
}

ProductWeights countedProduct(Reading& r, size_t count, int outC, const std::string& owner) {
  ProductWeights read = r.in.product(count, outC, owner);
  r.parameters += static_cast<int64_t>(read.weights.size());
  return read;
}

}  // namespace

std::string Reading::name(const std::string& what) {
  std::string text;
  if (!in.token(text)) throw UserError(what + ": failed to parse name; the file ends early");
  return text;
}

void requireEqual(const std::string& owner, const char* nameA, int64_t a, const char* nameB, int64_t b) {
  if (a == b) return;
  throw UserError(owner + ": " + nameA + " (" + std::to_string(a) + ") != " + nameB + " (" +
                  std::to_string(b) + ")");
}

void requireUnused(Reading& r, const std::string& owner, const char* kind, char letter) {
  int value = 0;
  if (!r.in.integer(value)) throw UserError(owner + ": " + kind + " failed to parse unused params");
  if (value != 0)
    throw UserError(owner + ": unknown/unsupported " + kind + " option " + letter + ": " +
                    std::to_string(value));
}

ConvLayer readConv(Reading& r) {
  ConvLayer layer;
  layer.name = r.name("convlayer");
  nn::Conv2dAttrs& a = layer.attrs;
  for (int* field : {&a.ky, &a.kx, &a.inC, &a.outC, &a.dilY, &a.dilX})
    if (!r.in.integer(*field))
      throw UserError(layer.name + ": convlayer failed to parse sizes and channels and dilations");
  if (a.ky <= 0 || a.kx <= 0) throw UserError(layer.name + ": convolution filter sizes must be positive");
  if (a.inC <= 0 || a.outC <= 0)
    throw UserError(layer.name + ": number of in and out channels must be positive");
  if (a.dilY <= 0 || a.dilX <= 0) throw UserError(layer.name + ": dilation factors must be positive");
  if (a.ky % 2 == 0 || a.kx % 2 == 0)
    throw UserError(layer.name + ": convolution filter sizes must be odd, found even sizes");
  if (std::max({a.ky, a.kx, a.dilY, a.dilX}) > 1023)
    throw UserError(layer.name + ": convolution filter sizes and dilations above 1023 are not supported");
  ProductWeights read =
      countedProduct(r, product(product(size(a.ky) * size(a.kx), size(a.inC)), size(a.outC)), a.outC, layer.name);
  a.weights = std::move(read.weights), a.quantization = std::move(read.quantization);
  a.epilogue.bias = std::move(read.bias);
  if (a.quantization && a.quantization->perPoint() && (a.ky != 1 || a.kx != 1))
    throw UserError(layer.name + ": a convolution of several points has a scale for each point; the file is damaged");
  return layer;
}

NormLayer readNorm(Reading& r) {
  NormLayer layer;
  layer.name = r.name("bnlayer");
  float epsilon = 0;
  bool hasScale = false, hasBias = false;
  if (!r.in.integer(layer.channels) || !r.in.real(epsilon) || !r.in.flag(hasScale) || !r.in.flag(hasBias))
    throw UserError(layer.name +
                    ": bnlayer failed to parse num channels and epsilon and hasScale and hasBias");
  if (layer.channels < 1)
    throw UserError(layer.name + ": numChannels (" + std::to_string(layer.channels) + ") < 1");
  if (!(epsilon > 0) || !std::isfinite(epsilon))
    throw UserError(layer.name + ": epsilon (" + formatNumber(epsilon) + ") is not positive and finite");
  const size_t channels = size(layer.channels);
  const nn::Weights mean = r.in.floats(channels, layer.name), variance = r.in.floats(channels, layer.name);
  const nn::Weights scale = hasScale ? counted(r, channels, layer.name) : nn::Weights();
  const nn::Weights bias = hasBias ? counted(r, channels, layer.name) : nn::Weights();

  std::vector<float> s(channels), b(channels);
  for (size_t c = 0; c < channels; c++) {
    s[c] = (hasScale ? scale[c] : 1.0f) / std::sqrt(variance[c] + epsilon);
    b[c] = (hasBias ? bias[c] : 0.0f) - s[c] * mean[c];
    if (!std::isfinite(s[c]) || !std::isfinite(b[c]))
      throw UserError(layer.name + ": Nan or infinite neural net weight or parameter");
  }
  if (!std::all_of(s.begin(), s.end(), [](float v) { return v == 1.0f; }))
    layer.scale = nn::Weights(std::move(s));
  layer.bias = nn::Weights(std::move(b));
  return layer;
}

ActivationLayer readActivation(Reading& r) {
  ActivationLayer layer;
  layer.name = r.name("activation");
  if (r.version < 11) return layer;  // always ReLU
  const std::string keyword = r.name(layer.name);
  if (keyword == "ACTIVATION_IDENTITY")
    layer.kind = nn::Activation::Identity;
  else if (keyword == "ACTIVATION_RELU")
    layer.kind = nn::Activation::Relu;
  else if (keyword == "ACTIVATION_MISH")
    layer.kind = nn::Activation::Mish;
  else if (keyword == "ACTIVATION_SILU")
    layer.kind = nn::Activation::Silu;
  else
    throw UserError(layer.name + ": unknown activation " + keyword);
  return layer;
}

MatMulLayer readMatMul(Reading& r) {
  MatMulLayer layer;
  layer.name = r.name("matmullayer");
  if (!r.in.integer(layer.inC) || !r.in.integer(layer.outC))
    throw UserError(layer.name + ": matmullayer failed to parse num channels");
  if (layer.inC <= 0 || layer.outC <= 0)
    throw UserError(layer.name + ": number of in and out channels must be positive");
  ProductWeights read = countedProduct(r, product(size(layer.inC), size(layer.outC)), layer.outC, layer.name);
  layer.weights = std::move(read.weights), layer.quantization = std::move(read.quantization);
  layer.bias = std::move(read.bias);
  return layer;
}

BiasLayer readBias(Reading& r) {
  BiasLayer layer;
  layer.name = r.name("matbiaslayer");
  if (!r.in.integer(layer.channels))
    throw UserError(layer.name + ": matbiaslayer failed to parse num channels");
  if (layer.channels <= 0) throw UserError(layer.name + ": number of channels must be positive");
  layer.bias = counted(r, size(layer.channels), layer.name);
  return layer;
}

RmsNormLayer readTipRmsNorm(Reading& r) {
  RmsNormLayer layer;
  layer.name = r.name("rmsnorm layer");
  int spatial = 0, groupSize = 0;
  if (!r.in.integer(layer.channels) || !r.in.real(layer.attrs.epsilon) || !r.in.integer(spatial) ||
      !r.in.integer(groupSize))
    throw UserError(layer.name + ": rmsnorm layer failed to parse parameters");
  if (!(layer.attrs.epsilon > 0) || layer.attrs.epsilon > 1)
    throw UserError(layer.name + ": rmsnorm epsilon (" + formatNumber(layer.attrs.epsilon) +
                    ") is not positive or is too large");
  if (layer.channels < 1)
    throw UserError(layer.name + ": rmsnorm numChannels (" + std::to_string(layer.channels) + ") < 1");
  if (groupSize != 0)
    throw UserError(layer.name + ": rmsnorm cgroupSize (" + std::to_string(groupSize) +
                    ") != 0, grouped spatial RMSNorm is not supported");
  layer.attrs.spatial = spatial != 0;
  layer.attrs.scale = counted(r, size(layer.channels), layer.name);
  layer.attrs.bias = counted(r, size(layer.channels), layer.name);
  return layer;
}

RmsNormLayer readTransformerRmsNorm(Reading& r) {
  RmsNormLayer layer;
  layer.name = r.name("transformer rmsnorm");
  if (!r.in.integer(layer.channels) || !r.in.real(layer.attrs.epsilon))
    throw UserError(layer.name + ": transformer rmsnorm failed to parse parameters");
  if (layer.channels < 1)
    throw UserError(layer.name + ": transformer rmsnorm numChannels (" + std::to_string(layer.channels) +
                    ") < 1");
  if (!(layer.attrs.epsilon > 0) || layer.attrs.epsilon > 1)
    throw UserError(layer.name + ": transformer rmsnorm epsilon (" + formatNumber(layer.attrs.epsilon) +
                    ") is not positive or is too large");
  layer.attrs.scale = counted(r, size(layer.channels), layer.name);
  return layer;
}

nn::TensorId append(nn::GraphBuilder& g, const ConvLayer& layer, nn::TensorId in) {
  return g.append(layer.name, layer.attrs, {in});
}

nn::TensorId append(nn::GraphBuilder& g, const MatMulLayer& layer, nn::TensorId in) {
  nn::MatMulAttrs attrs{layer.inC, layer.outC, layer.weights, layer.quantization, {}};
  attrs.epilogue.bias = layer.bias;
  return g.append(layer.name, std::move(attrs), {in});
}

nn::TensorId append(nn::GraphBuilder& g, const BiasLayer& layer, nn::TensorId in) {
  nn::ScaleBiasAttrs attrs;
  attrs.bias = layer.bias;
  return g.append(layer.name, attrs, {in});
}

nn::TensorId append(nn::GraphBuilder& g, const ActivationLayer& layer, nn::TensorId in) {
  return g.activation(layer.name, layer.kind, in);
}

nn::TensorId append(nn::GraphBuilder& g, const RmsNormLayer& layer, nn::TensorId in) {
  return g.append(layer.name, layer.attrs, {in});
}

nn::TensorId append(nn::GraphBuilder& g, const NormLayer& norm, const ActivationLayer& act, nn::TensorId in) {
  nn::ScaleBiasAttrs attrs;
  attrs.scale = norm.scale;
  attrs.bias = norm.bias;
  return g.mask(norm.name, append(g, act, g.append(norm.name, attrs, {in})));
}

}  // namespace ponnuki
