#include "eval/postprocess.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "base/error.h"

using namespace ponnuki;

namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

// Raw outputs of a 3x3 board in a 3x3 buffer, all zero until changed.
struct Raw {
  int channels = 1;
  std::vector<float> policy, pass, value = {0, 0, 0}, score = {0, 0, 0, 0, 0, 0},
                                   ownership = std::vector<float>(9, 0);
  explicit Raw(int policyChannels = 1, int points = 9)
      : channels(policyChannels),
        policy(static_cast<size_t>(points * policyChannels), 0),
        pass(static_cast<size_t>(policyChannels), 0) {}
};

ModelInfo infoOf(int version) {
  ModelInfo info;
  info.version = version;
  return info;
}

GameState stateOf(Color toMove = Color::Black, KoRule ko = KoRule::Positional, int size = 3) {
  Rules rules;
  rules.ko = ko;
  return GameState(Board(size, size), toMove, rules);
}

NNOutput run(const Raw& raw, int version, const GameState& state, const EvalParams& params = {},
             bool* flat = nullptr, int size = 3) {
  NNOutput out;
  bool allZero = false;
  postprocess(infoOf(version), state, params,
              {size, size, raw.channels, raw.policy, raw.pass, raw.value, raw.score, raw.ownership}, out,
              allZero);
  if (flat) *flat = allZero;
  return out;
}

double softplus(double x) {
  return std::log1p(std::exp(x));
}

}  // namespace

TEST_CASE("the policy is a softmax over the legal moves with -1 elsewhere") {
  Raw raw;
  raw.policy[4] = std::log(2.0f);
  GameState state = stateOf();
  state.play(state.board().at(0, 0), Color::Black);
  const NNOutput out = run(raw, 14, state);
  CHECK(out.policy[0] == -1.0f);
  CHECK(out.policy[4] == doctest::Approx(0.2));  // 2 of 2 + 7 others + pass
  CHECK(out.policy[9] == doctest::Approx(0.1));
  CHECK(out.policy.size() == 10);
}

TEST_CASE("temperature divides the logits and optimism blends two channels") {
  Raw raw(2);
  raw.pass = {0, 4 * std::log(3.0f)};
  EvalParams params;
  params.policyOptimism = 0.5;
  params.nnPolicyTemperature = 2;
  const NNOutput out = run(raw, 14, stateOf(), params);
  CHECK(out.policy[9] == doctest::Approx(3.0 / 12.0));
  CHECK(out.policyOptimismUsed == 0.5f);
}

TEST_CASE("passing hacks cap the pass at 95 percent and rescue it when all else vanishes") {
  Raw raw;
  raw.pass[0] = 50;
  EvalParams params;
  CHECK(run(raw, 14, stateOf(), params).policy[9] == doctest::Approx(1.0));
  params.enablePassingHacks = true;
  CHECK(run(raw, 14, stateOf(), params).policy[9] == doctest::Approx(0.95));
  raw.pass[0] = 500;
  CHECK(run(raw, 14, stateOf(), params).policy[9] == 1.0f);
}

TEST_CASE("non-finite outputs are errors") {
  Raw raw;
  raw.policy[3] = kNaN;
  CHECK_THROWS_AS(run(raw, 14, stateOf()), InternalError);
  Raw value;
  value.value[0] = kNaN;
  CHECK_THROWS_AS(run(value, 14, stateOf()), InternalError);
  Raw pass;
  pass.pass[0] = kNaN;
  CHECK_THROWS_AS(run(pass, 14, stateOf()), InternalError);
}

TEST_CASE("a policy that rounds to nothing becomes flat") {
  Raw raw;
  std::fill(raw.policy.begin(), raw.policy.end(), -1e28f);
  raw.pass[0] = -1e28f;
  bool flat = false;
  const NNOutput out = run(raw, 14, stateOf(), {}, &flat);
  CHECK(flat);
  CHECK(out.policy[0] == doctest::Approx(0.1));
  CHECK(out.policy[9] == doctest::Approx(0.1));
}

TEST_CASE("values turn to White's view") {
  Raw raw;
  raw.value = {std::log(3.0f), 0, 50};
  raw.score = {0.5f, 0, 0.25f, 0, 0, 0};
  const NNOutput white = run(raw, 14, stateOf(Color::White)), black = run(raw, 14, stateOf(Color::Black));
  CHECK(white.whiteWinProb == doctest::Approx(0.75));
  CHECK(black.whiteWinProb == doctest::Approx(0.25));
  CHECK(white.whiteNoResultProb == 0.0f);
  CHECK(white.whiteScoreMean == doctest::Approx(10));
  CHECK(black.whiteScoreMean == doctest::Approx(-10));
  CHECK(white.whiteLead == doctest::Approx(5));
  const double stdev = 20 * softplus(0);
  CHECK(black.whiteScoreMeanSq == doctest::Approx(100 + stdev * stdev));
}

TEST_CASE("scores shrink by the chance of no result, which simple ko allows") {
  Raw raw;
  raw.value = {0, 0, std::log(2.0f)};
  raw.score[0] = 1;
  const NNOutput out = run(raw, 14, stateOf(Color::White, KoRule::Simple));
  CHECK(out.whiteNoResultProb == doctest::Approx(0.5));
  CHECK(out.whiteScoreMean == doctest::Approx(10));
  CHECK(out.varTimeLeft == doctest::Approx(40 * softplus(0)));
}

TEST_CASE("short-term errors follow the version of the net") {
  Raw raw;
  raw.score = {0, 0, 0, 0, 1, 2};
  const GameState state = stateOf();
  CHECK(run(raw, 8, state).shorttermWinlossError == -1.0f);
  CHECK(run(raw, 8, state).varTimeLeft == -1.0f);
  CHECK(run(raw, 9, state).shorttermWinlossError == doctest::Approx(softplus(1)));
  CHECK(run(raw, 9, state).shorttermScoreError == doctest::Approx(10 * softplus(2)));
  CHECK(run(raw, 12, state).shorttermWinlossError == doctest::Approx(std::sqrt(softplus(1) * 0.25)));
  CHECK(run(raw, 12, state).shorttermScoreError == doctest::Approx(std::sqrt(softplus(2) * 30)));
  CHECK(run(raw, 15, state).shorttermWinlossError == doctest::Approx(softplus(0.5) * 0.5));
  CHECK(run(raw, 15, state).shorttermScoreError == doctest::Approx(softplus(1) * std::sqrt(30.0)));
}

TEST_CASE("version 3 has one bounded score") {
  Raw raw;
  raw.score = {2};
  raw.value = {0, 0, 0};
  const NNOutput out = run(raw, 3, stateOf(Color::Black));
  CHECK(out.whiteScoreMean == doctest::Approx(-2 * 2 * 3));
  CHECK(out.whiteScoreMeanSq == doctest::Approx(144));
  CHECK(out.whiteNoResultProb == doctest::Approx(1.0 / 3));
  raw.score = {1e9f};
  CHECK(run(raw, 3, stateOf(Color::White)).whiteScoreMean == doctest::Approx(6e6));
}

TEST_CASE("versions 4 to 7 take the score for the lead") {
  Raw raw;
  raw.score = {0.5f, 0};
  CHECK(run(raw, 5, stateOf(Color::White)).whiteLead == doctest::Approx(10));
}

TEST_CASE("ownership is White's, and nothing off the board") {
  Raw raw(1, 16);
  raw.ownership.assign(16, 1.0f);
  const NNOutput out = run(raw, 14, stateOf(Color::Black), {}, nullptr, 4);
  CHECK(out.ownership[0] == doctest::Approx(-std::tanh(1.0)));
  CHECK(out.ownership[3] == 0.0f);
  CHECK(out.ownership[12] == 0.0f);
  CHECK(out.policy[3] == -1.0f);
  CHECK(out.policy[16] > 0);
}

TEST_CASE("the dagger move is banned in every corner on request") {
  for (const bool mirrored : {false, true}) {
    Board board(13, 13);
    const auto at = [&](int i, int j) { return mirrored ? board.at(12 - i, 12 - j) : board.at(i, j); };
    for (const auto& [i, j] : {std::pair(2, 2), {2, 3}, {1, 5}}) board.setStone(at(i, j), Color::White);
    for (const auto& [i, j] : {std::pair(3, 2), {3, 3}, {2, 5}}) board.setStone(at(i, j), Color::Black);
    const Point banned = at(1, 6);
    const GameState state(board, Color::Black, Rules());
    Raw raw(1, 169);
    raw.ownership.clear();
    EvalParams params;
    const int pos = board.y(banned) * 13 + board.x(banned);
    CHECK(run(raw, 14, state, params, nullptr, 13).policy[static_cast<size_t>(pos)] > 0);
    params.avoidMYTDaggerHack = true;
    CHECK(run(raw, 14, state, params, nullptr, 13).policy[static_cast<size_t>(pos)] == -1.0f);
  }
}

TEST_CASE("an average of outputs keeps the first policy where legality differs") {
  auto a = std::make_shared<NNOutput>(), b = std::make_shared<NNOutput>();
  a->policy = Policy(std::vector<float>{0.2f, -1});
  b->policy = Policy(std::vector<float>{0.4f, -1});
  a->whiteWinProb = 1;
  b->whiteWinProb = 0;
  b->ownership = {1, -1};
  const NNOutputPtr mean = averageOutputs({a, b});
  CHECK(mean->policy[0] == doctest::Approx(0.3));
  CHECK(mean->policy[1] == -1.0f);
  CHECK(mean->whiteWinProb == 0.5f);
  CHECK(mean->ownership == std::vector<float>{1, -1});
  b->policy = Policy(std::vector<float>{0.4f, 0.1f});
  CHECK(averageOutputs({a, b})->policy[0] == 0.2f);
}
