// The net inside the program (models/README.md), so that it plays without any file.
#pragma once

#include <string_view>

namespace ponnuki {

constexpr const char* kBuiltinNet = "built-in";  // in the place of a model file's path

// A gzipped binary model file; empty if the program was built without.
std::string_view builtinNet();

}  // namespace ponnuki
