// Pattern bonuses from game records, by the avoidSgfPattern... keys (spec search 17.3, gtp 3.6).
#pragma once

#include <memory>

#include "base/log.h"
#include "config/config_file.h"
#include "search/pattern_bonus.h"

namespace ponnuki {

// Null if the config asks for none. Unreadable files are logged and skipped; a missing folder is a UserError.
std::shared_ptr<const PatternBonusTable> loadAvoidedPatterns(const Config& config, Logger& log);

}  // namespace ponnuki
