// `katago quantize`: a model file with smaller storage of its weights (spec quantization 5).
#include <cstdio>

#include "app/accuracy_options.h"
#include "app/commands.h"
#include "app/interrupt.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "engine/weight_rounding.h"
#include "model/calibration.h"
#include "model/stored_form.h"

namespace ponnuki {
namespace {

constexpr int kPlanningPositions = 512;
constexpr size_t kMostTableBytes = size_t{1} << 26;

void printSizes(const std::string& from, const std::string& to, const StorageReport& report) {
  std::printf("%s: %zu bytes\n%s: %zu bytes\n", from.c_str(), report.sourceBytes, to.c_str(), report.writtenBytes);
  std::printf(
      "%zu weights: %zu bytes before, %zu after (%.1f%%), largest rounding error %.3g\n", report.valuesBefore,
      report.blockBytesBefore, report.blockBytesAfter,
      100.0 * static_cast<double>(report.blockBytesAfter) / static_cast<double>(report.blockBytesBefore),
      report.largestError);
}

// The accuracy of what a plan really writes, against the answers in float32.
PrecisionSummary accuracyOf(const Int8Plan& plan, const std::string& from, const std::string& to,
                            const std::vector<NetAnswer>& exact, const InputRows& rows, nn::Backend& backend) {
  const std::string unmeasured = to.substr(0, to.size() - std::string(".bin.gz").size()) + ".unmeasured.bin.gz";
  try {
    writeInt8Storage(from, unmeasured, plan);
    const PreparedNet written = prepareNet(loadModel(unmeasured), nn::Precision::Int8, backend);
    const PrecisionSummary summary =
        compareAnswers(exact, answersOf(written, rows, backend, showProgress(written.arithmetic)));
    std::remove(unmeasured.c_str());
    return summary;
  } catch (...) {
    std::remove(unmeasured.c_str());
    throw;
  }
}

// Layers that are computed in higher precision are stored in 8 bits as well if the bounds allow it. Measured on other
// positions than weights are rounded by.
int writeInt8(const Options& options, const std::string& from, const std::string& to) {
  const std::string tableFile = options.get("calibration");
  const CalibrationTable table = parseCalibration(readMaybeGzip(tableFile, kMostTableBytes), tableFile);
  const LoadedModel source = loadModel(from);
  LoadedModel checked = source;
  applyCalibration(checked, table, tableFile, fileSha256(from));
  const InputRows rows = readPositions(options, kPlanningPositions).rows;
  if (rows.count < 2) throw UserError("quantize needs at least 2 positions: half of them to round weights by");
  const InputRows forWeights = rows.part(0, rows.count / 2), others = rows.part(rows.count / 2, rows.count);
  const std::unique_ptr<nn::Backend> backend = nn::makeBackend({});
  watchForInterrupt();
  Int8Plan plan;
  plan.calibrationPositions = table.positions;
  for (const CalibrationLine& line : table.lines)
    if (line.used) plan.inputs[line.name] = {line.scale, line.zero};
  const auto rounded =
      roundWeights(checked, RoundedLayers::All, forWeights, *backend, showProgress("rounding of weights"));
  for (const NamedProduct& product : namedProducts(checked.graph))
    if (rounded.contains(product.op)) plan.rounded[product.name] = rounded.at(product.op);
  const PrecisionBounds bounds = PrecisionBounds::ofInt8();
  const std::vector<NetAnswer> exact = answersOf(prepareNet(source, nn::Precision::Fp32, *backend), others, *backend,
                                                 showProgress("float32"));
  PrecisionSummary summary = accuracyOf(plan, from, to, exact, others, *backend);
  if (!bounds.violations(summary).empty() && plan.rounded.size() > plan.inputs.size()) {
    std::erase_if(plan.rounded, [&](const auto& layer) { return !plan.inputs.contains(layer.first); });
    summary = accuracyOf(plan, from, to, exact, others, *backend);
  }
  plan.accuracy.emplace_back("positions", summary.positions);
  for (const PrecisionMeasure& m : precisionMeasures()) plan.accuracy.emplace_back(m.name, summary.*m.value);
  printSizes(from, to, writeInt8Storage(from, to, plan));
  std::printf("\nAgainst float32 on %d positions:\n\n%s", summary.positions, measuresTable(summary, bounds).c_str());
  const std::vector<std::string> missed = bounds.violations(summary);
  if (!missed.empty())
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
       "How weights are stored: fp16, half the size, or int8, about a quarter (default int8 with -calibration, else "
       "fp16)."},
      {"calibration", "", "FILE", "The table of katago calibrate, for int8."},
  };
  for (OptionSpec& spec : positionOptions(kPlanningPositions)) specs.push_back(std::move(spec));
  const std::optional<Options> options = parseOptions(line, specs);
  if (!options) return 0;
  const std::string storage = options->get("storage", options->has("calibration") ? "int8" : "fp16");
  if (storage != "fp16" && storage != "int8") throw UserError("-storage must be fp16 or int8, but is " + storage);
  if (storage == "int8" && !options->has("calibration"))
    throw UserError("-storage int8 needs -calibration FILE; make it with: katago calibrate -model " +
                    options->get("model") + " -output FILE");
  const std::string from = options->get("model"), to = options->get("output");
  if (!endsWith(toLower(to), ".bin.gz"))
    throw UserError("The name of the written model must end in .bin.gz, but is " + to);
  if (storage == "int8") return writeInt8(*options, from, to);
  printSizes(from, to, writeHalfStorage(from, to));
  return 0;
}

}  // namespace ponnuki
