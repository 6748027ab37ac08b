// What one line of the analysis protocol asks for, checked and ready to run (spec analysis-cli-config 1.8-1.10).
// Plain values.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "config/engine_params.h"
#include "config/search_params.h"
#include "game/game_state.h"

namespace ponnuki {

// What the reply shows; shared by all positions of a query.
struct ReplyOptions {
  Perspective perspective = Perspective::SideToMove;
  int pvLength = 15;  // moves after the first
  bool movesOwnership = false, movesOwnershipStdev = false;
  bool ownership = false, ownershipStdev = false;
  bool policy = false, pvVisits = false, noResultValue = false;
  bool cutPvAtPhaseEnd = true;  // preventCleanupPhase

  bool needsOwnership() const { return movesOwnership || movesOwnershipStdev || ownership || ownershipStdev; }
};

// The part of a query that is the same for all its positions.
struct QuerySettings {
  std::string id;
  SearchParams params;
  ReplyOptions reply;
  std::vector<int> avoidBlack, avoidWhite;  // by Point: no new child at tree depth < value; empty = no restriction
  double firstReportAfter = 0;              // seconds; 0 = none
  double reportEvery = 0;                   // seconds; 0 = none
};

// One position to search.
struct AnalysisRequest {
  std::shared_ptr<const QuerySettings> settings;
  int turn = 0;
  int64_t priority = 0;  // larger first
  GameState state;       // its toMove() is to move
};

}  // namespace ponnuki
