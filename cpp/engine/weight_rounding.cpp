#include "engine/weight_rounding.h"

#include <algorithm>
#include <optional>
#include <tuple>

#include "base/error.h"
#include "engine/hessian_rounding.h"
#include "engine/tensor_probe.h"
#include "graph/shapes.h"
#include "model/group_scales.h"

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
  size_t inputs() const { return sz(window.ky) * sz(window.kx) * sz(window.inC); }
};

std::vector<Source> sourcesOf(const nn::Graph& graph, RoundedLayers layers) {
  std::vector<Source> sources;
  std::map<std::tuple<TensorId, int, int, int, int>, size_t> known;
  for (size_t i = 0; i < graph.ops.size(); i++) {
    const nn::Op& op = graph.ops[i];
    if (!nn::isProduct(op) || graph.tensor(op.inputs[0]).shape.domain != nn::Domain::Points) continue;
    const bool isStoredOnly = !nn::quantizationOf(op);
    if (isStoredOnly && layers == RoundedLayers::Quantized) continue;
    if (isStoredOnly && layers == RoundedLayers::Inner && graph.isInput(op.inputs[0])) continue;
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
        inputs_(source.inputs(), pointsFor(source.inputs(), board)) {}

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

// How products of one source are rounded: for what they read, towards what they give on the exact values.
class SourceRounding {
 public:
  SourceRounding(const LayerInputs& exact, const LayerInputs& seen)
      : seen_(seen), means_(seen.means()), exactMeans_(exact.means()), covariance_(seen.covariance()) {
    if (&seen != &exact) lacking_ = seen.covarianceWith(exact.less(seen));
  }

  // A bias makes up for all errors in the mean: then only deviations from it count.
  // scales: [groups][outputs], each for groupSize inputs.
  std::vector<float> round(std::span<const float> exact, std::span<const float> scales, size_t groupSize,
                           bool hasBias) {
    std::optional<Hessian>& made = hessians_[hasBias];
    if (!made) made.emplace(hessian(hasBias));
    const size_t outputs = exact.size() / means_.size();
    const auto round = [&](std::span<const float> weights) {
      return made->rounding.round(weights, outputs, scales, groupSize);
    };
    return lacking_.empty() ? round(exact) : round(made->rounding.compensated(exact, outputs, made->lacking));
  }

  // By output: how much more the exact weights give on average than those rounded, on inputs in 8 bits.
  std::vector<double> missing(std::span<const float> exact, std::span<const float> rounded,
                              const nn::Quantization& q) const {
    // With a range of its own, a point is rounded up as often as down, and nothing is cut off.
    const std::vector<double> seen = q.perPoint() ? means_ : meansInt8(seen_, q);
    const size_t outputs = q.weightScale.size();
    std::vector<double> missing(outputs);
    for (size_t k = 0; k < means_.size(); k++)
      for (size_t o = 0; o < outputs; o++)
        missing[o] += exactMeans_[k] * static_cast<double>(exact[k * outputs + o]) -
                      seen[k] * static_cast<double>(rounded[k * outputs + o]);
    return missing;
  }

 private:
  struct Hessian {
    HessianRounding rounding;
    std::vector<double> lacking;
  };
  Hessian hessian(bool deviationsOnly) const {
    const size_t n = means_.size();
    std::vector<double> products = covariance_, lacking = lacking_;
    for (size_t i = 0; i < n && !deviationsOnly; i++)
      for (size_t j = 0; j < n; j++) {
        if (j <= i) products[i * n + j] += means_[i] * means_[j];
        if (!lacking.empty()) lacking[i * n + j] += means_[i] * (exactMeans_[j] - means_[j]);
      }
    return {HessianRounding(products, n), std::move(lacking)};
  }

  const LayerInputs& seen_;
  std::vector<double> means_, exactMeans_, covariance_, lacking_;
  std::optional<Hessian> hessians_[2];  // with the means, without
};

nn::RoundedProduct roundedProduct(const nn::Graph& graph, const nn::Op& op, bool mayHaveBias,
                                  SourceRounding& source) {
  const std::span<const float> exact = nn::weightsOf(op).span();
  const auto quantization = nn::quantizationOf(op);
  const nn::Weights& bias = nn::epilogueOf(op)->bias;
  if (!quantization) {
    const GroupScales groups = groupScales(exact, nn::outChannels(op), storedGroupSize(graph, op));
    return {nn::Weights(source.round(exact, groups.scales(), groups.groupSize, false)), bias};
  }
  const bool hasBias = mayHaveBias || nn::epilogueOf(op)->masked;
  std::vector<float> rounded = source.round(exact, quantization->weightScale,
                                            exact.size() / quantization->weightScale.size(), hasBias);
  if (!hasBias) return {nn::Weights(std::move(rounded)), bias};
  const std::vector<double> missing = source.missing(exact, rounded, *quantization);
  std::vector<float> sum(missing.size());
  for (size_t o = 0; o < sum.size(); o++)
    sum[o] = static_cast<float>(missing[o] + (bias.empty() ? 0.0 : static_cast<double>(bias[o])));
  return {nn::Weights(std::move(rounded)), nn::Weights(std::move(sum))};
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
                                                  RoundingOrder order, const InputRows& rows,
                                                  nn::Backend& backend, const CheckProgress& progress) {
  const InputRows few = spread(rows);
  const BoardPoints board(few);
  ENSURE(board.points() > 0);
  const std::vector<Source> sources = sourcesOf(model.graph, layers);
  const std::vector<bool> mayHaveBias = ignoredOffBoard(model.graph);
  // Runs of the net: of sources whose inputs are looked at together.
  const bool inTurn = order == RoundingOrder::OneAfterTheOther;
  std::vector<std::span<const Source>> runs;
  for (size_t first = 0, end = 0, inputs = 0; first < sources.size(); first = end, inputs = 0) {
    do inputs += sources[end++].inputs();
    while (!inTurn && end < sources.size() && inputs + sources[end].inputs() <= kInputsAtOnce);
    runs.emplace_back(&sources[first], end - first);
  }
  const int all =
      static_cast<int>(runs.size()) * few.count * (inTurn ? 2 : 1) + static_cast<int>(sources.size());
  int done = 0;
  LoadedModel changed = model;
  std::map<size_t, nn::RoundedProduct> result;
  for (const std::span<const Source> run : runs) {
    const auto inputsIn = [&](const LoadedModel& net) {
      std::vector<TensorId> tensors;
      std::vector<Sampler> samplers;
      for (const Source& source : run) {
        tensors.push_back(source.tensor);
        samplers.emplace_back(source, few, board);
      }
      probeTensors(
          net, tensors, few, backend,
          [&](int row) {
            if (progress) progress(done + row, all);
          },
          [&](size_t which, int row, std::span<const float> values) { samplers[which].see(row, values); });
      done += few.count;
      return samplers;
    };
    const std::vector<Sampler> exact = inputsIn(model);
    const std::optional<std::vector<Sampler>> seen = inTurn ? std::optional(inputsIn(changed)) : std::nullopt;
    for (size_t k = 0; k < run.size(); k++) {
      SourceRounding rounding(exact[k].inputs(), (seen ? *seen : exact)[k].inputs());
      for (const size_t i : run[k].ops) {
        const nn::Op& op = model.graph.ops[i];
        result[i] = roundedProduct(model.graph, op, mayHaveBias[sz(op.output)], rounding);
        nn::setRounded(changed.graph.ops[i], result[i]);
      }
      if (progress) progress(++done, all);
    }
  }
  return result;
}

}  // namespace ponnuki
