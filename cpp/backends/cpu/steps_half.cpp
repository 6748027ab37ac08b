#include "backends/cpu/steps_half.h"

#include <algorithm>

namespace ponnuki::nn {

WinogradInt16Step::WinogradInt16Step(Place in, int inC, std::vector<ProductOutput> outputs,
                                     Int16Weights weights, ConvGeometry geometry)
    : ProductStep(in, inC, std::move(outputs), {}), geometry_(geometry), weights16_(std::move(weights)) {}

// Odd in cache lines, as in WinogradStep: lines of 16-bit channel blocks hold two tiles.
size_t WinogradInt16Step::tileStride(int rows) const {
  const int lines = (rows * tilesX() * tilesY() + 1) / 2 | 1;
  return static_cast<size_t>(lines * 2) * kBlock;
}
// As many boards at once as keep v and m in a second-level cache; they share each weight load.
int WinogradInt16Step::chunkRows(int rows) const {
  constexpr size_t kBytes = 900 * 1024;
  const size_t perBoard =
      static_cast<size_t>(kInt16Points * (2 * in_.blocks() + 4 * kMaxGroup)) * tileStride(1);
  return static_cast<int>(std::clamp<size_t>(kBytes / perBoard, 1, static_cast<size_t>(rows)));
}
// Shared: one transformed board, the peaks and scales, and the quantised chunk.
static size_t transformedFloats(size_t blocks, size_t stride) {
  return kInt16Points * blocks * stride;
}
static size_t peakFloats(size_t blocks, size_t rows) {
  return rows * blocks * kInt16Points * kBlock;
}
static size_t scaleFloats(size_t rows) {
  return (rows * kInt16Points + 15) / 16 * 16;
}
size_t WinogradInt16Step::sharedFloats(int maxRows) const {
  const size_t blocks = static_cast<size_t>(in_.blocks()), rows = static_cast<size_t>(chunkRows(maxRows));
  return transformedFloats(blocks, tileStride(1)) + peakFloats(blocks, rows) + scaleFloats(rows) +
         kInt16Points * blocks * tileStride(static_cast<int>(rows)) / 2;
}
size_t WinogradInt16Step::ownFloats(int maxRows) const {
  return ProductStep::ownFloats(maxRows) + kInt16Points * kMaxGroup * tileStride(chunkRows(maxRows));
}
// Few groups of nearly equal size, at least one for each thread.
int WinogradInt16Step::groupBlocks(const Worker& w) const {
  const int most = std::min(kMaxGroup, w.run.kernels->maxGroupBlocks);
  const int rounds = (blocks_ + most * w.count() - 1) / (most * w.count());
  const int groups = rounds * w.count();
  return (blocks_ + groups - 1) / groups;
}

void WinogradInt16Step::run(const Worker& w) const {
  const KernelTable& kernels = *w.run.kernels;
  const size_t blocks = static_cast<size_t>(in_.blocks());
  const int chunk = chunkRows(w.rows());
  WinogradInt16Args a = {};
  a.boardX = geometry_.boardX, a.boardY = geometry_.boardY;
  a.tilesX = tilesX(), a.tilesY = tilesY();
  a.inBlocks = in_.blocks(), a.outBlocks = blocks_, a.pairs = pairsFor(inC_);
  a.inStride = in_.stride(w.rows());
  a.boardStride = tileStride(1);
  a.transformed = w.run.shared;
  a.peaks = a.transformed + transformedFloats(blocks, a.boardStride);
  a.scales = a.peaks + peakFloats(blocks, static_cast<size_t>(chunk));
  a.v = reinterpret_cast<int16_t*>(a.scales + scaleFloats(static_cast<size_t>(chunk)));
  a.norm = weights16_.norm;
  a.u = weights16_.u.data();
  a.uScale = weights16_.scale.data();
  a.m = reinterpret_cast<int32_t*>(scratchAfterEpilogues(w));
  a.groupBlocks = groupBlocks(w);
  a.epilogues = epilogues(w);
  const Share in = w.share(a.inBlocks), out = w.share((blocks_ + a.groupBlocks - 1) / a.groupBlocks);
  for (int first = 0; first < w.rows(); first += chunk) {
    a.rows = std::min(chunk, w.rows() - first);
    a.firstRow = first;
    a.in = w.at(in_) + static_cast<size_t>(first) * static_cast<size_t>(in_.points) * kBlock;
    a.tileStride = tileStride(a.rows);
    for (int row = 0; row < a.rows; row++) {
      kernels.winogradInt16Input(a, row, in.begin, in.end);
      w.barrier();
      kernels.winogradInt16Quantize(a, row, in.begin, in.end);
      w.barrier();
    }
    kernels.winogradInt16Output(a, out.begin, out.end);
    if (first + chunk < w.rows()) w.barrier();
  }
}

static size_t panelFloats(const Place& in) {
  return static_cast<size_t>(in.blocks()) * kPanelRows * kBlock / 2;
}
size_t MatMulInt16Step::ownFloats(int maxRows) const {
  return ProductStep::ownFloats(maxRows) + panelFloats(in_);
}
void MatMulInt16Step::run(const Worker& w) const {
  GemmInt16Args g = {};
  g.a = w.at(in_);
  g.aStride = in_.stride(w.rows());
  g.b = weights16_.b.data();
  g.bScale = weights16_.scale.data();
  g.pairs = pairsFor(inC_);
  g.blocks = blocks_;
  g.norm = weights16_.norm;
  g.panel = reinterpret_cast<int16_t*>(scratchAfterEpilogues(w));
  g.epilogues = epilogues(w);
  g.pointsPerRow = in_.points;
  const Share share = w.share(w.rows() * in_.points, w.run.kernels->rowTile);
  w.run.kernels->gemmInt16(g, share.begin, share.end);
}

size_t MatMulBf16Step::ownFloats(int maxRows) const {
  return ProductStep::ownFloats(maxRows) + panelFloats(in_);
}
void MatMulBf16Step::run(const Worker& w) const {
  GemmBf16Args g = {};
  g.a = w.at(in_);
  g.aStride = in_.stride(w.rows());
  g.b = weights16_.data();
  g.pairs = pairsFor(inC_);
  g.blocks = blocks_;
  g.panel = reinterpret_cast<uint16_t*>(scratchAfterEpilogues(w));
  g.epilogues = epilogues(w);
  g.pointsPerRow = in_.points;
  const Share share = w.share(w.rows() * in_.points, w.run.kernels->rowTile);
  w.run.kernels->gemmBf16(g, share.begin, share.end);
}

}  // namespace ponnuki::nn
