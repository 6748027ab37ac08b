// Compares net inputs V7 with the recordings of the reference, one case a snapshot.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "conformance/case_result.h"
#include "eval/eval_params.h"

namespace ponnuki {

// `path`: rules/games.jsonl.gz of the golden data, gzipped or not. Values must agree to 1e-6.
CaseResult checkInputsFile(const std::string& path);

EvalParams goldenEvalParams(const nlohmann::json& snapshot);  // its "inputParams"

}  // namespace ponnuki
