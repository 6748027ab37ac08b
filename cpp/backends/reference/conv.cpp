#include <algorithm>

#include "backends/reference/ops.h"

namespace ponnuki::nn::reference {
namespace {

int blocksOf(int outC) {
  return (outC + kBlock - 1) / kBlock;
}

PackedWeights pack(PackedWeights packed, const Weights& weights) {
  const size_t rows =
      static_cast<size_t>(packed.ky) * static_cast<size_t>(packed.kx) * static_cast<size_t>(packed.inC);
  const size_t outC = static_cast<size_t>(packed.outC);
  packed.values.assign(rows * static_cast<size_t>(blocksOf(packed.outC)) * kBlock, 0.0f);
  for (size_t row = 0; row < rows; row++)
    for (size_t oc = 0; oc < outC; oc++)
      packed.values[(oc / kBlock * rows + row) * kBlock + oc % kBlock] = weights[row * outC + oc];
  return packed;
}

// The sums of one block of output channels at (y, x); points outside the extent count as 0.
void sumBlock(const RowContext& row, const PackedWeights& w, const float* block, const float* in, int y,
              int x, float* __restrict sums) {
  for (int j = 0; j < kBlock; j++) sums[j] = 0;
  for (int dy = 0; dy < w.ky; dy++) {
    const int fromY = y + (dy - (w.ky - 1) / 2) * w.dilY;
    if (fromY < 0 || fromY >= row.boardY) continue;
    for (int dx = 0; dx < w.kx; dx++) {
      const int fromX = x + (dx - (w.kx - 1) / 2) * w.dilX;
      if (fromX < 0 || fromX >= row.boardX) continue;
      const float* values = in + static_cast<ptrdiff_t>(fromY * row.boardX + fromX) * w.inC;
      const float* weights = block + static_cast<ptrdiff_t>(dy * w.kx + dx) * w.inC * kBlock;
      for (int ic = 0; ic < w.inC; ic++) {
        const float value = values[ic];
        for (int j = 0; j < kBlock; j++) sums[j] += value * weights[j];
        weights += kBlock;
      }
    }
  }
}

float finish(const Epilogue& epilogue, const SumInputs& inputs, size_t channel, size_t at, float v) {
  if (!epilogue.bias.empty()) v += epilogue.bias[channel];
  if (inputs.residual) v += inputs.residual[at];
  if (inputs.broadcast) v += inputs.broadcast[channel];
  return applyActivation(epilogue.activation, v);
}

}  // namespace

PackedWeights packWeights(const Op& op) {
  if (const auto* conv = std::get_if<Conv2dAttrs>(&op.attrs))
    return pack({conv->ky, conv->kx, conv->inC, conv->outC, conv->dilY, conv->dilX, {}}, conv->weights);
  if (const auto* matmul = std::get_if<MatMulAttrs>(&op.attrs))
    return pack({1, 1, matmul->inC, matmul->outC, 1, 1, {}}, matmul->weights);
  return {};
}

void convolve(const RowContext& row, const PackedWeights& weights, const Epilogue& epilogue,
              const SumInputs& inputs, float* out) {
  const ptrdiff_t blockFloats = static_cast<ptrdiff_t>(weights.ky) * weights.kx * weights.inC * kBlock;
  for (int block = 0; block < blocksOf(weights.outC); block++) {
    const int first = block * kBlock;
    const int count = std::min(kBlock, weights.outC - first);
    for (int point = 0; point < row.points(); point++) {
      const size_t at =
          static_cast<size_t>(point) * static_cast<size_t>(weights.outC) + static_cast<size_t>(first);
      if (epilogue.masked && row.mask[point] == 0) {
        std::fill_n(out + at, count, 0.0f);
        continue;
      }
      float sums[kBlock];
      sumBlock(row, weights, weights.values.data() + block * blockFloats, inputs.in, point / row.boardX,
               point % row.boardX, sums);
      for (size_t j = 0; j < static_cast<size_t>(count); j++)
        out[at + j] = finish(epilogue, inputs, static_cast<size_t>(first) + j, at + j, sums[j]);
    }
  }
}

}  // namespace ponnuki::nn::reference
