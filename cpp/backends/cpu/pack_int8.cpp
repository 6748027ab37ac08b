#include "backends/cpu/pack_int8.h"

#include "base/error.h"

namespace ponnuki::nn {

Int8Weights packInt8(const std::vector<Int8Part>& parts, int taps, int inC) {
  constexpr size_t kQuad = 4, kBlockSize = kBlock;
  size_t blocks = 0;
  for (const Int8Part& p : parts) blocks += static_cast<size_t>(blocksFor(p.matrix.outC));
  const size_t depth = static_cast<size_t>(inC), padded = static_cast<size_t>(blocksFor(inC)) * kBlockSize;
  const size_t numTaps = static_cast<size_t>(taps), blockBytes = numTaps * padded * kBlockSize;
  const Quantization& input = *parts.front().quantization;

  Int8Weights packed;
  packed.b = AlignedArray<int8_t>(blocks * blockBytes);
  packed.columnSums = AlignedArray<int32_t>(blocks * kBlockSize);
  packed.scale = AlignedFloats(blocks * kBlockSize);
  packed.inputInverse = input.perPoint() ? 0 : 1.0f / input.inputScale;
  packed.inputZero = input.inputZero;
  size_t block = 0;
  for (const auto& [matrix, q] : parts) {
    ENSURE(q->inputScale == input.inputScale && q->inputZero == input.inputZero);
    const size_t outC = static_cast<size_t>(matrix.outC);
    for (size_t oc = 0; oc < outC; oc++) {
      const size_t lane = oc % kBlockSize, column = block * kBlockSize + oc;
      int8_t* const to = packed.b.data() + (block + oc / kBlockSize) * blockBytes;
      packed.scale.data()[column] = q->perPoint() ? q->weightScale[oc] : q->inputScale * q->weightScale[oc];
      for (size_t tap = 0; tap < numTaps; tap++) {
        for (size_t ic = 0; ic < depth; ic++) {
          const int w = quantizedWeight(matrix.weights[(tap * depth + ic) * outC + oc], q->weightScale[oc]);
          to[((tap * padded + ic) / kQuad * kBlockSize + lane) * kQuad + ic % kQuad] = static_cast<int8_t>(w);
          packed.columnSums.data()[column] += w;
        }
      }
    }
    block += static_cast<size_t>(blocksFor(matrix.outC));
  }
  return packed;
}

}  // namespace ponnuki::nn
