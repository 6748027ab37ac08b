// The weight side of the Winograd (Toom-Cook) convolutions: u = G w G^T for the kernels of sixteen output
// channels at once, in double precision.
#pragma once

#include <array>
#include <cstddef>
#include <utility>

#include "backends/cpu/kernels/kernel_table.h"

namespace ponnuki::nn {

using Lanes = std::array<double, kBlock>;  // one value of each of 16 output channels

// G: row i is [1, p, p^2, ...] / prod(p - q) over the other points q; the last row, of the point at infinity,
// is [0, ..., 1].
template <size_t Tile, size_t Edge>
using TransformMatrix = std::array<std::array<double, Edge>, Tile>;

template <size_t Tile, size_t Edge>
TransformMatrix<Tile, Edge> transformMatrix(const std::array<double, Tile - 1>& points) {
  TransformMatrix<Tile, Edge> g{};
  for (size_t i = 0; i + 1 < Tile; i++) {
    double value = 1;
    for (size_t j = 0; j + 1 < Tile; j++)
      if (j != i) value /= points[i] - points[j];
    for (size_t k = 0; k < Edge; k++, value *= points[i]) g[i][k] = value;
  }
  g[Tile - 1][Edge - 1] = 1;
  return g;
}

// out = sum of factors[k] * in[k * stride]; written so that compilers make vectors of the lanes.
template <size_t Edge>
void combine(const std::array<double, Edge>& factors, const Lanes* in, size_t stride, Lanes& out) {
  const auto sum = [&]<size_t... K>(size_t lane, std::index_sequence<K...>) {
    return ((factors[K] * in[K * stride][lane]) + ...);
  };
  for (size_t lane = 0; lane < kBlock; lane++) out[lane] = sum(lane, std::make_index_sequence<Edge>());
}

// kernels[y * Edge + x] -> out[i * Tile + j].
template <size_t Tile, size_t Edge>
void transformKernels(const TransformMatrix<Tile, Edge>& g, const std::array<Lanes, Edge * Edge>& kernels,
                      std::array<Lanes, Tile * Tile>& out) {
  std::array<Lanes, Edge> columns;
  for (size_t i = 0; i < Tile; i++) {
    for (size_t x = 0; x < Edge; x++) combine(g[i], &kernels[x], Edge, columns[x]);
    for (size_t j = 0; j < Tile; j++) combine(g[j], columns.data(), 1, out[i * Tile + j]);
  }
}

}  // namespace ponnuki::nn
