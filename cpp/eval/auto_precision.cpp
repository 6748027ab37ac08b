#include "eval/auto_precision.h"

#include <algorithm>
#include <chrono>

#include "base/error.h"
#include "base/text.h"
#include "model/calibration.h"

namespace ponnuki {
namespace {

constexpr int kFewestPositions = 50;   // that an accuracy is believed of
constexpr int kTrials = 5;
constexpr double kLeastGain = 1.05;    // below, the more accurate one is as good

class Trial {
 public:
  Trial(const LoadedModel& model, const NetSettings& net, nn::Precision precision, nn::Backend& backend) {
    nn::CompileOptions options;
    options.boardX = net.bufferX, options.boardY = net.bufferY;
    options.precision = precision;
    options.cpuIsa = net.cpuIsa == "auto" ? "" : net.cpuIsa;
    program_ = backend.compile(model.graph, options);
    executor_ = program_->makeExecutor();
    const size_t points = static_cast<size_t>(net.bufferX * net.bufferY);
    const auto sized = [](size_t n, int channels) { return std::vector<float>(n * static_cast<size_t>(channels)); };
    spatial_ = sized(points, model.info.spatialChannels);
    for (size_t i = 0; i < spatial_.size(); i += static_cast<size_t>(model.info.spatialChannels)) spatial_[i] = 1;
    global_ = sized(1, model.info.globalChannels), meta_ = sized(1, model.info.metaChannels());
    value_ = sized(3, 1);
  }
  bool isInt8() const { return program_->info().int8Products > 0; }
  double seconds() {
    const auto start = std::chrono::steady_clock::now();
    executor_->run({.rows = 1, .spatial = spatial_, .global = global_, .meta = meta_},
                   {.policy = {}, .pass = {}, .value = value_, .score = {}, .ownership = {}});
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }

 private:
  std::unique_ptr<nn::Program> program_;
  std::unique_ptr<nn::Executor> executor_;
  std::vector<float> spatial_, global_, meta_, value_;
};

// How many times as fast as half precision; 0 if the backend has no 8-bit kernels for it.
double gainOfInt8(const LoadedModel& model, const NetSettings& net, nn::Backend& backend) {
  Trial int8(model, net, nn::Precision::Int8, backend);
  if (!int8.isInt8()) return 0;
  Trial half(model, net, nn::Precision::Half, backend);
  double least8 = 1e9, leastHalf = 1e9;
  for (int i = 0; i <= kTrials; i++) {  // in turn, so that a busy moment meets both; the first warms up
    const double a = int8.seconds(), b = half.seconds();
    if (i > 0) least8 = std::min(least8, a), leastHalf = std::min(leastHalf, b);
  }
  return leastHalf / least8;
}

void applyTableBeside(const NetSettings& net, LoadedModel& model, Logger& log) {
  if (hasQuantization(model)) return;
  const std::string table = calibrationBeside(model.info.fileName);
  if (table.empty()) return;
  try {
    applyCalibrationFile(model, table);
    log.write("Calibration for 8 bits: " + table);
  } catch (const UserError& error) {
    if (net.precision == NetPrecision::Int8) throw;
    log.write("Warning: not used for 8 bits: " + std::string(error.what()));
  }
}

}  // namespace

bool hasQuantization(const LoadedModel& model) {
  const auto& ops = model.graph.ops;
  return std::any_of(ops.begin(), ops.end(), [](const nn::Op& op) { return nn::quantizationOf(op) != nullptr; });
}

PrecisionSummary storedAccuracy(const ModelInfo& info) {
  PrecisionSummary summary;
  for (const auto& [name, value] : info.stored.accuracy) {
    if (name == "positions") summary.positions = static_cast<int>(std::clamp(value, 0.0, 1e9));
    for (const PrecisionMeasure& m : precisionMeasures())
      if (name == m.name) summary.*m.value = value;
  }
  return summary;
}

void settlePrecision(NetSettings& net, LoadedModel& model, nn::Backend& backend, Logger& log) {
  const bool asked = net.precision == NetPrecision::Int8;
  const bool mayBe = net.precision == NetPrecision::Auto && net.nnRandomize;
  if (!asked && !mayBe) return;
  applyTableBeside(net, model, log);
  if (!hasQuantization(model)) {
    if (!asked) return;
    throw UserError("precision = int8, but " + model.info.fileName +
                    " has no quantised layers and no .calib file stands beside it; make one with katago calibrate "
                    "(docs/quantization.md)");
  }
  if (asked) return;
  const PrecisionSummary accuracy = storedAccuracy(model.info);
  const std::vector<std::string> missed = PrecisionBounds::ofInt8().violations(accuracy);
  if (accuracy.positions < kFewestPositions || !missed.empty()) {
    log.write("8-bit layers are not used: " +
              (missed.empty() ? std::string("their accuracy is not known") : join(missed, "; ")));
    return;
  }
  const double gain = gainOfInt8(model, net, backend);
  log.write(gain == 0 ? "8-bit layers are not used: this build has no kernels for them here"
                      : "8-bit layers are " + formatNumber(gain, 3) + " times as fast as half precision" +
                            (gain >= kLeastGain ? "" : ": not used"));
  if (gain >= kLeastGain) net.precision = NetPrecision::Int8;
}

}  // namespace ponnuki
