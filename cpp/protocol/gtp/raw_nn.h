// One evaluation of a net as the raw commands ask for it: past the cache, without the search's adjustments
// (spec gtp 6.7, 6.12).
#pragma once

#include "engine/bot.h"

namespace ponnuki::gtp {

struct RawQuery {
  Color player = Color::Black;
  int symmetry = 0;
  double optimism = 0;
  bool human = false;  // the human net, which must be loaded
  bool ownership = true;
};
// If the player is not the one to move, a position with a restarted history is evaluated.
NNOutputPtr rawEvaluation(Bot& bot, const GameState& state, const RawQuery& query);

}  // namespace ponnuki::gtp
