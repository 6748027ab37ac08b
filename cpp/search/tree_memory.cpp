#include "search/tree_memory.h"

namespace ponnuki {

void TreeMemoryLimit::noteReached(size_t nodes) {
  if (told_.exchange(true) || !tell_) return;
  tell_("WARNING: A search ended because its tree of " + std::to_string(nodes) + " positions takes " +
        std::to_string(bytesPerTree_ >> 20) +
        " MB, all it may take. Its result stands; further searches that grow as big end in the same way "
        "without this "
        "message. To search deeper set maxTreeMemoryMB in the config higher (0 = no limit).");
}

}  // namespace ponnuki
