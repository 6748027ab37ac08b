// Compares net outputs as the search sees them with the recordings of the reference, one case a line.
#pragma once

#include <string>

#include "conformance/case_result.h"
#include "graph/backend.h"

namespace ponnuki {

// Largest allowed differences. Scores and their errors in points; score second moments and times relative to
// their size where that is above one.
struct NnTolerances {
  double probability = 1e-4, score = 1e-2, ownership = 1e-3;
};

// `nnFile`: nn/NET.jsonl.gz of the golden data, `modelPath` its net, `gamesFile` rules/games.jsonl.gz.
CaseResult checkNnFile(const std::string& nnFile, const std::string& modelPath, const std::string& gamesFile,
                       nn::Backend& backend, const NnTolerances& tolerances);

}  // namespace ponnuki
