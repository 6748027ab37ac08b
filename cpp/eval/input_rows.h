// Recorded net inputs (not positions): rows that can be fed to a net as they are, and the net's answers to
// them. Layout of nn::BatchIn: NHWC, side to move, symmetry 0.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "eval/eval_params.h"
#include "eval/precision_measures.h"
#include "game/game_state.h"
#include "graph/backend.h"
#include "model/model_file.h"

namespace ponnuki {

struct InputRows {
  int count = 0, boardX = 19, boardY = 19;
  int spatialChannels = 22, globalChannels = 19;
  std::vector<float> spatial, global;

  int points() const { return boardX * boardY; }
  InputRows part(int first, int most) const;  // at most `most` rows, from `first` on
  void append(const InputRows& other);
};

constexpr int kAnswerBatch = 4;  // rows per run; what a program for answersOf must allow at least

// binaryInputNCHWPacked and globalInputNC of training data in features version 7 on 19x19 buffers: at most
// `most` rows, from `first` on.
InputRows readInputRows(const std::string& npzPath, int first, int most);

// Appends what a net sees of a position of at most 19x19 points, by the side to move.
void addInputRow(InputRows& rows, const GameState& state, const EvalParams& params);
// Such a file, for readInputRows and for training tools.
void writeInputRows(const std::string& npzPath, const InputRows& rows);

// UserError unless the net takes such rows: version 8 or later. Nets with a metadata encoder get the profile
// preaz_5k for every row.
void requireRows(const ModelInfo& info, const InputRows& rows);

// Feeds all rows to one executor of `program` (maxBatch >= kAnswerBatch, extent as the rows'). After every run
// see(first, count) may read `out`, which belongs to the caller.
void runRows(const nn::Program& program, const ModelInfo& info, const InputRows& rows, const nn::BatchOut& out,
             const std::function<void(int first, int count)>& see);

// The net's answers to all rows. Legal moves: empty points and pass. progress(done) may be empty; what it
// throws ends the work.
std::vector<NetAnswer> answersOf(const nn::Program& program, const LoadedModel& model, const InputRows& rows,
                                 const std::function<void(int done)>& progress = {});

}  // namespace ponnuki
