// Settings for commands that are started without a configuration file: safe on a small machine, and good for
// a first game. Files under configs/ say more.
#pragma once

#include <string>

#include "config/resolve.h"

namespace ponnuki {

constexpr const char* kBuiltinConfig = "built-in settings";  // in the place of a file name

std::string builtinConfig(Mode mode, int cpuThreads);  // text of a configuration file

}  // namespace ponnuki
