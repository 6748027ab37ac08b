// A net in some precision against a net in float32 on the same positions (spec quantization 3). Not thread-safe.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/engine_params.h"
#include "engine/position_set.h"
#include "eval/precision_measures.h"
#include "graph/backend.h"
#include "model/model_file.h"

namespace ponnuki {

std::string precisionNames();                           // for messages
nn::Precision precisionNamed(const std::string& name);  // one of them; a UserError about -precision for others
std::string precisionName(nn::Precision precision);
NetPrecision configPrecision(nn::Precision precision);  // as a config would ask for it

// A net and the arithmetic to compile it for.
struct PreparedNet {
  LoadedModel model;
  nn::Precision precision = nn::Precision::Fp32;
  std::string arithmetic;  // for people: "half", "int8", "int8 simulated in float32"
};

// 8 bits need a net with quantised products (UserError) and a backend with 8-bit kernels; another backend, or
// `simulate`, gets the float graph that computes the same. Products with a scale for each point stay what they are,
// which another backend refuses (UserError).
PreparedNet prepareNet(LoadedModel model, nn::Precision precision, nn::Backend& backend, bool simulate = false);

using CheckProgress = std::function<void(int done, int of)>;  // what it throws ends the work

std::vector<NetAnswer> answersOf(const PreparedNet& net, const InputRows& rows, nn::Backend& backend,
                                 const CheckProgress& progress = {});
PrecisionSummary compareAnswers(const std::vector<NetAnswer>& exact, const std::vector<NetAnswer>& tested);

// searchAgreement: percent of the positions with the same move after so many visits, one thread, fixed seeds and
// symmetry.
double searchAgreement(const PreparedNet& exact, const PreparedNet& tested,
                       const std::vector<GameState>& positions, int visits, nn::Backend& backend,
                       const CheckProgress& progress = {});

}  // namespace ponnuki
