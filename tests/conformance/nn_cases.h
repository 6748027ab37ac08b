// Compares net outputs as the search sees them with the recordings of the reference, one case a line.
#pragma once

#include <string>

#include "config/engine_params.h"
#include "conformance/case_result.h"
#include "graph/backend.h"

namespace ponnuki {

// Largest allowed differences. Scores and their errors in points; score second moments and times relative to
// their size where that is above one.
struct NnTolerances {
  double probability = 1e-4, score = 1e-2, ownership = 1e-3;
};

// `nnFile`: nn/NET.jsonl.gz of the golden data, `modelPath` its net, `gamesFile` rules/games.jsonl.gz.
// Float32 is held to the tolerances line by line, any other precision to PrecisionBounds over the whole file.
CaseResult checkNnFile(const std::string& nnFile, const std::string& modelPath, const std::string& gamesFile,
                       nn::Backend& backend, const NnTolerances& tolerances,
                       NetPrecision precision = NetPrecision::Fp32);

}  // namespace ponnuki
