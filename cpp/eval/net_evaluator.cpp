#include "eval/net_evaluator.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <set>

#include "base/error.h"
#include "base/rng.h"
#include "eval/auto_precision.h"
#include "eval/batcher.h"
#include "eval/buffer_symmetry.h"
#include "eval/features.h"
#include "eval/net_hash.h"
#include "eval/nn_cache.h"
#include "eval/postprocess.h"
#include "eval/row_runners.h"
#include "eval/thread_plan.h"

namespace ponnuki {
namespace {

bool isGpu(const nn::Backend& backend) {
  return backend.name() == "cuda" || backend.name() == "opencl";
}

std::string sizeText(int x, int y) {
  return "nnXLen = " + std::to_string(x) + " nnYLen = " + std::to_string(y);
}

ThreadPlan makePlan(const NetEvaluatorSettings& s, const nn::Backend& backend) {
  const NetSettings& net = s.net;
  ThreadRequest request;
  request.cores = net.numEigenThreadsPerModel;
  request.concurrent = net.concurrentEvaluations;
  if (net.numNNServerThreadsGiven) request.seats = net.numNNServerThreadsPerModel;
  if (net.nnMaxBatchSizeGiven) request.maxBatch = net.nnMaxBatchSize;
  ThreadPlan plan = planThreads(request);
  if (isGpu(backend))
    plan = {net.numNNServerThreadsPerModel, net.nnMaxBatchSize, net.numNNServerThreadsPerModel};
  if (s.seats > 0) plan.seats = s.seats;
  if (s.maxBatch > 0) plan.maxBatch = s.maxBatch;
  plan.threads = std::max(plan.threads, plan.seats);
  return plan;
}

nn::DType wantedType(const nn::Backend& backend, TriState useFp16) {
  if (isGpu(backend)) return useFp16 == TriState::False ? nn::DType::F32 : nn::DType::F16;
  return nn::DType::F32;
}

// Without a wish: 16 bits, unless random symmetries are off. Who wants results that repeat wants them on the
// next computer too, where other 16-bit formats may be the fast ones.
nn::Precision wantedPrecision(const NetSettings& s) {
  switch (s.precision) {
    case NetPrecision::Fp32:
      return nn::Precision::Fp32;
    case NetPrecision::Half:
      return nn::Precision::Half;
    case NetPrecision::Bf16:
      return nn::Precision::Bf16;
    case NetPrecision::Int16:
      return nn::Precision::Int16;
    case NetPrecision::Int8:
      return nn::Precision::Int8;
    case NetPrecision::Auto:
      break;
  }
  return s.nnRandomize ? nn::Precision::Half : nn::Precision::Fp32;
}

std::string describe(const nn::ProgramInfo& info) {
  return info.kernels + " " + (info.plan.empty() ? std::string(nn::dtypeName(info.compute)) : info.plan);
}

// A thread evaluates one position at a time, so its buffers can stay for the next.
EvalRow& rowOfThisThread() {
  thread_local EvalRow row;
  return row;
}

const char* fp16Name(TriState t) {
  return t == TriState::Auto ? "auto" : t == TriState::True ? "true" : "false";
}

}  // namespace

struct NetEvaluator::Impl {
  Impl(const NetEvaluatorSettings& s, LoadedModel model, nn::Backend& backend, Logger& logger)
      : info(model.info),
        nnX(s.net.bufferX),
        nnY(s.net.bufferY),
        exact(s.net.requireExactSize),
        shape(RowShape::of(model.info, nnX, nnY)),
        log(logger),
        cache(s.net.nnCacheSizePowerOfTwo, s.net.nnMutexPoolSizePowerOfTwo) {
    if (nnX > kMaxBoardLen || nnY > kMaxBoardLen)
      throw UserError("Maximum supported nnEval board size is " + std::to_string(kMaxBoardLen));
    plan = makePlan(s, backend);
    choice.randomize = s.net.nnRandomize && s.net.nnForcedSymmetry < 0;
    choice.fallback = std::max(0, s.net.nnForcedSymmetry);
    invented = s.net.debugSkipNeuralNet;
    const std::string seed = s.net.nnRandSeed.empty() ? randomSeedString() : s.net.nnRandSeed;
    batcher = std::make_unique<Batcher>(makeRunners(s, model, backend), plan.maxBatch, seed,
                                        isGpu(backend) ? SeatPolicy::AtOnce : SeatPolicy::ByShare,
                                        s.net.concurrentEvaluations);
  }

  std::vector<std::unique_ptr<RowRunner>> makeRunners(const NetEvaluatorSettings& s, LoadedModel& model,
                                                      nn::Backend& backend) {
    std::vector<std::unique_ptr<RowRunner>> runners;
    std::map<int, std::shared_ptr<SizedPrograms>> programs;  // by device
    const std::vector<int>& devices = s.net.deviceOfServerThread;
    const std::set<int> distinct(devices.begin(), devices.end());
    for (int k = 0; k < plan.seats; k++) {
      if (invented) {
        runners.push_back(makeRandomRunner(shape));
        continue;
      }
      const int device = devices.empty() ? -1 : devices[static_cast<size_t>(k) % devices.size()];
      std::shared_ptr<SizedPrograms>& sized = programs[device];
      if (!sized) {
        nn::CompileOptions options;
        options.maxBatch = plan.maxBatch;
        options.threads = plan.threads;
        options.boardX = nnX;
        options.boardY = nnY;
        options.exactBoardSize = exact;
        options.compute = wantedType(backend, s.net.useFP16);
        options.precision = wantedPrecision(s.net);
        options.cpuIsa = s.net.cpuIsa == "auto" ? "" : s.net.cpuIsa;
        options.device = device;
        // The last device may have the weights, so that they are not in memory twice.
        const bool isLast = programs.size() >= std::max(size_t{1}, distinct.size());
        std::shared_ptr<const nn::Program> program =
            backend.compile(isLast ? std::move(model.graph) : model.graph, options);
        description = describe(program->info());
        sized = std::make_shared<SizedPrograms>(std::move(program), nnX, nnY, exact);
        resizes = sized->resizes();
      }
      runners.push_back(makeNetRunner(sized, shape, plan, choice));
    }
    return runners;
  }

  void checkSize(const Board& board) const {
    const std::string where = "NNEvaluator was configured with " + sizeText(nnX, nnY);
    if (board.xSize() > nnX || board.ySize() > nnY)
      throw UserError(where + " but was asked to evaluate board with larger x or y size");
    if (exact && (board.xSize() != nnX || board.ySize() != nnY))
      throw UserError(where +
                      " and requireExactNNLen, but was asked to evaluate board with different x or y size");
  }

  const SgfMetadata* metadataFor(const EvalRequest& request) const {
    if (info.metaChannels() == 0) return nullptr;
    if (request.metadata == nullptr || !request.metadata->initialized)
      throw UserError(
          "SGFMetadata is required for " + info.fileName +
          " but was not initialized. Did you specify humanSLProfile=... in katago's config or via "
          "overrides?");
    return request.metadata;
  }

  void fillRow(const GameState& state, const EvalParams& params, const SgfMetadata* metadata, bool ownership,
               EvalRow& row) const {
    row.symmetry = params.symmetry;
    row.wantOwnership = ownership;
    row.xSize = state.board().xSize();
    row.ySize = state.board().ySize();
    row.extentX = nnX, row.extentY = nnY;
    // A square, so that all symmetries remain those of the full square.
    if (resizes && nnX == nnY) row.extentX = row.extentY = std::max(row.xSize, row.ySize);
    if (invented) return;
    row.spatial.resize(static_cast<size_t>(row.extentX * row.extentY * shape.spatialChannels));
    row.global.resize(static_cast<size_t>(shape.globalChannels));
    row.meta.resize(static_cast<size_t>(shape.metaChannels));
    fillFeatures(info.inputsVersion(), state, state.toMove(), params, row.extentX, row.extentY,
                 row.spatial.data(), row.global.data());
    if (metadata) metadata->fillRow(row.meta.data(), state.toMove(), state.board().area());
  }

  // Values of a row -> board orientation, nnX points a line; 0 beyond the row's extent.
  std::vector<float> inBuffer(const EvalRow& row, int channels, const std::vector<float>& values) const {
    std::vector<float> turned(values.size());
    undoOnSpatial(row.symmetry, row.extentX, row.extentY, channels, values.data(), turned.data());
    if (row.extentX == nnX && row.extentY == nnY) return turned;
    std::vector<float> all(shape.points() * static_cast<size_t>(channels));
    for (int y = 0; y < row.extentY; y++)
      std::copy_n(&turned[static_cast<size_t>(y * row.extentX * channels)], row.extentX * channels,
                  &all[static_cast<size_t>(y * nnX * channels)]);
    return all;
  }

  std::shared_ptr<NNOutput> finishRow(const GameState& state, const EvalParams& params, const EvalRow& row) {
    std::vector<float> policy = inBuffer(row, shape.policyChannels, row.policy), ownership;
    if (row.wantOwnership) ownership = inBuffer(row, 1, row.ownership);
    auto output = std::make_shared<NNOutput>();
    bool allRoundedToZero = false;
    postprocess(info, state, params,
                {nnX, nnY, shape.policyChannels, policy, row.pass, row.value, row.score, ownership}, *output,
                allRoundedToZero);
    if (allRoundedToZero && !warnedOfZeros.exchange(true))
      log.write("Warning: all legal moves rounded to 0 probability for " + info.fileName);
    return output;
  }

  NNOutputPtr evaluate(const GameState& state, const EvalRequest& request) {
    checkSize(state.board());
    const SgfMetadata* metadata = metadataFor(request);
    EvalParams params = request.params;
    Hash128 metadataHash;
    if (metadata) {
      params.policyOptimism = 0;  // such nets have no optimistic policy
      metadataHash = metadata->hash(state.toMove());
    }
    const Hash128 key = netHash(state, state.toMove(), params, metadata ? &metadataHash : nullptr);
    NNOutputPtr known = request.skipCache ? nullptr : cache.get(key);
    if (known && (!request.includeOwnership || !known->ownership.empty())) {
      hits.fetch_add(1, std::memory_order_relaxed);
      return known;
    }
    EvalRow& row = rowOfThisThread();
    fillRow(state, params, metadata, request.includeOwnership, row);
    batcher->run(row);
    std::shared_ptr<NNOutput> output = finishRow(state, params, row);
    if (known) keepKnownValues(*known, *output);
    output->key = key;
    cache.put(output);
    return output;
  }

  // An entry that only lacked ownership keeps its values, so that a position never has two evaluations
  // (spec 16.3).
  static void keepKnownValues(const NNOutput& known, NNOutput& output) {
    std::vector<float> ownership = std::move(output.ownership);
    output = known;
    output.ownership = std::move(ownership);
  }

  const ModelInfo info;
  const int nnX, nnY;
  const bool exact;
  const RowShape shape;
  Logger& log;
  NNCache cache;
  ThreadPlan plan;
  SymmetryChoice choice;
  bool invented = false;
  bool resizes = false;  // small boards run on small tensors
  std::string description = "random";
  std::unique_ptr<Batcher> batcher;
  std::atomic<uint64_t> hits{0};
  std::atomic<bool> warnedOfZeros{false};
};

NetEvaluator::NetEvaluator(const NetEvaluatorSettings& settings, LoadedModel model, nn::Backend& backend,
                           Logger& log)
    : impl_(std::make_unique<Impl>(settings, std::move(model), backend, log)) {}
NetEvaluator::~NetEvaluator() = default;

NNOutputPtr NetEvaluator::evaluate(const GameState& state, const EvalRequest& request) {
  return impl_->evaluate(state, request);
}
int NetEvaluator::nnX() const {
  return impl_->nnX;
}
int NetEvaluator::nnY() const {
  return impl_->nnY;
}
bool NetEvaluator::requiresExactSize() const {
  return impl_->exact;
}
bool NetEvaluator::supportsShorttermError() const {
  return impl_->info.supportsShorttermError();
}
bool NetEvaluator::usesMetadata() const {
  return impl_->info.metaChannels() > 0;
}
bool NetEvaluator::declaresPassAliveAsIfSuicide() const {
  return impl_->info.preferPassAliveUnderSuicideRules;
}
int NetEvaluator::modelVersion() const {
  return impl_->info.version;
}
std::string NetEvaluator::modelName() const {
  return impl_->info.name;
}
std::string NetEvaluator::modelFile() const {
  return impl_->info.fileName;
}
void NetEvaluator::clearCache() {
  impl_->cache.clear();
}
uint64_t NetEvaluator::rowsEvaluated() const {
  return impl_->invented ? 0 : impl_->batcher->rows();
}
uint64_t NetEvaluator::batchesEvaluated() const {
  return impl_->invented ? 0 : impl_->batcher->batches();
}
uint64_t NetEvaluator::cacheHits() const {
  return impl_->hits.load(std::memory_order_relaxed);
}
bool NetEvaluator::isBusy() const {
  return impl_->batcher->isBusy();
}
void NetEvaluator::waitForAnyEvaluation() {
  impl_->batcher->waitForAnyBatch();
}
const ModelInfo& NetEvaluator::info() const {
  return impl_->info;
}
int NetEvaluator::maxBatch() const {
  return impl_->plan.maxBatch;
}
int NetEvaluator::seats() const {
  return impl_->plan.seats;
}
int NetEvaluator::threads() const {
  return impl_->plan.threads;
}
std::string NetEvaluator::computeDescription() const {
  return impl_->description;
}

// The words of spec analysis-cli-config 4, which programs look for, and a line of our own. There are no
// server threads to number.
static void logBackend(const NetEvaluator& net, const nn::Backend& backend, Logger& log) {
  const ModelInfo& info = net.info();
  const std::string name(backend.name() == "cpu" ? "Eigen (CPU)" : backend.name());
  const std::string start = name + " backend thread 0: ";
  log.write(start + "Model version " + std::to_string(info.version));
  log.write(start + "Model name: " + info.name + " (" + info.kindName() + ", " +
            std::to_string(info.parameterCount) + " params)");
  log.write(start + std::to_string(net.threads()) + " threads, " + std::to_string(net.seats()) +
            " evaluations at once, batches up to " + std::to_string(net.maxBatch()) + ", " +
            net.computeDescription());
}

std::unique_ptr<NetEvaluator> makeNetEvaluator(const NetEvaluatorSettings& settings, nn::Backend& backend,
                                               Logger& log) {
  NetEvaluatorSettings s = settings;
  const std::string index = std::to_string(s.modelIndex);
  if (s.net.nnRandSeed.empty()) s.net.nnRandSeed = randomSeedString();
  log.write("nnRandSeed" + index + " = " + s.net.nnRandSeed);
  log.write("After dedups: nnModelFile" + index + " = " + s.modelFile + " useFP16 " +
            fp16Name(s.net.useFP16));
  log.write("Initializing neural net buffer to be size " + std::to_string(s.net.bufferX) + " * " +
            std::to_string(s.net.bufferY) +
            (s.net.requireExactSize ? " exactly" : " allowing smaller boards"));
  LoadedModel model;
  if (s.net.debugSkipNeuralNet) {
    model = bareModel("random");
    model.info.fileName = s.modelFile;
  } else {
    model = loadModel(s.modelFile);
    settlePrecision(s.net, model, backend, log);
  }
  auto evaluator = std::make_unique<NetEvaluator>(s, std::move(model), backend, log);
  if (!s.net.debugSkipNeuralNet) logBackend(*evaluator, backend, log);
  return evaluator;
}

}  // namespace ponnuki
