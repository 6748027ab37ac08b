// katago-conformance: compares the engine with recordings of the reference (see tests/conformance/usage
// text).
#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "conformance/case_result.h"
#include "conformance/inputs_cases.h"
#include "conformance/nn_cases.h"
#include "conformance/precision_cases.h"
#include "conformance/rules_cases.h"
#include "conformance/search_cases.h"
#include "graph/backend.h"

using namespace ponnuki;

namespace {

constexpr const char* kUsage =
    "usage: katago-conformance rules FILE\n"
    "       katago-conformance inputs FILE\n"
    "       katago-conformance nn --model NET --games GAMES [options] FILE\n"
    "       katago-conformance search --model NET [--human-model NET] --config CFG [options] FILE\n"
    "       katago-conformance precision --model NET --precision P [options] FILE.npz\n"
    "FILE and GAMES are recordings of the reference, JSON lines, gzipped or not. FILE.npz holds net\n"
    "inputs, on which the net in float32 is compared with itself in another precision.\n"
    "options: --backend reference|built  which backend runs the net (default built)\n"
    "         --isa NAME                 instruction set of the built backend (default auto)\n"
    "         --precision fp32|half|bf16|int16   arithmetic of the net (default fp32); other than fp32, nn "
    "checks\n"
    "                                    the bounds of near-lossless precision over all lines, not every "
    "line\n"
    "         --tol-prob X --tol-score X --tol-ownership X   allowed differences (1e-4, 1e-2, 1e-3)\n";

struct Options {
  std::string model, humanModel, config, games, file, backend = "built", isa = "auto";
  NetPrecision precision = NetPrecision::Fp32;
  NnTolerances tolerances;
};

double parseTolerance(const std::string& name, const std::string& text) {
  const auto value = tryDouble(text);
  if (!value || *value < 0) throw UserError(name + " is '" + text + "'; expected a number, zero or more");
  return *value;
}

NetPrecision parsePrecision(const std::string& text) {
  if (text == "fp32") return NetPrecision::Fp32;
  if (text == "half") return NetPrecision::Half;
  if (text == "bf16") return NetPrecision::Bf16;
  if (text == "int16") return NetPrecision::Int16;
  throw UserError("--precision is '" + text + "'; expected fp32, half, bf16 or int16");
}

Options parseOptions(const std::vector<std::string>& args) {
  Options o;
  for (size_t i = 0; i < args.size(); i++) {
    const std::string& name = args[i];
    if (!startsWith(name, "--")) {
      if (!o.file.empty()) throw UserError("one FILE only, got '" + o.file + "' and '" + name + "'");
      o.file = name;
      continue;
    }
    if (i + 1 >= args.size()) throw UserError(name + " needs a value");
    const std::string& value = args[++i];
    if (name == "--model")
      o.model = value;
    else if (name == "--human-model")
      o.humanModel = value;
    else if (name == "--config")
      o.config = value;
    else if (name == "--games")
      o.games = value;
    else if (name == "--backend")
      o.backend = value;
    else if (name == "--isa")
      o.isa = value;
    else if (name == "--precision")
      o.precision = parsePrecision(value);
    else if (name == "--tol-prob")
      o.tolerances.probability = parseTolerance(name, value);
    else if (name == "--tol-score")
      o.tolerances.score = parseTolerance(name, value);
    else if (name == "--tol-ownership")
      o.tolerances.ownership = parseTolerance(name, value);
    else
      throw UserError("unknown option " + name);
  }
  if (o.file.empty()) throw UserError("no FILE given");
  return o;
}

std::unique_ptr<nn::Backend> backendFor(const Options& o) {
  if (o.backend == "reference") return nn::makeReferenceBackend();
  if (o.backend != "built") throw UserError("--backend is '" + o.backend + "'; expected reference or built");
  nn::BackendSettings settings;
  settings.cpuIsa = o.isa;
  return nn::makeBackend(settings);
}

CaseResult runCases(const std::string& kind, const Options& o) {
  if (kind == "rules") return checkRulesFile(o.file);
  if (kind == "inputs") return checkInputsFile(o.file);
  if (kind == "search") {
    if (o.model.empty() || o.config.empty()) throw UserError("search needs --model NET and --config CFG");
    const auto backend = backendFor(o);
    return checkSearchFile({o.file, o.config, o.model, o.humanModel}, *backend);
  }
  if (kind == "precision") {
    if (o.model.empty()) throw UserError("precision needs --model NET");
    const auto backend = backendFor(o);
    return checkPrecisionFile(o.file, o.model, *backend, o.precision);
  }
  if (kind != "nn") throw UserError("unknown kind of check '" + kind + "'");
  if (o.model.empty() || o.games.empty()) throw UserError("nn needs --model NET and --games GAMES");
  const auto backend = backendFor(o);
  return checkNnFile(o.file, o.model, o.games, *backend, o.tolerances, o.precision);
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> args(argv + 1, argv + argc);
  if (args.size() < 2) {
    std::fputs(kUsage, stderr);
    return 2;
  }
  try {
    const CaseResult result = runCases(args[0], parseOptions({args.begin() + 1, args.end()}));
    for (size_t i = 0; i < std::min<size_t>(result.messages.size(), 20); i++)
      std::printf("%s\n", result.messages[i].c_str());
    std::printf("%d passed, %d failed\n", result.passed, result.failed);
    return result.failed == 0 && result.passed > 0 ? 0 : 1;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "katago-conformance: %s\n%s", e.what(), kUsage);
    return 2;
  }
}
