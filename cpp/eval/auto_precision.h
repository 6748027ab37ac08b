// Whether a net runs in 8 bits: what the user asks for, what its file says about accuracy, and which arithmetic is
// faster here (the key `precision`). One thread.
#pragma once

#include "base/log.h"
#include "config/engine_params.h"
#include "eval/precision_measures.h"
#include "graph/backend.h"
#include "model/model_file.h"

namespace ponnuki {

bool hasQuantization(const LoadedModel& model);

// The accuracy that a net's file or calibration table states; 0 positions = none.
PrecisionSummary storedAccuracy(const ModelInfo& info);

// Makes `net.precision` Int8 where Auto means that: the accuracy keeps the bounds of 8-bit plans and a trial on this
// machine is faster than half precision. A calibration table beside the model file is applied to the model. UserError
// if 8 bits are asked for and the net has no quantised layers.
void settlePrecision(NetSettings& net, LoadedModel& model, nn::Backend& backend, Logger& log);

}  // namespace ponnuki
