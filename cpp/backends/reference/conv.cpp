#include <algorithm>

#include "backends/reference/ops.h"

namespace ponnuki::nn::reference {
namespace {

int blocksOf(int outC) {
  return (outC + kBlock - 1) / kBlock;
}

size_t taps(const PackedWeights& w) {
  return static_cast<size_t>(w.ky) * static_cast<size_t>(w.kx);
}

template <class Number, class Convert>
std::vector<Number> blocked(const PackedWeights& shape, const Weights& weights, Convert convert) {
  const size_t rows = taps(shape) * static_cast<size_t>(shape.inC), outC = static_cast<size_t>(shape.outC);
  std::vector<Number> out(rows * static_cast<size_t>(blocksOf(shape.outC)) * kBlock);
  for (size_t row = 0; row < rows; row++)
    for (size_t oc = 0; oc < outC; oc++)
      out[(oc / kBlock * rows + row) * kBlock + oc % kBlock] = convert(weights[row * outC + oc], oc);
  return out;
}

PackedWeights pack(PackedWeights packed, const Weights& weights,
                   const std::shared_ptr<const Quantization>& q) {
  packed.quantization = q;
  if (q)
    packed.integers = blocked<int8_t>(packed, weights, [&](float w, size_t oc) {
      return static_cast<int8_t>(quantizedWeight(w, q->weightScale[oc]));
    });
  else
    packed.values = blocked<float>(packed, weights, [](float w, size_t) { return w; });
  return packed;
}

// The sums of one block of output channels at (y, x); points outside the extent count as 0.
template <class In, class Weight, class Sum>
void sumBlock(const RowContext& row, const PackedWeights& w, const Weight* block, const In* in, int y, int x,
              Sum* __restrict sums) {
  for (int j = 0; j < kBlock; j++) sums[j] = 0;
  for (int dy = 0; dy < w.ky; dy++) {
    const int fromY = y + (dy - (w.ky - 1) / 2) * w.dilY;
    if (fromY < 0 || fromY >= row.boardY) continue;
    for (int dx = 0; dx < w.kx; dx++) {
      const int fromX = x + (dx - (w.kx - 1) / 2) * w.dilX;
      if (fromX < 0 || fromX >= row.boardX) continue;
      const In* values = in + static_cast<ptrdiff_t>(fromY * row.boardX + fromX) * w.inC;
      const Weight* weights = block + static_cast<ptrdiff_t>(dy * w.kx + dx) * w.inC * kBlock;
      for (int ic = 0; ic < w.inC; ic++) {
        const Sum value = values[ic];
        for (int j = 0; j < kBlock; j++) sums[j] += value * static_cast<Sum>(weights[j]);
        weights += kBlock;
      }
    }
  }
}

// The sums of one block of output channels, for the float and for the 8-bit form of a product.
class BlockSums {
 public:
  BlockSums(const RowContext& row, const PackedWeights& weights, const float* in)
      : row_(row), weights_(weights), in_(in) {
    if (!weights.quantization) return;
    const Quantization& q = *weights.quantization;
    integers_.resize(static_cast<size_t>(row.points()) * static_cast<size_t>(weights.inC));
    const size_t channels = static_cast<size_t>(weights.inC);
    for (size_t i = 0; i < integers_.size(); i++) {
      if (i % channels == 0)
        ranges_.push_back(q.perPoint() ? pointRange(std::span(in + i, channels)) : InputRange{q.inputScale, q.inputZero});
      integers_[i] = quantizedInput(ranges_.back(), in[i]) - ranges_.back().zero;
    }
  }
  void operator()(int block, int point, float* sums) const {
    const ptrdiff_t first = static_cast<ptrdiff_t>(taps(weights_)) * weights_.inC * kBlock * block;
    const int y = point / row_.boardX, x = point % row_.boardX;
    if (!weights_.quantization)
      return sumBlock(row_, weights_, weights_.values.data() + first, in_, y, x, sums);
    const Quantization& q = *weights_.quantization;
    int32_t integers[kBlock];
    sumBlock(row_, weights_, weights_.integers.data() + first, integers_.data(), y, x, integers);
    for (int j = 0; j < kBlock && block * kBlock + j < weights_.outC; j++)
      sums[j] = static_cast<float>(integers[j]) *
                (ranges_[static_cast<size_t>(point)].scale * q.weightScale[static_cast<size_t>(block * kBlock + j)]);
  }

 private:
  const RowContext& row_;
  const PackedWeights& weights_;
  const float* in_;
  std::vector<InputRange> ranges_;  // of every point
  std::vector<int32_t> integers_;   // u - zero of every input
};

float finish(const Epilogue& epilogue, const SumInputs& inputs, size_t channel, size_t at, float v) {
  if (!epilogue.bias.empty()) v += epilogue.bias[channel];
  if (inputs.residual) v += inputs.residual[at];
  if (inputs.broadcast) v += inputs.broadcast[channel];
  return applyActivation(epilogue.activation, v);
}

}  // namespace

PackedWeights packWeights(const Op& op, bool int8) {
  const auto q = int8 ? quantizationOf(op) : nullptr;
  if (const auto* conv = std::get_if<Conv2dAttrs>(&op.attrs))
    return pack({conv->ky, conv->kx, conv->inC, conv->outC, conv->dilY, conv->dilX, {}, {}, {}},
                conv->weights, q);
  if (const auto* matmul = std::get_if<MatMulAttrs>(&op.attrs))
    return pack({1, 1, matmul->inC, matmul->outC, 1, 1, {}, {}, {}}, matmul->weights, q);
  return {};
}

void convolve(const RowContext& row, const PackedWeights& weights, const Epilogue& epilogue,
              const SumInputs& inputs, float* out) {
  const BlockSums blockSums(row, weights, inputs.in);
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
      blockSums(block, point, sums);
      for (size_t j = 0; j < static_cast<size_t>(count); j++)
        out[at + j] = finish(epilogue, inputs, static_cast<size_t>(first) + j, at + j, sums[j]);
    }
  }
}

}  // namespace ponnuki::nn::reference
