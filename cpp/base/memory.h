// Memory of the machine.
#pragma once

#include <cstddef>

namespace ponnuki {

// Physical memory in bytes, or what the container this process runs in may use, if less. 0 if unknown.
size_t usableMemoryBytes();

}  // namespace ponnuki
