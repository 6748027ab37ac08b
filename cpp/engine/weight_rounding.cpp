#include "engine/weight_rounding.h"

#include <algorithm>
#include <optional>
#include <tuple>

#include "base/error.h"
#include "engine/hessian_rounding.h"
#include "engine/tensor_probe.h"
#include "graph/shapes.h"

namespace ponnuki {
namespace {

using nn::TensorId;

constexpr int kMostRows = 128;
constexpr size_t kMostPoints = 12288, kPointsOfWide = 6144;  // looked at for one layer
constexpr size_t kWide = 512;                                // inputs of a layer
constexpr size_t kInputsAtOnce = 8192;                       // of all layers looked at in one run of the net

size_t sz(int n) {
  return static_cast<size_t>(n);
}

// What products of one tensor and geometry read.
struct Source {
  TensorId tensor = nn::kNoTensor;
  nn::Conv2dAttrs window;  // only its geometry
  std::vector<size_t> ops;
  size_t taps() const { return sz(window.ky) * sz(window.kx); }
};

std::vector<Source> sourcesOf(const nn::Graph& graph, RoundedLayers layers) {
  std::vector<Source> sources;
  std::map<std::tuple<TensorId, int, int, int, int>, size_t> known;
  for (size_t i = 0; i < graph.ops.size(); i++) {
    const nn::Op& op = graph.ops[i];
    if (!nn::isProduct(op) || graph.tensor(op.inputs[0]).shape.domain != nn::Domain::Points) continue;
    const bool storedOnly = !nn::quantizationOf(op);
    if (storedOnly && (layers == RoundedLayers::Quantized || graph.isInput(op.inputs[0]))) continue;
    Source source{op.inputs[0], {}, {}};
    nn::Conv2dAttrs& w = source.window;
    w.inC = graph.channels(source.tensor);
    if (const auto* conv = std::get_if<nn::Conv2dAttrs>(&op.attrs))
      w.ky = conv->ky, w.kx = conv->kx, w.dilY = conv->dilY, w.dilX = conv->dilX;
    const auto [at, isNew] =
        known.emplace(std::tuple(source.tensor, w.ky, w.kx, w.dilY, w.dilX), sources.size());
    if (isNew) sources.push_back(source);
    sources[at->second].ops.push_back(i);
  }
  return sources;
}

// By tensor: whether nothing that counts depends on its values off the board, so that they may be anything.
std::vector<bool> ignoredOffBoard(const nn::Graph& graph) {
  std::vector<bool> ignored(graph.tensors.size());
  for (size_t id = 0; id < ignored.size(); id++) ignored[id] = !graph.isOutput(static_cast<TensorId>(id));
  for (size_t i = graph.ops.size(); i-- > 0;) {
    const nn::Op& op = graph.ops[i];
    const bool after = ignored[sz(op.output)];
    const auto fine = [&](size_t input) {
      if (op.kind() == nn::OpKind::ApplyMask || op.kind() == nn::OpKind::Attention) return true;
      if (op.kind() == nn::OpKind::GlobalPool) return false;
      if (op.kind() == nn::OpKind::Conv2d && input == 0) return false;  // reads neighbours
      if (const nn::Epilogue* epilogue = nn::epilogueOf(op)) return epilogue->masked || after;
      if (const auto* scale = std::get_if<nn::ScaleBiasAttrs>(&op.attrs)) return scale->masked || after;
      if (const auto* norm = std::get_if<nn::RmsNormAttrs>(&op.attrs)) return norm->masked || after;
      return after;
    };
    for (size_t k = 0; k < op.inputs.size(); k++)
      if (!fine(k)) ignored[sz(op.inputs[k])] = false;
  }
  return ignored;
}

class BoardPoints {
 public:
  explicit BoardPoints(const InputRows& rows) : rows_(rows) {
    for (int row = 0; row < rows.count; row++)
      for (int p = 0; p < rows.points(); p++) points_ += has(row, p);
  }
  size_t points() const { return points_; }  // of all rows
  bool has(int row, int point) const {
    return rows_.spatial[(sz(row) * sz(rows_.points()) + sz(point)) * sz(rows_.spatialChannels)] != 0;
  }
  bool has(int row, int y, int x) const {
    return y >= 0 && y < rows_.boardY && x >= 0 && x < rows_.boardX && has(row, y * rows_.boardX + x);
  }

 private:
  const InputRows& rows_;
  size_t points_ = 0;
};

// Fills the inputs of one source from rows in order, at points spread evenly over all.
class Sampler {
 public:
  Sampler(const Source& source, const InputRows& rows, const BoardPoints& board)
      : source_(source),
        rows_(rows),
        board_(board),
        inputs_(source.taps() * sz(source.window.inC),
                pointsFor(source.taps() * sz(source.window.inC), board)) {}

  void see(int row, std::span<const float> values) {
    const size_t channels = sz(source_.window.inC);
    const nn::Conv2dAttrs& w = source_.window;
    for (int p = 0; p < rows_.points(); p++) {
      if (!board_.has(row, p)) continue;
      const size_t point = seen_ * inputs_.points() / board_.points();
      if (++seen_ * inputs_.points() / board_.points() == point) continue;
      for (int tap = 0; tap < w.ky * w.kx; tap++) {
        const int y = p / rows_.boardX + (tap / w.kx - w.ky / 2) * w.dilY;
        const int x = p % rows_.boardX + (tap % w.kx - w.kx / 2) * w.dilX;
        if (!board_.has(row, y, x)) continue;
        const float* from = &values[sz(y * rows_.boardX + x) * channels];
        for (size_t c = 0; c < channels; c++) inputs_.at(sz(tap) * channels + c, point) = from[c];
      }
    }
  }
  const LayerInputs& inputs() const { return inputs_; }

 private:
  static size_t pointsFor(size_t inputs, const BoardPoints& board) {
    return std::min(board.points(), inputs > kWide ? kPointsOfWide : kMostPoints);
  }
  const Source& source_;
  const InputRows& rows_;
  const BoardPoints& board_;
  LayerInputs inputs_;
  size_t seen_ = 0;  // points on the board
};

// What 8 bits make of the inputs, on average.
std::vector<double> meansInt8(const LayerInputs& inputs, const nn::Quantization& q) {
  const nn::InputRange range{q.inputScale, q.inputZero};
  std::vector<double> means(inputs.inputs());
  for (size_t i = 0; i < means.size(); i++) {
    int64_t sum = 0;
    for (size_t p = 0; p < inputs.points(); p++)
      sum += nn::quantizedInput(range, inputs.at(i, p)) - range.zero;
    means[i] =
        static_cast<double>(range.scale) * static_cast<double>(sum) / static_cast<double>(inputs.points());
  }
  return means;
}

void roundProducts(const nn::Graph& graph, const Source& source, const LayerInputs& inputs,
                   const std::vector<bool>& mayHaveBias, std::map<size_t, nn::RoundedProduct>& result) {
  const size_t n = inputs.inputs();
  const std::vector<double> means = inputs.means();
  std::vector<double> hessian = inputs.covariance(means);
  // A bias makes up for all errors in the mean: only deviations from it count.
  std::optional<HessianRounding> withBias, without;
  const auto hasBias = [&](size_t i) {
    const nn::Op& op = graph.ops[i];
    return nn::quantizationOf(op) && (mayHaveBias[sz(op.output)] || nn::epilogueOf(op)->masked);
  };
  if (std::any_of(source.ops.begin(), source.ops.end(), hasBias)) withBias.emplace(hessian, n);
  if (!std::all_of(source.ops.begin(), source.ops.end(), hasBias)) {
    for (size_t i = 0; i < n; i++)
      for (size_t j = 0; j <= i; j++) hessian[i * n + j] += means[i] * means[j];
    without.emplace(hessian, n);
  }
  for (const size_t i : source.ops) {
    const nn::Op& op = graph.ops[i];
    const auto quantization = nn::quantizationOf(op);
    const std::span<const float> exact = nn::weightsOf(op).span();
    std::vector<float> rounded = (hasBias(i) ? withBias : without)
                                     ->round(exact, quantization ? quantization->weightScale
                                                                 : nn::weightScales(exact, nn::outChannels(op)));
    nn::Weights bias = quantization ? nn::epilogueOf(op)->bias : nn::Weights();
    if (hasBias(i)) {
      const nn::Quantization& q = *quantization;
      // With a range of its own, a point is rounded up as often as down, and nothing is cut off.
      const std::vector<double> seen = q.perPoint() ? means : meansInt8(inputs, q);
      const size_t outputs = q.weightScale.size();
      std::vector<double> lacks(outputs);
      for (size_t k = 0; k < n; k++)
        for (size_t o = 0; o < outputs; o++)
          lacks[o] += means[k] * static_cast<double>(exact[k * outputs + o]) -
                      seen[k] * static_cast<double>(rounded[k * outputs + o]);
      std::vector<float> sum(outputs);
      for (size_t o = 0; o < outputs; o++)
        sum[o] = static_cast<float>(lacks[o] + (bias.empty() ? 0.0 : static_cast<double>(bias[o])));
      bias = nn::Weights(std::move(sum));
    }
    result[i] = {nn::Weights(std::move(rounded)), std::move(bias)};
  }
}

InputRows spread(const InputRows& rows) {
  if (rows.count <= kMostRows) return rows;
  InputRows chosen = rows.part(0, 0);
  for (int i = 0; i < kMostRows; i++)
    chosen.append(rows.part(static_cast<int>(int64_t{i} * rows.count / kMostRows), 1));
  return chosen;
}

}  // namespace

std::map<size_t, nn::RoundedProduct> roundWeights(const LoadedModel& model, RoundedLayers layers,
                                                  const InputRows& rows, nn::Backend& backend,
                                                  const CheckProgress& progress) {
  const InputRows few = spread(rows);
  const BoardPoints board(few);
  ENSURE(board.points() > 0);
  const std::vector<Source> sources = sourcesOf(model.graph, layers);
  const std::vector<bool> mayHaveBias = ignoredOffBoard(model.graph);
  std::vector<std::vector<size_t>> chunks;
  size_t inputs = 0;
  for (size_t i = 0; i < sources.size(); i++) {
    const size_t more = sources[i].taps() * sz(sources[i].window.inC);
    if (chunks.empty() || inputs + more > kInputsAtOnce) chunks.emplace_back(), inputs = 0;
    chunks.back().push_back(i);
    inputs += more;
  }
  const int all = static_cast<int>(chunks.size()) * few.count + static_cast<int>(sources.size());
  int done = 0;
  std::map<size_t, nn::RoundedProduct> result;
  for (const std::vector<size_t>& chunk : chunks) {
    std::vector<TensorId> tensors;
    std::vector<Sampler> samplers;
    for (const size_t i : chunk) {
      tensors.push_back(sources[i].tensor);
      samplers.emplace_back(sources[i], few, board);
    }
    probeTensors(
        model, tensors, few, backend,
        [&](int row) {
          if (progress) progress(done + row, all);
        },
        [&](size_t which, int row, std::span<const float> values) { samplers[which].see(row, values); });
    done += few.count;
    for (size_t k = 0; k < chunk.size(); k++) {
      roundProducts(model.graph, sources[chunk[k]], samplers[k].inputs(), mayHaveBias, result);
      if (progress) progress(++done, all);
    }
  }
  return result;
}

}  // namespace ponnuki
