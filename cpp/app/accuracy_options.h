// What the commands about precision share: which positions, and how progress is shown.
#pragma once

#include <string>
#include <vector>

#include "app/options.h"
#include "engine/precision_check.h"

namespace ponnuki {

std::vector<OptionSpec> positionOptions(int defaultCount);
// Notes about what was left out go to stderr.
PositionSet readPositions(const Options& options, int defaultCount);
// "" stands for the default model file or the built-in net.
LoadedModel loadModelOrDefault(const std::string& path, const std::string& program);

// One line on stderr that is rewritten, where stderr is a terminal; otherwise nothing. Throws UserError once
// interrupted(), so that the command leaves without half a result.
CheckProgress showProgress(const std::string& what);

std::string measuresTable(const PrecisionSummary& summary, const PrecisionBounds& bounds);

}  // namespace ponnuki
