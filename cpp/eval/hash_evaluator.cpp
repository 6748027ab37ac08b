#include "eval/hash_evaluator.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.h"
#include "eval/net_hash.h"

namespace ponnuki {
namespace {

// In [0, 1).
float unit(uint64_t bits) {
  return static_cast<float>(bits >> 40) * 0x1p-24f;
}

// A few moves stand out, as in the policy of a net: the weight of a move is the fourth power of a uniform
// value.
void inventPolicy(const GameState& state, uint64_t seed, NNOutput& out) {
  const Board& board = state.board();
  const auto size = static_cast<size_t>(out.policySize());
  std::array<float, kMaxPolicySize> priors;
  std::fill_n(priors.begin(), size, -1.0f);
  float sum = 0;
  const auto add = [&](int pos, float scale) {
    const float u = unit(mix::splitMix64(seed + static_cast<uint64_t>(pos) * 0x9e3779b97f4a7c15ULL));
    const float weight = (u * u * u * u + 1e-3f) * scale;
    priors[static_cast<size_t>(pos)] = weight;
    sum += weight;
  };
  for (int y = 0; y < board.ySize(); y++)
    for (int x = 0; x < board.xSize(); x++)
      if (state.isLegal(board.at(x, y), state.toMove())) add(y * out.nnX + x, 1.0f);
  add(out.passPos(), 0.1f);
  for (size_t pos = 0; pos < size; pos++)
    if (priors[pos] >= 0) priors[pos] /= sum;
  out.policy = Policy({priors.data(), size});
}

void inventValues(uint64_t seed, bool shorttermErrors, NNOutput& out) {
  const float a = unit(mix::splitMix64(seed + 1)), b = unit(mix::splitMix64(seed + 2));
  const float c = unit(mix::splitMix64(seed + 3)), d = unit(mix::splitMix64(seed + 4));
  out.whiteWinProb = 0.3f + 0.4f * a;
  out.whiteLossProb = 1.0f - out.whiteWinProb;
  out.whiteNoResultProb = 0;
  out.whiteScoreMean = 20.0f * (out.whiteWinProb - 0.5f) + 2.0f * (b - 0.5f);
  out.whiteLead = out.whiteScoreMean;
  out.whiteScoreMeanSq = out.whiteScoreMean * out.whiteScoreMean + 100.0f;
  if (!shorttermErrors) return;
  out.varTimeLeft = 10.0f + 20.0f * c;
  out.shorttermWinlossError = 0.1f + 0.2f * c;
  out.shorttermScoreError = 1.0f + 2.0f * d;
}

void inventOwnership(const Board& board, uint64_t seed, NNOutput& out) {
  out.ownership.assign(static_cast<size_t>(out.nnX * out.nnY), 0.0f);
  for (int y = 0; y < board.ySize(); y++) {
    for (int x = 0; x < board.xSize(); x++) {
      const int pos = y * out.nnX + x;
      const float noise = 0.6f * (unit(mix::splitMix64(seed ^ static_cast<uint64_t>(pos + 1000))) - 0.5f);
      const Color stone = board[board.at(x, y)];
      const float lean = stone == Color::White ? 0.6f : stone == Color::Black ? -0.6f : 0.0f;
      out.ownership[static_cast<size_t>(pos)] = lean + noise;
    }
  }
}

}  // namespace

HashEvaluator::HashEvaluator(const HashEvaluatorSettings& settings) : settings_(settings) {
  ENSURE(settings.nnX >= 2 && settings.nnX <= kMaxBoardLen && settings.nnY >= 2 &&
         settings.nnY <= kMaxBoardLen);
}

NNOutputPtr HashEvaluator::evaluate(const GameState& state, const EvalRequest& request) {
  const Board& board = state.board();
  if (board.xSize() > settings_.nnX || board.ySize() > settings_.nnY)
    throw UserError("HashEvaluator has a buffer of " + std::to_string(settings_.nnX) + " x " +
                    std::to_string(settings_.nnY) + " points but was asked to evaluate a larger board");
  rows_.fetch_add(1, std::memory_order_relaxed);
  auto out = std::make_shared<NNOutput>();
  out->nnX = settings_.nnX;
  out->nnY = settings_.nnY;
  out->key = netHash(state, state.toMove(), request.params);
  out->policyOptimismUsed = static_cast<float>(request.params.policyOptimism);
  const uint64_t seed = mix::murmurMix(out->key.h0 ^ mix::splitMix64(out->key.h1 + settings_.salt));
  inventPolicy(state, seed, *out);
  inventValues(seed, supportsShorttermError(), *out);
  if (request.includeOwnership) inventOwnership(board, seed, *out);
  return out;
}

}  // namespace ponnuki
