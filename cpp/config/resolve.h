// From a Config to settings: per-mode defaults, derived defaults, conflicts, file locations. Pure functions
// of the config (reading marks keys as used) and, where said, of the file system. Errors are UserErrors with
// the reference's texts. Spec search 2.9, gtp 2.3, 3, analysis-cli-config 2.5-2.9, rules-and-board 2.5.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash128.h"
#include "config/config_file.h"
#include "config/engine_params.h"
#include "config/param.h"

namespace ponnuki {

// The search parameters of one command. Analysis and gtp have conservativePass (gtp also fillDameBeforePass)
// on unless configured. bot >= 0: keys with that suffix win (match). Without a human net humanSL* keys are
// refused.
SearchParams loadSearchParams(const Config& config, Mode mode, bool hasHumanModel, int bot = -1);

struct GtpSearchParams {
  SearchParams genmove, analysis;
};
GtpSearchParams loadGtpSearchParams(const Config& config, bool hasHumanModel);

// Throws if `now` differs from `atStart` in a parameter of Scope::Startup.
void checkOnlyRuntimeChanges(const SearchParams& atStart, const SearchParams& now);

// kata-list-params and kata-get-param(s): names in byte order, values as compact JSON ("0.45", "\"auto\"").
std::vector<std::string> reportableSearchParams();
std::string searchParamAsJson(const SearchParams& params, const std::string& name);  // "" if not reportable

Hash128 hashOfSearchParams(const SearchParams& params);  // within one process and build

// rules = ... or the single keys; tromp-taylor-like errors of spec 2.9. Komi by the rule set.
Rules loadRules(const Config& config);

struct NetContext {
  Mode mode = Mode::Gtp;
  std::string_view backendPrefix = "eigen";  // cuda, trt, metal, opencl, eigen
  int modelIndex = 0;
  int boardX = 19, boardY = 19;   // buffer when the config names none
  bool requireExactSize = true;   // when the config does not say
  int concurrentEvaluations = 1;  // search threads that may wait at once
  std::optional<int> bot;         // of a match: the number in its `precision` key; none: the number of the net
  bool modelIsDevNull = false;
};
NetSettings loadNetSettings(const Config& config, const NetContext& context);
// Marks as used the keys the running backend ignores by design (spec analysis-cli-config 2.4).
void markOtherBackendsUsed(const Config& config, std::string_view backendPrefix);
// Keys of the config that are accepted because the reference has them, but change nothing here; byte order.
std::vector<std::string> keysWithoutEffect(const Config& config, std::string_view backendPrefix);
// Rows of a batch on a graphics card when the config names no nnMaxBatchSize.
int defaultBatch(int concurrentEvaluations);
// One file may serve several commands: keys that another one reads are no typing errors.
void markOtherCommandsUsed(const Config& config);

// Bytes of one of `trees` search trees that may exist at once; 0 = no limit (maxTreeMemoryMB).
size_t loadTreeBytes(const Config& config, Mode mode, int trees);
GtpSettings loadGtpSettings(const Config& config);
AnalysisSettings loadAnalysisSettings(const Config& config, int analysisThreadsFlag);  // flag <= 0: not given
Perspective loadPerspective(const Config& config, Perspective absent);
// Creates the log directory; the file is named by date and random hex digits.
LogPlan loadLogPlan(const Config& config, Mode mode);

// Where things are when the command line does not say. exePath: argv[0] or better.
std::string homeDataDirectory(const Config* config);
// The file beside the program or in the home data directory; "" if there is none.
std::string findDefaultModel(const std::string& exePath);
std::string findDefaultConfig(const std::string& exePath);
std::string noDefaultModelText(const std::string& exePath);  // the reference's text

}  // namespace ponnuki
