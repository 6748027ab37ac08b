#include "engine/layer_times.h"

#include <algorithm>
#include <map>

#include "graph/product.h"

namespace ponnuki {

std::vector<double> productSecondsByInput(const LoadedModel& model, nn::Precision precision, const InputRows& rows,
                                          nn::Backend& backend) {
  constexpr int kBatch = 8, kRounds = 12;
  const InputRows batch = rows.part(0, kBatch);
  nn::CompileOptions options;
  options.maxBatch = batch.count;
  options.boardX = batch.boardX, options.boardY = batch.boardY;
  options.precision = precision;
  const auto program = backend.compile(model.graph, options);
  const std::vector<float> meta(static_cast<size_t>(batch.count * model.info.metaChannels()));
  const std::vector<nn::StepTime> steps = program->timeSteps(
      {.rows = batch.count, .spatial = batch.spatial, .global = batch.global, .meta = meta}, kRounds);
  if (steps.empty()) return {};
  std::map<std::string, nn::TensorId> inputs;
  for (const nn::Op& op : model.graph.ops)
    if (nn::isProduct(op)) inputs.emplace(op.name, op.inputs[0]);
  std::vector<double> seconds(model.graph.tensors.size());
  for (const nn::StepTime& step : steps) {
    const auto product = std::find_if(step.layers.begin(), step.layers.end(),
                                      [&](const std::string& name) { return inputs.count(name) > 0; });
    if (product != step.layers.end())
      seconds[static_cast<size_t>(inputs.at(*product))] += step.seconds / batch.count;
  }
  return seconds;
}

}  // namespace ponnuki
