// Memory this process has really touched, in bytes; 0 where the system does not tell.
#pragma once

#include <cstddef>

namespace ponnuki {

// Most of it at any time since resetPeakMemory(), or since the start where the system cannot forget the peak.
size_t peakMemory();
void resetPeakMemory();

}  // namespace ponnuki
