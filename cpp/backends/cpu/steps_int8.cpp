#include "backends/cpu/steps_int8.h"

#include <algorithm>

namespace ponnuki::nn {

size_t MatMulInt8Step::ownFloats(int maxRows) const {
  return ProductStep::ownFloats(maxRows) + static_cast<size_t>(in_.blocks() * kPanelRows * kInt8BlockWords);
}
void MatMulInt8Step::run(const Worker& w) const {
  GemmInt8Args g = {};
  g.a = w.at(in_);
  g.aStride = in_.stride(w.rows());
  g.w = weights8_.columns();
  g.inBlocks = in_.blocks(), g.blocks = blocks_;
  g.panel = reinterpret_cast<int32_t*>(scratchAfterEpilogues(w));
  g.epilogues = epilogues(w);
  g.pointsPerRow = in_.points;
  const Share share = w.share(w.rows() * in_.points, w.run.kernels->rowTile);
  w.run.kernels->gemmInt8(g, share.begin, share.end);
}

size_t ConvInt8Step::paddedBoardFloats() const {
  const ConvGeometry& g = geometry_;
  const int points = (g.boardX + (g.kx - 1) * g.dilX) * (g.boardY + (g.ky - 1) * g.dilY);
  return static_cast<size_t>(in_.blocks()) * static_cast<size_t>(points) * kInt8BlockWords;
}
// As many boards at once as stay in a second-level cache; they share each weight load.
int ConvInt8Step::chunkRows(int rows) const {
  constexpr size_t kFloats = 64 * 1024;
  return static_cast<int>(std::clamp<size_t>(kFloats / paddedBoardFloats(), 1, static_cast<size_t>(rows)));
}
size_t ConvInt8Step::sharedFloats(int maxRows) const {
  return static_cast<size_t>(chunkRows(maxRows)) * paddedBoardFloats();
}
void ConvInt8Step::run(const Worker& w) const {
  const KernelTable& kernels = *w.run.kernels;
  const ConvGeometry& g = geometry_;
  ConvInt8Args c = {};
  c.boardX = g.boardX, c.boardY = g.boardY, c.ky = g.ky, c.kx = g.kx, c.dilY = g.dilY, c.dilX = g.dilX;
  c.inBlocks = in_.blocks(), c.outBlocks = blocks_;
  c.inStride = in_.stride(w.rows());
  c.w = weights8_.columns();
  c.padded = reinterpret_cast<int32_t*>(w.run.shared);
  c.epilogues = epilogues(w);
  const int chunk = chunkRows(w.rows());
  for (int first = 0; first < w.rows(); first += chunk) {
    c.rows = std::min(chunk, w.rows() - first);
    c.firstRow = first;
    c.in = w.at(in_) + static_cast<size_t>(first) * static_cast<size_t>(in_.points) * kBlock;
    const Share in = w.share(c.rows * c.inBlocks), out = w.share(c.rows * c.boardY);
    kernels.convInt8Input(c, in.begin, in.end);
    w.barrier();
    kernels.convInt8Output(c, out.begin, out.end);
    if (first + chunk < w.rows()) w.barrier();
  }
}

}  // namespace ponnuki::nn
