#include "game/handicap.h"

#include <algorithm>

#include "base/error.h"

namespace ponnuki {

std::vector<Point> fixedHandicapPoints(int stones, int xSize, int ySize) {
  if (xSize < 7 || ySize < 7) throw UserError("Board is too small for fixed handicap");
  if (stones > 4 && (xSize % 2 == 0 || ySize % 2 == 0))
    throw UserError("Fixed handicap > 4 is not allowed on boards with even dimensions");
  if (stones > 4 && (xSize <= 7 || ySize <= 7))
    throw UserError("Fixed handicap > 4 is not allowed on boards with size 7");
  if (stones < 2) throw UserError("Fixed handicap < 2 is not allowed");
  if (stones > 9) throw UserError("Fixed handicap > 9 is not allowed");

  struct Axis {
    int low, mid, high;
  };
  const auto axis = [](int length) {
    const int low = length <= 12 ? 2 : 3;
    return Axis{low, length / 2, length - 1 - low};
  };
  const Axis x = axis(xSize), y = axis(ySize);
  std::vector<Point> points;
  const auto add = [&](int px, int py) { points.push_back(pointAt(px, py, xSize)); };
  add(x.low, y.high);
  add(x.high, y.low);
  if (stones >= 3) add(x.low, y.low);
  if (stones >= 4) add(x.high, y.high);
  if (stones >= 6) {
    add(x.low, y.mid);
    add(x.high, y.mid);
  }
  if (stones >= 8) {
    add(x.mid, y.low);
    add(x.mid, y.high);
  }
  if (stones >= 5 && stones % 2 == 1) add(x.mid, y.mid);
  std::sort(points.begin(), points.end());
  return points;
}

}  // namespace ponnuki
