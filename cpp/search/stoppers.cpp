#include "search/stoppers.h"

#include <algorithm>
#include <cmath>

#include "search/choose.h"

namespace ponnuki {

namespace {

constexpr double kRecomputeAfter = 0.1;  // seconds; before, the limit set at the start holds

// The caller's factor and those for positions after passes.
double effectiveFactor(const SearchContext& ctx, double factor) {
  const auto& moves = ctx.rootState.moves();
  const size_t n = moves.size();
  if (n == 0 || moves[n - 1].point != kPass) return factor;
  const bool two = n >= 3 && moves[n - 3].point == kPass;
  return factor * (two ? ctx.params.searchFactorAfterTwoPass : ctx.params.searchFactorAfterOnePass);
}

int64_t scaled(int64_t limit, double factor) {
  constexpr double kCap = 4611686018427387904.0;  // 2^62
  return static_cast<int64_t>(std::ceil(std::min(kCap, static_cast<double>(limit) * factor)));
}

}  // namespace

StopRules::StopRules(const SearchContext& ctx, const SearchLimits& limits, int64_t existingVisits,
                     double carriedOver, size_t maxTreeBytes)
    : ctx_(ctx),
      params_(ctx.params),
      clock_(limits.pondering ? TimeControl() : limits.timeControl),
      searchFactor_(effectiveFactor(ctx, limits.searchFactor)),
      carriedOver_(carriedOver),
      existing_(existingVisits),
      maxTreeBytes_(maxTreeBytes),
      maxVisits_(limits.pondering ? params_.maxVisitsPondering : params_.maxVisits),
      maxPlayouts_(limits.pondering ? params_.maxPlayoutsPondering : params_.maxPlayouts),
      maxTime_(limits.pondering ? params_.maxTimePondering : params_.maxTime) {
  if (searchFactor_ != 1) {
    maxVisits_ = scaled(maxVisits_, searchFactor_);
    maxPlayouts_ = scaled(maxPlayouts_, searchFactor_);
    maxTime_ *= searchFactor_;
  }
  hasMaxTime_ = maxTime_ < 1e12;
  hasTimeControl_ = !limits.pondering && !clock_.isEffectivelyUnlimited();
  if (hasTimeControl_) timeLimit_.store(recommendedTime(0));
}

int StopRules::threadsToUse() const {
  if (params_.minPlayoutsPerThread <= 0) return params_.numSearchThreads;
  const auto playouts = static_cast<double>(std::min(maxVisits_ - existing_, maxPlayouts_));
  const double cap = std::floor(playouts / params_.minPlayoutsPerThread);
  return static_cast<int>(std::min(static_cast<double>(params_.numSearchThreads), std::max(1.0, cap)));
}

bool StopRules::visitsReached(int64_t playouts) const {
  return playouts >= maxPlayouts_ || playouts + existing_ >= maxVisits_;
}

bool StopRules::timeReached(int64_t playouts, double elapsed) const {
  if (playouts < 2) return false;
  return (hasMaxTime_ && elapsed >= maxTime_) ||
         (hasTimeControl_ && elapsed >= timeLimit_.load(std::memory_order_relaxed));
}

bool StopRules::memoryReached() {
  if (maxTreeBytes_ == 0 || ctx_.table->bytes() < maxTreeBytes_) return false;
  endedForMemory_.store(true, std::memory_order_relaxed);
  return true;
}

bool StopRules::reached(int64_t playouts, double elapsed) {
  if (stop_.load(std::memory_order_relaxed)) return true;
  if (!visitsReached(playouts) && !timeReached(playouts, elapsed) && !memoryReached()) return false;
  requestStop();
  return true;
}

double StopRules::visitsLeft(int64_t playouts) const {
  double left = hasTimeControl_ ? visitsByTime_.load(std::memory_order_relaxed) : 1e30;
  left = std::min(left, static_cast<double>(maxPlayouts_ - playouts));
  return std::min(left, static_cast<double>(maxVisits_ - playouts - existing_));
}

void StopRules::updateTime(double elapsed) {
  if (!hasTimeControl_ || elapsed < kRecomputeAfter) return;
  const double limit = recommendedTime(elapsed);
  timeLimit_.store(limit, std::memory_order_relaxed);
  visitsByTime_.store(timeBound(elapsed, std::min(limit, maxTime_)), std::memory_order_relaxed);
}

double StopRules::timeBound(double elapsed, double limit) const {
  const auto visits = static_cast<double>(ctx_.root ? ctx_.root->stats.visits() : 0);
  const double effective = carriedOver_ + elapsed;
  if (visits <= 1 || effective < 0.1) return 1e30;
  return std::ceil((limit - elapsed) / effective * visits + params_.numSearchThreads - 1);
}

void StopRules::scaleByPhaseOfGame(double& recommended) const {
  if (params_.midgameTimeFactor == 1) return;
  const double scale = ctx_.rootState.board().area() / 361.0;
  const double turn = ctx_.rootState.turnNumber();
  const double peak = params_.midgameTurnPeakTime * scale;
  const double g =
      turn < peak ? turn / peak : std::exp(-(turn - peak) / (params_.endgameTurnTimeDecay * scale));
  recommended *= 1 + std::clamp(g, 0.0, 1.0) * (params_.midgameTimeFactor - 1);
}

void StopRules::scaleByObviousness(double& recommended) const {
  if (params_.obviousMovesTimeFactor >= 1) return;
  const auto s = surpriseOf(ctx_);
  if (!s) return;
  const double obvious = std::min(std::exp(-s->policyEntropy / params_.obviousMovesPolicyEntropyTolerance),
                                  std::exp(-s->policySurprise / params_.obviousMovesPolicySurpriseTolerance));
  recommended *= 1 + obvious * (params_.obviousMovesTimeFactor - 1);
}

double StopRules::recommendedTime(double elapsed) const {
  const Board& board = ctx_.rootState.board();
  const int stones = board.stoneCount(Color::Black) + board.stoneCount(Color::White);
  const TimeControl::Allotment a = clock_.allot(board.area(), stones, params_.lagBuffer);
  double r = a.recommended * params_.overallocateTimeFactor;
  scaleByPhaseOfGame(r);
  scaleByObviousness(r);
  if (r > 1e-20) {
    const double x = (r - carriedOver_) / r;
    r *= std::min(1.0, std::log(1 + std::exp(6 * x)) / 6);
  }
  r = std::min(clock_.roundUp(elapsed, r, params_.lagBuffer), a.max);
  if (params_.futileVisitsThreshold > 0) {
    const double bound = timeBound(elapsed, r);
    const auto visits = static_cast<double>(ctx_.root ? ctx_.root->stats.visits() : 0);
    if (bound < params_.futileVisitsThreshold * visits && othersAreFutile(bound)) r = elapsed * (1 - 1e-10);
  }
  r = std::min(clock_.roundUp(elapsed, r, params_.lagBuffer), a.max);
  r = std::max(r, a.min) * searchFactor_;
  return std::min(r, a.max);
}

bool StopRules::othersAreFutile(double bound) const {
  PlayOptions options;
  options.scaleMaxToAtLeast = 1;
  const PlayValues play = playValues(ctx_, *ctx_.root, options);
  if (!play.ok || play.values.size() != play.children.size()) return false;
  const size_t best = indexOfMax(play.values);
  const auto visitsOf = [&](size_t i) { return static_cast<double>(play.children[i].edgeVisits); };
  for (size_t i = 0; i < play.children.size(); i++)
    if (visitsOf(i) > visitsOf(best)) return false;
  double need = params_.futileVisitsThreshold * visitsOf(best);
  const double temperature = chosenMoveTemperature(ctx_);
  if (temperature >= 1e-3) need = std::min(need, visitsOf(best) * std::pow(0.01, temperature));
  for (size_t i = 0; i < play.children.size(); i++)
    if (i != best && visitsOf(i) + bound >= need) return false;
  return true;
}

}  // namespace ponnuki
