// Settings of the engine around the search: nets, logs, GTP play, analysis server. Values as loaded from a
// Config by resolve.h, defaults in place. Plain value types. Spec analysis-cli-config 1.3, 2.6-2.8,
// gtp 3.1, 3.2, 3.5.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "config/config_file.h"
#include "config/search_params.h"
#include "game/color.h"
#include "game/rules.h"

namespace ponnuki {

// Arithmetic of a net on the CPU; Auto = see the key `precision`.
enum class NetPrecision { Auto, Fp32, Half, Bf16, Int16, Int8 };

// How a net is loaded and asked. Sizes in points.
struct NetSettings {
  int nnMaxBatchSize = 16;
  bool nnMaxBatchSizeGiven = false;
  int nnCacheSizePowerOfTwo = 20;  // -1 = no cache
  int nnMutexPoolSizePowerOfTwo = 16;
  int numNNServerThreadsPerModel = 1;
  bool numNNServerThreadsGiven = false;
  int numEigenThreadsPerModel = 1;  // CPU threads of all evaluations together
  int concurrentEvaluations = 1;    // search threads that may ask at once
  int bufferX = 19, bufferY = 19;
  bool requireExactSize = false;
  bool nnRandomize = true;          // random symmetry per evaluation
  int nnForcedSymmetry = -1;        // 0..7, or -1 = none
  std::string nnRandSeed;           // "" = fresh
  bool debugSkipNeuralNet = false;  // invented outputs
  TriState useFP16 = TriState::Auto;
  NetPrecision precision = NetPrecision::Auto;
  std::string cpuIsa = "auto";            // instruction set of the CPU kernels
  std::vector<int> deviceOfServerThread;  // -1 = default
  std::string homeDataDir;                // "" = see homeDataDirectory()
};

enum class Perspective { SideToMove, Black, White };

struct GtpSettings {
  bool logAllGTPCommunication = false;
  bool logSearchInfo = false;
  bool logSearchInfoForChosenMove = false;
  bool startupPrintMessageToStderr = true;
  bool ogsChatToStderr = false;
  bool ponderingEnabled = false;
  bool allowResignation = false;
  double resignThreshold = -1;  // winLoss of the side to move, -1..0
  int resignConsecTurns = 3;
  double resignMinScoreDifference = -1e10;
  double resignMinMovesPerBoardArea = 0;
  double searchFactorWhenWinning = 1;
  double searchFactorWhenWinningThreshold = 1;
  TriState cleanupBeforePass = TriState::Auto;
  TriState friendlyPass = TriState::Auto;
  bool preventCleanupPhase = true;
  bool assumeMultipleStartingBlackMovesAreHandicap = true;
  double dynamicPlayoutDoublingAdvantageCapPerOppLead = 0.045;
  double delayMoveScale = 0;      // seconds
  double delayMoveMax = 1000000;  // seconds
  Perspective reportAnalysisWinratesAs = Perspective::SideToMove;
  int analysisPVLen = 13;  // moves after the first
  bool gtpForceMaxNNSize = false;
  std::string searchRandSeed;  // "" = fresh
  bool forDeterministicTesting = false;
  int boardX = 19, boardY = 19;  // at start-up
  bool boardSizeConfigured = false;
  bool onlyOneBoardSizeKey = false;  // log the warning of spec gtp 3.1 defaultBoardSize
  std::optional<float> ignoreGTPAndForceKomi;
};

struct AnalysisSettings {
  int numAnalysisThreads = 1;
  bool logAllRequests = false, logAllResponses = false;
  bool logErrorsAndWarnings = true;
  bool logSearchInfo = false;
  bool warnUnusedFields = true;
  Perspective reportAnalysisWinratesAs = Perspective::SideToMove;
  int analysisPVLen = 15;
  bool assumeMultipleStartingBlackMovesAreHandicap = true;
  bool preventCleanupPhase = true;
  bool forDeterministicTesting = false;
};

struct LogPlan {
  LogSettings settings;
  bool logConfigContents = true;
};

}  // namespace ponnuki
