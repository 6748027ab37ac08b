// Repeats recorded analysis queries and compares the visits of the root and of every move.
#pragma once

#include <string>

#include "conformance/case_result.h"
#include "graph/backend.h"

namespace ponnuki {

struct SearchFiles {
  std::string recordings;  // search/analysis.jsonl.gz: {"query", "replies"} a line, gzipped or not
  std::string config;      // search/deterministic.cfg
  std::string model;
  std::string humanModel;  // "" = none
};
CaseResult checkSearchFile(const SearchFiles& files, nn::Backend& backend);  // one case a recorded reply

}  // namespace ponnuki
