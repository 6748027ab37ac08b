// `katago quantize`: a model file with smaller storage of its weights (spec quantization 5).
#include <algorithm>
#include <cstdio>

#include "app/accuracy_options.h"
#include "app/commands.h"
#include "app/interrupt.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "engine/weight_rounding.h"
#include "model/calibration.h"
#include "model/group_scales.h"
#include "model/stored_form.h"

namespace ponnuki {
namespace {

constexpr int kPlanningPositions = 512;
constexpr double kReserve = 0.95;  // share of the bounds that storage may use up: other positions cost more
constexpr size_t kMostTableBytes = size_t{1} << 26;

void printSizes(const std::string& from, const std::string& to, const StorageReport& report) {
  std::printf("%s: %zu bytes\n%s: %zu bytes\n", from.c_str(), report.sourceBytes, to.c_str(),
              report.writtenBytes);
  std::printf(
      "%zu weights: %zu bytes before, %zu after (%.1f%%), largest rounding error %.3g\n", report.valuesBefore,
      report.blockBytesBefore, report.blockBytesAfter,
      100.0 * static_cast<double>(report.blockBytesAfter) / static_cast<double>(report.blockBytesBefore),
      report.largestError);
}

// The 8-bit net that is made of one, and how good it is, as measured on other positions than it is made by.
class Int8Maker {
 public:
  Int8Maker(const Options& options, const std::string& from, const std::string& to)
      : from_(from), to_(to), source_(loadModel(from)), checked_(source_), backend_(nn::makeBackend({})) {
    if (options.has("calibration")) useTable(options.get("calibration"));
    const InputRows rows = readPositions(options, kPlanningPositions).rows;
    if (rows.count < 2)
      throw UserError("quantize needs at least 2 positions: half of them to round weights by");
    rounding_ = rows.part(0, rows.count / 2), measuring_ = rows.part(rows.count / 2, rows.count);
    watchForInterrupt();
    exact_ = answersOf(prepareNet(source_, nn::Precision::Fp32, *backend_), measuring_, *backend_,
                       showProgress("float32"));
  }

  // Layers that are computed in higher precision are stored in 8 bits as well: all, or all but those that
  // read the net's inputs, if that keeps the bounds, perhaps only when they are rounded one after the other,
  // else as many as do.
  PrecisionSummary make() {
    const std::vector<Stored> layers =
        round(RoundedLayers::All, RoundingOrder::EachByItself, "rounding of weights");
    const size_t inner = static_cast<size_t>(
        std::count_if(layers.begin(), layers.end(), [](const Stored& layer) { return !layer.readsInputs; }));
    PrecisionSummary summary;
    if (store(layers, layers.size(), summary) || store(layers, inner, summary)) return summary;
    const Int8Plan eachByItself = plan_;
    // Not with one that may stay as it is: those behind it would make up for errors that it does not make.
    const std::vector<Stored> inTurn =
        round(RoundedLayers::Inner, RoundingOrder::OneAfterTheOther, "rounding of weights in turn");
    if (store(inTurn, inTurn.size(), summary)) return summary;
    plan_ = eachByItself;
    size_t good = 0;
    for (size_t bad = inner; good + 1 < bad;) {
      const size_t middle = (good + bad) / 2;
      (store(layers, middle, summary) ? good : bad) = middle;
    }
    store(layers, good, summary);
    return summary;
  }

  // With the accuracy that make() gave.
  StorageReport write(const PrecisionSummary& summary) {
    plan_.accuracy.emplace_back("positions", summary.positions);
    for (const PrecisionMeasure& m : precisionMeasures())
      plan_.accuracy.emplace_back(m.name, summary.*m.value);
    return writeInt8Storage(from_, to_, plan_);
  }

 private:
  struct Stored {
    std::string name;
    bool readsInputs = false;
    StoredProduct product;
  };

  void useTable(const std::string& file) {
    const CalibrationTable table = parseCalibration(readMaybeGzip(file, kMostTableBytes), file);
    applyCalibration(checked_, table, file, fileSha256(from_));
    plan_.calibrationPositions = table.positions;
    for (const CalibrationLine& line : table.lines)
      if (line.used) plan_.inputs[line.name] = {line.scale, line.zero};
  }

  // Of layers that are computed in 8 bits, into the plan; returns the others: the largest first, those of the
  // net's inputs last.
  std::vector<Stored> round(RoundedLayers which, RoundingOrder order, const char* stage) {
    const auto rounded = roundWeights(checked_, which, order, rounding_, *backend_, showProgress(stage));
    std::vector<Stored> others;
    for (const NamedProduct& product : namedProducts(checked_.graph)) {
      const auto at = rounded.find(product.op);
      if (at == rounded.end()) continue;
      if (plan_.inputs.contains(product.name))
        plan_.rounded[product.name] = at->second;
      else
        others.push_back(storedAs(product, at->second.weights));
    }
    std::stable_sort(others.begin(), others.end(), [](const Stored& a, const Stored& b) {
      return std::pair(a.readsInputs, b.product.weights.size()) <
             std::pair(b.readsInputs, a.product.weights.size());
    });
    return others;
  }

  Stored storedAs(const NamedProduct& product, nn::Weights weights) const {
    const nn::Op& op = checked_.graph.ops[product.op];
    const size_t groupSize = storedGroupSize(checked_.graph, op);
    return {product.name, checked_.graph.isInput(op.inputs[0]), {std::move(weights), groupSize}};
  }

  // Puts the first `count` layers of a list into the plan. Whether the bounds are kept with a reserve.
  bool store(const std::vector<Stored>& layers, size_t count, PrecisionSummary& summary) {
    plan_.stored.clear();
    for (size_t i = 0; i < count; i++) plan_.stored[layers[i].name] = layers[i].product;
    summary = measure();
    return PrecisionBounds::ofInt8().part(kReserve).violations(summary).empty();
  }

  // Of what the plan really writes, against the answers in float32.
  PrecisionSummary measure() {
    const std::string unmeasured =
        to_.substr(0, to_.size() - std::string(".bin.gz").size()) + ".unmeasured.bin.gz";
    try {
      writeInt8Storage(from_, unmeasured, plan_);
      const nn::Precision precision = plan_.inputs.empty() ? nn::Precision::Half : nn::Precision::Int8;
      const PreparedNet written = prepareNet(loadModel(unmeasured), precision, *backend_);
      const PrecisionSummary summary =
          compareAnswers(exact_, answersOf(written, measuring_, *backend_, showProgress(written.arithmetic)));
      std::remove(unmeasured.c_str());
      return summary;
    } catch (...) {
      std::remove(unmeasured.c_str());
      throw;
    }
  }

  const std::string from_, to_;
  const LoadedModel source_;
  LoadedModel checked_;  // with the table's 8-bit layers
  const std::unique_ptr<nn::Backend> backend_;
  InputRows rounding_, measuring_;
  std::vector<NetAnswer> exact_;  // of measuring_
  Int8Plan plan_;
};

int writeInt8(const Options& options, const std::string& from, const std::string& to) {
  Int8Maker maker(options, from, to);
  const PrecisionSummary summary = maker.make();
  const PrecisionBounds bounds = PrecisionBounds::ofInt8();
  printSizes(from, to, maker.write(summary));
  std::printf("\nAgainst float32 on %d positions:\n\n%s", summary.positions,
              measuresTable(summary, bounds).c_str());
  const std::vector<std::string> missed = bounds.violations(summary);
  if (!missed.empty() && options.has("calibration"))
    std::printf("\nThe bounds are missed (%s): precision = auto will not use its 8-bit layers.\n",
                join(missed, "; ").c_str());
  return 0;
}

}  // namespace

int runQuantize(const CommandLine& line) {
  std::vector<OptionSpec> specs = {
      {"model", "", "FILE", "The model file to convert.", false, true},
      {"output", "o", "FILE", "The file to write; its name ends in .bin.gz.", false, true},
      {"storage", "", "KIND",
       "How weights are stored: fp16, half the size, or int8, about a quarter (default int8 with "
       "-calibration, else fp16)."},
      {"calibration", "", "FILE",
       "The table of katago calibrate: which layers are computed in 8 bits. Without one, none is, "
       "only stored."},
  };
  for (OptionSpec& spec : positionOptions(kPlanningPositions)) specs.push_back(std::move(spec));
  const std::optional<Options> options = parseOptions(line, specs);
  if (!options) return 0;
  const std::string storage = options->get("storage", options->has("calibration") ? "int8" : "fp16");
  if (storage != "fp16" && storage != "int8")
    throw UserError("-storage must be fp16 or int8, but is " + storage);
  if (storage == "fp16" && options->has("calibration"))
    throw UserError("-storage fp16 does not take a -calibration: leave one of them out");
  const std::string from = options->get("model"), to = options->get("output");
  if (!endsWith(toLower(to), ".bin.gz"))
    throw UserError("The name of the written model must end in .bin.gz, but is " + to);
  if (storage == "int8") return writeInt8(*options, from, to);
  printSizes(from, to, writeHalfStorage(from, to));
  return 0;
}

}  // namespace ponnuki
