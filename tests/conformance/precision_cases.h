// Compares a net in reduced precision with itself in float32 on recorded inputs, by the bounds of
// near-lossless plans.
#pragma once

#include <string>

#include "config/engine_params.h"
#include "conformance/case_result.h"
#include "graph/backend.h"

namespace ponnuki {

// One case: all rows of the file. The message is the summary of the measures, then the bounds missed.
CaseResult checkPrecisionFile(const std::string& npzFile, const std::string& modelPath, nn::Backend& backend,
                              NetPrecision precision);

}  // namespace ponnuki
