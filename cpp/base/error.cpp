#include "base/error.h"

namespace ponnuki {

void checkFailed(const char* condition, const char* file, int line) {
  throw InternalError(std::string("internal check failed: ") + condition + " at " + file + ":" +
                      std::to_string(line) + "; please report this");
}

}  // namespace ponnuki
