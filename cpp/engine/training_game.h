// Plays one game of a net against itself and keeps what a smaller net can learn from it: the inputs of each
// kept position and everything the playing net says about it. Moves are drawn from the policy without a
// search, so that one evaluation buys one position. The same seed, game number and net give the same game on
// any number of threads. Targets are from the view of the side to move. The file layout is in
// training_shard.h.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/rng.h"
#include "eval/evaluator.h"
#include "game/game_state.h"

namespace ponnuki {

constexpr int kTrainingInputs = 7;  // inputs version of the rows

struct TrainingRow {
  int xSize = 0, ySize = 0;    // points
  std::vector<float> spatial;  // of kTrainingInputs: rows, columns, channels
  std::vector<float> global;
  std::vector<float> policy;     // area + 1 probabilities, pass last, 0 = illegal
  std::vector<float> ownership;  // area, +1 = the side to move
  float win = 0, loss = 0, noResult = 0;
  float scoreMean = 0, scoreStdev = 0, lead = 0;   // points
  float shorttermWinloss = 0, shorttermLead = 0;   // mean of the next turns, the nearest weighing most
  float shorttermWeight = 0;                       // 0 = unknown: the game went astray right after
  float varianceTime = 0, varianceTimeWeight = 0;  // turns until the win rate moves, weighted by how much
  float outcome = 0, finalScore = 0, outcomeKnown = 0;
  float turn = 0, phase = 0;
};

// What kind of game to play; drawn at random so that the net meets many.
struct TrainingGamePlan {
  int size = 19;
  Rules rules;
  int handicap = 0;       // free placement by the policy: Black starts with this many moves
  bool fairKomi = false;  // set the komi so that the net sees an even game after the opening
  float komiShift = 0;    // added to a fair komi
  int openingMoves = 0;   // drawn at openingTemperature
  double openingTemperature = 1, temperature = 1;
  double randomRate = 0;                // share of moves drawn evenly from all legal ones
  double playoutDoublingAdvantage = 0;  // of White
  double drawEquivalentWinsForWhite = 0.5;
  bool conservativePass = false;
  bool throughCleanup = false;  // play the clean-up phases of territory rules
  bool stopWhenDecided = false;
};

struct TrainingSizes {
  std::vector<std::pair<int, double>> weights;          // board size, how often
  static TrainingSizes standard();                      // 7 to 19, mostly 19, 9 and 13
  static TrainingSizes parse(const std::string& text);  // "19" or "9:3,19:5"; UserError
};

TrainingGamePlan drawPlan(Rng& rng, const TrainingSizes& sizes);

// Appends the kept rows. `keep` is the share of positions to keep. stop() is asked every turn; a stopped game
// adds nothing and returns false.
bool playTrainingGame(const TrainingGamePlan& plan, Evaluator& net, Rng& rng, double keep,
                      const std::function<bool()>& stop, std::vector<TrainingRow>& rows);

}  // namespace ponnuki
