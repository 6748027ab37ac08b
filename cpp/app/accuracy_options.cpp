#include "app/accuracy_options.h"

#include <unistd.h>

#include <chrono>
#include <cstdio>

#include "app/interrupt.h"
#include "base/error.h"
#include "base/text.h"

namespace ponnuki {
namespace {

std::string number(double value, int decimals) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

}  // namespace

std::vector<OptionSpec> positionOptions(int defaultCount) {
  return {
      {"positions", "", "SOURCE",
       "Positions: a .npz file of training data, an SGF file, or a folder with SGF files; FILE@1-512 takes the first "
       "512 of a file. Default: positions of games inside the program.",
       true},
      {"positions-count", "n", "N",
       "At most so many of them, evenly spread; 0 = all (default " + std::to_string(defaultCount) + ")."},
  };
}

PositionSet readPositions(const Options& options, int defaultCount) {
  const long long count = options.getIntBetween("positions-count", 0, 10000000, defaultCount);
  PositionSet set = readPositions(options.all("positions"), static_cast<int>(count));
  for (const std::string& note : set.notes) std::fprintf(stderr, "%s\n", note.c_str());
  return set;
}

LoadedModel loadModelOrDefault(const std::string& path, const std::string& program) {
  if (!path.empty()) return loadModel(path);
  return loadModel(EngineSetup({}, Mode::EvalSgf, program, nn::makeBackend({})).modelFile());
}

CheckProgress showProgress(const std::string& what) {
  const bool rewrites = isatty(fileno(stderr)) != 0;
  return [what, rewrites, last = std::chrono::steady_clock::time_point{}](int done, int of) mutable {
    if (interrupted()) throw UserError("interrupted; nothing was written");
    const auto now = std::chrono::steady_clock::now();
    if (!rewrites || (done != of && now - last < std::chrono::milliseconds(100))) return;
    last = now;
    std::fprintf(stderr, "\r%s: %d of %d%s", what.c_str(), done, of, done == of ? "\n" : "");
    std::fflush(stderr);
  };
}

std::string measuresTable(const PrecisionSummary& summary, const PrecisionBounds& bounds) {
  std::string text = "| measure | value | bound | |\n|---|---|---|---|\n";
  for (const PrecisionMeasure& m : precisionMeasures()) {
    const double value = summary.*m.value, bound = m.bound ? bounds.*m.bound : PrecisionBounds::kNoBound;
    const bool least = m.value == &PrecisionSummary::bestMoveAgreement, bounded = bound < PrecisionBounds::kNoBound;
    const bool kept = least ? value >= bound : value <= bound;
    text += std::string("| ") + m.label + " | " + number(value, m.decimals) + " | ";
    if (bounded) text += std::string(least ? "at least " : "at most ") + formatNumber(bound, 4) + (kept ? " | pass" : " | FAIL");
    else text += " | ";
    text += " |\n";
  }
  return text;
}

}  // namespace ponnuki
