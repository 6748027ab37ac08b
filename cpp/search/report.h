// An immutable snapshot of a search tree, in numbers: front ends turn it into text. White's view throughout,
// points for scores, utility in [-1.4, 1.4] or so. Spec search.md 21.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "eval/nn_output.h"
#include "game/game_state.h"

namespace ponnuki {

struct ReportOptions {
  int minMoves = 0;                    // list at least so many moves, unvisited ones by policy
  int maxPvLength = 15;                // further moves after the first
  bool ownership = false;              // root ownership over the tree
  bool ownershipStdev = false;
  bool movesOwnership = false;
  bool movesOwnershipStdev = false;
  bool pvVisits = false;
  bool duplicateForSymmetries = true;  // expand symmetric copies under rootSymmetryPruning (spec 21.1 step 6)
};

// "analysis data" of one root move (spec 21.1).
struct MoveReport {
  Point move = kNullPoint;
  int64_t visits = 0, edgeVisits = 0;
  double weight = 0, edgeWeight = 0;
  double utility = 0, winLoss = 0, noResult = 0;
  double scoreMean = 0, scoreStdev = 0, lead = 0;
  double utilityLcb = 0, lcbRadius = 0;
  double lcbWinrate = 0;               // White's win rate bound as 21.2 "lcb", before flipping
  double prior = 0;                    // processed root policy
  std::optional<double> humanPrior;
  double playSelectionValue = 0;
  int order = 0;
  std::optional<Point> isSymmetryOf;
  int symmetry = 0;                    // that maps the original onto this copy
  std::vector<Point> pv;               // starts with the move
  std::vector<int64_t> pvVisits, pvEdgeVisits;
  std::vector<double> ownership, ownershipStdev;  // board row-major, empty if not asked for
};

struct RootValues {                    // spec 21.4
  int64_t visits = 0;
  double weight = 0;
  double winLoss = 0, noResult = 0, scoreMean = 0, scoreStdev = 0, lead = 0, utility = 0;
  double winProb() const { return 0.5 * (winLoss + 1 - noResult); }
};

struct SearchReport {
  Color toMove = Color::Black;
  int xSize = 0, ySize = 0;
  std::vector<MoveReport> moves;       // best first
  RootValues plain, pruned;
  NNOutputPtr rootNet, rootHuman;      // raw outputs; rootHuman null without a human net
  std::vector<double> ownership, ownershipStdev;  // board row-major; empty if not asked for
  Hash128 thisHash, symHash;
  double policySurprise = 0, searchEntropy = 0, policyEntropy = 0;  // spec 21.6
};

}  // namespace ponnuki
