// `katago testgpuerror`: the net as configured against float32, one position at a time and in batches (spec
// analysis-cli-config 3.7).
#include <atomic>
#include <cstdio>
#include <fstream>
#include <set>
#include <thread>

#include "app/commands.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "engine/built_in_games.h"
#include "engine/engine_setup.h"
#include "engine/net_error.h"

namespace ponnuki {
namespace {

std::vector<OptionSpec> testGpuErrorOptions() {
  std::vector<OptionSpec> specs = commonOptions(ConfigOption::Optional, false);
  specs.push_back(
      {"boardsize", "", "SIZE", "Positions to test on: 9, 13, 19 (default), 10x14 or rectangle."});
  specs.push_back({"quick", "", "", "Test only about a third of the positions."});
  specs.push_back({"reference-file", "", "FILE",
                   "CPU builds write the float32 values to this file, GPU builds compare with those in it."});
  specs.push_back({"plain", "", "", "Compare with the plain, slow implementation that every build has."});
  return specs;
}

struct DataSet {
  int bufferX = 19, bufferY = 19;
  std::vector<GameState> positions;
};

bool belongsTo(const BuiltInGame& game, const std::string& name) {
  if (name == "10x14") return game.xSize == 10 && game.ySize == 14;
  if (name == "rectangle") return game.xSize != game.ySize || game.xSize % 2 == 0;
  return game.xSize == game.ySize && std::to_string(game.xSize) == name;
}

DataSet readDataSet(const std::string& name, bool quick) {
  if (!std::set<std::string>{"9", "13", "19", "10x14", "rectangle"}.count(name))
    throw UserError("Board size dataset to test: invalid value " + name);
  DataSet data;
  if (name == "10x14") data.bufferX = 10, data.bufferY = 14;
  if (name == "9" || name == "13") data.bufferX = data.bufferY = *tryInt(name);
  Rng rng("Tests::runFP16Test filter rand");
  std::set<std::string> seen;
  for (const BuiltInGame& game : builtInGames()) {
    if (!belongsTo(game, name)) continue;
    GameState state = game.start();
    const std::vector<Move> moves = game.moveList();
    for (size_t turn = 0; turn <= moves.size(); turn++) {
      const bool isNew =
          seen.insert(state.board().positionHash().toString() + shortName(state.toMove())).second;
      if (isNew && (!quick || rng.next32() < 0.3 * 4294967296.0)) data.positions.push_back(state);
      if (turn < moves.size()) state.playTolerant(moves[turn].point, moves[turn].player);
    }
  }
  return data;
}

// How positions are asked about: by config keys, as the search would.
EvalRequest requestFrom(const Config& config, const SgfMetadata& metadata) {
  EvalRequest request;
  request.skipCache = true;
  request.includeOwnership = true;
  request.metadata = &metadata;
  request.params.policyOptimism = config.getDouble("policyOptimism", 0, 1, 0);
  request.params.playoutDoublingAdvantage = config.getDouble("playoutDoublingAdvantage", -3, 3, 0);
  request.params.nnPolicyTemperature =
      static_cast<float>(config.getDouble("rootPolicyTemperature", 0.01, 100, 1));
  return request;
}

std::vector<NNOutputPtr> evaluateAll(NetEvaluator& net, const DataSet& data, const EvalRequest& request,
                                     int threads) {
  std::vector<NNOutputPtr> outputs(data.positions.size());
  const uint64_t symmetries = data.bufferX == data.bufferY ? 8 : 4;
  std::atomic<size_t> next{0};
  const auto work = [&] {
    for (size_t i = next++; i < outputs.size(); i = next++) {
      EvalRequest own = request;
      own.params.symmetry = static_cast<int>(data.positions[i].board().positionHash().h0 % symmetries);
      outputs[i] = net.evaluate(data.positions[i], own);
    }
  };
  std::vector<std::thread> helpers;
  for (int i = 1; i < threads; i++) helpers.emplace_back(work);
  work();
  for (std::thread& helper : helpers) helper.join();
  return outputs;
}

std::vector<NNOutputPtr> readReferenceFile(const std::string& path, const DataSet& data) {
  std::vector<NNOutputPtr> outputs;
  for (const std::string& line : split(readFile(path), '\n')) {
    if (trim(line).empty()) continue;
    const std::string where = "line " + std::to_string(outputs.size() + 1) + " of " + path;
    outputs.push_back(std::make_shared<NNOutput>(outputFromJson(line, where)));
    if (outputs.back()->nnX != data.bufferX || outputs.back()->nnY != data.bufferY)
      throw UserError(where + " is for another board size; write the file with the same -boardsize");
  }
  if (outputs.size() != data.positions.size())
    throw UserError(path + " has " + std::to_string(outputs.size()) + " positions, expected " +
                    std::to_string(data.positions.size()) + "; write it with the same -boardsize and -quick");
  return outputs;
}

void writeReferenceFile(const std::string& path, const std::vector<NNOutputPtr>& outputs) {
  std::string text;
  for (const NNOutputPtr& output : outputs) text += outputToJson(*output) + "\n";
  writeFile(path, text);
}

int batchSize(const Config& config, Logger& log) {
  const std::string key = config.firstPresent({"nnMaxBatchSize", "numSearchThreads"});
  const int size = key.empty() ? 16 : config.getInt(key, 1, 65536);
  log.write("Using batch size " + std::to_string(size) + (key.empty() ? " by default" : " from " + key));
  return size;
}

// One evaluator of the model; `more` are further overrides.
std::unique_ptr<EngineSetup> loadEngine(const Options& options, const std::string& program,
                                        const DataSet& data, int concurrent,
                                        std::unique_ptr<nn::Backend> backend, const std::string& more) {
  EngineOptions engineOptions = options.engineOptions();
  engineOptions.overrides.push_back(
      "logToStdout=true,logToStderr=false,logTimeStamp=false,logConfigContents=false,logFile=,logDir=,"
      "logDirDated=" +
      more);
  auto engine = std::make_unique<EngineSetup>(engineOptions, Mode::Benchmark, program, std::move(backend));
  engine->openLog();
  NetRequest request;
  request.boardX = data.bufferX;
  request.boardY = data.bufferY;
  request.concurrentEvaluations = concurrent;
  engine->loadNets(request);
  return engine;
}

class ErrorTest {
 public:
  ErrorTest(Logger& log, std::vector<NNOutputPtr> reference) : log_(log), reference_(std::move(reference)) {}

  void judge(const std::string& setName, const ErrorBounds& bounds, const std::vector<NNOutputPtr>& tested) {
    NetErrors errors;
    for (size_t i = 0; i < tested.size(); i++) errors.add(*reference_[i], *tested[i]);
    for (const std::string& line : errors.report(setName, bounds, ok_)) log_.write(line);
  }
  bool ok() const { return ok_; }

 private:
  Logger& log_;
  std::vector<NNOutputPtr> reference_;
  bool ok_ = true;
};

}  // namespace

int runTestGpuError(const CommandLine& line) {
  const std::optional<Options> options = parseOptions(line, testGpuErrorOptions());
  if (!options) return 0;
  const DataSet data = readDataSet(options->get("boardsize", "19"), options->has("quick"));
  Logger log(LogSettings{.toStdout = true, .timestamps = false});
  EngineOptions firstLook = options->engineOptions();
  EngineSetup configured(firstLook, Mode::Benchmark, line.program, nn::makeBackend({}));
  const int batch = batchSize(configured.config(), log);
  const SgfMetadata metadata = SgfMetadata::fromProfile("preaz_5k");
  const EvalRequest request = requestFrom(configured.config(), metadata);

  const std::unique_ptr<EngineSetup> asConfigured =
      loadEngine(*options, line.program, data, batch, nn::makeBackend({}), "");
  const bool isFp32 = endsWith(asConfigured->net().computeDescription(), "f32");
  const std::unique_ptr<EngineSetup> otherFp32 =
      isFp32 ? nullptr
             : loadEngine(*options, line.program, data, batch, nn::makeBackend({}), ",useFP16=false,precision=auto");
  NetEvaluator& fp32 = otherFp32 ? otherFp32->net() : asConfigured->net();

  log.write("Evaluating " + std::to_string(data.positions.size()) + " positions ...");
  const std::vector<NNOutputPtr> single = evaluateAll(fp32, data, request, 1);
  std::vector<NNOutputPtr> reference = single;
  const std::string file = options->get("reference-file");
  if (options->has("plain")) {
    const auto plain =
        loadEngine(*options, line.program, data, 1, nn::makeReferenceBackend(), ",useFP16=auto");
    reference = evaluateAll(plain->net(), data, request, 1);
  } else if (!file.empty() && configured.runsOnGpu()) {
    reference = readReferenceFile(file, data);
  }
  if (!file.empty() && !configured.runsOnGpu()) {
    writeReferenceFile(file, reference);
    log.write("Wrote the reference values to " + file);
  }
  ErrorTest test(log, std::move(reference));
  test.judge("fp32 error vs reference", kFp32Bounds, single);
  test.judge("batched fp32 error vs reference", kFp32Bounds, evaluateAll(fp32, data, request, batch));
  if (!isFp32) {
    NetEvaluator& net = asConfigured->net();
    test.judge("current cfg error vs reference", kConfiguredBounds, evaluateAll(net, data, request, 1));
    test.judge("batched current cfg error vs reference", kConfiguredBounds,
               evaluateAll(net, data, request, batch));
  }
  log.write(test.ok() ? "All errors are within their limits" : "FAILED: some errors exceed their limits");
  return test.ok() ? 0 : 1;
}

}  // namespace ponnuki
