// What of a search tree to print as text (spec gtp 7.5). Plain value type.
#pragma once

#include <vector>

#include "game/point.h"

namespace ponnuki {

struct TreePrintOptions {
  std::vector<Point> branch;      // moves from the root to the node whose children are listed
  int maxChildren = 1 << 30;      // listed below that node
  int maxDepth = 1;               // how many levels below that node are listed
  Point alwaysList = kNullPoint;  // a child of the root listed in any case, with as many children of its own
  Color perspective = Color::Empty;  // Empty: the side to move at the root
};

}  // namespace ponnuki
