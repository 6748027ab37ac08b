// `katago calibrate`: the table that katago quantize makes an 8-bit net with (spec quantization 5).
#include <cstdio>

#include "app/accuracy_options.h"
#include "app/commands.h"
#include "app/interrupt.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "engine/calibrator.h"
#include "engine/input_ranges.h"
#include "engine/version.h"

namespace ponnuki {
namespace {

constexpr int kCalibrationPositions = 512;

std::string chosenMethod(const Options& options) {
  std::string method = options.get("method", "auto"), known = "auto";
  bool found = method == "auto";
  std::vector<std::string_view> names(std::begin(kRangeMethods), std::end(kRangeMethods));
  names.push_back(kPerPoint);
  for (const std::string_view name : names) {
    known += ", " + std::string(name);
    found = found || method == name;
  }
  if (!found) throw UserError("-method must be one of " + known + ", but is " + method);
  return method;
}

PlanGoal chosenGoal(const Options& options) {
  const std::string goal = options.get("goal", "fastest");
  if (goal != "fastest" && goal != "smallest")
    throw UserError("-goal must be fastest or smallest, but is " + goal);
  return goal == "fastest" ? PlanGoal::Fastest : PlanGoal::Smallest;
}

}  // namespace

int runCalibrate(const CommandLine& line) {
  std::vector<OptionSpec> specs = {
      {"model", "", "FILE", "The net, in its original float32 form.", false, true},
      {"output", "o", "FILE", "The table to write, best NET.calib.", false, true},
      {"method", "", "NAME",
       "How the range of a layer's inputs is chosen: max, percentile, mse, kl; point: anew for every point of a board, "
       "in matrices; or auto (default): whichever gives that layer the least error."},
      {"goal", "", "fastest|smallest",
       "fastest (default): only layers that 8 bits make faster on this machine; smallest: all layers that the accuracy "
       "allows, for other machines and for the least memory."},
  };
  for (OptionSpec& spec : positionOptions(kCalibrationPositions)) specs.push_back(std::move(spec));
  const std::optional<Options> options = parseOptions(line, specs);
  if (!options) return 0;
  CalibrationSettings settings;
  settings.method = chosenMethod(*options);
  settings.goal = chosenGoal(*options);
  settings.program = kProjectName;
  const std::string output = options->get("output"), file = options->get("model");
  const LoadedModel model = loadModel(file);
  if (model.info.stored.storage == "int8")
    throw UserError(file + " is quantised already; calibrate the net that it was made from");
  const PositionSet set = readPositions(*options, kCalibrationPositions);
  const std::unique_ptr<nn::Backend> backend = nn::makeBackend({});
  watchForInterrupt();
  CalibrationResult result = calibrate(model, set.rows, *backend, settings, showProgress);
  result.table.sha256 = fileSha256(file);
  replaceFile(output, formatCalibration(result.table));
  std::printf("%s: %d layers in 8 bits with %.0f%% of the work of all, %d left in higher precision\n", output.c_str(),
              result.quantized, 100 * result.share, result.left);
  if (result.saved > 0)
    std::printf("They save %.0f%% of the time that the layers of this net take here in half precision.\n",
                100 * result.saved);
  std::printf("\nOn %d positions that were not used for it:\n\n%s",
              result.heldBack.positions,
              measuresTable(result.heldBack, settings.budget).c_str());
  const std::vector<std::string> missed = settings.budget.violations(result.heldBack);
  if (!missed.empty())
    std::printf("\nThe bounds are missed: %s. More or other positions may help.\n", join(missed, "; ").c_str());
  return 0;
}

}  // namespace ponnuki
