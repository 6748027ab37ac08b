// One game of a match, from the first drawn position to its end, and its record (spec
// analysis-cli-config 3.9).
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "engine/match_settings.h"
#include "engine/match_start.h"

namespace ponnuki {

struct MatchGame {
  MatchPairing pairing;
  GameState state;                    // as it ended; unfinished if the limit of moves was reached
  int openingMoves = 0;               // those before the bots took over
  bool aborted = false;               // discard it
  std::vector<std::string> comments;  // by move of `state`
  std::string resignComment;          // of the move that was not made; "" if nobody resigned
  struct Side {
    double seconds = 0;
    int64_t moves = 0, visits = 0;
  };
  Side black, white;
  Side& side(Color c) { return c == Color::Black ? black : white; }
};

struct MatchGameSetup {
  const MatchSettings& settings;
  MatchPairing pairing;
  MatchPlayers players;
  GameState start;
  const std::atomic<bool>& abort;                   // ends the game between two moves
  std::function<void(const std::string&)> logMove;  // may be empty
};

MatchGame playMatchGame(const MatchGameSetup& setup);

// One line of an .sgfs file.
std::string matchGameSgf(const MatchGame& game, const MatchSettings& settings, Hash128 gameHash);
std::string matchResultText(const GameState& state);  // "B+R", "W+3.5", "0", "Void"; "none" if unfinished

}  // namespace ponnuki
