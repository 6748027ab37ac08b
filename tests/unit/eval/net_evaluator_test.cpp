#include "eval/net_evaluator.h"

#include <doctest/doctest.h>

#include <set>
#include <thread>

#include "backends/wrap/hash_backend.h"
#include "base/error.h"
#include "eval/hash_evaluator.h"

using namespace ponnuki;

namespace {

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

TEST_CASE("half precision is refused on the CPU") {
  Fixture f;
  NetEvaluatorSettings s = Fixture::settings();
  s.net.useFP16 = TriState::True;
  CHECK_THROWS_WITH_AS(f.make(s), "Eigen backend: useFP16 = true not supported", UserError);
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
