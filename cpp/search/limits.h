// How long one search may run. The time control adds to this (time_control.h).
#pragma once

#include <functional>

#include "search/time_control.h"

namespace ponnuki {

struct SearchLimits {
  bool pondering = false;
  double searchFactor = 1.0;       // multiplies visits, playouts and time; 1e40 = unlimited analysis
  TimeControl timeControl;         // unlimited by default
};

}  // namespace ponnuki
