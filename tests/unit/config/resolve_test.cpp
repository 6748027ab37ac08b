#include "config/resolve.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <set>
#include <string>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "config/param_docs.h"
#include "game/point.h"

using namespace ponnuki;

namespace {

Config configOf(const std::string& text) {
  return Config::fromText("numSearchThreads = 2\n" + text, "f");
}

SearchParams load(const std::string& text, Mode mode = Mode::Gtp, bool human = false, int bot = -1) {
  return loadSearchParams(configOf(text), mode, human, bot);
}

template <typename F>
std::string errorOf(F act) {
  try {
    act();
  } catch (const UserError& e) {
    return e.what();
  }
  return "no error";
}

std::string projectFile(const std::string& name) { return PONNUKI_SOURCE_DIR "/" + name; }

}  // namespace

TEST_CASE("an empty config gives the defaults of the struct in gtp mode") {
  SearchParams expected;
  expected.numSearchThreads = 2;
  expected.conservativePass = expected.fillDameBeforePass = true;
  CHECK(load("") == expected);
}

TEST_CASE("defaults depend on the mode") {
  const SearchParams analysis = load("", Mode::Analysis), bench = load("", Mode::Benchmark),
                     sgf = load("", Mode::EvalSgf);
  CHECK(analysis.wideRootNoise == 0.04);
  CHECK(analysis.ignorePreRootHistory);
  CHECK(analysis.conservativePass);
  CHECK(!analysis.fillDameBeforePass);
  CHECK(bench.minPlayoutsPerThread == 0);
  CHECK(!bench.rootSymmetryPruning);
  CHECK(!bench.enablePassingHacks);
  CHECK(!bench.conservativePass);
  CHECK(!sgf.conservativePass);
  CHECK(sgf.enablePassingHacks);
  CHECK(sgf.minPlayoutsPerThread == 8);
}

TEST_CASE("defaults follow other keys") {
  CHECK(load("rootPolicyTemperature = 2").rootPolicyTemperatureEarly == 2);
  CHECK(load("fpuLossProp = 0.3").rootFpuLossProp == 0.3);
  CHECK(load("rootNoiseEnabled = true").rootFpuReductionMax == 0);
  CHECK(load("rootNoiseEnabled = true\nrootFpuReductionMax = 0.4").rootFpuReductionMax == 0.4);
  CHECK(load("policyOptimism = 0.1").rootPolicyOptimism == 0.1);
  CHECK(load("policyOptimism = 0.7").rootPolicyOptimism == 0.2);
}

TEST_CASE("a conditional key is not read, and so reported, when its condition fails") {
  const Config c = configOf("fpuParentWeight = 0.5\n");
  CHECK(loadSearchParams(c, Mode::Gtp, false).fpuParentWeight == 0);
  CHECK(!c.isUsed("fpuParentWeight"));
  CHECK(load("fpuParentWeightByVisitedPolicy = false\nfpuParentWeight = 0.5").fpuParentWeight == 0.5);
}

TEST_CASE("each type of parameter is parsed and checked") {
  CHECK(load("playoutDoublingAdvantagePla = white").playoutDoublingAdvantagePla == Color::White);
  CHECK(errorOf([] { load("playoutDoublingAdvantagePla = x"); }) ==
        "Could not parse player in field playoutDoublingAdvantagePla, should be BLACK or WHITE");
  CHECK(load("alwaysComputePassAliveUnderSuicideRules = false").alwaysComputePassAliveUnderSuicideRules == 0);
  CHECK(load("maxVisits = 1125899906842624").maxVisits == kUnlimitedVisits);
  CHECK(errorOf([] { load("maxVisits = 0"); }) ==
        "Key 'maxVisits' must be in the range 1 to 1125899906842624 in config file f");
  CHECK(errorOf([] { load("futileVisitsThreshold = 0"); }) ==
        "Key 'futileVisitsThreshold' must be in the range 0.01 to 1 in config file f");
  CHECK(load("nnPolicyTemperature = 0.7").nnPolicyTemperature == 0.7f);
  CHECK(load("humanSLProfile = _").humanSLProfile == "");
}

TEST_CASE("the number of threads is required") {
  CHECK(errorOf([] { loadSearchParams(Config(), Mode::Gtp, false); }) ==
        "Could not find key 'numSearchThreads' in config file ");
}

TEST_CASE("human keys need a human net, except the profile") {
  CHECK(load("humanSLProfile = rank_5k").humanSLProfile == "rank_5k");
  CHECK(load("humanSLChosenMoveProp = 1", Mode::Gtp, true).humanSLChosenMoveProp == 1);
  CHECK(errorOf([] { load("humanSLChosenMoveProp = 1"); }) ==
        "Provided parameter humanSLChosenMoveProp but no human model was specified (e.g -human-model "
        "b18c384nbt-humanv0.bin.gz)");
}

TEST_CASE("keys of one bot win over plain keys in match only") {
  CHECK(load("maxVisits = 5\nmaxVisits1 = 6", Mode::Match, false, 1).maxVisits == 6);
  CHECK(load("maxVisits = 5\nmaxVisits1 = 6", Mode::Match, false, 0).maxVisits == 5);
  CHECK(load("maxVisits = 5\nmaxVisits0 = 6").maxVisits == 5);
  CHECK(errorOf([] { load("numBots = 2"); }) == "The config for this command cannot have numBots > 0");
}

TEST_CASE("gtp has one set of parameters for playing and one for analysis") {
  const GtpSearchParams plain = loadGtpSearchParams(configOf(""), false);
  CHECK(plain.genmove.antiMirror);
  CHECK(!plain.analysis.antiMirror);
  CHECK(plain.genmove.wideRootNoise == 0);
  CHECK(plain.analysis.wideRootNoise == 0.04);
  CHECK(!plain.genmove.ignorePreRootHistory);
  CHECK(plain.analysis.ignorePreRootHistory);
  const GtpSearchParams set =
      loadGtpSearchParams(configOf("antiMirror = false\nwideRootNoise = 0.5\nanalysisWideRootNoise = "
                                   "0.1\nignorePreRootHistory = true\n"
                                   "analysisIgnorePreRootHistory = false\nconservativePass = false"),
                          false);
  CHECK(!set.genmove.antiMirror);
  CHECK(set.genmove.wideRootNoise == 0.5);
  CHECK(set.analysis.wideRootNoise == 0.1);
  CHECK(set.genmove.ignorePreRootHistory);
  CHECK(!set.analysis.ignorePreRootHistory);
  CHECK(!set.genmove.conservativePass);
}

TEST_CASE("parameters of start-up may not change later") {
  SearchParams a, b;
  b.maxVisits = 7;
  checkOnlyRuntimeChanges(a, b);
  b.useEvalCache = true;
  CHECK(errorOf([&] { checkOnlyRuntimeChanges(a, b); }) == "Cannot change useEvalCache after initialization");
}

TEST_CASE("parameters are reported as JSON values, one hundred of them") {
  const SearchParams p;
  CHECK(reportableSearchParams().size() == 100);
  CHECK(searchParamAsJson(p, "cpuctExplorationLog") == "0.45");
  CHECK(searchParamAsJson(p, "winLossUtilityFactor") == "1.0");
  CHECK(searchParamAsJson(p, "maxTime") == "1e+20");
  CHECK(searchParamAsJson(p, "numSearchThreads") == "1");
  CHECK(searchParamAsJson(p, "playoutDoublingAdvantagePla") == "\"E\"");
  CHECK(searchParamAsJson(p, "alwaysComputePassAliveUnderSuicideRules") == "\"auto\"");
  CHECK(searchParamAsJson(p, "subtreeValueBiasTableNumShards") == "65536");
  CHECK(searchParamAsJson(p, "antiMirror") == "");
  CHECK(searchParamAsJson(p, "nonsense") == "");
}

TEST_CASE("the hash of the parameters changes with every one of them") {
  std::set<Hash128> seen{hashOfSearchParams(SearchParams())};
  for (const SearchParamRow& row : searchParamTable()) {
    SearchParams p;
    struct Change {
      SearchParams& p;
      void operator()(bool SearchParams::*f) const { p.*f = !(p.*f); }
      void operator()(Color SearchParams::*f) const { p.*f = Color::White; }
      void operator()(std::string SearchParams::*f) const { (p.*f).push_back('x'); }
      void operator()(TriStateField f) const { p.*f.field = 1; }
      void operator()(double SearchParams::*f) const { p.*f = p.*f * 0.5 + 0.01; }
      void operator()(float SearchParams::*f) const { p.*f += 1; }
      void operator()(int SearchParams::*f) const { p.*f += 1; }
      void operator()(int64_t SearchParams::*f) const { p.*f += 1; }
    };
    std::visit(Change{p}, row.field);
    CAPTURE(row.key);
    CHECK(seen.insert(hashOfSearchParams(p)).second);
  }
}

TEST_CASE("rules are read by name or one by one, not both") {
  CHECK((loadRules(configOf("rules = japanese")).scoring == ScoringRule::Territory));
  const Rules single =
      loadRules(configOf("koRule = SITUATIONAL\nscoringRule = TERRITORY\nmultiStoneSuicideLegal = false"));
  CHECK((single.ko == KoRule::Situational));
  CHECK((single.tax == TaxRule::Seki));
  CHECK(single.komi == 6.5f);
  const std::string area = "koRule = SIMPLE\nscoringRule = AREA\nmultiStoneSuicideLegal = true\n";
  CHECK(loadRules(configOf(area + "hasButton = true")).komi == 7.0f);
  CHECK(
      (loadRules(configOf(area + "whiteBonusPerHandicapStone = 1")).whiteHandicapBonus == HandicapBonus::N));
  CHECK(errorOf([&] { loadRules(configOf("rules = chinese\nkoRule = SIMPLE")); }) ==
        "Cannot both specify 'rules' and individual rules like koRule");
  CHECK(errorOf([&] { loadRules(configOf("koRule = SIMPLE")); }) ==
        "Could not find key 'scoringRule' in config file f");
  CHECK(errorOf([&] {
          loadRules(configOf(area + "whiteBonusPerHandicapStone = 1\nwhiteHandicapBonus = N"));
        }) == "May specify only one of whiteBonusPerHandicapStone and whiteHandicapBonus in config");
}

TEST_CASE("net settings take the most specific key") {
  NetContext context;
  context.backendPrefix = "cuda";
  context.concurrentEvaluations = 9;
  const NetSettings s = loadNetSettings(
      configOf(
          "numNNServerThreadsPerModel = 2\ndeviceToUse = 3\ncudaDeviceToUseThread1 = 5\nuseFP16 = false\n"
          "cudaUseFP16 = true\nmaxBoardSizeForNNBuffer = 13\nmaxBoardYSizeForNNBuffer0 = 9\nnnForcedSymmetry "
          "= 4\n"
          "nnRandSeed = a\nnnRandSeed0 = b"),
      context);
  CHECK(s.deviceOfServerThread == std::vector<int>{3, 5});
  CHECK(s.useFP16 == TriState::True);
  CHECK(s.bufferX == 13);
  CHECK(s.bufferY == 9);
  CHECK(s.nnForcedSymmetry == 4);
  CHECK(!s.nnRandomize);
  CHECK(s.nnRandSeed == "b");
  CHECK(s.nnMaxBatchSize == 12);
  CHECK(s.nnCacheSizePowerOfTwo == 20);
}

TEST_CASE("the precision of a net follows precision, then useFP16") {
  const auto precisionOf = [](const std::string& text) { return loadNetSettings(configOf(text), {}).precision; };
  CHECK(precisionOf("") == NetPrecision::Auto);
  CHECK(precisionOf("precision = int16") == NetPrecision::Int16);
  CHECK(precisionOf("useFP16 = true") == NetPrecision::Half);
  CHECK(precisionOf("precision = auto\nuseFP16 = false") == NetPrecision::Fp32);
  CHECK(precisionOf("precision = bf16\nuseFP16 = true") == NetPrecision::Bf16);
  CHECK_THROWS_WITH_AS(precisionOf("precision = half\nuseFP16 = false"),
                       "precision = half contradicts useFP16 = false; give one of the two", UserError);
  CHECK_THROWS_AS(precisionOf("precision = double"), UserError);
  CHECK(precisionOf("precision = half\nprecision0 = fp32\nprecision1 = int8") == NetPrecision::Fp32);
}

TEST_CASE("keys of other backends and ignored keys count as used") {
  const Config c = configOf("cudaUseFP16 = true\nopenclDeviceToUse = 1\nnnMaxBatchSize = 8\neigenZed = 1");
  markOtherBackendsUsed(c, "eigen");
  loadSearchParams(c, Mode::Gtp, false);
  CHECK(c.unusedKeys() == std::vector<std::string>{"eigenZed"});
}

TEST_CASE("gtp settings have their defaults and conflicts") {
  const std::string required = "logAllGTPCommunication = true\nlogSearchInfo = false\n";
  const GtpSettings s = loadGtpSettings(configOf(required));
  CHECK(s.analysisPVLen == 13);
  CHECK(s.boardX == 19);
  CHECK(!s.boardSizeConfigured);
  CHECK(errorOf([] { loadGtpSettings(configOf("")); }) ==
        "Could not find key 'logAllGTPCommunication' in config file f");
  CHECK(errorOf([&] { loadGtpSettings(configOf(required + "allowResignation = false")); }) ==
        "Could not find key 'resignThreshold' in config file f");
  CHECK(errorOf([&] {
          loadGtpSettings(configOf(required + "cleanupBeforePass = true\nfriendlyPass = true"));
        }) == "Cannot specify both cleanupBeforePass = true and friendlyPass = true at the same time");
  const GtpSettings sized =
      loadGtpSettings(configOf(required + "defaultBoardSize = 9\ndefaultBoardXSize = 13"));
  CHECK(sized.boardX == 13);
  CHECK(sized.boardY == 9);
  CHECK(loadGtpSettings(configOf(required + "defaultBoardYSize = 9")).onlyOneBoardSizeKey);
  CHECK(errorOf([&] { loadGtpSettings(configOf(required + "reportAnalysisWinratesAs = me")); }) ==
        "Could not parse config value for reportAnalysisWinratesAs: me");
}

TEST_CASE("analysis threads come from the config or the command line") {
  CHECK(loadAnalysisSettings(configOf("numAnalysisThreads = 3"), 0).numAnalysisThreads == 3);
  CHECK(loadAnalysisSettings(configOf(""), 5).numAnalysisThreads == 5);
  CHECK(errorOf([] { loadAnalysisSettings(configOf(""), 0); }) ==
        "Could not find key 'numAnalysisThreads' in config file f");
}

TEST_CASE("at most one place for the log file") {
  CHECK(errorOf([] { loadLogPlan(configOf("logFile = a\nlogDir = b"), Mode::Gtp); }) ==
        "Cannot specify more than one of logFile and logDir and logDirDated in config");
  CHECK(loadLogPlan(configOf(""), Mode::Analysis).settings.toStderr);
  CHECK(loadLogPlan(configOf(""), Mode::Benchmark).settings.toStdout);
  CHECK(!loadLogPlan(configOf("logConfigContents = false"), Mode::Gtp).logConfigContents);
}

TEST_CASE("the match example has usable search keys for each bot") {
  const Config config = Config::fromFiles({projectFile("configs/match_example.cfg")});
  CHECK(loadSearchParams(config, Mode::Match, false, 1).maxVisits == 500);
}

namespace {

void loadAsCommandWould(Config config, Mode mode, bool human) {
  if (mode == Mode::Analysis) {
    config.renameKey("numSearchThreadsPerAnalysisThread", "numSearchThreads");
    loadSearchParams(config, mode, human);
    loadAnalysisSettings(config, 0);
  } else {
    loadGtpSearchParams(config, human);
    loadGtpSettings(config);
    loadRules(config);
  }
  loadNetSettings(config, NetContext());
  loadTreeBytes(config, mode, 1);
  for (const char* key : {"logDir", "logToStderr", "logFile", "logDirDated", "logToStdout"})
    config.markUsed(key);
  CHECK(config.unusedKeys() == std::vector<std::string>{});
}

// The settings of an example that are commented out: lines like "# key = value".
std::vector<std::string> suggestedSettings(const std::string& text) {
  std::vector<std::string> found;
  for (const std::string& line : split(text, '\n')) {
    const size_t equals = line.find(" = ");
    if (!startsWith(line, "# ") || equals == std::string::npos) continue;
    const std::string key = line.substr(2, equals - 2);
    const bool isKey = std::all_of(key.begin(), key.end(), [](unsigned char c) { return std::isalnum(c); });
    if (isKey && std::islower(static_cast<unsigned char>(key[0]))) found.push_back(line.substr(2));
  }
  return found;
}

std::string keyOf(const std::string& setting) {
  return setting.substr(0, setting.find(' '));
}

}  // namespace

TEST_CASE("the examples load in their commands, also with what they suggest, and every key is read") {
  struct Example {
    const char* file;
    Mode mode;
    bool human;
  };
  for (const Example& e :
       {Example{"gtp_example.cfg", Mode::Gtp, false}, Example{"gtp_human5k_example.cfg", Mode::Gtp, true},
        Example{"gtp_human9d_search_example.cfg", Mode::Gtp, true},
        Example{"analysis_example.cfg", Mode::Analysis, false}}) {
    CAPTURE(e.file);
    const std::string text = readFile(projectFile(std::string("configs/") + e.file));
    loadAsCommandWould(Config::fromText(text, e.file), e.mode, e.human);
    for (const std::string& setting : suggestedSettings(text)) {
      CAPTURE(setting);
      // With the suggestion in place of what the example says, if it says anything.
      Config config = Config::fromText(text, e.file);
      const std::string value = setting.substr(setting.find(" = ") + 3);
      config.applyOverrides({{keyOf(setting), value.substr(0, value.find(" #"))}});
      loadAsCommandWould(config, e.mode, e.human);
    }
  }
}

TEST_CASE("every key of every example is a key of the tables") {
  const std::vector<std::string>& known = allKnownKeys();
  for (const char* file : {"gtp_example.cfg", "gtp_human5k_example.cfg", "gtp_human9d_search_example.cfg",
                           "analysis_example.cfg"}) {
    const std::string text = readFile(projectFile(std::string("configs/") + file));
    std::vector<std::string> keys;
    const Config config = Config::fromText(text, file);
    for (const auto& [key, value] : config.values()) keys.push_back(key);
    for (const std::string& setting : suggestedSettings(text)) keys.push_back(keyOf(setting));
    CHECK(keys.size() > 10);
    for (const std::string& key : keys) {
      INFO(file << ": " << key);
      CHECK(std::find(known.begin(), known.end(), key) != known.end());
    }
  }
}

TEST_CASE("docs/parameters.md is what the tables say" *
          doctest::skip(kMaxBoardLen != 19)) {  // board sizes are in the text
  const std::string path = projectFile("docs/parameters.md");
  if (std::getenv("PONNUKI_WRITE_DOCS")) writeFile(path, paramDocsMarkdown());
  CHECK(readFile(path) == paramDocsMarkdown());
}
