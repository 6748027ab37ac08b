#include "config/engine_keys.h"

#include <iterator>

#include "base/error.h"

namespace ponnuki {
namespace {

using enum KeyType;
using enum KeyGroup;
constexpr Range kNone{};
constexpr Range kBoardLen{2, kMaxBoardLen};
constexpr std::string_view kRequired = "required";

// clang-format off
constexpr EngineKey kKeys[] = {
  {"logToStdout", Bool, kNone, {0, 0, 0, 1}, Log, "true in benchmark and evalsgf, else false",
   "Log to standard output."},
  {"logToStderr", Bool, kNone, {0, 1, 0}, Log, "", "Log to standard error."},
  {"logTimeStamp", Bool, kNone, 1.0, Log, "", "Date and time before every log line."},
  {"logConfigContents", Bool, kNone, 1.0, Log, "", "The first log entry lists the config."},
  {"logFile", Text, kNone, 0.0, Log, "none", "Append the log to this file."},
  {"logDir", Text, kNone, 0.0, Log, "none", "Log to a new file in this directory."},
  {"logDirDated", Text, kNone, 0.0, Log, "none", "Log to a new file in a dated directory in this directory."},
  {"logSearchInfo", Bool, kNone, 0.0, Log, "required in gtp, else false", "Log a summary of every search."},

  {"logAllGTPCommunication", Bool, kNone, 0.0, Gtp, kRequired, "Log every command and response."},
  {"logSearchInfoForChosenMove", Bool, kNone, 0.0, Gtp, "",
   "In that summary, look closer at the chosen move."},
  {"startupPrintMessageToStderr", Bool, kNone, 1.0, Gtp, "", "Say on standard error what was loaded."},
  {"ogsChatToStderr", Bool, kNone, 0.0, Gtp, "", "Chat lines for the bot bridge of OGS on standard error."},
  {"ponderingEnabled", Bool, kNone, 0.0, Gtp, "", "Think while it is the opponent's turn."},
  {"allowResignation", Bool, kNone, 0.0, Gtp, "", "Resign lost games."},
  {"resignThreshold", Double, {-1, 0}, -1.0, Gtp, "required with allowResignation",
   "Resign below this value of winning (1) or losing (-1)."},
  {"resignConsecTurns", Int, {1, 100}, 3.0, Gtp, "", "when so for this many turns,"},
  {"resignMinScoreDifference", Double, {0, 1000}, -1e10, Gtp, "none", "and behind by this many points,"},
  {"resignMinMovesPerBoardArea", Double, {0, 1}, 0.0, Gtp, "",
   "and after this many moves per point of the board."},
  {"searchFactorWhenWinning", Double, {0.01, 1}, 1.0, Gtp, "", "Multiplies all limits when winning clearly."},
  {"searchFactorWhenWinningThreshold", Double, {0, 1}, 1.0, Gtp, "",
   "Winning chance from which that applies."},
  {"cleanupBeforePass", BoolOrAuto, kNone, -1.0, Gtp, "",
   "Capture dead stones before passing where that is free; auto: when asked for by kgs-genmove_cleanup or "
   "by the rules."},
  {"friendlyPass", BoolOrAuto, kNone, -1.0, Gtp, "",
   "Accept the opponent's pass without clearing the board; auto: by the rules."},
  {"preventCleanupPhase", Bool, kNone, 1.0, Gtp, "",
   "Never enter the clean-up phases of territory scoring. Also read by analysis."},
  {"assumeMultipleStartingBlackMovesAreHandicap", Bool, kNone, 1.0, Gtp, "",
   "Take several black moves at the start as a handicap. Also read by analysis."},
  {"dynamicPlayoutDoublingAdvantageCapPerOppLead", Double, {0, 0.5}, 0.045, Gtp, "",
   "How much to play up in handicap games, per point of the opponent's lead."},
  {"delayMoveScale", Double, {0, 10000}, 0.0, Gtp, "", "Mean of a random delay before moves, in seconds."},
  {"delayMoveMax", Double, {0, 1000000}, 1000000.0, Gtp, "", "Longest such delay."},
  {"analysisPVLen", Int, {1, 1000}, {13, 15, 13}, Gtp, "13, in analysis 15 (1 to 100)",
   "Moves of a variation to show after the first."},
  {"reportAnalysisWinratesAs", Text, kNone, 0.0, Gtp, "SIDETOMOVE",
   "BLACK, WHITE or SIDETOMOVE. Also read by analysis."},
  {"analysisWideRootNoise", Double, {0, 5}, 0.04, Gtp, "", "wideRootNoise for analysis commands."},
  {"analysisIgnorePreRootHistory", Bool, kNone, 1.0, Gtp, "", "ignorePreRootHistory for analysis commands."},
  {"genmoveAntiMirror", Bool, kNone, 1.0, Gtp, "antiMirror if present, else true", "antiMirror for playing."},
  {"defaultBoardSize", Int, kBoardLen, 19.0, Gtp, "", "Board at the start."},
  {"defaultBoardXSize", Int, kBoardLen, 19.0, Gtp, "defaultBoardSize", "Its width."},
  {"defaultBoardYSize", Int, kBoardLen, 19.0, Gtp, "defaultBoardSize", "Its height."},
  {"ignoreGTPAndForceKomi", Float, {-400, 400}, 0.0, Gtp, "none",
   "Use this komi whatever the interface says."},
  {"gtpForceMaxNNSize", Bool, kNone, 0.0, Gtp, "",
   "Prepare the net for the largest board, so that changing the size does not load it again."},
  {"searchRandSeed", Text, kNone, 0.0, Gtp, "random", "Seed of the search."},
  {"forDeterministicTesting", Bool, kNone, 0.0, Gtp, "",
   "Fixed seeds where none is given. Also read by analysis."},
  {"numBots", Int, {1, 4096}, 1.0, Gtp, "", "Must be 1 except in match."},

  {"numAnalysisThreads", Int, {1, 16384}, 1.0, Analysis, kRequired, "Positions searched at the same time."},
  {"numSearchThreadsPerAnalysisThread", Int, {1, 4096}, 1.0, Analysis, kRequired,
   "Another name of numSearchThreads."},
  {"logAllRequests", Bool, kNone, 0.0, Analysis, "", "Log every request."},
  {"logAllResponses", Bool, kNone, 0.0, Analysis, "", "Log every response."},
  {"logErrorsAndWarnings", Bool, kNone, 1.0, Analysis, "", "Log responses that are errors or warnings."},
  {"warnUnusedFields", Bool, kNone, 1.0, Analysis, "", "Warn of fields of a query that mean nothing."},

  {"rules", Text, kNone, 0.0, GameRules, "the keys below", "Rules by name (chinese, japanese, ...) or as JSON."},
  {"koRule", Text, kNone, 0.0, GameRules, kRequired, "SIMPLE, POSITIONAL, SITUATIONAL or SPIGHT."},
  {"scoringRule", Text, kNone, 0.0, GameRules, kRequired, "AREA or TERRITORY."},
  {"multiStoneSuicideLegal", Bool, kNone, 0.0, GameRules, kRequired, "Suicide of several stones is allowed."},
  {"taxRule", Text, kNone, 0.0, GameRules, "SEKI for territory, else NONE", "NONE, SEKI or ALL."},
  {"hasButton", Bool, kNone, 0.0, GameRules, "", "The first pass takes half a point."},
  {"whiteHandicapBonus", Text, kNone, 0.0, GameRules, "0", "0, N or N-1 points for White by handicap stones."},
  {"whiteBonusPerHandicapStone", Int, {0, 1}, 0.0, GameRules, "", "Old form: 1 means N."},
  {"friendlyPassOk", Bool, kNone, 0.0, GameRules, "", "A pass may end the game with dead stones on the board."},

  {"nnMaxBatchSize", Int, {1, 65536}, 16.0, Net, "by the number of threads",
   "Most positions evaluated together."},
  {"nnCacheSizePowerOfTwo", Int, {-1, 48}, {20, 23, 20, 20}, Net, "20, analysis 23, match 21",
   "Entries of the cache of evaluations; -1 = none."},
  {"nnMutexPoolSizePowerOfTwo", Int, {-1, 24}, {16, 17, 16, 16}, Net, "16, analysis and match 17",
   "Locks of that cache."},
  {"numNNServerThreadsPerModel", Int, {1, 1024}, 1.0, Net, "1; CPU: by search threads and cores",
   "Batches in progress at once."},
  {"numEigenThreadsPerModel", Int, {1, 1024}, 1.0, Net, "all cores",
   "Threads on the CPU that evaluate positions. They share out among the batches in progress."},
  {"nnRandomize", Bool, kNone, 1.0, Net, "", "Turn or mirror the board at random for every evaluation."},
  {"nnForcedSymmetry", Int, {0, 7}, 0.0, Net, "none", "Always this symmetry instead."},
  {"nnRandSeed", Text, kNone, 0.0, Net, "random",
   "Seed of that; with the index of a net at the end it is for that net."},
  {"debugSkipNeuralNet", Bool, kNone, 0.0, Net, "true if the net is /dev/null", "Invent evaluations."},
  {"maxBoardXSizeForNNBuffer", Int, kBoardLen, 19.0, Net, "by the command", "Width to prepare the net for."},
  {"maxBoardYSizeForNNBuffer", Int, kBoardLen, 19.0, Net, "by the command", "Height to prepare the net for."},
  {"maxBoardSizeForNNBuffer", Int, kBoardLen, 19.0, Net, "by the command", "Both."},
  {"requireMaxBoardSize", Bool, kNone, 1.0, Net, "by the command", "Allow that size only."},
  {"maxTreeMemoryMB", Int, {0, 1000000000}, 0.0, Memory, "three quarters of the machine's memory",
   "MiB that all search trees of the process together may take, the cache of evaluations apart; a search whose tree "
   "reaches its equal share ends, with a message. 0 = no limit. Not known to the reference."},
  {"homeDataDir", Text, kNone, 0.0, Net, "~/.katago",
   "Where files are kept that the engine makes for itself."},
  {"useFP16", BoolOrAuto, kNone, -1.0, Backend, "",
   "Half precision. With a backend's name in front (cudaUseFP16) for that one only."},
  {"useFP16Storage", BoolOrAuto, kNone, -1.0, Backend, "",
   "Accepted: on the CPU half precision always halves the weights too."},
  {"precision", Text, kNone, 0.0, Backend, "auto",
   "Arithmetic on the CPU: fp32; half, the fastest near-lossless mix of 16-bit formats this processor has; bf16 or "
   "int16 alone; int8, 8 bits in the layers that a quantised net or a calibration table beside the net says, half in the "
   "others; auto follows useFP16, and with that on auto too it is half, except that nnRandomize = false (or "
   "nnForcedSymmetry), which asks for results that repeat, means fp32: the same searches on every processor; and it "
   "is int8 where the accuracy stored with the net keeps the bounds of docs/quantization.md and a trial is faster. "
   "With the number of a net at the end (precision0) for that one only; in a match that of a bot."},
  {"cpuIsa", Text, kNone, 0.0, Backend, "auto",
   "Instruction set of the CPU kernels, for tests: baseline, avx2, avxvnni, avx512, avx512vnni, avx512bf16; on "
   "64-bit ARM baseline, dotprod, fp16."},
  {"inputsUseNHWC", Bool, kNone, 1.0, Backend, "by the backend",
   "Accepted; the order of values in memory is chosen by the engine."},
  {"deviceToUse", Int, {0, 1023}, 0.0, Backend, "the default device",
   "Device; also gpuToUse, with a backend's name in front, or Model0, Thread0 at the end."},
  {"cudaUseNHWC", BoolOrAuto, kNone, -1.0, Backend, "", "Accepted; chosen by the engine."},
  {"cudaUse1x1Matmul", BoolOrAuto, kNone, -1.0, Backend, "", "Accepted; chosen by the engine."},
  {"cudaDisableGraphSDPA", Bool, kNone, 0.0, Backend, "", "Accepted; chosen by the engine."},
  {"cudaDisableWarmup", Bool, kNone, 0.0, Backend, "", "No evaluations on start-up."},
  {"trtDisableOnnx", Bool, kNone, 0.0, Backend, "", "Accepted."},
  {"trtTransformerNHWC", Bool, kNone, 1.0, Backend, "", "Accepted."},
  {"trtDumpDebugPlanToDir", Text, kNone, 0.0, Backend, "none", "Accepted."},
  {"openclTunerFile", Text, kNone, 0.0, Backend, "in homeDataDir", "File with what tuning found."},
  {"openclReTunePerBoardSize", Bool, kNone, 0.0, Backend, "", "Tune for every size of board."},

  {"avoidSgfPatternUtility", Double, {-3, 3}, 0.0, Avoid, "none",
   "Penalty for patterns of games; with a number (avoidSgf2...) further sets."},
  {"avoidSgfPatternDirs", Text, kNone, 0.0, Avoid, "required with avoidSgfPatternUtility",
   "Directories of those games, separated by commas."},
  {"avoidSgfPatternLambda", Double, {0, 1}, 1.0, Avoid, "", "How fast older games count less."},
  {"avoidSgfPatternMinTurnNumber", Int, {0, 1000000}, 0.0, Avoid, "", "First turn of a game to use."},
  {"avoidSgfPatternMaxFiles", Int, {1, 1000000}, 1000000.0, Avoid, "", "Number of games to use."},
  {"avoidSgfPatternAllowedNames", Text, kNone, 0.0, Avoid, "all",
   "Players whose moves to use, separated by commas."},
  {"autoAvoidRepeatDir", Text, kNone, 0.0, Avoid, "none",
   "Directory in which own games are remembered to vary from them."},
  {"autoAvoidRepeatUtility", Double, {-3, 3}, 0.0, Avoid, "required with autoAvoidRepeatDir",
   "Penalty for repeating them."},
  {"autoAvoidRepeatLambda", Double, {0, 1}, 1.0, Avoid, "required with autoAvoidRepeatDir",
   "How fast older games count less."},
  {"autoAvoidRepeatMinTurnNumber", Int, {0, 1000000}, 0.0, Avoid, "required with autoAvoidRepeatDir",
   "First turn to remember."},
  {"autoAvoidRepeatMaxTurnNumber", Int, {0, 1000000}, 0.0, Avoid, "required with autoAvoidRepeatDir",
   "Last turn to remember."},
  {"autoAvoidRepeatMaxPoses", Int, {0, 1e12}, 0.0, Avoid, "required with autoAvoidRepeatDir",
   "Positions to remember."},
  {"autoAvoidRepeatSaveChunkSize", Int, {1, 10000}, 200.0, Avoid, "", "Positions in one file."},

  {"botName", Text, kNone, 0.0, Match, kRequired, "Name of a bot; with its number at the end (botName0, botName1)."},
  {"nnModelFile", Text, kNone, 0.0, Match, kRequired,
   "Its net; with a number at the end for one bot. Bots with the same file share the net."},
  {"includeBots", Text, kNone, 0.0, Match, "all", "Numbers of the bots that play, separated by commas."},
  {"secondaryBots", Text, kNone, 0.0, Match, "none", "Bots that do not play against each other."},
  {"extraPairs", Text, kNone, 0.0, Match, "none", "Further pairings as 0-1, 0-2."},
  {"extraPairsAreOneSidedBW", Bool, kNone, 0.0, Match, "", "The first of an extra pair always has black."},
  {"numGameThreads", Int, {1, 16384}, 1.0, Match, kRequired, "Games played at the same time."},
  {"numGamesTotal", Int, {1, 1e12}, 1.0, Match, kRequired, "Games in all."},
  {"logGamesEvery", Int, {1, 1000000}, 1.0, Match, kRequired, "Log after so many games how many were started."},
  {"logMoves", Bool, kNone, 0.0, Match, kRequired, "Log every move."},
  {"maxMovesPerGame", Int, {0, 1 << 30}, 0.0, Match, kRequired, "A longer game ends without result."},
  {"clearBotBeforeSearch", Bool, kNone, 0.0, Match, "false, true for a bot against itself",
   "Start every search with an empty tree."},
  {"koRules", Text, kNone, 0.0, Match, kRequired, "Ko rules to draw from: SIMPLE, POSITIONAL, SITUATIONAL, SPIGHT."},
  {"scoringRules", Text, kNone, 0.0, Match, kRequired, "Scoring rules to draw from: AREA, TERRITORY."},
  {"taxRules", Text, kNone, 0.0, Match, kRequired, "Tax rules to draw from: NONE, SEKI, ALL."},
  {"multiStoneSuicideLegals", Text, kNone, 0.0, Match, kRequired, "true, false or both."},
  {"hasButtons", Text, kNone, 0.0, Match, kRequired, "true, false or both; area scoring only."},
  {"bSizes", Text, kNone, 0.0, Match, "bSizesXY", "Board sizes to draw from."},
  {"bSizesXY", Text, kNone, 0.0, Match, "bSizes", "The same as 9-13, 19-19."},
  {"bSizeRelProbs", Text, kNone, 0.0, Match, kRequired, "A weight for each size."},
  {"allowRectangleProb", Double, {0, 1}, 0.0, Match, "", "How often width and height are drawn separately."},
  {"komiAuto", Bool, kNone, 0.0, Match, "", "Komi that the net of the black bot finds fair."},
  {"komiMean", Float, {-400, 400}, 0.0, Match, "komiAuto", "Komi, before noise."},
  {"komiStdev", Double, {0, 60}, 0.0, Match, "", "Noise of the komi."},
  {"komiBigStdev", Double, {0, 60}, 10.0, Match, "", "Noise in some games,"},
  {"komiBigStdevProb", Double, {0, 1}, 0.0, Match, "", "with this probability."},
  {"komiBiggerStdev", Double, {0, 120}, 30.0, Match, "", "Noise in a few games,"},
  {"komiBiggerStdevProb", Double, {0, 1}, 0.0, Match, "", "with this probability."},
  {"komiAllowIntegerProb", Double, {0, 1}, 1.0, Match, "", "How often a whole number is allowed, with draws."},
  {"compensateKomiVisits", Int, {1, 10000}, 100.0, Match, "", "Visits of the searches for a fair komi."},
  {"handicapProb", Double, {0, 1}, 0.0, Match, "", "How often Black gets extra stones."},
  {"handicapCompensateKomiProb", Double, {0, 1}, 0.0, Match, "", "How often komi is made fair then."},
  {"numExtraBlackFixed", Int, {1, 18}, 1.0, Match, "drawn", "Number of those stones."},
  {"initGamesWithPolicy", Bool, kNone, 0.0, Match, "", "Draw the first moves of a game from the policy of the nets."},
  {"policyInitAreaProp", Double, {0, 1}, 0.0, Match, "required with initGamesWithPolicy",
   "Mean number of those moves per point of the board."},
  {"compensateAfterPolicyInitProb", Double, {0, 1}, 0.0, Match, "required with initGamesWithPolicy",
   "How often komi is made fair then."},
  {"policyInitAreaTemperature", Double, {0.1, 5}, 1.0, Match, "", "Temperature of those draws."},
  {"policyInitGammaShape", Double, {0.01, 100}, 1.0, Match, "", "Shape of the distribution of their number."},
};
// clang-format on

constexpr bool keysAreDistinct() {
  for (size_t i = 0; i < std::size(kKeys); i++)
    for (size_t j = 0; j < i; j++)
      if (kKeys[i].key == kKeys[j].key) return false;
  return true;
}
static_assert(keysAreDistinct(), "a key has two rows");

const EngineKey& rowOf(std::string_view key) {
  for (const EngineKey& row : kKeys)
    if (row.key == key) return row;
  ENSURE(false && "no such key in the table");
  return kKeys[0];
}

}  // namespace

std::span<const EngineKey> engineKeyTable() {
  return kKeys;
}

bool EngineKeyReader::getBool(std::string_view key) const {
  return config_.getBool(std::string(key), rowOf(key).defaults.of(mode_) != 0);
}
TriState EngineKeyReader::getTriState(std::string_view key) const {
  return config_.getTriState(std::string(key), static_cast<TriState>(rowOf(key).defaults.of(mode_)));
}
int EngineKeyReader::getInt(std::string_view key) const {
  return has(key) ? requireInt(key) : static_cast<int>(rowOf(key).defaults.of(mode_));
}
double EngineKeyReader::getDouble(std::string_view key) const {
  return has(key) ? requireDouble(key) : rowOf(key).defaults.of(mode_);
}
float EngineKeyReader::getFloat(std::string_view key) const {
  const EngineKey& row = rowOf(key);
  return config_.getFloat(std::string(key), static_cast<float>(row.range.lo),
                          static_cast<float>(row.range.hi));
}
int EngineKeyReader::requireInt(std::string_view key) const {
  const EngineKey& row = rowOf(key);
  return config_.getInt(std::string(key), static_cast<int>(row.range.lo), static_cast<int>(row.range.hi));
}
double EngineKeyReader::requireDouble(std::string_view key) const {
  const EngineKey& row = rowOf(key);
  return config_.getDouble(std::string(key), row.range.lo, row.range.hi);
}

const std::vector<std::string>& allKnownKeys() {
  static const std::vector<std::string> keys = [] {
    std::vector<std::string> all;
    for (const SearchParamRow& row : searchParamTable()) all.emplace_back(row.key);
    for (const EngineKey& row : kKeys) all.emplace_back(row.key);
    return all;
  }();
  return keys;
}

}  // namespace ponnuki
