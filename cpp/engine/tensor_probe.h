// Looks at tensors inside a net while it runs on any backend, by making them its outputs. Not thread-safe.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "eval/input_rows.h"
#include "graph/backend.h"
#include "model/model_file.h"

namespace ponnuki {

// For one row: the values of one tensor, [points][channels].
using SeeTensor = std::function<void(size_t which, int row, std::span<const float> values)>;

// Runs the net in float32 up to the tensors (all of board points) and shows each of them for every row.
void probeTensors(const LoadedModel& model, const std::vector<nn::TensorId>& tensors, const InputRows& rows,
                  nn::Backend& backend, const std::function<void(int done)>& progress, const SeeTensor& see);

// The outputs of a product alone for given inputs [rows][points][inC]: [rows][points][outC]. In float32; only inputs
// with a scale for each point need a backend with 8-bit kernels.
std::vector<float> runProduct(const nn::Op& product, std::span<const float> inputs, int rows, int boardX,
                              int boardY, nn::Backend& backend);

}  // namespace ponnuki
