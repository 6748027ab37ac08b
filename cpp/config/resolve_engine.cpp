// Settings of nets, logs and front ends from a config.
#include <algorithm>
#include <chrono>
#include <filesystem>

#include "base/cpu_features.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/rng.h"
#include "base/text.h"
#include "config/engine_keys.h"
#include "config/resolve.h"

namespace ponnuki {
namespace {

// Keys that name rules one by one, in the order in which a conflict with `rules` is reported.
constexpr const char* kSingleRules[] = {
    "koRule",  "scoringRule",        "multiStoneSuicideLegal", "hasButton",
    "taxRule", "whiteHandicapBonus", "friendlyPassOk",         "whiteBonusPerHandicapStone"};

HandicapBonus loadHandicapBonus(const Config& config) {
  if (!config.has("whiteBonusPerHandicapStone")) {
    if (!config.has("whiteHandicapBonus")) return HandicapBonus::Zero;
    return parseHandicapBonus(config.getChoice("whiteHandicapBonus", {"0", "N", "N-1"}));
  }
  if (config.has("whiteHandicapBonus"))
    throw UserError("May specify only one of whiteBonusPerHandicapStone and whiteHandicapBonus in config");
  return config.getInt("whiteBonusPerHandicapStone", 0, 1) == 1 ? HandicapBonus::N : HandicapBonus::Zero;
}

Rules loadSingleRules(const Config& config) {
  Rules rules;
  rules.ko = parseKoRule(config.getChoice("koRule", {"SIMPLE", "POSITIONAL", "SITUATIONAL", "SPIGHT"}));
  rules.scoring = parseScoringRule(config.getChoice("scoringRule", {"AREA", "TERRITORY"}));
  rules.multiStoneSuicide = config.getBool("multiStoneSuicideLegal");
  rules.hasButton = config.getBool("hasButton", false);
  rules.tax = rules.scoring == ScoringRule::Territory ? TaxRule::Seki : TaxRule::None;
  if (config.has("taxRule")) rules.tax = parseTaxRule(config.getChoice("taxRule", {"NONE", "SEKI", "ALL"}));
  if (rules.hasButton && rules.scoring != ScoringRule::Area)
    throw UserError("Config specifies hasButton=true on a scoring system other than AREA");
  rules.whiteHandicapBonus = loadHandicapBonus(config);
  rules.friendlyPassOk = config.getBool("friendlyPassOk", false);
  rules.komi = rules.scoring == ScoringRule::Territory ? 6.5f : rules.hasButton ? 7.0f : 7.5f;
  return rules;
}

// "x0", "x" for the key with the index of the net, else without.
std::vector<std::string> withIndex(const std::string& key, int modelIndex) {
  return {key + std::to_string(modelIndex), key};
}

int bufferLength(const Config& config, char axis, int modelIndex, int absent) {
  std::vector<std::string> keys = withIndex(std::string("maxBoard") + axis + "SizeForNNBuffer", modelIndex);
  const std::vector<std::string> common = withIndex("maxBoardSizeForNNBuffer", modelIndex);
  keys.insert(keys.end(), common.begin(), common.end());
  const std::string key = config.firstPresent(keys);
  for (const std::string& candidate : keys)
    if (candidate != key && config.has(candidate)) config.markUsed(candidate);
  return key.empty() ? std::max(2, absent) : config.getInt(key, 2, kMaxBoardLen);
}

int deviceOf(const Config& config, std::string_view backend, int modelIndex, int thread) {
  const std::string model = "Model" + std::to_string(modelIndex), thr = "Thread" + std::to_string(thread);
  const std::string be(backend);
  std::vector<std::string> keys;
  for (const std::string& suffix : {model + thr, model, thr, std::string()}) {
    for (const std::string& stem :
         {be + "DeviceToUse", be + "GpuToUse", std::string("deviceToUse"), std::string("gpuToUse")})
      keys.push_back(stem + suffix);
  }
  const std::string key = config.firstPresent(keys);
  return key.empty() ? -1 : config.getInt(key, 0, 1023);
}

TriState loadFp16(const Config& config, std::string_view backend, int modelIndex) {
  const std::string be(backend), dash = "-" + std::to_string(modelIndex);
  const std::string key =
      config.firstPresent({be + "UseFP16" + dash, "useFP16" + dash, be + "UseFP16", "useFP16"});
  return key.empty() ? TriState::Auto : config.getTriState(key);
}

NetPrecision loadPrecision(const Config& config, int index, TriState useFP16) {
  const std::string key = config.firstPresent(withIndex("precision", index));
  const std::string name =
      key.empty() ? "auto" : config.getChoice(key, {"auto", "fp32", "half", "bf16", "int16", "int8"});
  if (name == "auto")
    return useFP16 == TriState::Auto   ? NetPrecision::Auto
           : useFP16 == TriState::True ? NetPrecision::Half
                                       : NetPrecision::Fp32;
  if (useFP16 != TriState::Auto && (useFP16 == TriState::True) == (name == "fp32"))
    throw UserError(key + " = " + name + " contradicts useFP16 = " +
                    (useFP16 == TriState::True ? "true" : "false") + "; give one of the two");
  return name == "fp32"   ? NetPrecision::Fp32
         : name == "half" ? NetPrecision::Half
         : name == "bf16" ? NetPrecision::Bf16
         : name == "int8" ? NetPrecision::Int8
                          : NetPrecision::Int16;
}

int cacheDefault(Mode mode) {
  return mode == Mode::Match ? 21 : mode == Mode::Analysis ? 23 : 20;
}
int mutexDefault(Mode mode) {
  return mode == Mode::Match || mode == Mode::Analysis ? 17 : 16;
}

void markAcceptedBackendKeys(const Config& config) {
  for (const EngineKey& row : engineKeyTable())
    if (row.group == KeyGroup::Backend) config.markUsed(std::string(row.key));
}

std::string timeStampForFiles() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm local{};
  localtime_r(&now, &local);
  char text[32];
  std::strftime(text, sizeof text, "%Y%m%d-%H%M%S", &local);
  return text;
}

void makeDirectory(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directory(path, error);
  if (error || !std::filesystem::is_directory(path)) throw UserError("Error creating directory: " + path);
}

std::string logFileIn(const std::string& directory, bool dated) {
  const Hash128 random = Rng(randomSeedString()).nextHash();
  const std::string hex = random.toString().substr(0, 8);
  makeDirectory(directory);
  if (!dated) return directory + "/" + timeStampForFiles() + "-" + hex + ".log";
  const std::string inner = directory + "/" + timeStampForFiles();
  makeDirectory(inner);
  return inner + "/" + hex + ".log";
}

void loadResignation(const Config& config, const EngineKeyReader& read, GtpSettings& s) {
  s.allowResignation = read.getBool("allowResignation");
  if (config.has("allowResignation")) s.resignThreshold = read.requireDouble("resignThreshold");
  s.resignConsecTurns = read.getInt("resignConsecTurns");
  s.resignMinScoreDifference = read.getDouble("resignMinScoreDifference");
  s.resignMinMovesPerBoardArea = read.getDouble("resignMinMovesPerBoardArea");
}

void loadBoardSize(const Config& config, const EngineKeyReader& read, GtpSettings& s) {
  const std::string x = config.firstPresent({"defaultBoardXSize", "defaultBoardSize"});
  const std::string y = config.firstPresent({"defaultBoardYSize", "defaultBoardSize"});
  if (read.has("defaultBoardSize")) config.markUsed("defaultBoardSize");
  s.onlyOneBoardSizeKey = x.empty() != y.empty();
  for (const std::string& key : {x, y})
    if (!key.empty()) read.requireInt(key);
  s.boardSizeConfigured = !x.empty() && !y.empty();
  if (!s.boardSizeConfigured) {
    s.boardX = s.boardY = std::min(19, kMaxBoardLen);
    return;
  }
  s.boardX = read.requireInt(x);
  s.boardY = read.requireInt(y);
}

}  // namespace

Rules loadRules(const Config& config) {
  if (!config.has("rules")) return loadSingleRules(config);
  for (const char* key : kSingleRules)
    if (config.has(key))
      throw UserError(std::string("Cannot both specify 'rules' and individual rules like ") + key);
  return Rules::parse(config.getString("rules"), true);
}

int defaultBatch(int concurrentEvaluations) {
  return std::max(8, (concurrentEvaluations + 3) / 4 * 4);
}

NetSettings loadNetSettings(const Config& config, const NetContext& c) {
  NetSettings s;
  const int m = c.modelIndex;
  s.nnMaxBatchSize = config.getInt("nnMaxBatchSize", 1, 65536, defaultBatch(c.concurrentEvaluations));
  s.nnCacheSizePowerOfTwo = config.getInt("nnCacheSizePowerOfTwo", -1, 48, cacheDefault(c.mode));
  s.nnMutexPoolSizePowerOfTwo = config.getInt("nnMutexPoolSizePowerOfTwo", -1, 24, mutexDefault(c.mode));
  s.numNNServerThreadsPerModel = config.getInt("numNNServerThreadsPerModel", 1, 1024, 1);
  s.nnMaxBatchSizeGiven = config.has("nnMaxBatchSize");
  s.numNNServerThreadsGiven = config.has("numNNServerThreadsPerModel");
  s.numEigenThreadsPerModel =
      config.getInt("numEigenThreadsPerModel", 1, 1024, std::min(usableCores(), 1024));
  s.concurrentEvaluations = c.concurrentEvaluations;
  s.bufferX = bufferLength(config, 'X', m, c.boardX);
  s.bufferY = bufferLength(config, 'Y', m, c.boardY);
  const std::string exact = config.firstPresent(withIndex("requireMaxBoardSize", m));
  s.requireExactSize = exact.empty() ? c.requireExactSize : config.getBool(exact);
  s.nnRandomize = config.getBool("nnRandomize", true);
  if (config.has("nnForcedSymmetry")) {
    s.nnForcedSymmetry = config.getInt("nnForcedSymmetry", 0, 7);
    s.nnRandomize = false;
  }
  const std::string seed = config.firstPresent(withIndex("nnRandSeed", m));
  if (!seed.empty()) s.nnRandSeed = config.getString(seed);
  s.debugSkipNeuralNet = config.getBool("debugSkipNeuralNet", c.modelIsDevNull);
  s.useFP16 = loadFp16(config, c.backendPrefix, m);
  s.precision = loadPrecision(config, c.bot.value_or(m), s.useFP16);
  s.cpuIsa = config.getString("cpuIsa", "auto");
  for (int t = 0; t < s.numNNServerThreadsPerModel; t++)
    s.deviceOfServerThread.push_back(deviceOf(config, c.backendPrefix, m, t));
  s.homeDataDir = config.getString("homeDataDir", "");
  markAcceptedBackendKeys(config);
  return s;
}

void markOtherCommandsUsed(const Config& config) {
  for (const EngineKey& row : engineKeyTable())
    if (row.group == KeyGroup::Gtp || row.group == KeyGroup::Analysis || row.group == KeyGroup::GameRules ||
        row.group == KeyGroup::Log)
      config.markUsed(std::string(row.key));
}

void markOtherBackendsUsed(const Config& config, std::string_view backendPrefix) {
  for (const char* prefix : {"cuda", "trt", "metal", "opencl", "eigen", "dummybackend"})
    if (prefix != backendPrefix) config.markUsedWithPrefix(prefix);
  if (backendPrefix == "eigen") {
    config.markUsedWithPrefix("numNNServerThreadsPerModel");
    config.markUsedWithPrefix("nnMaxBatchSize");
  } else {
    config.markUsedWithPrefix("numEigenThreadsPerModel");
  }
}

std::vector<std::string> keysWithoutEffect(const Config& config, std::string_view backendPrefix) {
  std::vector<std::string> stems;
  for (const char* prefix : {"cuda", "trt", "metal", "opencl", "dummybackend"})
    if (prefix != backendPrefix) stems.emplace_back(prefix);
  if (backendPrefix == "eigen")
    stems.insert(stems.end(), {"deviceToUse", "gpuToUse", "eigenDeviceToUse", "eigenGpuToUse"});
  else
    stems.emplace_back("numEigenThreadsPerModel");
  for (const EngineKey& row : engineKeyTable())
    if (startsWith(row.doc, "Accepted")) stems.emplace_back(row.key);
  std::vector<std::string> found;
  for (const auto& entry : config.values())
    if (std::any_of(stems.begin(), stems.end(),
                    [&](const std::string& stem) { return startsWith(entry.first, stem); }))
      found.push_back(entry.first);
  return found;
}

Perspective loadPerspective(const Config& config, Perspective absent) {
  if (!config.has("reportAnalysisWinratesAs")) return absent;
  const std::string value = config.getString("reportAnalysisWinratesAs");
  const std::string upper = toUpper(trim(value));
  if (upper == "B" || upper == "BLACK") return Perspective::Black;
  if (upper == "W" || upper == "WHITE") return Perspective::White;
  if (upper == "SIDETOMOVE") return Perspective::SideToMove;
  throw UserError("Could not parse config value for reportAnalysisWinratesAs: " + value);
}

size_t loadTreeBytes(const Config& config, Mode mode, int trees) {
  const EngineKeyReader read(config, mode);
  const size_t all = read.has("maxTreeMemoryMB") ? static_cast<size_t>(read.requireInt("maxTreeMemoryMB")) << 20
                                                 : usableMemoryBytes() / 4 * 3;
  return all == 0 ? 0 : std::max(all / static_cast<size_t>(std::max(trees, 1)), size_t{1} << 20);
}

GtpSettings loadGtpSettings(const Config& config) {
  const EngineKeyReader read(config, Mode::Gtp);
  GtpSettings s;
  s.logAllGTPCommunication = config.getBool("logAllGTPCommunication");
  s.logSearchInfo = config.getBool("logSearchInfo");
  s.logSearchInfoForChosenMove = read.getBool("logSearchInfoForChosenMove");
  s.startupPrintMessageToStderr = read.getBool("startupPrintMessageToStderr");
  s.ogsChatToStderr = read.getBool("ogsChatToStderr");
  s.ponderingEnabled = read.getBool("ponderingEnabled");
  loadResignation(config, read, s);
  s.searchFactorWhenWinning = read.getDouble("searchFactorWhenWinning");
  s.searchFactorWhenWinningThreshold = read.getDouble("searchFactorWhenWinningThreshold");
  s.cleanupBeforePass = read.getTriState("cleanupBeforePass");
  s.friendlyPass = read.getTriState("friendlyPass");
  if (s.cleanupBeforePass == TriState::True && s.friendlyPass == TriState::True)
    throw UserError("Cannot specify both cleanupBeforePass = true and friendlyPass = true at the same time");
  s.preventCleanupPhase = read.getBool("preventCleanupPhase");
  s.assumeMultipleStartingBlackMovesAreHandicap = read.getBool("assumeMultipleStartingBlackMovesAreHandicap");
  s.dynamicPlayoutDoublingAdvantageCapPerOppLead =
      read.getDouble("dynamicPlayoutDoublingAdvantageCapPerOppLead");
  s.delayMoveScale = read.getDouble("delayMoveScale");
  s.delayMoveMax = read.getDouble("delayMoveMax");
  s.reportAnalysisWinratesAs = loadPerspective(config, Perspective::SideToMove);
  s.analysisPVLen = read.getInt("analysisPVLen");
  s.gtpForceMaxNNSize = read.getBool("gtpForceMaxNNSize");
  s.searchRandSeed = config.getString("searchRandSeed", "");
  s.forDeterministicTesting = read.getBool("forDeterministicTesting");
  loadBoardSize(config, read, s);
  if (config.has("ignoreGTPAndForceKomi")) s.ignoreGTPAndForceKomi = read.getFloat("ignoreGTPAndForceKomi");
  return s;
}

AnalysisSettings loadAnalysisSettings(const Config& config, int analysisThreadsFlag) {
  const EngineKeyReader read(config, Mode::Analysis);
  AnalysisSettings s;
  s.numAnalysisThreads = analysisThreadsFlag > 0 && !config.has("numAnalysisThreads")
                             ? analysisThreadsFlag
                             : read.requireInt("numAnalysisThreads");
  if (analysisThreadsFlag > 0) s.numAnalysisThreads = analysisThreadsFlag;
  s.logAllRequests = read.getBool("logAllRequests");
  s.logAllResponses = read.getBool("logAllResponses");
  s.logErrorsAndWarnings = read.getBool("logErrorsAndWarnings");
  s.logSearchInfo = read.getBool("logSearchInfo");
  s.warnUnusedFields = read.getBool("warnUnusedFields");
  s.reportAnalysisWinratesAs = loadPerspective(config, Perspective::SideToMove);
  s.analysisPVLen = config.getInt("analysisPVLen", 1, 100, 15);
  s.assumeMultipleStartingBlackMovesAreHandicap = read.getBool("assumeMultipleStartingBlackMovesAreHandicap");
  s.preventCleanupPhase = read.getBool("preventCleanupPhase");
  s.forDeterministicTesting = read.getBool("forDeterministicTesting");
  return s;
}

LogPlan loadLogPlan(const Config& config, Mode mode) {
  const EngineKeyReader read(config, mode);
  LogPlan plan;
  plan.settings.toStdout = config.getBool("logToStdout", mode == Mode::Benchmark || mode == Mode::EvalSgf);
  plan.settings.toStderr = config.getBool("logToStderr", mode == Mode::Analysis);
  plan.settings.timestamps = read.getBool("logTimeStamp");
  plan.logConfigContents = read.getBool("logConfigContents");
  const int given = config.has("logFile") + config.has("logDir") + config.has("logDirDated");
  if (given > 1)
    throw UserError("Cannot specify more than one of logFile and logDir and logDirDated in config");
  if (config.has("logFile")) plan.settings.file = config.getString("logFile");
  if (config.has("logDir")) plan.settings.file = logFileIn(config.getString("logDir"), false);
  if (config.has("logDirDated")) plan.settings.file = logFileIn(config.getString("logDirDated"), true);
  return plan;
}

}  // namespace ponnuki
