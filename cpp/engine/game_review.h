// Analyses all positions of a game, several at once, and finds the moves that cost most. Scores are Black's lead in
// points, win rates Black's chances in 0..1. Functions keep no state; the evaluators are shared by their threads.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/log.h"
#include "config/search_params.h"
#include "eval/evaluator.h"
#include "game/game_state.h"

namespace ponnuki {

struct PositionReview {
  double blackWinrate = 0.5;
  double blackLead = 0;
  int64_t visits = 0;
  Point best = kNullPoint;       // null if nothing was searched
  std::vector<Point> variation;  // starts with best
};

struct MoveReview {
  int number = 0;                // 1 = first move
  Move played;
  PositionReview before, after;
  double pointsLost = 0;         // by the mover, against the position before; may be negative
  double winrateLost = 0;
};

struct ReviewSettings {
  SearchParams params;           // with the limits of one search; one thread per search is best
  int positionsAtOnce = 1;
};

// positions[i] is the position after i moves. progress(done) is called after each, by one thread at a time.
std::vector<PositionReview> reviewPositions(const std::vector<GameState>& positions, const ReviewSettings& settings,
                                            Evaluator& net, Evaluator* human, Logger& log,
                                            const std::function<void(int done)>& progress);

// The game's moves with what they cost. `moves` has one entry less than `positions`.
std::vector<MoveReview> reviewMoves(const std::vector<Move>& moves, const std::vector<PositionReview>& positions);

// At most `count` moves that lost most points and were not the engine's own choice, worst first.
std::vector<MoveReview> worstMoves(std::vector<MoveReview> moves, size_t count);

}  // namespace ponnuki
