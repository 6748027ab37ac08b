// From a JSON object to requests, with the reference's order of checks and its texts (spec analysis-cli-config
// 1.8, 1.9). The first fault drops the whole query; warnings may precede it. For one thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "config/config_file.h"
#include "protocol/analysis/query.h"

namespace ponnuki {

// What the engine is, as far as queries depend on it.
struct QueryContext {
  Config config;                 // as loaded; overrideSettings start from it
  AnalysisSettings settings;
  SearchParams params;           // as loaded from config
  bool hasHumanModel = false;
  int modelVersion = 14;
  int netX = kMaxBoardLen, netY = kMaxBoardLen;  // buffer of the net(s)
  bool netNeedsExactSize = false;
  // The complaint about a humanSLProfile that no net uses, or "".
  std::function<std::string(const SearchParams&)> profileProblem;
};

struct FieldMessage {
  std::string field, text;
};

struct ParsedQuery {
  std::vector<FieldMessage> warnings;
  std::optional<FieldMessage> error;      // then there are no requests
  std::vector<AnalysisRequest> requests;  // in increasing order of turns
};

// `object` must be a JSON object whose "id" is a string.
ParsedQuery parseQuery(const nlohmann::json& object, const QueryContext& context);

}  // namespace ponnuki
