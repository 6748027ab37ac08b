#include "eval/postprocess.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "base/error.h"

namespace ponnuki {
namespace {

constexpr float kIllegalLogit = -1e30f;
constexpr float kLowestMax = -1e25f;
constexpr float kMaxPassToBoard = 19.0f;  // the pass has at most 95 % under passing hacks
constexpr float kMinPassWeight = 1e-20f;

double softplus(double x) {
  return x > 40.0 ? x : std::log(1.0 + std::exp(x));
}

bool cellIs(const Board& board, int x, int y, Color c) {
  return board[board.at(x, y)] == c;
}

// The corner pattern of the "dagger" joseki in one of its orientations (spec 14.5).
Point daggerBan(const Board& board, Color pla, int orientation) {
  constexpr int kColumns = 8, kRows = 9;
  const auto place = [&](int i, int j) {
    int x = i, y = j;
    if (orientation & 1) std::swap(x, y);
    if (orientation & 2) x = board.xSize() - 1 - x;
    if (orientation & 4) y = board.ySize() - 1 - y;
    return std::pair(x, y);
  };
  const auto wanted = [&](int i, int j) {
    if ((i == 2 && (j == 2 || j == 3)) || (i == 1 && j == 5)) return opponent(pla);
    if ((i == 3 && (j == 2 || j == 3)) || (i == 2 && j == 5)) return pla;
    return Color::Empty;
  };
  for (int j = 0; j < kRows; j++) {
    for (int i = 0; i < kColumns; i++) {
      if (i == 1 && j == 6) continue;
      const auto [x, y] = place(i, j);
      if (!cellIs(board, x, y, wanted(i, j))) return kNullPoint;
    }
  }
  const auto [x, y] = place(1, 6);
  return board.at(x, y);
}

void banDaggers(const GameState& state, const NNOutput& out, std::vector<uint8_t>& legal) {
  const Board& board = state.board();
  if (board.xSize() < 13 || board.ySize() < 13) return;
  for (int orientation = 0; orientation < 8; orientation++) {
    const Point banned = daggerBan(board, state.toMove(), orientation);
    if (banned != kNullPoint) legal[static_cast<size_t>(out.posOf(banned, board.xSize()))] = 0;
  }
}

std::vector<uint8_t> legalPositions(const GameState& state, const EvalParams& params, const NNOutput& out) {
  const Board& board = state.board();
  std::vector<uint8_t> legal(static_cast<size_t>(out.policySize()), 0);
  for (int y = 0; y < board.ySize(); y++)
    for (int x = 0; x < board.xSize(); x++)
      legal[static_cast<size_t>(y * out.nnX + x)] = state.isLegal(board.at(x, y), state.toMove());
  legal[static_cast<size_t>(out.passPos())] = 1;
  if (params.avoidMYTDaggerHack) banDaggers(state, out, legal);
  return legal;
}

// Logit of one policy entry: of nets with an optimistic policy, the blend.
float blendedLogit(const float* channels, int count, float optimism) {
  return count >= 2 ? channels[0] + (channels[1] - channels[0]) * optimism : channels[0];
}

// Turns logits in p into unnormalised weights and returns their sum.
float exponentiate(std::vector<float>& p, float zMax, bool passingHacks) {
  float sum = 0;
  const size_t pass = p.size() - 1;
  for (size_t i = 0; i < pass; i++) {
    p[i] = std::exp(p[i] - zMax);
    sum += p[i];
  }
  p[pass] = std::exp(p[pass] - zMax);
  // The order of the arguments turns a NaN into the smallest weight.
  if (passingHacks) p[pass] = std::max(kMinPassWeight, std::min(p[pass], kMaxPassToBoard * sum));
  return sum + p[pass];
}

void makeFlat(const std::vector<uint8_t>& legal, std::vector<float>& p) {
  const auto count = static_cast<float>(std::count(legal.begin(), legal.end(), 1));
  std::fill(p.begin(), p.end(), 1.0f / count);
}

void fillPolicy(const GameState& state, const EvalParams& params, const RawRow& raw, NNOutput& out,
                bool& allRoundedToZero) {
  const std::vector<uint8_t> legal = legalPositions(state, params, out);
  const float scale = 1.0f / params.nnPolicyTemperature;
  const auto optimism = static_cast<float>(params.policyOptimism);
  const auto channels = static_cast<size_t>(raw.policyChannels);
  const size_t pass = legal.size() - 1;
  std::vector<float> p(legal.size(), kIllegalLogit);
  float zMax = kLowestMax;
  for (size_t i = 0; i < p.size(); i++) {
    if (!legal[i]) continue;
    const float* logits = i == pass ? raw.pass.data() : raw.policy.data() + i * channels;
    p[i] = blendedLogit(logits, raw.policyChannels, optimism) * scale;
    zMax = std::max(zMax, p[i]);
  }
  const float sum = exponentiate(p, zMax, params.enablePassingHacks);
  if (!std::isfinite(sum)) throw InternalError("Got nonfinite for policy sum");
  allRoundedToZero = sum <= 0;
  if (allRoundedToZero)
    makeFlat(legal, p);
  else
    for (float& v : p) v /= sum;
  for (size_t i = 0; i < p.size(); i++)
    if (!legal[i]) p[i] = -1.0f;
  out.policy = Policy(p);
  out.policyOptimismUsed = optimism;
}

struct Outcome {
  double win, loss, noResult;
};

Outcome outcomeOf(const RawRow& raw, bool noResultPossible) {
  const double win = raw.value[0], loss = raw.value[1];
  const double noResult = static_cast<double>(raw.value[2]) - (noResultPossible ? 0.0 : 100000.0);
  const double top = std::max({win, loss, noResult});
  const double w = std::exp(win - top), l = std::exp(loss - top);
  const double n = noResultPossible ? std::exp(noResult - top) : 0.0;
  const double sum = w + l + n;
  return {w / sum, l / sum, n / sum};
}

// Of the side to move, before the turn to White's view.
struct Scalars {
  Outcome outcome{};
  double mean = 0, meanSq = 0, lead = 0, varTime = -1, winLossError = -1, scoreError = -1;
};

void fillErrors(const ModelInfo& info, const RawRow& raw, Scalars& s) {
  const double rawWl = raw.score[4], rawScore = raw.score[5];
  const PostProcessMultipliers& m = info.multipliers;
  if (info.version < 10) {
    s.winLossError = softplus(rawWl);
    s.scoreError = 10.0 * softplus(rawScore);
  } else if (info.version < 14) {
    s.winLossError = std::sqrt(softplus(rawWl) * m.shorttermValueError);
    s.scoreError = std::sqrt(softplus(rawScore) * m.shorttermScoreError);
  } else {
    const double wl = softplus(rawWl * 0.5), sc = softplus(rawScore * 0.5);
    s.winLossError = std::sqrt(wl * wl * m.shorttermValueError);
    s.scoreError = std::sqrt(sc * sc * m.shorttermScoreError);
  }
}

Scalars scalarsOf(const ModelInfo& info, const GameState& state, const RawRow& raw) {
  const Rules& rules = state.rules();
  Scalars s;
  s.outcome = outcomeOf(raw, rules.ko == KoRule::Simple || rules.scoring == ScoringRule::Territory);
  const PostProcessMultipliers& m = info.multipliers;
  const double mean = raw.score[0] * m.scoreMean;
  const double stdev = softplus(raw.score[1]) * m.scoreStdev;
  const double lead = (info.version >= 8 ? raw.score[2] : raw.score[0]) * m.lead;
  // The net speaks of games with a result.
  const double withResult = 1.0 - s.outcome.noResult;
  s.mean = mean * withResult;
  s.meanSq = (mean * mean + stdev * stdev) * withResult;
  s.lead = lead * withResult;
  if (info.supportsShorttermError()) {
    s.varTime = softplus(raw.score[3]) * m.varianceTime;
    fillErrors(info, raw, s);
  }
  return s;
}

// Version 3: one bounded score value instead of mean and deviation (spec 14.4).
Scalars oldScalarsOf(const GameState& state, const RawRow& raw) {
  constexpr double kHalfPi = 1.57079632679489661923, kTwoOverPi = 0.63661977236758134308;
  Scalars s;
  s.outcome = outcomeOf(raw, true);
  const double value = std::atan(raw.score[0]) * kTwoOverPi;
  const double x = value * kHalfPi;
  const double t = x >= kHalfPi - 1e-6 ? 1e6 : x <= -kHalfPi + 1e-6 ? -1e6 : std::tan(x);
  s.mean = s.lead = t * 2.0 * state.board().sqrtArea();
  const auto rounded = static_cast<float>(s.mean);
  s.meanSq = rounded * rounded;
  return s;
}

void checkFinite(const Scalars& s) {
  const Outcome& o = s.outcome;
  for (const double v :
       {o.win + o.loss + o.noResult, s.mean, s.meanSq, s.lead, s.varTime, s.winLossError, s.scoreError})
    if (!std::isfinite(v)) {
      char numbers[256];
      std::snprintf(numbers, sizeof numbers,
                    ": win %g loss %g noResult %g mean %g meanSq %g lead %g varTime %g errors %g %g", o.win,
                    o.loss, o.noResult, s.mean, s.meanSq, s.lead, s.varTime, s.winLossError, s.scoreError);
      throw InternalError(std::string("Got nonfinite for nneval value") + numbers);
    }
}

void fillScalars(const Scalars& s, bool whiteToMove, NNOutput& out) {
  const double sign = whiteToMove ? 1.0 : -1.0;
  out.whiteWinProb = static_cast<float>(whiteToMove ? s.outcome.win : s.outcome.loss);
  out.whiteLossProb = static_cast<float>(whiteToMove ? s.outcome.loss : s.outcome.win);
  out.whiteNoResultProb = static_cast<float>(s.outcome.noResult);
  out.whiteScoreMean = static_cast<float>(sign * s.mean);
  out.whiteScoreMeanSq = static_cast<float>(s.meanSq);
  out.whiteLead = static_cast<float>(sign * s.lead);
  out.varTimeLeft = static_cast<float>(s.varTime);
  out.shorttermWinlossError = static_cast<float>(s.winLossError);
  out.shorttermScoreError = static_cast<float>(s.scoreError);
}

void fillOwnership(const Board& board, bool whiteToMove, const RawRow& raw, NNOutput& out) {
  out.ownership.assign(static_cast<size_t>(out.nnX * out.nnY), 0.0f);
  for (int y = 0; y < board.ySize(); y++) {
    for (int x = 0; x < board.xSize(); x++) {
      const auto pos = static_cast<size_t>(y * out.nnX + x);
      const float owned = std::tanh(raw.ownership[pos]);
      out.ownership[pos] = whiteToMove ? owned : -owned;
    }
  }
}

}  // namespace

void postprocess(const ModelInfo& info, const GameState& state, const EvalParams& params, const RawRow& raw,
                 NNOutput& out, bool& allRoundedToZero) {
  const bool whiteToMove = state.toMove() == Color::White;
  out.nnX = raw.nnX;
  out.nnY = raw.nnY;
  fillPolicy(state, params, raw, out, allRoundedToZero);
  const Scalars s = info.version == 3 ? oldScalarsOf(state, raw) : scalarsOf(info, state, raw);
  checkFinite(s);
  fillScalars(s, whiteToMove, out);
  if (!raw.ownership.empty()) fillOwnership(state.board(), whiteToMove, raw, out);
}

}  // namespace ponnuki
