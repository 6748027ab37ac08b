// Search results as the JSON of the analysis protocol: perspective, rounding, field sets (spec analysis-cli-config
// 1.11). Pure functions.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "protocol/analysis/query.h"
#include "search/report.h"
#include "search/search.h"

namespace ponnuki {

double roundTo9Digits(double x);

// What the search has to collect for such a reply.
ReportOptions reportOptionsFor(const ReplyOptions& reply);

// moveInfos, rootInfo, policy, ...: all that 1.11 lists except id, turnNumber and isDuringSearch.
nlohmann::json resultAsJson(const SearchReport& report, const GameState& root, const ReplyOptions& reply);

}  // namespace ponnuki
