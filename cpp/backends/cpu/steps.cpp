#include "backends/cpu/steps.h"

#include <algorithm>
#include <cmath>

#include "backends/cpu/pack.h"

namespace ponnuki::nn {

namespace {

void toBlocked(std::span<const float> from, const Place& p, float* to, int rows, Share share) {
  const size_t channels = static_cast<size_t>(p.channels), stride = p.stride(rows);
  for (int b = 0; b < p.blocks(); b++) {
    const size_t c0 = static_cast<size_t>(b) * kBlock, count = std::min<size_t>(kBlock, channels - c0);
    for (int i = share.begin; i < share.end; i++) {
      float* out = to + static_cast<size_t>(b) * stride + static_cast<size_t>(i) * kBlock;
      std::copy_n(from.data() + static_cast<size_t>(i) * channels + c0, count, out);
      std::fill(out + count, out + kBlock, 0.0f);
    }
  }
}
void fromBlocked(const float* from, const Place& p, std::span<float> to, int rows) {
  const size_t channels = static_cast<size_t>(p.channels), stride = p.stride(rows);
  const size_t points = static_cast<size_t>(rows) * static_cast<size_t>(p.points);
  if (to.empty()) return;
  for (size_t c0 = 0; c0 < channels; c0 += kBlock) {
    const size_t count = std::min<size_t>(kBlock, channels - c0);
    for (size_t i = 0; i < points; i++)
      std::copy_n(from + c0 / kBlock * stride + i * kBlock, count, &to[i * channels + c0]);
  }
}
const float* dataOrNull(const AlignedFloats& v) {
  return v.size() == 0 ? nullptr : v.data();
}

}  // namespace

void LoadStep::run(const Worker& w) const {
  const BatchIn& in = *w.run.in;
  const Share points = w.share(w.rows() * spatial_.points);
  toBlocked(in.spatial, spatial_, w.at(spatial_), w.rows(), points);
  for (int i = points.begin; i < points.end; i++)
    w.run.mask[i] = in.spatial[static_cast<size_t>(i * spatial_.channels)];
  const Share rows = w.share(w.rows());
  toBlocked(in.global, global_, w.at(global_), w.rows(), rows);
  if (meta_) toBlocked(in.meta, *meta_, w.at(*meta_), w.rows(), rows);
}

void StoreStep::run(const Worker& w) const {
  if (w.share(1).begin == w.share(1).end) return;
  const BatchOut& out = *w.run.out;
  fromBlocked(w.at(policy_), policy_, out.policy, w.rows());
  fromBlocked(w.at(pass_), pass_, out.pass, w.rows());
  fromBlocked(w.at(value_), value_, out.value, w.rows());
  fromBlocked(w.at(score_), score_, out.score, w.rows());
  fromBlocked(w.at(ownership_), ownership_, out.ownership, w.rows());
}

ProductStep::ProductStep(Place in, int inC, std::vector<ProductOutput> outputs, AlignedFloats weights)
    : in_(in), inC_(inC), outputs_(std::move(outputs)), weights_(std::move(weights)) {
  for (const ProductOutput& o : outputs_) blocks_ += o.out.blocks();
}

static size_t epilogueFloats(int blocks) {
  return (static_cast<size_t>(blocks) * sizeof(BlockEpilogue) / sizeof(float) + 15) / 16 * 16;
}
size_t ProductStep::ownFloats(int) const {
  return epilogueFloats(blocks_);
}
float* ProductStep::scratchAfterEpilogues(const Worker& w) const {
  return w.scratch() + epilogueFloats(blocks_);
}

const BlockEpilogue* ProductStep::epilogues(const Worker& w) const {
  BlockEpilogue* const first = new (w.scratch()) BlockEpilogue[static_cast<size_t>(blocks_)];
  BlockEpilogue* e = first;
  for (const ProductOutput& o : outputs_) {
    const float* mask = o.out.points > 1 ? w.run.mask : nullptr;
    for (int b = 0; b < o.out.blocks(); b++, e++) {
      const size_t at = static_cast<size_t>(b) * o.out.stride(w.rows()), c = static_cast<size_t>(b) * kBlock;
      *e = {};
      if (o.bias.size()) e->bias = o.bias.data() + c;
      if (o.residual) e->residual = w.at(*o.residual) + at;
      if (o.broadcast)
        e->broadcast = w.at(*o.broadcast) + static_cast<size_t>(b) * o.broadcast->stride(w.rows());
      if (o.gate) e->gate = w.at(*o.gate) + at;
      if (o.masked) e->mask = mask;
      e->act = static_cast<int>(o.activation);
      if (o.storeOut) e->out = w.at(o.out) + at;
      if (!o.scaled) continue;
      e->out2 = w.at(*o.scaled) + at;
      if (o.scale2.size()) e->scale2 = o.scale2.data() + c;
      if (o.bias2.size()) e->bias2 = o.bias2.data() + c;
      if (o.masked2) e->mask2 = mask;
      e->act2 = static_cast<int>(o.activation2);
    }
  }
  return first;
}

void MatMulStep::run(const Worker& w) const {
  GemmArgs g = {};
  g.a = w.at(in_);
  g.aStride = in_.stride(w.rows());
  g.b = weights_.data();
  g.bStride = static_cast<size_t>(inC_) * kBlock;
  g.k = inC_;
  g.blocks = blocks_;
  g.epilogues = epilogues(w);
  g.pointsPerRow = in_.points;
  const Share share = w.share(w.rows() * in_.points, w.run.kernels->rowTile);
  w.run.kernels->gemm(g, share.begin, share.end);
}

// Odd in cache lines, so that the 49 streams a tile is written to fall into different sets of the caches.
size_t WinogradStep::tileStride(int rows) const {
  return static_cast<size_t>((rows * tilesX() * tilesY()) | 1) * kBlock;
}
// As many boards at once as keep the transformed tensors in a second-level cache; they share each weight
// load.
int WinogradStep::chunkRows(int rows) const {
  constexpr size_t kFloats = 230 * 1024;
  const size_t fit =
      kFloats / (static_cast<size_t>(kWinogradPoints * (in_.blocks() + kMaxGroup)) * tileStride(1));
  return static_cast<int>(std::clamp<size_t>(fit, 1, static_cast<size_t>(rows)));
}
size_t WinogradStep::sharedFloats(int maxRows) const {
  return static_cast<size_t>(kWinogradPoints * in_.blocks()) * tileStride(chunkRows(maxRows));
}
size_t WinogradStep::ownFloats(int maxRows) const {
  return ProductStep::ownFloats(maxRows) + kWinogradPoints * kMaxGroup * tileStride(chunkRows(maxRows));
}
// Few groups of nearly equal size, at least one for each thread.
int WinogradStep::groupBlocks(const Worker& w) const {
  const int most = std::min(kMaxGroup, w.run.kernels->maxGroupBlocks);
  const int rounds = (blocks_ + most * w.count() - 1) / (most * w.count());
  const int groups = rounds * w.count();
  return (blocks_ + groups - 1) / groups;
}
void WinogradStep::run(const Worker& w) const {
  WinogradArgs a = {};
  a.boardX = geometry_.boardX, a.boardY = geometry_.boardY;
  a.outTile = outTile(), a.tilesX = tilesX(), a.tilesY = tilesY();
  a.inBlocks = in_.blocks(), a.outBlocks = blocks_, a.k = inC_;
  a.inStride = in_.stride(w.rows());
  a.v = w.run.shared;
  a.u = weights_.data();
  a.m = scratchAfterEpilogues(w);
  a.groupBlocks = groupBlocks(w);
  a.epilogues = epilogues(w);
  const int chunk = chunkRows(w.rows()), groups = (blocks_ + a.groupBlocks - 1) / a.groupBlocks;
  for (int first = 0; first < w.rows(); first += chunk) {
    a.rows = std::min(chunk, w.rows() - first);
    a.firstRow = first;
    a.in = w.at(in_) + static_cast<size_t>(first) * static_cast<size_t>(in_.points) * kBlock;
    a.tileStride = tileStride(a.rows);
    const Share in = w.share(a.inBlocks * a.rows), out = w.share(groups);
    w.run.kernels->winogradInput(a, in.begin, in.end);
    w.barrier();
    w.run.kernels->winogradOutput(a, out.begin, out.end);
    if (first + chunk < w.rows()) w.barrier();
  }
}

size_t PatchStep::ownFloats(int maxRows) const {
  return ProductStep::ownFloats(maxRows) +
         static_cast<size_t>(geometry_.ky * geometry_.kx * in_.blocks() * kRun * kBlock);
}
// patches: [tap][input block][count][16]
void PatchStep::gather(const Worker& w, int first, int count, float* patches) const {
  const ConvGeometry& g = geometry_;
  const float* in = w.at(in_);
  for (int tap = 0; tap < g.ky * g.kx; tap++) {
    const int dy = (tap / g.kx - (g.ky - 1) / 2) * g.dilY, dx = (tap % g.kx - (g.kx - 1) / 2) * g.dilX;
    for (int b = 0; b < in_.blocks(); b++, patches += count * kBlock) {
      for (int i = 0; i < count; i++) {
        const int row = (first + i) / in_.points, point = (first + i) % in_.points;
        const int y = point / g.boardX + dy, x = point % g.boardX + dx;
        const bool inside = y >= 0 && y < g.boardY && x >= 0 && x < g.boardX;
        const size_t from = static_cast<size_t>(row * in_.points + y * g.boardX + x);
        if (inside)
          std::copy_n(in + static_cast<size_t>(b) * in_.stride(w.rows()) + from * kBlock, kBlock,
                      patches + i * kBlock);
        else
          std::fill_n(patches + i * kBlock, kBlock, 0.0f);
      }
    }
  }
}
void PatchStep::run(const Worker& w) const {
  GemmArgs g = {};
  float* patches = scratchAfterEpilogues(w);
  g.a = patches;
  g.b = weights_.data();
  g.k = geometry_.ky * geometry_.kx * in_.blocks() * kBlock;
  g.bStride = static_cast<size_t>(g.k) * kBlock;
  g.blocks = blocks_;
  g.epilogues = epilogues(w);
  g.pointsPerRow = in_.points;
  const Share share = w.share(w.rows() * in_.points);
  for (int first = share.begin; first < share.end; first += kRun) {
    const int count = std::min(kRun, share.end - first);
    gather(w, first, count, patches);
    g.aStride = static_cast<size_t>(count) * kBlock;
    g.firstPoint = static_cast<size_t>(first);
    w.run.kernels->gemm(g, 0, count);
  }
}

void ElementwiseStep::run(const Worker& w) const {
  ElementwiseArgs a = {};
  a.in = w.at(in);
  a.other = other ? w.at(*other) : nullptr;
  a.scale = dataOrNull(scale);
  a.bias = dataOrNull(bias);
  a.broadcast = broadcast ? w.at(*broadcast) : nullptr;
  a.mask = masked && in.points > 1 ? w.run.mask : nullptr;
  a.out = w.at(out);
  a.multiply = multiply;
  a.act = static_cast<int>(activation);
  a.rows = w.rows();
  a.pointsPerRow = in.points;
  const Share share = w.share(in.blocks());
  w.run.kernels->elementwise(a, share.begin, share.end);
}

void PoolStep::run(const Worker& w) const {
  PoolArgs a = {};
  a.in = w.at(in);
  a.out = w.at(out);
  a.mask = fullBoard ? nullptr : w.run.mask;
  a.channels = in.channels, a.rows = w.rows(), a.points = in.points;
  a.moments = moments;
  const Share share = w.share(in.blocks() * w.rows());
  w.run.kernels->pool(a, share.begin, share.end);
}

void RmsNormStep::run(const Worker& w) const {
  RmsNormArgs a = {};
  a.in = w.at(in);
  a.out = w.at(out);
  a.scale = scale.data();
  a.bias = dataOrNull(bias);
  a.mask = masked && in.points > 1 ? w.run.mask : nullptr;
  a.board = fullBoard || in.points == 1 ? nullptr : w.run.mask;
  a.epsilon = epsilon;
  a.spatial = spatial;
  a.act = static_cast<int>(activation);
  a.channels = in.channels, a.rows = w.rows(), a.points = in.points;
  const Share share = w.share(spatial ? w.rows() : w.rows() * in.points);
  w.run.kernels->rmsNorm(a, share.begin, share.end);
}

AttentionArgs AttentionStep::args() const {
  AttentionArgs a = {};
  a.ropeCos = dataOrNull(cosines);
  a.ropeSin = dataOrNull(sines);
  a.heads = heads, a.kvHeads = kvHeads, a.qDim = qDim, a.vDim = vDim;
  a.points = q.points;
  a.int16 = int16;
  return a;
}
size_t AttentionStep::ownFloats(int) const {
  return kernels->attentionScratch(args());
}
void AttentionStep::run(const Worker& w) const {
  AttentionArgs a = args();
  a.q = w.at(q), a.k = w.at(k), a.v = w.at(v), a.out = w.at(out);
  a.mask = fullBoard ? nullptr : w.run.mask;
  a.scratch = w.scratch();
  a.rows = w.rows();
  const Share share = w.share(w.rows() * kvHeads * kAttentionSplit);
  w.run.kernels->attention(a, share.begin, share.end);
}
// Angles in float32 like the reference; each pair's cosine twice, its sine with the sign of the rotation.
void AttentionStep::makeRope(const Weights& frequencies, int boardX, int boardY) {
  const int pairs = qDim / 2, headBlocks = blocksFor(qDim), points = boardX * boardY;
  const size_t size = static_cast<size_t>(kvHeads * headBlocks) * static_cast<size_t>(points) * kBlock;
  cosines = AlignedFloats(size);
  sines = AlignedFloats(size);
  for (int h = 0; h < kvHeads; h++) {
    for (int p = 0; p < pairs; p++) {
      const float fx = frequencies[static_cast<size_t>(h * pairs + p) * 2];
      const float fy = frequencies[static_cast<size_t>(h * pairs + p) * 2 + 1];
      for (int i = 0; i < points; i++) {
        const float angle = static_cast<float>(i % boardX) * fx + static_cast<float>(i / boardX) * fy;
        const size_t block = static_cast<size_t>(h * headBlocks + 2 * p / kBlock);
        const size_t at = (block * static_cast<size_t>(points) + static_cast<size_t>(i)) * kBlock +
                          static_cast<size_t>(2 * p % kBlock);
        cosines.data()[at] = cosines.data()[at + 1] = std::cos(angle);
        sines.data()[at] = -std::sin(angle);
        sines.data()[at + 1] = std::sin(angle);
      }
    }
  }
}

}  // namespace ponnuki::nn
