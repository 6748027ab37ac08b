// Spreads independent pieces of work over this machine's cores. Blocks until all are done; the first
// exception of a piece is thrown again. For work that happens rarely, such as preparing a net: threads are
// started for every call.
#pragma once

#include <cstddef>
#include <functional>

namespace ponnuki {

void parallelFor(size_t count, const std::function<void(size_t)>& body);

}  // namespace ponnuki
