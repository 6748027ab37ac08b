// Finds how a net's layers are computed in 8 bits: ranges from positions, then which layers to leave out so that
// the answers stay within a budget (spec quantization 3 to 5). Not thread-safe; deterministic but for the times that
// PlanGoal::Fastest measures.
#pragma once

#include <functional>
#include <string>

#include "engine/precision_check.h"
#include "model/calibration.h"

namespace ponnuki {

// Which layers may be computed in 8 bits.
enum class PlanGoal {
  Fastest,   // those that are faster so on this machine
  Smallest,  // all that the budget allows: for other machines, and for the least memory
};

struct CalibrationSettings {
  // Of kRangeMethods; kPerPoint, for matrices, the others then get mse; or auto: for each tensor the one with the least
  // output error.
  std::string method = "auto";
  PlanGoal goal = PlanGoal::Fastest;
  PrecisionBounds budget = PrecisionBounds::ofInt8();
  std::string program;  // who makes the table
};

struct CalibrationResult {
  CalibrationTable table;
  PrecisionSummary heldBack;  // of the plan, on positions that nothing was chosen by
  int quantized = 0, left = 0;
  double share = 0;  // of the net's arithmetic that is in 8 bits
  double saved = 0;  // share of the time of its products in half precision that this saves here; 0 = not measured
};

// Tells the start of a stage and gets what shows its progress.
using StageProgress = std::function<CheckProgress(const std::string& stage)>;

// The last quarter of the positions is held back. model: in float32, without quantisation.
CalibrationResult calibrate(const LoadedModel& model, const InputRows& rows, nn::Backend& backend,
                            const CalibrationSettings& settings, const StageProgress& stages);

}  // namespace ponnuki
