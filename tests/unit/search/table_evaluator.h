// An evaluator that answers from a table of positions by the moves played since a given point, for worked
// examples.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/error.h"
#include "eval/evaluator.h"

namespace ponnuki {

struct TableRow {
  float winLoss, scoreMean, scoreMeanSq, lead, winLossError, scoreError;
  std::vector<std::pair<std::string, float>> policy;  // all other legal moves get a very small prior
};

class TableEvaluator final : public Evaluator {
 public:
  TableEvaluator(int version, size_t movesBeforeRoot) : version_(version), skipped_(movesBeforeRoot) {}
  void add(const std::string& moves, TableRow row) { rows_[moves] = std::move(row); }
  const std::vector<std::string>& asked() const { return asked_; }

  NNOutputPtr evaluate(const GameState& state, const EvalRequest& request) override {
    const Board& board = state.board();
    std::string moves;
    for (size_t i = skipped_; i < state.moves().size(); i++)
      moves +=
          (moves.empty() ? "" : " ") + pointToString(state.moves()[i].point, board.xSize(), board.ySize());
    asked_.push_back(moves);
    const auto it = rows_.find(moves);
    if (it == rows_.end())
      throw InternalError("the search asked for '" + moves + "', which is not in the table");
    const TableRow& row = it->second;
    auto out = std::make_shared<NNOutput>();
    out->nnX = out->nnY = nnX();
    out->whiteWinProb = 0.5f + 0.5f * row.winLoss;
    out->whiteLossProb = out->whiteWinProb - row.winLoss;
    out->whiteScoreMean = row.scoreMean;
    out->whiteScoreMeanSq = row.scoreMeanSq;
    out->whiteLead = row.lead;
    out->shorttermWinlossError = row.winLossError;
    out->shorttermScoreError = row.scoreError;
    if (request.includeOwnership) out->ownership.assign(static_cast<size_t>(nnX() * nnY()), 0.0f);
    fillPolicy(state, row, *out);
    return out;
  }

  int nnX() const override { return 19; }
  int nnY() const override { return 19; }
  bool requiresExactSize() const override { return false; }
  bool supportsShorttermError() const override { return version_ >= 9; }
  bool usesMetadata() const override { return false; }
  bool declaresPassAliveAsIfSuicide() const override { return false; }
  int modelVersion() const override { return version_; }
  std::string modelName() const override { return "table"; }
  std::string modelFile() const override { return "table"; }
  void clearCache() override {}
  uint64_t rowsEvaluated() const override { return asked_.size(); }
  uint64_t batchesEvaluated() const override { return asked_.size(); }
  uint64_t cacheHits() const override { return 0; }
  bool isBusy() const override { return false; }
  void waitForAnyEvaluation() override {}

 private:
  static void fillPolicy(const GameState& state, const TableRow& row, NNOutput& out) {
    const Board& board = state.board();
    std::vector<float> priors(static_cast<size_t>(out.policySize()), -1.0f);
    for (int y = 0; y < board.ySize(); y++)
      for (int x = 0; x < board.xSize(); x++)
        if (state.isLegal(board.at(x, y), state.toMove()))
          priors[static_cast<size_t>(y * out.nnX + x)] = 1e-6f;
    priors[static_cast<size_t>(out.passPos())] = 1e-7f;
    for (const auto& [move, prior] : row.policy)
      priors[static_cast<size_t>(out.posOf(*parsePoint(move, board.xSize(), board.ySize()), board.xSize()))] =
          prior;
    out.policy = Policy(priors);
  }

  int version_;
  size_t skipped_;
  std::map<std::string, TableRow> rows_;
  std::vector<std::string> asked_;
};

}  // namespace ponnuki
