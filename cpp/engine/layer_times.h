// How long the layers of a net take on this machine, for plans that choose their arithmetic. Thread-safe.
#pragma once

#include <vector>

#include "eval/input_rows.h"
#include "graph/backend.h"
#include "model/model_file.h"

namespace ponnuki {

// By tensor of the model's graph: seconds a position of the steps with the products that read it, everything they
// compute on the way included; one thread, batches of 8, the shortest of several runs. Empty if the backend cannot tell.
std::vector<double> productSecondsByInput(const LoadedModel& model, nn::Precision precision, const InputRows& rows,
                                          nn::Backend& backend);

}  // namespace ponnuki
