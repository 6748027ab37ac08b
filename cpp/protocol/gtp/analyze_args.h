// The arguments [COLOR] [CENTISECONDS] [KEY VALUE]... of the analyze and genmove_analyze commands (spec
// gtp 6.6).
#pragma once

#include <optional>
#include <string>

#include "engine/bot.h"
#include "protocol/gtp/command_line.h"

namespace ponnuki::gtp {

enum class Dialect { Lz, Kata, Sabaki };
Dialect dialectOf(const std::string& command);  // by the beginning of the name

struct AnalyzeArgs {
  Dialect dialect = Dialect::Kata;
  Color player = Color::Black;
  double every = SearchCallbacks::kNever;  // seconds between lines
  int minMoves = 0, maxMoves = 10000000;
  bool rootInfo = false;
  bool ownership = false, ownershipStdev = false;
  bool movesOwnership = false, movesOwnershipStdev = false;
  bool pvVisits = false, pvEdgeVisits = false;
  bool noResultValue = false;
  MoveLimits avoid;

  bool wantsOwnership() const { return ownership || ownershipStdev || movesOwnership || movesOwnershipStdev; }
};

// Nothing if they cannot be understood or are out of range. `toMove` is the default player.
std::optional<AnalyzeArgs> parseAnalyzeArgs(const Args& args, Dialect dialect, Color toMove,
                                            const Board& board);

}  // namespace ponnuki::gtp
