// The GTP config that genconfig writes, from a person's answers (spec analysis-cli-config 3.5). Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "game/rules.h"

namespace ponnuki {

struct ConfigAnswers {
  Rules rules;
  std::optional<int64_t> maxVisits, maxPlayouts;
  std::optional<double> maxTime;         // seconds
  bool pondering = false;
  std::optional<double> maxTimePondering;  // seconds; none = unlimited
  double cacheGigabytes = 3;
  std::vector<int> devices;              // empty = default
  std::string devicePrefix;              // "cuda", ... for the device keys
  int numSearchThreads = 6;
};

// The largest cache that stays within so many gigabytes, as a power of two of entries: 3 GB -> 20.
int cacheSizePower(double gigabytes);

std::string generatedConfig(const ConfigAnswers& answers);

}  // namespace ponnuki
