// One plain function per op kind, for one batch row: the definition every fast backend is compared with
// (spec model-and-network 9). Points tensors are [y, x, channels], channels innermost; Vector tensors
// [channels]. Stateless and thread-safe. In-place use is allowed exactly where graph/memory_plan.h says so.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "graph/op.h"

namespace ponnuki::nn::reference {

struct RowContext {
  int boardX = 0, boardY = 0;   // tensor extent in points
  const float* mask = nullptr;  // [y, x] of 1 and 0
  float area = 0;               // sum of the mask
  int points() const { return boardX * boardY; }
};

// Weights of a Conv2d or MatMul in blocks of kBlock output channels, padded with zeros:
// [block][ky][kx][inC][kBlock]. Only the order is changed, so that plain loops run at a bearable speed.
constexpr int kBlock = 16;
struct PackedWeights {
  int ky = 1, kx = 1, inC = 0, outC = 0, dilY = 1, dilX = 1;
  std::vector<float> values;
  std::shared_ptr<const Quantization> quantization;  // null: the product is computed in float32
  std::vector<int8_t> integers;                      // instead of values with a quantization
  size_t bytes() const { return values.size() * sizeof(float) + integers.size(); }
};
// Empty for other kinds. int8: products with a Quantization are computed in 8-bit integers.
PackedWeights packWeights(const Op& op, bool int8);

struct SumInputs {
  const float* in = nullptr;
  const float* residual = nullptr;   // or nullptr
  const float* broadcast = nullptr;  // or nullptr
};
// Conv2d, and MatMul as a 1x1 convolution; a MatMul of a Vector is one over a single unmasked point.
void convolve(const RowContext& row, const PackedWeights& weights, const Epilogue& epilogue,
              const SumInputs& inputs, float* out);

void scaleBias(const RowContext& row, const ScaleBiasAttrs& attrs, Shape shape, const float* in, float* out);
void activate(Activation activation, size_t count, const float* in, float* out);
void add(size_t count, const float* a, const float* b, float* out);
void mul(size_t count, const float* a, const float* b, float* out);
void broadcastAdd(const RowContext& row, int channels, const float* points, const float* vector, float* out);
void applyMask(const RowContext& row, int channels, const float* in, float* out);
void globalPool(const RowContext& row, PoolKind kind, int channels, const float* in, float* out);
void rmsNorm(const RowContext& row, const RmsNormAttrs& attrs, int channels, const float* in, float* out);
void attention(const RowContext& row, const AttentionAttrs& attrs, const float* q, const float* k,
               const float* v, float* out);

}  // namespace ponnuki::nn::reference
