// Board mask, stones, liberties, ko and the start of the second clean-up phase (spec nn-inputs 6).
#include "eval/features_parts.h"

namespace ponnuki::features {

void fillStones(const Context& c) {
  const bool secondPhase = c.state.phase() == 2;
  for (int y = 0; y < c.board.ySize(); y++) {
    for (int x = 0; x < c.board.xSize(); x++) {
      const Point p = c.board.at(x, y);
      const Color stone = c.board[p];
      c.set(x, y, 0);
      if (stone != Color::Empty) {
        c.set(x, y, stone == c.pla ? 1 : 2);
        if (c.layout.liberties >= 0) {
          const int liberties = c.board.liberties(p);
          if (liberties <= 3) c.set(x, y, c.layout.liberties + liberties - 1);
        }
      }
      if (secondPhase) {
        const Color start = c.state.secondPhaseStone(p);
        if (start != Color::Empty) c.set(x, y, c.layout.secondPhase + (start == c.pla ? 0 : 1));
      }
    }
  }
}

void fillKo(const Context& c) {
  c.set(c.state.superkoBanned(), c.layout.koBans);
  if (c.state.phase() == 0) {
    // The simple-ko point counts under every ko rule here, and not at all in the clean-up phases.
    if (c.board.koPoint() != kNullPoint) c.set(c.board.koPoint(), c.layout.koBans);
  } else {
    c.set(c.state.koRecapBlocked(), c.layout.recapBlocks);
  }
}

}  // namespace ponnuki::features
