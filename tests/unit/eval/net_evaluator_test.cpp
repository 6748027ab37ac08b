#include "eval/net_evaluator.h"

#include <doctest/doctest.h>

#include <atomic>
#include <cmath>
#include <set>
#include <thread>

#include "backends/wrap/hash_backend.h"
#include "base/error.h"
#include "eval/hash_evaluator.h"
#include "model/random_net.h"

using namespace ponnuki;

namespace {

class RecordingBackend final : public nn::Backend {
 public:
  nn::CompileOptions asked;
  std::string_view name() const override { return "recording"; }
  std::vector<nn::DeviceInfo> devices() const override { return hash_->devices(); }
  bool supports(const nn::Op& op, nn::DType compute) const override { return hash_->supports(op, compute); }
  std::unique_ptr<nn::Program> compile(nn::Graph graph, const nn::CompileOptions& options) override {
    asked = options;
    return hash_->compile(std::move(graph), options);
  }

 private:
  std::unique_ptr<nn::Backend> hash_ = nn::makeHashBackend();
};

struct Fixture {
  std::unique_ptr<nn::Backend> backend = nn::makeHashBackend();
  Logger log;

  static NetEvaluatorSettings settings(int size = 9) {
    NetEvaluatorSettings s;
    s.modelFile = "test-net";
    s.net.bufferX = s.net.bufferY = size;
    s.net.nnCacheSizePowerOfTwo = 10;
    s.net.nnRandomize = false;
    s.net.nnRandSeed = "seed";
    return s;
  }
  std::unique_ptr<NetEvaluator> make(const NetEvaluatorSettings& s, int version = 14, int meta = 0) {
    return std::make_unique<NetEvaluator>(s, bareModel("bare", version, meta), *backend, log);
  }
};

GameState position(int size, int moves) {
  GameState state(Board(size, size), Color::Black, Rules());
  for (int i = 0; i < moves; i++) state.play(state.board().at(i % size, i / size * 2), state.toMove());
  return state;
}

float policySum(const NNOutput& out) {
  float sum = 0;
  for (int i = 0; i < out.policySize(); i++) sum += std::max(0.0f, out.policy[static_cast<size_t>(i)]);
  return sum;
}

bool sameValues(const NNOutput& a, const NNOutput& b) {
  return a.policy == b.policy && a.whiteWinProb == b.whiteWinProb && a.whiteLead == b.whiteLead;
}

}  // namespace

TEST_CASE("an evaluation is a distribution and is found in the cache the second time") {
  Fixture f;
  const auto net = f.make(Fixture::settings());
  const GameState state = position(9, 5);
  const NNOutputPtr first = net->evaluate(state, {});
  CHECK(policySum(*first) == doctest::Approx(1));
  CHECK(first->whiteWinProb + first->whiteLossProb + first->whiteNoResultProb == doctest::Approx(1));
  CHECK(net->evaluate(state, {}) == first);
  CHECK(net->rowsEvaluated() == 1);
  CHECK(net->cacheHits() == 1);
  net->clearCache();
  CHECK(net->evaluate(state, {}) != first);
}

TEST_CASE("skipping the cache evaluates again and replaces the entry") {
  Fixture f;
  const auto net = f.make(Fixture::settings());
  const GameState state = position(9, 5);
  const NNOutputPtr first = net->evaluate(state, {});
  EvalRequest again;
  again.skipCache = true;
  again.params.symmetry = 3;
  const NNOutputPtr second = net->evaluate(state, again);
  CHECK(!sameValues(*first, *second));
  CHECK(net->evaluate(state, {}) == second);
}

TEST_CASE("an entry that lacks ownership gets it without changing its values") {
  Fixture f;
  NetEvaluatorSettings s = Fixture::settings();
  s.net.nnRandomize = true;
  const auto net = f.make(s);
  const GameState state = position(9, 5);
  const NNOutputPtr first = net->evaluate(state, {});
  EvalRequest withMap;
  withMap.includeOwnership = true;
  withMap.params.symmetry = 5;
  const NNOutputPtr second = net->evaluate(state, withMap);
  CHECK(first->ownership.empty());
  CHECK(second->ownership.size() == 81);
  CHECK(sameValues(*first, *second));
  CHECK(net->evaluate(state, {}) == second);
}

TEST_CASE("boards that do not fit are refused with the reference's texts") {
  Fixture f;
  NetEvaluatorSettings s = Fixture::settings();
  CHECK_THROWS_WITH_AS(
      f.make(s)->evaluate(position(13, 0), {}),
      "NNEvaluator was configured with nnXLen = 9 nnYLen = 9 but was asked to evaluate board with "
      "larger x or y size",
      UserError);
  CHECK(f.make(s)->evaluate(position(5, 0), {})->policy[5] == -1.0f);
  s.net.requireExactSize = true;
  CHECK_THROWS_WITH_AS(
      f.make(s)->evaluate(position(5, 0), {}),
      "NNEvaluator was configured with nnXLen = 9 nnYLen = 9 and requireExactNNLen, but was asked to "
      "evaluate board with different x or y size",
      UserError);
}

TEST_CASE("a net with metadata needs a profile and has no optimism") {
  Fixture f;
  const auto net = f.make(Fixture::settings(), 15, 1);
  CHECK(net->usesMetadata());
  CHECK_THROWS_AS(net->evaluate(position(9, 0), {}), UserError);
  const SgfMetadata rank5k = SgfMetadata::fromProfile("rank_5k"),
                    rank9d = SgfMetadata::fromProfile("rank_9d");
  EvalRequest request;
  request.metadata = &rank5k;
  request.params.policyOptimism = 0.5;
  const NNOutputPtr low = net->evaluate(position(9, 0), request);
  CHECK(low->policyOptimismUsed == 0.0f);
  request.metadata = &rank9d;
  CHECK(net->evaluate(position(9, 0), request)->key != low->key);
}

TEST_CASE("precision is half unless told otherwise or results shall repeat") {
  Fixture f;
  auto recording = std::make_unique<RecordingBackend>();
  const nn::CompileOptions& asked = recording->asked;
  f.backend = std::move(recording);
  NetEvaluatorSettings s = Fixture::settings();
  const auto precisionFor = [&](NetPrecision precision, bool randomize) {
    s.net.precision = precision;
    s.net.nnRandomize = randomize;
    f.make(s);
    return asked.precision;
  };
  CHECK(precisionFor(NetPrecision::Auto, true) == nn::Precision::Half);
  CHECK(precisionFor(NetPrecision::Auto, false) == nn::Precision::Fp32);
  CHECK(precisionFor(NetPrecision::Half, false) == nn::Precision::Half);
  CHECK(precisionFor(NetPrecision::Fp32, true) == nn::Precision::Fp32);
  CHECK(precisionFor(NetPrecision::Int16, true) == nn::Precision::Int16);
  CHECK(asked.cpuIsa.empty());
  s.net.cpuIsa = "avx2";
  precisionFor(NetPrecision::Bf16, true);
  CHECK(asked.cpuIsa == "avx2");
}

TEST_CASE("random symmetries come from the seed") {
  Fixture f;
  NetEvaluatorSettings s = Fixture::settings();
  s.net.nnRandomize = true;
  const auto a = f.make(s), b = f.make(s);
  s.net.nnRandSeed = "other";
  const auto c = f.make(s);
  bool differs = false;
  for (int moves = 0; moves < 12; moves++) {
    const GameState state = position(9, moves);
    const NNOutputPtr first = a->evaluate(state, {});
    CHECK(sameValues(*first, *b->evaluate(state, {})));
    differs = differs || !sameValues(*first, *c->evaluate(state, {}));
  }
  CHECK(differs);
}

TEST_CASE("without a net outputs are invented from the seed") {
  Fixture f;
  NetEvaluatorSettings s = Fixture::settings();
  s.modelFile = "/dev/null";
  s.net.debugSkipNeuralNet = true;
  const auto net = makeNetEvaluator(s, *f.backend, f.log);
  EvalRequest request;
  request.includeOwnership = true;
  const NNOutputPtr out = net->evaluate(position(9, 3), request);
  CHECK(net->modelName() == "random");
  CHECK(net->modelVersion() == 17);
  CHECK(policySum(*out) == doctest::Approx(1));
  CHECK(out->ownership.size() == 81);
  CHECK(net->rowsEvaluated() == 0);
  CHECK(sameValues(*out, *makeNetEvaluator(s, *f.backend, f.log)->evaluate(position(9, 3), request)));
}

TEST_CASE("many threads get the same answers as one") {
  Fixture f;
  NetEvaluatorSettings s = Fixture::settings();
  s.seats = 2;
  s.maxBatch = 4;
  for (int round = 0; round < 3; round++) {
    const auto many = f.make(s);
    const auto one = f.make(Fixture::settings());
    std::atomic<int> wrong{0};
    std::vector<std::thread> pool;
    std::vector<NNOutputPtr> expected;
    for (int i = 0; i < 30; i++) expected.push_back(one->evaluate(position(9, i), {}));
    for (int t = 0; t < 8; t++)
      pool.emplace_back([&, t] {
        for (int i = 0; i < 30; i++) {
          const int moves = (i + t * 7) % 30;
          if (!sameValues(*many->evaluate(position(9, moves), {}), *expected[static_cast<size_t>(moves)]))
            wrong++;
        }
      });
    for (std::thread& thread : pool) thread.join();
    CHECK(wrong == 0);
  }
}

TEST_CASE("the hash evaluator invents the same plausible outputs every time") {
  HashEvaluator a, b(HashEvaluatorSettings{19, 19, 1, 14, false});
  const GameState state = position(9, 7);
  EvalRequest request;
  request.includeOwnership = true;
  const NNOutputPtr out = a.evaluate(state, request);
  CHECK(policySum(*out) == doctest::Approx(1));
  CHECK(sameValues(*out, *a.evaluate(state, request)));
  CHECK(!sameValues(*out, *b.evaluate(state, request)));
  CHECK(out->policy[0] == -1.0f);   // occupied
  CHECK(out->policy[10] == -1.0f);  // off the board
  CHECK(out->ownership.size() == kMaxBoardArea);
  CHECK(a.rowsEvaluated() == 2);
}

namespace {

NetSpec smallNet() {
  NetSpec spec;
  spec.channels = 32, spec.mid = 32, spec.gpool = 8;
  spec.blocks = {BlockKind::Ordinary, BlockKind::Pooling};
  return spec;
}

std::unique_ptr<NetEvaluator> onCpu(int buffer, bool exact, nn::Backend& backend, Logger& log) {
  NetEvaluatorSettings s = Fixture::settings(buffer);
  s.net.requireExactSize = exact;
  s.net.concurrentEvaluations = 4;
  s.net.numEigenThreadsPerModel = 2;
  return std::make_unique<NetEvaluator>(
      s, loadModelFromBytes(randomNetBytes(smallNet(), 3, FloatEncoding::Binary), "net.bin"), backend, log);
}

// Largest difference of the two evaluations, whose buffers may differ.
double difference(const NNOutput& a, const NNOutput& b, const Board& board) {
  double worst = std::fabs(a.whiteWinProb - b.whiteWinProb) + std::fabs(a.whiteLead - b.whiteLead);
  for (int y = 0; y < board.ySize(); y++) {
    for (int x = 0; x < board.xSize(); x++) {
      const auto at = [&](const NNOutput& o) { return static_cast<size_t>(y * o.nnX + x); };
      worst = std::max<double>(worst, std::fabs(a.policy[at(a)] - b.policy[at(b)]));
      worst = std::max<double>(worst, std::fabs(a.ownership[at(a)] - b.ownership[at(b)]));
    }
  }
  const auto pass = [](const NNOutput& o) { return o.policy[static_cast<size_t>(o.passPos())]; };
  return std::max<double>(worst, std::fabs(pass(a) - pass(b)));
}

}  // namespace

TEST_CASE("boards of any size in a large buffer get the evaluations of a buffer of their size") {
  Logger log;
  const auto backend = nn::makeBackend({});
  const auto large = onCpu(19, false, *backend, log);
  EvalRequest request;
  request.includeOwnership = true;
  for (const auto& size : {std::pair(9, 9), {19, 19}, {13, 7}, {7, 13}, {2, 2}}) {
    const int xSize = size.first, ySize = size.second;
    const auto own = onCpu(std::max(xSize, ySize), false, *backend, log);
    GameState state(Board(xSize, ySize), Color::Black, Rules());
    state.play(state.board().at(0, 1), Color::Black);
    for (int symmetry = 0; symmetry < 8; symmetry++) {
      request.params.symmetry = symmetry;
      const NNOutputPtr a = large->evaluate(state, request), b = own->evaluate(state, request);
      CAPTURE(xSize);
      CAPTURE(symmetry);
      CHECK(a->nnX == 19);
      CHECK(difference(*a, *b, state.board()) < 1e-5);
      for (size_t pos = 0; pos < 361; pos++)
        if (static_cast<int>(pos) % 19 >= xSize || static_cast<int>(pos) / 19 >= ySize)
          CHECK(a->ownership[pos] == 0.0f);
    }
  }
}

TEST_CASE("threads that evaluate boards of different sizes share batches and get their own answers") {
  Logger log;
  const auto backend = nn::makeBackend({});
  const auto net = onCpu(19, false, *backend, log);
  CHECK(net->seats() == 2);
  CHECK(net->maxBatch() == 2);
  std::vector<GameState> states;
  std::vector<NNOutputPtr> alone;
  EvalRequest request;
  request.includeOwnership = true;
  request.skipCache = true;
  for (const int size : {9, 19, 13, 9, 10, 19, 9, 13}) {
    states.push_back(position(size, static_cast<int>(states.size())));
    alone.push_back(net->evaluate(states.back(), request));
  }
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (size_t t = 0; t < states.size(); t++)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 10; i++) {
        const NNOutputPtr out = net->evaluate(states[t], request);
        wrong += !sameValues(*out, *alone[t]) || out->ownership != alone[t]->ownership;
      }
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
}
