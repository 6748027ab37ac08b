// Compares legality, ko, scoring and ends of games with recorded games (everything of a snapshot but `v7`).
#pragma once

#include <string>

#include "conformance/case_result.h"

namespace ponnuki {

CaseResult checkRulesFile(const std::string& path);  // one case per snapshot

}  // namespace ponnuki
