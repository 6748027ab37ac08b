// Weights of 8-bit products (graph/quantization.h) in the layout of kernels/kernel_table.h: four neighbouring
// input channels side by side, one byte each.
#pragma once

#include <vector>

#include "backends/cpu/aligned.h"
#include "backends/cpu/kernels/kernel_table.h"
#include "backends/cpu/pack.h"
#include "graph/quantization.h"

namespace ponnuki::nn {

struct Int8Part {
  MatrixPart matrix;  // [taps][inC][outC]
  const Quantization* quantization;
};

struct Int8Weights {
  AlignedArray<int8_t> b;
  AlignedArray<int32_t> columnSums;
  AlignedFloats scale;
  float inputInverse = 1;
  int inputZero = 0;

  Int8Columns columns() const { return {b.data(), columnSums.data(), scale.data(), inputInverse, inputZero}; }
  size_t floats() const { return b.size() / sizeof(float) + columnSums.size() + scale.size(); }
};
// All parts quantise their input alike; every part starts at a new output block.
Int8Weights packInt8(const std::vector<Int8Part>& parts, int taps, int inC);

}  // namespace ponnuki::nn
