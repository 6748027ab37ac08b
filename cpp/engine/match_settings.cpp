#include "engine/match_settings.h"

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/text.h"
#include "config/engine_keys.h"
#include "config/resolve.h"

namespace ponnuki {

namespace {

// The elements of a comma list, trimmed; never empty.
std::vector<std::string> listOf(const Config& config, const std::string& key) {
  std::vector<std::string> pieces;
  for (const std::string& piece : config.getStrings(key))
    if (!trim(piece).empty()) pieces.emplace_back(trim(piece));
  if (pieces.empty()) throw UserError("Config key " + key + " in " + config.name() + " is an empty list");
  return pieces;
}

[[noreturn]] void failElement(const Config& config, const std::string& key, const std::string& piece,
                              const std::string& wanted) {
  throw UserError("Could not parse '" + piece + "' as " + wanted + " for key '" + key + "' in config file " +
                  config.name());
}

int intIn(const Config& config, const std::string& key, const std::string& piece, int lo, int hi) {
  const std::optional<int> value = tryInt(piece);
  if (!value || *value < lo || *value > hi)
    failElement(config, key, piece, "an integer from " + std::to_string(lo) + " to " + std::to_string(hi));
  return *value;
}

std::pair<int, int> pairIn(const Config& config, const std::string& key, const std::string& piece, int lo,
                           int hi) {
  const std::vector<std::string> ends = split(piece, '-');
  if (ends.size() != 2) failElement(config, key, piece, "two numbers with a '-' between them");
  return {intIn(config, key, ends[0], lo, hi), intIn(config, key, ends[1], lo, hi)};
}

std::vector<bool> boolsOf(const Config& config, const std::string& key) {
  std::vector<bool> values;
  for (const std::string& piece : listOf(config, key)) {
    const std::optional<bool> value = tryBool(piece);
    if (!value) failElement(config, key, piece, "true or false");
    values.push_back(*value);
  }
  return values;
}

template <class Parse>
auto choicesOf(const Config& config, const std::string& key, Parse parse) {
  std::vector<decltype(parse(std::string()))> values;
  for (const std::string& piece : listOf(config, key)) values.push_back(parse(toUpper(piece)));
  return values;
}

std::vector<MatchBot> loadBots(const Config& config) {
  const int count = config.getInt("numBots", 1, 4096, 1);
  std::vector<MatchBot> bots;
  for (int i = 0; i < count; i++) {
    const std::string index = std::to_string(i);
    MatchBot bot;
    if (count == 1 && !config.has("botName0")) {
      bot.name = config.getString("botName");
    } else {
      if (!config.has("botName" + index))
        throw UserError("If more than one bot, must specify botName0, botName1,... individually");
      bot.name = config.getString("botName" + index);
    }
    bot.modelFile =
        config.getString(config.has("nnModelFile" + index) ? "nnModelFile" + index : "nnModelFile");
    if (config.has("precision" + index)) bot.precision = config.getString("precision" + index);
    bot.params = loadSearchParams(config, Mode::Match, false, i);
    bots.push_back(std::move(bot));
  }
  return bots;
}

void shareNets(MatchSettings& s) {
  for (size_t i = 0; i < s.bots.size(); i++) {
    MatchBot& bot = s.bots[i];
    const auto known = std::find_if(s.nets.begin(), s.nets.end(), [&](const MatchNet& net) {
      return net.modelFile == bot.modelFile && s.bots[net.firstBot].precision == bot.precision;
    });
    bot.net = static_cast<size_t>(known - s.nets.begin());
    if (known == s.nets.end()) s.nets.push_back({bot.modelFile, i});
  }
}

std::set<int> botsIn(const Config& config, const std::string& key, int count) {
  std::set<int> bots;
  if (config.has(key))
    for (const std::string& piece : listOf(config, key)) bots.insert(intIn(config, key, piece, 0, count - 1));
  return bots;
}

std::vector<MatchPairing> loadPairings(const Config& config, int count) {
  const std::set<int> included = botsIn(config, "includeBots", count);
  const std::set<int> secondary = botsIn(config, "secondaryBots", count);
  const auto plays = [&](int i) { return included.empty() || included.count(i) != 0; };
  std::vector<MatchPairing> round;
  for (int i = 0; i < count; i++)
    for (int j = 0; j < count; j++)
      if (i != j && plays(i) && plays(j) && !(secondary.count(i) && secondary.count(j)))
        round.push_back({static_cast<size_t>(i), static_cast<size_t>(j)});
  const bool oneSided = config.getBool("extraPairsAreOneSidedBW", false);
  if (config.has("extraPairs"))
    for (const std::string& piece : listOf(config, "extraPairs")) {
      const auto [a, b] = pairIn(config, "extraPairs", piece, 0, count - 1);
      round.push_back({static_cast<size_t>(a), static_cast<size_t>(b)});
      if (!oneSided) round.push_back({static_cast<size_t>(b), static_cast<size_t>(a)});
    }
  if (round.empty()) throw UserError("MatchPairer: no matchups specified");
  return round;
}

std::vector<double> weightsOf(const Config& config, const std::string& key, size_t count) {
  std::vector<double> weights;
  double sum = 0;
  for (const std::string& piece : listOf(config, key)) {
    const std::optional<double> value = tryDouble(piece);
    if (!value || *value < 0) failElement(config, key, piece, "a number of at least 0");
    weights.push_back(*value);
    sum += *value;
  }
  if (weights.size() != count)
    throw UserError(
        "bSizes or bSizesXY and bSizeRelProbs must have the same number of values in config file " +
        config.name());
  if (sum <= 0) throw UserError("bSizeRelProbs must sum to a positive value in config file " + config.name());
  return weights;
}

void loadSizes(const Config& config, MatchSettings& s) {
  if (config.has("bSizes") == config.has("bSizesXY"))
    throw UserError("Must specify exactly one of bSizes or bSizesXY in config file " + config.name());
  const std::string key = config.has("bSizes") ? "bSizes" : "bSizesXY";
  for (const std::string& piece : listOf(config, key)) {
    MatchBoardSize size;
    if (key == "bSizes")
      size.x = size.y = intIn(config, key, piece, 2, kMaxBoardLen);
    else
      std::tie(size.x, size.y) = pairIn(config, key, piece, 2, kMaxBoardLen);
    s.sizes.push_back(size);
  }
  const std::vector<double> weights = weightsOf(config, "bSizeRelProbs", s.sizes.size());
  for (size_t i = 0; i < weights.size(); i++) s.sizes[i].weight = weights[i];
  if (key == "bSizes") s.rectangleProb = config.getDouble("allowRectangleProb", 0, 1, 0);
}

KomiSettings loadKomi(const Config& config) {
  const EngineKeyReader read(config, Mode::Match);
  KomiSettings k;
  const bool automatic = config.getBool("komiAuto", false);
  if (automatic == config.has("komiMean"))
    throw UserError("Must specify exactly one of komiAuto = true or komiMean = NUMBER in config file " +
                    config.name());
  if (!automatic) k.mean = read.getFloat("komiMean");
  k.stdev = read.getDouble("komiStdev");
  k.bigStdev = read.getDouble("komiBigStdev");
  k.bigStdevProb = read.getDouble("komiBigStdevProb");
  k.biggerStdev = read.getDouble("komiBiggerStdev");
  k.biggerStdevProb = read.getDouble("komiBiggerStdevProb");
  k.allowIntegerProb = read.getDouble("komiAllowIntegerProb");
  return k;
}

OpeningSettings loadOpening(const Config& config) {
  const EngineKeyReader read(config, Mode::Match);
  OpeningSettings o;
  o.byPolicy = read.getBool("initGamesWithPolicy");
  if (o.byPolicy) {
    o.areaProp = read.requireDouble("policyInitAreaProp");
    o.compensateProb = read.requireDouble("compensateAfterPolicyInitProb");
    o.temperature = read.getDouble("policyInitAreaTemperature");
    o.gammaShape = read.getDouble("policyInitGammaShape");
  }
  o.handicapProb = read.getDouble("handicapProb");
  o.handicapCompensateProb = read.getDouble("handicapCompensateKomiProb");
  if (config.has("numExtraBlackFixed")) o.extraBlack = read.requireInt("numExtraBlackFixed");
  return o;
}

// Keys of self-play in general that mean nothing in a match here.
std::vector<std::string> takeIgnoredKeys(const Config& config) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : config.values())
    for (const char* prefix : {"startPoses", "hintPoses", "dynamicSelfKomiBonus", "dynamicSelfKomiWinLoss"})
      if (startsWith(key, prefix)) {
        config.markUsed(key);
        keys.push_back(key);
      }
  return keys;
}

}  // namespace

int MatchSettings::largestX() const {
  int most = 0;
  for (const MatchBoardSize& size : sizes) most = std::max({most, size.x, rectangleProb > 0 ? size.y : 0});
  return most;
}

int MatchSettings::largestY() const {
  int most = 0;
  for (const MatchBoardSize& size : sizes) most = std::max({most, size.y, rectangleProb > 0 ? size.x : 0});
  return most;
}

bool MatchSettings::allOneSize() const {
  return std::all_of(sizes.begin(), sizes.end(),
                     [&](const MatchBoardSize& s) { return s.x == sizes[0].x && s.y == sizes[0].y; });
}

MatchSettings loadMatchSettings(const Config& config) {
  const EngineKeyReader read(config, Mode::Match);
  MatchSettings s;
  s.bots = loadBots(config);
  shareNets(s);
  s.round = loadPairings(config, static_cast<int>(s.bots.size()));
  s.gameThreads = read.requireInt("numGameThreads");
  s.games = config.getInt64("numGamesTotal", 1, int64_t{1} << 62);
  s.logGamesEvery = read.requireInt("logGamesEvery");
  s.logSearchInfo = config.getBool("logSearchInfo");
  s.logMoves = config.getBool("logMoves");
  s.maxMoves = read.requireInt("maxMovesPerGame");
  s.allowResignation = config.getBool("allowResignation");
  s.resignThreshold = read.requireDouble("resignThreshold");
  s.resignConsecTurns = read.requireInt("resignConsecTurns");
  s.clearBotBeforeSearch = read.getBool("clearBotBeforeSearch");
  s.ko = choicesOf(config, "koRules", parseKoRule);
  s.scoring = choicesOf(config, "scoringRules", parseScoringRule);
  s.tax = choicesOf(config, "taxRules", parseTaxRule);
  s.suicide = boolsOf(config, "multiStoneSuicideLegals");
  s.button = boolsOf(config, "hasButtons");
  loadSizes(config, s);
  s.komi = loadKomi(config);
  s.compensateKomiVisits = read.getInt("compensateKomiVisits");
  s.opening = loadOpening(config);
  s.ignoredKeys = takeIgnoredKeys(config);
  return s;
}

}  // namespace ponnuki
