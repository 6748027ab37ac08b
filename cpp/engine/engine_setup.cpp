#include "engine/engine_setup.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <thread>

#include "base/error.h"
#include "base/text.h"
#include "engine/builtin_config.h"
#include "model/builtin_net.h"

namespace ponnuki {
namespace {

// The file behind the running program, so that defaults are looked up next to it and not next to a link to
// it.
std::string executablePath(const std::string& program) {
  std::error_code failed;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", failed);
  return failed ? program : self.string();
}

std::string backendPrefix(const nn::Backend& backend) {
  for (const char* prefix : {"cuda", "trt", "metal", "opencl"})
    if (startsWith(backend.name(), prefix)) return prefix;
  return "eigen";
}

std::string defaultModel(const std::string& exe) {
  const std::string found = findDefaultModel(exe);
  if (!found.empty()) return found;
  if (builtinNet().empty()) throw UserError(noDefaultModelText(exe));
  return kBuiltinNet;
}

bool hasDefaultConfig(Mode mode) {
  return mode == Mode::Gtp || mode == Mode::Benchmark;
}

Config defaultConfig(const EngineOptions& options, Mode mode, const std::string& exe) {
  const std::string found = hasDefaultConfig(mode) ? findDefaultConfig(exe) : "";
  if (!found.empty()) return Config::fromFiles({found});
  if (!options.builtinConfig) return Config();
  const int threads = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  return Config::fromText(builtinConfig(mode, threads), kBuiltinConfig);
}

Config readConfig(const EngineOptions& options, Mode mode, const std::string& exe) {
  Config config;
  if (!options.configFiles.empty())
    config = Config::fromFiles(options.configFiles);
  else
    config = defaultConfig(options, mode, exe);
  for (const std::string& keyValues : options.overrides) config.applyOverrideString(keyValues);
  return config;
}

bool wantsFixedSeeds(const Config& config, Mode mode) {
  return (mode == Mode::Gtp || mode == Mode::Analysis) && config.getBool("forDeterministicTesting", false);
}

constexpr const char* kFixedSeed = "forDeterministicTesting";

}  // namespace

EngineSetup::EngineSetup(const EngineOptions& options, Mode mode, const std::string& program,
                         std::unique_ptr<nn::Backend> backend)
    : options_(options), mode_(mode), backend_(std::move(backend)), seeds_(kFixedSeed) {
  const std::string exe = executablePath(program);
  if (backend_ && options_.modelFile.empty() && mode != Mode::Match) options_.modelFile = defaultModel(exe);
  config_ = readConfig(options_, mode, exe);
  if (!wantsFixedSeeds(config_, mode)) seeds_.reseed(randomSeedString());
}

EngineSetup::~EngineSetup() = default;

nn::Backend& EngineSetup::backend() {
  ENSURE(backend_ != nullptr);
  return *backend_;
}

bool EngineSetup::runsOnGpu() const {
  return backend_ && backendPrefix(*backend_) != "eigen";
}

Logger& EngineSetup::openLog(const std::string& extraFile) {
  const LogPlan plan = loadLogPlan(config_, mode_);
  logsToStderr_ = plan.settings.toStderr;
  logsToStdout_ = plan.settings.toStdout;
  log_ = std::make_unique<Logger>(plan.settings);
  if (!extraFile.empty() && !log_->addFile(extraFile))
    throw UserError("Could not open log file " + extraFile + " for writing: does its folder exist?");
  if (plan.logConfigContents) log_->write("Running with following config:\n" + config_.toString());
  return *log_;
}

Logger& EngineSetup::log() {
  ENSURE(log_ != nullptr);
  return *log_;
}

void EngineSetup::announce(const std::string& line) {
  log().write(line);
  if (!logsToStderr_) std::fprintf(stderr, "%s\n", line.c_str());
}

void EngineSetup::warn(const std::string& line) {
  log().write(line);
  std::fprintf(stderr, "%s\n", line.c_str());
}

std::string EngineSetup::drawSearchSeed() {
  char text[33];
  const unsigned long long first = seeds_.next64();
  const unsigned long long second = seeds_.next64();
  std::snprintf(text, sizeof text, "%016llX%016llX", first, second);
  return text;
}

std::unique_ptr<NetEvaluator> EngineSetup::loadNet(const std::string& file, int index, std::string& randSeed,
                                                   const NetRequest& request) {
  const std::string prefix = backendPrefix(backend());
  NetContext context;
  context.mode = mode_;
  context.backendPrefix = prefix;
  context.boardX = request.boardX;
  context.boardY = request.boardY;
  context.requireExactSize = request.requireExactSize;
  context.concurrentEvaluations = request.concurrentEvaluations;
  context.bot = request.bot;
  context.modelIndex = index;
  context.modelIsDevNull = file == "/dev/null";
  NetEvaluatorSettings settings;
  settings.modelFile = file;
  settings.modelIndex = index;
  settings.net = loadNetSettings(config_, context);
  if (request.maxBatch) {
    settings.net.nnMaxBatchSizeGiven = *request.maxBatch > 0;
    settings.net.nnMaxBatchSize =
        *request.maxBatch > 0 ? *request.maxBatch : defaultBatch(request.concurrentEvaluations);
  }
  if (settings.net.nnRandSeed.empty()) {
    if (randSeed.empty()) randSeed = std::to_string(seeds_.next64());
    settings.net.nnRandSeed = randSeed;
  }
  if (file == options_.modelFile) netSettings_ = settings.net;
  return makeNetEvaluator(settings, backend(), log());
}

void EngineSetup::loadNets(const NetRequest& request) {
  net_.reset();
  human_.reset();
  net_ = loadNet(options_.modelFile, 0, nnRandSeed_, request);
  if (!hasHumanModel()) return;
  human_ = loadNet(options_.humanModelFile, 0, humanRandSeed_, request);
  if (!human_->usesMetadata())
    announce(
        "WARNING: Human model was not trained from SGF metadata to vary by rank! "
        "Did you pass the wrong model for -human-model?\n");
}

std::unique_ptr<NetEvaluator> EngineSetup::loadOwnNet(const std::string& file, int index,
                                                      const NetRequest& request) {
  std::string fresh;
  return loadNet(file, index, fresh, request);
}

NetEvaluator& EngineSetup::net() {
  ENSURE(net_ != nullptr);
  return *net_;
}

std::shared_ptr<TreeMemoryLimit> EngineSetup::treeMemoryLimit(int trees) {
  return std::make_shared<TreeMemoryLimit>(loadTreeBytes(config_, mode_, trees),
                                           [this](const std::string& line) { announce(line); });
}

void EngineSetup::reportUnusedKeys() {
  markOtherCommandsUsed(config_);
  if (backend_) markOtherBackendsUsed(config_, backendPrefix(*backend_));
  for (const std::string& line : config_.unusedKeyWarnings()) warn(line);
  const std::vector<std::string> idle =
      keysWithoutEffect(config_, backend_ ? backendPrefix(*backend_) : "eigen");
  if (!idle.empty()) announce("Note: accepted, but without effect in this build: " + join(idle, ", "));
}

std::string EngineSetup::profileProblem(const SearchParams& params) const {
  if (params.humanSLProfile.empty() || net_ == nullptr || net_->usesMetadata() ||
      (human_ != nullptr && human_->usesMetadata()))
    return "";
  return "WARNING: humanSLProfile is specified as config param but model(s) don't use it: " +
         options_.modelFile + (human_ ? " and " + options_.humanModelFile : "");
}

void EngineSetup::warnIfProfileUnused(const SearchParams& params) {
  const std::string problem = profileProblem(params);
  if (!problem.empty()) warn(problem);
}

void EngineSetup::logWhatWasLoaded() {
  log().write("Loaded config " + config_.name());
  log().write("Loaded model " + options_.modelFile);
  for (const auto& [key, value] : config_.overrides()) log().write("Config override: " + key + " = " + value);
}

void EngineSetup::logNetStatistics() {
  for (const NetEvaluator* net : {net_.get(), human_.get()}) {
    if (net == nullptr) continue;
    const uint64_t rows = net->rowsEvaluated(), batches = net->batchesEvaluated();
    log().write(net->modelFile());
    log().write("NN rows: " + std::to_string(rows));
    log().write("NN batches: " + std::to_string(batches));
    log().write("NN avg batch size: " +
                formatNumber(batches == 0 ? 0.0 : static_cast<double>(rows) / static_cast<double>(batches)));
  }
  for (const NetEvaluator* net : {net_.get(), human_.get()})  // -1: no device was chosen
    if (net != nullptr)
      log().write("GPU -1 finishing, processed " + std::to_string(net->rowsEvaluated()) + " rows " +
                  std::to_string(net->batchesEvaluated()) + " batches");
}

}  // namespace ponnuki
