// `katago compareprecision`: what a smaller precision does to a net's answers (spec quantization 3, 5).
#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/accuracy_options.h"
#include "app/commands.h"
#include "app/interrupt.h"
#include "base/error.h"
#include "base/text.h"
#include "eval/auto_precision.h"
#include "model/calibration.h"

namespace ponnuki {
namespace {

constexpr int kComparedPositions = 512;

std::vector<OptionSpec> compareOptions() {
  std::vector<OptionSpec> specs = {
      {"model", "", "FILE", "The net to test. Default: default_model.bin.gz next to the program, else the built-in net."},
      {"reference", "", "FILE", "The net to compare with, in float32. Default: the tested net."},
      {"precision", "", "NAME", "Arithmetic of the tested net: " + precisionNames() + " (default half; int8 for a net with quantised layers)."},
      {"calibration", "", "FILE", "The table of katago calibrate for the tested net, to try it before katago quantize."},
      {"search", "", "", "Also compare the moves after a search; not for .npz files."},
      {"visits", "v", "N", "Visits of these searches (default 100)."},
      {"simulate", "", "", "Compute int8 in float32, as on a machine without 8-bit kernels."},
      {"least-agreement", "", "PERCENT", "Bound of bestMoveAgreement (default 99; int8: 97)."},
      {"most-policy-kl", "", "X", "Bound of the mean policyKL (default 0.001; int8: 0.01)."},
      {"most-winrate-error", "", "PERCENT", "Bound of the mean winrateError (default 0.15; int8: 0.5)."},
      {"most-winrate-error-max", "", "PERCENT", "Bound of the largest winrateError (default 5; int8: none)."},
      {"json", "", "", "Print one JSON object instead of a table."},
  };
  for (OptionSpec& spec : positionOptions(kComparedPositions)) specs.push_back(std::move(spec));
  return specs;
}

PrecisionBounds readBounds(const Options& options, bool int8) {
  PrecisionBounds bounds = int8 ? PrecisionBounds::ofInt8() : PrecisionBounds();
  const std::pair<const char*, double PrecisionBounds::*> fields[] = {
      {"least-agreement", &PrecisionBounds::bestMoveAgreement},
      {"most-policy-kl", &PrecisionBounds::policyKl},
      {"most-winrate-error", &PrecisionBounds::winrateError},
      {"most-winrate-error-max", &PrecisionBounds::winrateErrorMax}};
  for (const auto& [name, field] : fields)
    if (const std::optional<double> given = options.getDouble(name)) bounds.*field = *given;
  return bounds;
}

std::string shortPlan(const PreparedNet& net, nn::Backend& backend) {
  const nn::ProgramInfo info = backend.compile(net.model.graph, {.precision = net.precision})->info();
  return net.arithmetic + " (" + info.kernels + (info.plan.empty() ? "" : ", " + info.plan) + ")";
}

}  // namespace

int runComparePrecision(const CommandLine& line) {
  const std::optional<Options> options = parseOptions(line, compareOptions());
  if (!options) return 0;
  const std::unique_ptr<nn::Backend> backend = nn::makeBackend({});
  LoadedModel model = loadModelOrDefault(options->get("model"), line.program);
  const LoadedModel unquantized = model;
  if (options->has("calibration")) applyCalibrationFile(model, options->get("calibration"));
  const bool quantized = hasQuantization(model);
  const std::string name = options->get("precision", quantized ? "int8" : "half");
  const nn::Precision precision = precisionNamed(name);
  const LoadedModel reference = options->has("reference") ? loadModel(options->get("reference")) : unquantized;
  const std::string testedFile = model.info.fileName, referenceFile = reference.info.fileName;
  const PositionSet set = readPositions(*options, kComparedPositions);
  requireRows(model.info, set.rows);
  requireRows(reference.info, set.rows);
  const long long visits = options->getIntBetween("visits", 1, 1000000, 100);
  if (options->has("search") && set.states.empty())
    throw UserError("-search needs whole positions: SGF files or the games inside the program, not .npz files");
  const PreparedNet tested = prepareNet(std::move(model), precision, *backend, options->has("simulate"));
  const PreparedNet exact = prepareNet(reference, nn::Precision::Fp32, *backend);

  watchForInterrupt();
  const PrecisionSummary summary =
      compareAnswers(answersOf(exact, set.rows, *backend, showProgress("float32")),
                     answersOf(tested, set.rows, *backend, showProgress(tested.arithmetic)));
  const PrecisionBounds bounds = readBounds(*options, precision == nn::Precision::Int8);
  const std::vector<std::string> violations = bounds.violations(summary);
  std::optional<double> agreement;
  if (options->has("search"))
    agreement = searchAgreement(exact, tested, set.states, static_cast<int>(visits), *backend, showProgress("searches"));

  if (options->has("json")) {
    nlohmann::json json = {{"model", testedFile},       {"precision", name},
                           {"arithmetic", shortPlan(tested, *backend)}, {"reference", referenceFile},
                           {"positions", summary.positions}, {"passed", violations.empty()},
                           {"violations", violations}};
    for (const PrecisionMeasure& m : precisionMeasures()) json[m.name] = summary.*m.value;
    if (agreement) json["searchAgreement"] = *agreement, json["searchVisits"] = visits;
    std::printf("%s\n", json.dump(1).c_str());
    return violations.empty() ? 0 : 1;
  }
  std::printf("%s, %s\nagainst %s in float32, %d positions\n\n%s", testedFile.c_str(), shortPlan(tested, *backend).c_str(),
              referenceFile.c_str(), summary.positions, measuresTable(summary, bounds).c_str());
  if (agreement) std::printf("| searchAgreement at %lld visits, %% | %.2f | | |\n", visits, *agreement);
  std::printf("\n%s\n", violations.empty() ? "passed" : ("FAILED: " + join(violations, "; ")).c_str());
  return violations.empty() ? 0 : 1;
}

}  // namespace ponnuki
