#include "engine/calibrator.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/error.h"
#include "engine/input_ranges.h"
#include "engine/layer_plan.h"
#include "engine/layer_times.h"
#include "engine/tensor_probe.h"
#include "engine/weight_rounding.h"
#include "graph/product.h"
#include "graph/shapes.h"

namespace ponnuki {
namespace {

using nn::TensorId;

constexpr int kFewestPositions = 16;
constexpr int kFewestAtOnce = 1024;     // channels looked at in one run of the net
constexpr size_t kMostSamples = 200000;  // of one tensor
constexpr int kKeptRows = 4;            // whole, to measure output errors
constexpr int kThinLayer = 32;          // channels
constexpr int kPlanPositions = 256;     // that layers are left out by
constexpr double kReserve = 0.85;       // share of the budget the plan may use: other positions cost more
constexpr double kLeastGain = 0.03;     // of a layer's time; below, the more accurate arithmetic is as good
constexpr const char *kSensitive = "sensitive", *kNotFaster = "not faster";
constexpr int kPlanTries = 16;          // layers that are tried again beside those chosen

size_t sz(int n) {
  return static_cast<size_t>(n);
}

// All products that read one tensor: they share its 8-bit form.
struct Unit {
  TensorId input = nn::kNoTensor;
  std::vector<size_t> products;  // indices into the list of named products
  std::string reason;            // to leave it out from the start; "" = none
  double flops = 0, sensitivity = 0;
  double halfSeconds = 0, int8Seconds = 0;  // a position, everything that reads the input; 0 = not measured
  double saved() const { return halfSeconds > 0 ? halfSeconds - int8Seconds : flops; }
};

struct TensorSamples {
  float least = 0, most = 0;
  std::vector<float> samples;  // every stride-th value on the board
  size_t stride = 1, next = 0;
  std::vector<float> kept;  // kKeptRows rows, [rows][points][channels]
};

// Which ops the policy or the value depend on.
std::vector<bool> leadTo(const nn::Graph& graph, const std::vector<TensorId>& ends) {
  std::vector<bool> needed(graph.tensors.size(), false), ops(graph.ops.size(), false);
  for (const TensorId id : ends) needed[static_cast<size_t>(id)] = true;
  for (size_t i = graph.ops.size(); i-- > 0;) {
    if (!needed[static_cast<size_t>(graph.ops[i].output)]) continue;
    ops[i] = true;
    for (const TensorId id : graph.ops[i].inputs) needed[static_cast<size_t>(id)] = true;
  }
  return ops;
}

// True if everything that reads the op's output, through ops for each channel, is a pooling.
bool feedsPoolingOnly(const nn::Graph& graph, TensorId tensor) {
  bool pools = false;
  for (const nn::Op& op : graph.ops) {
    if (std::find(op.inputs.begin(), op.inputs.end(), tensor) == op.inputs.end()) continue;
    if (op.kind() == nn::OpKind::GlobalPool)
      pools = true;
    else if (op.row().elementwise && op.inputs.size() == 1 && feedsPoolingOnly(graph, op.output))
      pools = true;
    else
      return false;
  }
  return pools;
}

class Calibrator {
 public:
  Calibrator(const LoadedModel& model, const InputRows& rows, nn::Backend& backend,
             const CalibrationSettings& settings, const StageProgress& stages)
      : model_(model), backend_(backend), settings_(settings), stages_(stages), products_(namedProducts(model.graph)),
        rest_(model) {
    if (rows.count < kFewestPositions)
      throw UserError("calibration needs at least " + std::to_string(kFewestPositions) + " positions, but got " +
                      std::to_string(rows.count));
    const int heldBack = rows.count / 4;
    ranges_ = rows.part(0, rows.count - heldBack);
    heldBack_ = rows.part(rows.count - heldBack, heldBack);
    plan_ = spread(ranges_, kPlanPositions);
    lines_.resize(products_.size());
    makeUnits();
  }

  CalibrationResult run() {
    chooseRanges();
    if (settings_.goal == PlanGoal::Fastest) measureTimes();
    rounded_ = roundWeights(planned(), RoundedLayers::Quantized, RoundingOrder::EachByItself, ranges_, backend_,
                            stages_("rounding of weights"));
    if (settings_.goal == PlanGoal::Smallest) storeRest();
    chooseLayers();
    CalibrationResult result;
    CalibrationTable& table = result.table;
    table.net = model_.info.name;
    table.program = settings_.program;
    table.positions = ranges_.count;
    table.lines = lines_;
    double all = 0, inside = 0, seconds = 0, saved = 0;
    for (const Unit& unit : units_) {
      all += unit.flops;
      seconds += unit.halfSeconds;
      if (!unit.reason.empty()) continue;
      inside += unit.flops;
      if (unit.halfSeconds > 0) saved += unit.saved();
    }
    for (const CalibrationLine& line : lines_) (line.used ? result.quantized : result.left)++;
    result.share = all > 0 ? inside / all : 0;
    result.saved = seconds > 0 ? saved / seconds : 0;
    if (result.quantized == 0) throw UserError(model_.info.fileName + ": " + whyNone());
    result.heldBack = measure(heldBack_, "measuring on other positions");
    table.accuracy.emplace_back("positions", result.heldBack.positions);
    for (const PrecisionMeasure& m : precisionMeasures()) table.accuracy.emplace_back(m.name, result.heldBack.*m.value);
    return result;
  }

 private:
  static InputRows spread(const InputRows& rows, int most) {
    if (rows.count <= most) return rows;
    InputRows chosen = rows.part(0, 0);
    for (int i = 0; i < most; i++) chosen.append(rows.part(static_cast<int>(int64_t{i} * rows.count / most), 1));
    return chosen;
  }

  std::string whyNone() const {
    const auto isReason = [&](const char* reason) {
      return std::any_of(units_.begin(), units_.end(), [&](const Unit& unit) { return unit.reason == reason; });
    };
    if (isReason(kSensitive)) return "no layer can be computed in 8 bits within the accuracy asked for";
    if (isReason(kNotFaster))
      return "8 bits make no layer faster on this processor than half precision does. For less memory, or for another "
             "processor: -goal smallest";
    return "no layer is fit for 8 bits: all are the first, in heads, before a pooling or of fewer than " +
           std::to_string(kThinLayer) + " channels. For a smaller file: quantize -storage int8 without a table";
  }

  void makeUnits() {
    const nn::Graph& graph = model_.graph;
    const std::vector<bool> toPolicy = leadTo(graph, {graph.outputs.policy}), toValue = leadTo(graph, {graph.outputs.value});
    std::map<TensorId, size_t> unitOf;
    std::vector<std::string> reasons(products_.size());
    for (size_t i = 0; i < products_.size(); i++) {
      const nn::Op& op = graph.ops[products_[i].op];
      lines_[i].name = products_[i].name, lines_[i].kind = products_[i].kind;
      const int inC = graph.channels(op.inputs[0]), outC = nn::outChannels(op);
      if (graph.isInput(op.inputs[0])) reasons[i] = "first layer";
      else if (!toPolicy[products_[i].op] || !toValue[products_[i].op]) reasons[i] = "head";
      else if (feedsPoolingOnly(graph, op.output)) reasons[i] = "global pooling";
      else if (inC < kThinLayer || outC < kThinLayer) reasons[i] = "thin layer";
    }
    for (size_t i = 0; i < products_.size(); i++) {
      const nn::Op& op = graph.ops[products_[i].op];
      // What stays out of a unit from the start is a unit of its own.
      const auto [at, isNew] = reasons[i].empty() ? unitOf.emplace(op.inputs[0], units_.size())
                                                  : std::pair(unitOf.end(), true);
      if (isNew) {
        units_.push_back({op.inputs[0], {}, reasons[i], 0, 0});
      }
      Unit& unit = isNew ? units_.back() : units_[at->second];
      unit.products.push_back(i);
      const double taps = op.kind() == nn::OpKind::Conv2d
                              ? op.as<nn::Conv2dAttrs>().ky * op.as<nn::Conv2dAttrs>().kx : 1;
      unit.flops += taps * graph.channels(op.inputs[0]) * nn::outChannels(op);
    }
  }

  // To look at a channel costs a multiplication at every point for each of those looked at together: more of them save runs
  // of the net until that costs half of what the net does.
  int channelsAtOnce() const {
    double flops = 0;
    for (const Unit& unit : units_) flops += unit.flops;
    return std::max(kFewestAtOnce, static_cast<int>(std::sqrt(flops / 2)));
  }

  void chooseRanges() {
    std::vector<TensorId> tensors;
    std::set<TensorId> seen;
    for (const Unit& unit : units_)
      if (seen.insert(unit.input).second) tensors.push_back(unit.input);
    size_t done = 0;
    const CheckProgress progress = stages_("ranges of inputs, net runs");
    std::vector<std::vector<TensorId>> chunks(1);
    int channels = 0;
    const int most = channelsAtOnce();
    for (const TensorId id : tensors) {
      const int more = model_.graph.channels(id);
      if (!chunks.back().empty() && channels + more > most) chunks.emplace_back(), channels = 0;
      chunks.back().push_back(id);
      channels += more;
    }
    for (const std::vector<TensorId>& chunk : chunks) {
      const std::vector<TensorSamples> samples = lookAt(chunk, [&](int rows) {
        progress(static_cast<int>(done) * ranges_.count + rows, static_cast<int>(chunks.size()) * ranges_.count);
      });
      done++;
      for (size_t i = 0; i < chunk.size(); i++) chooseScaleOf(chunk[i], samples[i]);
    }
  }

  std::vector<TensorSamples> lookAt(const std::vector<TensorId>& tensors, const std::function<void(int)>& progress) {
    const size_t points = sz(ranges_.points()), planes = sz(ranges_.spatialChannels);
    std::vector<TensorSamples> all(tensors.size());
    for (size_t i = 0; i < tensors.size(); i++)
      all[i].stride = std::max<size_t>(1, points * sz(ranges_.count) * sz(model_.graph.channels(tensors[i])) / kMostSamples) | 1;
    probeTensors(model_, tensors, ranges_, backend_, progress,
                 [&](size_t which, int row, std::span<const float> values) {
                   TensorSamples& t = all[which];
                   const size_t channels = values.size() / points;
                   for (size_t p = 0; p < points; p++) {
                     if (ranges_.spatial[(sz(row) * points + p) * planes] == 0) continue;
                     for (size_t c = 0; c < channels; c++) {
                       const float value = values[p * channels + c];
                       t.least = std::min(t.least, value), t.most = std::max(t.most, value);
                       if (t.next-- == 0) t.samples.push_back(value), t.next = t.stride - 1;
                     }
                   }
                   if (isKept(row)) t.kept.insert(t.kept.end(), values.begin(), values.end());
                 });
    return all;
  }

  bool isKept(int row) const {
    const int every = std::max(1, ranges_.count / kKeptRows);
    return row % every == 0 && row / every < kKeptRows;
  }

  std::vector<bool> boardOfKept() const {
    std::vector<bool> board;
    for (int row = 0; row < ranges_.count; row++)
      for (int p = 0; isKept(row) && p < ranges_.points(); p++)
        board.push_back(ranges_.spatial[(sz(row) * sz(ranges_.points()) + sz(p)) * sz(ranges_.spatialChannels)] != 0);
    return board;
  }

  void chooseScaleOf(TensorId tensor, const TensorSamples& samples) {
    std::vector<size_t> readers;
    for (size_t i = 0; i < products_.size(); i++)
      if (model_.graph.ops[products_[i].op].inputs[0] == tensor) readers.push_back(i);
    std::vector<std::vector<float>> exact;
    for (const size_t i : readers) exact.push_back(outputs(i, samples, nullptr));
    double least = 0;
    std::set<std::pair<float, int>> tried;
    for (const std::string_view method : methodsFor(readers)) {
      const InputScale s = method == kPerPoint
                               ? InputScale{0, 0}
                               : chooseScale(method, samples.samples, samples.least, samples.most);
      if (!tried.emplace(s.scale, s.zero).second) continue;
      std::vector<double> errors;
      double sum = 0;
      for (size_t k = 0; k < readers.size(); k++) {
        errors.push_back(outputError(exact[k], outputs(readers[k], samples, &s)));
        sum += errors.back();
      }
      if (tried.size() > 1 && sum >= least) continue;
      least = sum;
      for (size_t k = 0; k < readers.size(); k++) {
        CalibrationLine& line = lines_[readers[k]];
        line.method = method, line.scale = s.scale, line.zero = s.zero, line.error = errors[k];
      }
    }
  }

  std::vector<std::string_view> methodsFor(const std::vector<size_t>& readers) const {
    const bool perPoint = std::all_of(readers.begin(), readers.end(), [&](size_t i) {
      return nn::isMatrix(model_.graph.ops[products_[i].op]);
    });
    if (settings_.method == kPerPoint && !perPoint) return {"mse"};
    if (settings_.method != "auto") return {settings_.method};
    std::vector<std::string_view> methods(std::begin(kRangeMethods), std::end(kRangeMethods));
    if (perPoint) methods.push_back(kPerPoint);
    return methods;
  }

  std::vector<float> outputs(size_t product, const TensorSamples& samples, const InputScale* scale) {
    nn::Op op = model_.graph.ops[products_[product].op];
    nn::setQuantization(op, scale ? nn::makeQuantization(op, scale->scale, scale->zero) : nullptr);
    const int rows = static_cast<int>(samples.kept.size() / (sz(ranges_.points()) * sz(model_.graph.channels(op.inputs[0]))));
    return runProduct(op, samples.kept, rows, ranges_.boardX, ranges_.boardY, backend_);
  }

  double outputError(const std::vector<float>& exact, const std::vector<float>& rounded) const {
    const std::vector<bool> board = boardOfKept();
    const size_t channels = exact.size() / board.size();
    double error = 0, size = 0;
    for (size_t i = 0; i < exact.size(); i++) {
      if (!board[i / channels]) continue;
      const double x = exact[i], d = x - rounded[i];
      error += d * d, size += x * x;
    }
    return size > 0 ? 100 * std::sqrt(error / size) : 0;
  }

  // The net with the units that have no reason against it in 8 bits; `only`: this one alone.
  LoadedModel planned(const Unit* only = nullptr) const {
    LoadedModel model = only ? model_ : rest_;
    for (const Unit& unit : units_) {
      if (only ? &unit != only : !unit.reason.empty()) continue;
      for (const size_t i : unit.products) {
        nn::Op& op = model.graph.ops[products_[i].op];
        op = model_.graph.ops[products_[i].op];  // scales come from the exact weights
        nn::setQuantization(op, nn::makeQuantization(op, lines_[i].scale, lines_[i].zero));
        const auto rounded = rounded_.find(products_[i].op);
        if (rounded != rounded_.end()) nn::setRounded(op, rounded->second);
      }
    }
    return model;
  }

  const std::vector<NetAnswer>& exactAnswers(const InputRows& rows) {
    std::vector<NetAnswer>& answers = &rows == &plan_ ? exactPlan_ : exactHeldBack_;
    if (answers.empty())
      answers = answersOf(prepareNet(model_, nn::Precision::Fp32, backend_), rows, backend_, stages_("float32"));
    return answers;
  }

  PrecisionSummary measure(const InputRows& rows, const std::string& stage, const Unit* only = nullptr) {
    const PreparedNet net = prepareNet(planned(only), nn::Precision::Int8, backend_, true);
    const std::vector<NetAnswer>& exact = exactAnswers(rows);
    return compareAnswers(exact, answersOf(net, rows, backend_, stages_(stage)));
  }

  // Of the measure that takes most of it. Best moves are too coarse for one layer.
  double shareOfBudget(const PrecisionSummary& s) const {
    return std::max(s.policyKl / settings_.budget.policyKl, s.winrateError / settings_.budget.winrateError);
  }

  bool withinBudget(const PrecisionSummary& s) const {
    return settings_.budget.part(kReserve).violations(s).empty();
  }

  void measureTimes() {
    const CheckProgress progress = stages_("times of layers");
    const std::vector<double> half = productSecondsByInput(model_, nn::Precision::Half, plan_, backend_);
    progress(1, 2);
    const std::vector<double> int8 = productSecondsByInput(planned(), nn::Precision::Int8, plan_, backend_);
    progress(2, 2);
    if (half.empty()) return;
    std::set<TensorId> counted;  // units left out from the start may have the input of another
    for (Unit& unit : units_) {
      if (!unit.reason.empty()) continue;
      counted.insert(unit.input);
      unit.halfSeconds = half[sz(unit.input)], unit.int8Seconds = int8[sz(unit.input)];
      for (const size_t i : unit.products)
        lines_[i].halfMicros = 1e6 * unit.halfSeconds, lines_[i].int8Micros = 1e6 * unit.int8Seconds;
      if (unit.saved() < kLeastGain * unit.halfSeconds) unit.reason = kNotFaster;
    }
    for (Unit& unit : units_)
      if (counted.insert(unit.input).second) unit.halfSeconds = unit.int8Seconds = half[sz(unit.input)];
  }

  // What is not computed in 8 bits is stored in 8 bits: if that alone keeps the budget, it counts in every plan. But for what
  // reads the net's inputs: it would take most of the budget for a few percent of the weights.
  void storeRest() {
    LoadedModel stored = model_;
    for (const auto& [op, product] : roundWeights(model_, RoundedLayers::Inner, RoundingOrder::EachByItself, ranges_,
                                                  backend_, stages_("rounding of stored weights")))
      nn::setRounded(stored.graph.ops[op], product);
    const PreparedNet net{stored, nn::Precision::Fp32, ""};
    const std::vector<NetAnswer> answers = answersOf(net, plan_, backend_, stages_("other layers stored in 8 bits"));
    if (withinBudget(compareAnswers(exactAnswers(plan_), answers))) rest_ = std::move(stored);
  }

  void chooseLayers() {
    std::vector<Unit*> candidates;
    for (Unit& unit : units_)
      if (unit.reason.empty()) candidates.push_back(&unit);
    if (!candidates.empty() && !withinBudget(measure(plan_, "all layers in 8 bits"))) {
      measureSensitivities(candidates);
      std::vector<PlanItem> items;
      for (const Unit* unit : candidates) items.push_back({unit->saved(), unit->sensitivity});
      int plans = 0;
      const auto leaveOut = [&](const std::vector<bool>& chosen) {
        for (size_t i = 0; i < candidates.size(); i++) candidates[i]->reason = chosen[i] ? "" : kSensitive;
      };
      leaveOut(choosePlan(items, kPlanTries, [&](const std::vector<bool>& chosen) {
        leaveOut(chosen);
        const auto left = std::count(chosen.begin(), chosen.end(), true);
        return withinBudget(measure(plan_, "plan " + std::to_string(++plans) + ", " + std::to_string(left) + " inputs"));
      }));
    }
    for (const Unit& unit : units_)
      for (const size_t i : unit.products) lines_[i].used = unit.reason.empty(), lines_[i].reason = unit.reason;
  }

  void measureSensitivities(const std::vector<Unit*>& candidates) {
    const InputRows few = spread(plan_, kPlanPositions / 4);
    const std::vector<NetAnswer> exact = answersOf(prepareNet(model_, nn::Precision::Fp32, backend_), few, backend_);
    const CheckProgress progress = stages_("sensitivity of layers");
    for (size_t i = 0; i < candidates.size(); i++) {
      const PreparedNet net = prepareNet(planned(candidates[i]), nn::Precision::Int8, backend_, true);
      candidates[i]->sensitivity = shareOfBudget(compareAnswers(exact, answersOf(net, few, backend_)));
      progress(static_cast<int>(i + 1), static_cast<int>(candidates.size()));
    }
  }

  const LoadedModel& model_;
  nn::Backend& backend_;
  const CalibrationSettings& settings_;
  const StageProgress& stages_;
  const std::vector<NamedProduct> products_;
  InputRows ranges_, heldBack_, plan_;
  std::vector<CalibrationLine> lines_;  // one for each product
  std::vector<Unit> units_;
  LoadedModel rest_;                              // the net that layers in 8 bits are put into
  std::map<size_t, nn::RoundedProduct> rounded_;  // by op, of all units that may be in a plan
  std::vector<NetAnswer> exactPlan_, exactHeldBack_;
};

}  // namespace

CalibrationResult calibrate(const LoadedModel& model, const InputRows& rows, nn::Backend& backend,
                            const CalibrationSettings& settings, const StageProgress& stages) {
  requireRows(model.info, rows);
  return Calibrator(model, rows, backend, settings, stages).run();
}

}  // namespace ponnuki
