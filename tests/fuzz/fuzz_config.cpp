// Any bytes as a config file: every command loads its settings or refuses them with a UserError, and what was
// loaded can be shown again.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "base/error.h"
#include "config/resolve.h"
#include "engine/match_settings.h"

using namespace ponnuki;

namespace {

// What match needs; the fuzzed keys replace them.
constexpr const char* kMatchKeys =
    "numBots = 2\nbotName0 = a\nbotName1 = b\nnnModelFile = x\nnumGameThreads = 1\nnumGamesTotal = 2\n"
    "logGamesEvery = 1\nlogSearchInfo = false\nlogMoves = false\nmaxMovesPerGame = 9\nallowResignation = "
    "true\n"
    "resignThreshold = -0.9\nresignConsecTurns = 3\nkoRules = SIMPLE\nscoringRules = AREA\ntaxRules = NONE\n"
    "multiStoneSuicideLegals = false\nhasButtons = false\nbSizes = 9\nbSizeRelProbs = 1\nkomiAuto = true\n"
    "numSearchThreads = 1\nmaxVisits = 5\n";

void attempt(const std::function<void()>& load) {
  try {
    load();
  } catch (const UserError&) {
  }
}

void require(bool holds) {
  if (!holds) __builtin_trap();
}

void checkSearchParams(const Config& config, Mode mode, bool human, int bot = -1) {
  const SearchParams params = loadSearchParams(config, mode, human, bot);
  require(params.numSearchThreads >= 1 && params.maxVisits >= 1);
  for (const std::string& name : reportableSearchParams()) {
    const std::string json = searchParamAsJson(params, name);
    require(json.empty() || nlohmann::json::accept(json));  // no NaN, no infinity
  }
}

void loadEverything(const Config& config) {
  for (const Mode mode : {Mode::Gtp, Mode::Analysis, Mode::Match, Mode::Benchmark, Mode::EvalSgf}) {
    attempt([&] { checkSearchParams(config, mode, mode != Mode::Match); });
    attempt([&] { loadTreeBytes(config, mode, 2); });
    attempt([&] {
      NetContext context;
      context.mode = mode;
      loadNetSettings(config, context);
    });
  }
  attempt([&] { checkSearchParams(config, Mode::Match, false, 1); });
  attempt([&] { loadGtpSearchParams(config, true); });
  attempt([&] { loadGtpSettings(config); });
  attempt([&] { loadAnalysisSettings(config, 0); });
  attempt([&] { loadRules(config); });
  attempt([&] { loadPerspective(config, Perspective::Black); });
  attempt([&] { loadMatchSettings(config); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (text.find("@include") != std::string::npos) return 0;  // reads files
  attempt([&] {
    const Config config = Config::fromText(text, "fuzz.cfg");
    loadEverything(config);
    markOtherCommandsUsed(config);
    config.unusedKeyWarnings();
    Config match = Config::fromText(kMatchKeys, "match.cfg");
    match.applyOverrides(config.values());
    loadEverything(match);
  });
  attempt([&] {
    Config overridden;
    overridden.applyOverrideString(text);
    loadEverything(overridden);
  });
  return 0;
}
