#include "eval/nn_output.h"

#include "base/error.h"

namespace ponnuki {
namespace {

using Outputs = std::vector<NNOutputPtr>;

float meanOf(const Outputs& outputs, float NNOutput::*field) {
  float sum = 0;
  for (const NNOutputPtr& output : outputs) sum += (*output).*field;
  return sum / static_cast<float>(outputs.size());
}

bool sameLegalMoves(const Outputs& outputs, size_t pos) {
  const bool legal = outputs[0]->policy[pos] >= 0;
  for (const NNOutputPtr& output : outputs)
    if ((output->policy[pos] >= 0) != legal) return false;
  return true;
}

void averagePolicy(const Outputs& outputs, NNOutput& mean) {
  std::vector<float> priors(mean.policy.size(), -1.0f);
  for (size_t pos = 0; pos < priors.size(); pos++) {
    if (!sameLegalMoves(outputs, pos)) return;  // the first one stands
    if (mean.policy[pos] < 0) continue;
    float sum = 0;
    for (const NNOutputPtr& output : outputs) sum += output->policy[pos];
    priors[pos] = sum / static_cast<float>(outputs.size());
  }
  mean.policy = Policy(priors);
}

// Over the outputs that have a map.
void averageOwnership(const Outputs& outputs, NNOutput& mean) {
  float count = 0;
  mean.ownership.clear();
  for (const NNOutputPtr& output : outputs) {
    if (output->ownership.empty()) continue;
    count += 1;
    mean.ownership.resize(output->ownership.size(), 0.0f);
    for (size_t i = 0; i < mean.ownership.size(); i++) mean.ownership[i] += output->ownership[i];
  }
  for (float& v : mean.ownership) v /= count;
}

}  // namespace

NNOutputPtr averageOutputs(const Outputs& outputs) {
  ENSURE(!outputs.empty());
  if (outputs.size() == 1) return outputs[0];
  auto mean = std::make_shared<NNOutput>(*outputs[0]);
  for (float NNOutput::*field :
       {&NNOutput::whiteWinProb, &NNOutput::whiteLossProb, &NNOutput::whiteNoResultProb,
        &NNOutput::whiteScoreMean, &NNOutput::whiteScoreMeanSq, &NNOutput::whiteLead, &NNOutput::varTimeLeft,
        &NNOutput::shorttermWinlossError, &NNOutput::shorttermScoreError})
    (*mean).*field = meanOf(outputs, field);
  averagePolicy(outputs, *mean);
  averageOwnership(outputs, *mean);
  return mean;
}

}  // namespace ponnuki
