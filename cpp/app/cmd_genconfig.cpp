// `katago genconfig`: asks, measures, and writes a GTP config (spec analysis-cli-config 3.5).
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <iostream>

#include "app/benchmark_options.h"
#include "app/commands.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "engine/generated_config.h"

namespace ponnuki {
namespace {

// Asks a person on stdin, unless the command line has the answer already: each question has an option of its
// own, and -yes takes the usual answer to all others.
class Dialogue {
 public:
  explicit Dialogue(const Options& options) : options_(options) {}

  // Until `accept` takes the answer; it returns what is wrong with it, or "". `usual` is for -yes.
  void ask(const std::string& option, const std::string& question, const std::string& usual,
           const std::function<std::string(const std::string&)>& accept) const {
    const bool given = !option.empty() && options_.has(option);
    if (given || options_.has("yes")) {
      const std::string problem = accept(given ? options_.get(option) : usual);
      if (!problem.empty())
        throw UserError((given ? "-" + option + " " + options_.get(option) : question) + ": " + problem);
      return;
    }
    while (true) {
      std::printf("%s\n", question.c_str());
      std::fflush(stdout);
      std::string line;
      if (!std::getline(std::cin, line))
        throw UserError("Stdin was closed - failing and not generating a config");
      const std::string problem = accept(std::string(trim(line)));
      if (problem.empty()) return;
      std::printf("%s\n", problem.c_str());
    }
  }

  bool askYesNo(const std::string& option, const std::string& question, bool emptyMeansNo,
                const std::string& usual) const {
    bool yes = false;
    ask(option, question, usual, [&](const std::string& answer) -> std::string {
      const std::string lower = toLower(answer);
      yes = lower == "y" || lower == "yes";
      const bool no = lower == "n" || lower == "no" || (emptyMeansNo && lower.empty());
      return yes || no ? "" : "Please answer y or n";
    });
    return yes;
  }

  // An empty answer leaves `value` alone.
  void askNumber(const std::string& option, const std::string& question, double lo, double hi,
                 const std::string& problem, double& value) const {
    ask(option, question, "", [&](const std::string& answer) -> std::string {
      if (answer.empty()) return "";
      const std::optional<double> number = tryDouble(answer);
      if (!number || !(*number >= lo && *number <= hi)) return problem;
      value = *number;
      return "";
    });
  }

  const Options& options() const { return options_; }

 private:
  const Options& options_;
};

void header(const char* title) {
  std::printf("\n%s\n%s\n\n", std::string(73, '=').c_str(), title);
}

void askRules(const Dialogue& dialogue, ConfigAnswers& answers) {
  header("RULES");
  dialogue.ask(
      "rules",
      "What rules should be used by default? (chinese, japanese, tromp-taylor, aga, new-zealand, ...)",
      "tromp-taylor", [&](const std::string& answer) -> std::string {
        try {
          answers.rules = Rules::parse(answer, false);
          return "";
        } catch (const UserError&) {
          return "Could not parse rules: " + answer;
        }
      });
}

void askLimit(const Dialogue& dialogue, ConfigAnswers& answers) {
  std::string kind;
  dialogue.ask("", "What to limit per move? visits, playouts or seconds?", "visits",
               [&](const std::string& answer) -> std::string {
                 const std::string lower = toLower(answer);
                 for (const char* name : {"visit", "playout", "second"})
                   if (lower == name || lower == std::string(name) + "s") kind = name;
                 return kind.empty() ? "Please specify one of \"visits\", \"playouts\" or \"seconds\"" : "";
               });
  if (kind == "second") {
    double value = 10;
    dialogue.askNumber("", "How many seconds per move? (empty: 10)", 1e-9, 9.999e19,
                       "Must positive and less than 1e20", value);
    answers.maxTime = value;
    return;
  }
  double value = kind == "visit" ? 500 : 300;
  dialogue.askNumber("", "How many " + kind + "s per move? (empty: " + formatNumber(value) + ")", 1, 1e9,
                     "Must be between 1 and 1000000000", value);
  (kind == "visit" ? answers.maxVisits : answers.maxPlayouts) = static_cast<int64_t>(value);
}

// Limits named on the command line; true if there are some.
bool readLimitOptions(const Options& options, ConfigAnswers& answers) {
  const auto read = [&](const char* name, double most) -> std::optional<double> {
    const std::optional<double> value = options.getDouble(name);
    if (value && !(*value > 0 && *value <= most))
      throw UserError(std::string("-") + name + " must be positive and at most " + formatNumber(most) +
                      ", but is " + options.get(name));
    return value;
  };
  if (const std::optional<double> visits = read("max-visits", 1e9))
    answers.maxVisits = std::max<int64_t>(1, static_cast<int64_t>(*visits));
  if (const std::optional<double> playouts = read("max-playouts", 1e9))
    answers.maxPlayouts = std::max<int64_t>(1, static_cast<int64_t>(*playouts));
  answers.maxTime = read("max-time", 1e19);
  return answers.maxVisits || answers.maxPlayouts || answers.maxTime;
}

void askLimits(const Dialogue& dialogue, ConfigAnswers& answers) {
  header("SEARCH LIMITS");
  if (!readLimitOptions(dialogue.options(), answers)) {
    if (dialogue.askYesNo("", "Limit the thinking per move, besides the game clock (y/n, empty: n)?", true,
                          "")) {
      askLimit(dialogue, answers);
    } else {
      dialogue.ask(
          "", "NOTE: without a limit and without a clock the engine thinks forever. Press enter to continue.",
          "", [](const std::string&) { return std::string(); });
    }
  }
  answers.pondering =
      dialogue.askYesNo("ponder", "Think during the opponent's turn (y/n, empty: n)?", true, "");
  if (answers.pondering) {
    double value = 0;
    dialogue.askNumber("", "At most how many seconds? (empty: unlimited)", 1e-9, 9.999e19,
                       "Must positive and less than 1e20", value);
    if (value > 0) answers.maxTimePondering = value;
  }
}

void askMemory(const Dialogue& dialogue, ConfigAnswers& answers, EngineSetup& engine) {
  header("GPUS AND RAM");
  if (engine.runsOnGpu()) {
    const nn::Backend& backend = engine.backend();
    answers.devicePrefix = std::string(backend.name());
    int index = 0;
    for (const nn::DeviceInfo& device : backend.devices())
      std::printf("Found device %d: %s\n", index++, device.name.c_str());
    dialogue.ask("devices", "Which devices to use, as in 0,1? (empty: the default one)", "",
                 [&](const std::string& text) -> std::string {
                   answers.devices.clear();
                   if (text.empty()) return "";
                   for (const std::string& piece : split(text, ',')) {
                     const std::optional<int> device = tryInt(piece);
                     if (!device || *device < 0 || *device > 10000) return "Invalid device idx: " + piece;
                     answers.devices.push_back(*device);
                   }
                   return "";
                 });
  }
  dialogue.ask("cache-gb", "How many GB of memory for caching evaluations? (empty: 3)", "",
               [&](const std::string& text) -> std::string {
                 if (text.empty()) return "";
                 const std::string lower = toLower(text);
                 const std::optional<double> value =
                     tryDouble(endsWith(lower, "gb") ? lower.substr(0, lower.size() - 2) : lower);
                 if (!value || !(*value > 0 && *value < 1000000))
                   return "Must be positive and less than 1000000";
                 answers.cacheGigabytes = *value;
                 return "";
               });
}

// numSearchThreads of an earlier config, 0 if there is none to keep.
int threadsOfOldConfig(const std::string& path) {
  try {
    const Config old = Config::fromFiles({path});
    return old.getInt("numSearchThreads", 1, 4096, 0);
  } catch (const UserError&) {
    return 0;
  }
}

Benchmark makeBenchmark(EngineSetup& engine, SearchParams params, int64_t visits, int positions) {
  params.maxVisits = params.maxPlayouts = visits;
  params.maxTime = kUnlimitedTime;
  return Benchmark(engine, params, builtInBenchmarkPositions(19, positions));
}

// As many visits as give about two seconds a search, in hundreds.
int64_t automaticVisits(EngineSetup& engine, const SearchParams& params) {
  Benchmark trial = makeBenchmark(engine, params, engine.runsOnGpu() ? 800 : 80, 3);
  const BenchmarkResult result = measureShowing(trial, 16);
  std::printf("\n");
  const double visits = 100 * std::round(2 * result.visitsPerSecond() / 100);
  return static_cast<int64_t>(std::clamp(visits, 200.0, 10000.0));
}

int tune(const Dialogue& dialogue, EngineSetup& engine, const SearchParams& params) {
  double visits = 0, secondsPerMove = 5;
  dialogue.askNumber("tune-visits", "How many visits to use for tuning? (empty: automatic)", 1, 1e9,
                     "Must be between 1 and 1000000000", visits);
  dialogue.askNumber("tune-seconds", "How many seconds per move to optimize for? (empty: 5)", 1e-9, 1000000,
                     "Must be positive and at most 1000000", secondsPerMove);
  Benchmark benchmark = makeBenchmark(
      engine, params, visits > 0 ? static_cast<int64_t>(visits) : automaticVisits(engine, params), 10);
  const auto measure = [&](int threads) {
    const BenchmarkResult result = measureShowing(benchmark, threads);
    std::printf("\r%s\n", result.line(benchmark.numPositions()).c_str());
    return result;
  };
  const auto announce = [](const std::string& line) { std::printf("%s\n", line.c_str()); };
  std::vector<BenchmarkResult> results;
  for (const auto& [threads, result] : tuneThreads(1, secondsPerMove, measure, announce))
    results.push_back(result);
  int best = 0;
  std::printf("%s", benchmarkSummary(results, secondsPerMove, best).c_str());
  return best;
}

// The number of threads: named, kept from the old config, or found by measuring.
int chooseThreads(const Dialogue& dialogue, EngineSetup& engine, int oldThreads) {
  header("PERFORMANCE TUNING");
  if (dialogue.options().has("threads"))
    return static_cast<int>(dialogue.options().getIntBetween("threads", 1, 4096, 1));
  const std::string question = "The old config has numSearchThreads = " + std::to_string(oldThreads) +
                               ", skip tuning and keep it (y/n)?";
  if (oldThreads > 0 && dialogue.askYesNo("", question, false, "y")) return oldThreads;
  return tune(dialogue, engine, loadSearchParams(engine.config(), Mode::Benchmark, false));
}

std::vector<OptionSpec> genConfigOptions() {
  std::vector<OptionSpec> specs = commonOptions(ConfigOption::None, false);
  specs.push_back({"output", "", "FILE", "Path to write the config to (default gtp.cfg)."});
  specs.push_back({"yes", "y", "", "Ask nothing: the usual answer to all that no other option answers."});
  specs.push_back({"rules", "", "RULES", "Rules by name or as JSON."});
  specs.push_back({"max-visits", "", "N", "Visits per move."});
  specs.push_back({"max-playouts", "", "N", "Playouts per move."});
  specs.push_back({"max-time", "", "SECONDS", "Seconds per move."});
  specs.push_back({"ponder", "", "YES", "Think during the opponent's turn: y or n."});
  specs.push_back({"devices", "", "LIST", "Graphics cards to use, as in 0,1."});
  specs.push_back({"cache-gb", "", "GB", "Gigabytes of memory for caching evaluations (default 3)."});
  specs.push_back({"threads", "t", "N", "Search threads; without it they are found by measuring."});
  specs.push_back({"tune-visits", "", "N", "Visits to measure with."});
  specs.push_back(
      {"tune-seconds", "", "SECONDS", "Seconds per move to find the best number of threads for."});
  return specs;
}

}  // namespace

int runGenConfig(const CommandLine& line) {
  const std::optional<Options> options = parseOptions(line, genConfigOptions());
  if (!options) return 0;
  const Dialogue dialogue(*options);
  const std::string path = options->get("output", "gtp.cfg");
  // Measuring needs no config file; what it leaves open are defaults.
  EngineOptions engineOptions = options->engineOptions();
  engineOptions.overrides = {"numSearchThreads=6,logToStdout=false,logConfigContents=false"};
  EngineSetup engine(engineOptions, Mode::EvalSgf, line.program, nn::makeBackend({}));
  engine.openLog();
  const std::string question =
      "File " + path + " already exists, okay to overwrite it with an entirely new config (y/n)?";
  if (fileExists(path) && !dialogue.askYesNo("", question, false, "y")) {
    std::printf(
        "Please provide an alternate file path to output the generated config to via '-output "
        "NEWFILEPATH'\n");
    return 0;
  }
  const int oldThreads = fileExists(path) ? threadsOfOldConfig(path) : 0;
  ConfigAnswers answers;
  askRules(dialogue, answers);
  askLimits(dialogue, answers);
  askMemory(dialogue, answers, engine);
  answers.numSearchThreads = chooseThreads(dialogue, engine, oldThreads);
  std::printf("Using %d numSearchThreads!\n", answers.numSearchThreads);
  writeFile(path, generatedConfig(answers));
  header("DONE");
  std::printf(
      "Writing new config file to %s\nYou should be now able to run KataGo with this config via:\n%s gtp%s "
      "-config '%s'\n",
      path.c_str(), line.program.c_str(),
      options->has("model") ? (" -model '" + options->get("model") + "'").c_str() : "", path.c_str());
  return 0;
}

}  // namespace ponnuki
