// One playout: from the root down to one new evaluation and back up (spec search 8).
#pragma once

#include "search/search_context.h"

namespace ponnuki {

// Returns whether it counts toward the limits. The worker ends at the root again, also after an exception.
bool runPlayout(Worker& worker);

}  // namespace ponnuki
