#include "search/root.h"

#include <algorithm>
#include <cmath>

#include "search/expand.h"

namespace ponnuki {

namespace {

constexpr double kOwned = 0.95;  // ownership from which a point counts as decided

// Ownership of a point from the root player's view.
double rootOwnership(const SearchContext& ctx, const NNOutput& net, Point p) {
  const double white = net.ownership[static_cast<size_t>(ctx.policyMap.posOf[static_cast<size_t>(p)])];
  return forPlayer(white, ctx.rootPla());
}

double pointBonus(const SearchContext& ctx, const NNOutput& net, Point move, bool areaLike) {
  const Board& board = ctx.rootState.board();
  const Color pla = ctx.rootPla();
  const double points = ctx.params.rootEndingBonusPoints;
  constexpr double kTail = 1 - kOwned;
  const double own = rootOwnership(ctx, net, move);
  if (own <= -kOwned) {
    if (areaLike && board.wouldBeCapture(move, pla)) return 0;
    return -points * ((-kOwned - own) / kTail);
  }
  if (own >= kOwned && !board.isAdjacentTo(move, opponent(pla)) &&
      !board.isNonPassAliveSelfConnection(move, pla, ctx.safeArea))
    return -points * ((own - kOwned) / kTail);
  return 0;
}

}  // namespace

double endingBonus(const SearchContext& ctx, Point move) {
  if (ctx.params.rootEndingBonusPoints == 0) return 0;
  const NNOutput* net = ctx.root->net();
  if (!net || net->ownership.empty()) return 0;
  const GameState& state = ctx.rootState;
  const bool areaLike = state.rules().scoring == ScoringRule::Area || state.phase() >= 2;
  const double points = ctx.params.rootEndingBonusPoints;
  double bonus = 0;
  if (move != kPass) {
    if (state.board().koPoint() == kNullPoint) bonus = pointBonus(ctx, *net, move, areaLike);
  } else if (!areaLike) {
    bonus = -points * (2.0 / 3.0);
  } else if (state.buttonAvailable()) {
    bonus = -points * 0.5;
  }
  return forPlayer(bonus, ctx.rootPla());
}

double interpolateEarly(const SearchContext& ctx, double halflife, double early, double normal) {
  const GameState& state = ctx.rootState;
  const double turn = std::max(0, state.turnNumber());
  const double area = state.board().area();
  return normal + (early - normal) * std::pow(0.5, (turn / halflife) * 19.0 / std::sqrt(area));
}

namespace {

void applyTemperature(const SearchContext& ctx, std::vector<float>& policy, size_t size) {
  const SearchParams& p = ctx.params;
  const double temperature = interpolateEarly(ctx, p.chosenMoveTemperatureHalflife,
                                              p.rootPolicyTemperatureEarly, p.rootPolicyTemperature);
  const double most = *std::max_element(policy.begin(), policy.begin() + static_cast<std::ptrdiff_t>(size));
  const double logMost = std::log(most), inverse = 1.0 / temperature;
  double sum = 0;
  for (size_t i = 0; i < size; i++) {
    if (policy[i] > 0)
      policy[i] =
          static_cast<float>(std::exp((std::log(static_cast<double>(policy[i])) - logMost) * inverse));
    if (policy[i] >= 0) sum += policy[i];
  }
  for (size_t i = 0; i < size; i++)
    if (policy[i] >= 0) policy[i] = static_cast<float>(policy[i] / sum);
}

void addDirichletNoise(const SearchParams& p, SearchRng& rng, std::vector<float>& policy, size_t size) {
  std::vector<double> share = dirichletShares(std::span(policy).first(size));
  double gammaSum = 0;
  for (size_t i = 0; i < size; i++) {
    if (policy[i] < 0) continue;
    share[i] = rng.nextGamma(share[i] * p.rootDirichletNoiseTotalConcentration);
    gammaSum += share[i];
  }
  const double w = p.rootDirichletNoiseWeight;
  for (size_t i = 0; i < size; i++)
    if (policy[i] >= 0) policy[i] = static_cast<float>(share[i] / gammaSum * w + policy[i] * (1.0 - w));
}

void applyHint(const SearchContext& ctx, std::vector<float>& policy, size_t size) {
  const int known = ctx.policyMap.posOf[static_cast<size_t>(ctx.hint)];  // -1: of an earlier, larger board
  if (known < 0) return;
  const auto pos = static_cast<size_t>(known);
  if (policy[pos] < 0) return;
  float moved = 0;
  for (size_t i = 0; i < size; i++) {
    if (policy[i] < 0) continue;
    moved += policy[i] * 0.02f;
    policy[i] *= 0.98f;
  }
  policy[pos] += moved;
}

}  // namespace

std::vector<double> dirichletShares(std::span<const float> policy) {
  std::vector<double> share(policy.size(), 0);
  double legal = 0, logSum = 0;
  for (size_t i = 0; i < policy.size(); i++) {
    if (policy[i] < 0) continue;
    share[i] = std::log(std::min(0.01, static_cast<double>(policy[i])) + 1e-20);
    logSum += share[i];
    legal += 1;
  }
  const double mean = logSum / legal;
  double aboveSum = 0;
  for (size_t i = 0; i < policy.size(); i++) {
    if (policy[i] < 0) continue;
    share[i] = std::max(0.0, share[i] - mean);
    aboveSum += share[i];
  }
  const double uniform = 1.0 / legal;
  for (size_t i = 0; i < policy.size(); i++)
    if (policy[i] >= 0) share[i] = aboveSum <= 0 ? uniform : 0.5 * (share[i] / aboveSum + uniform);
  return share;
}

void processRootPolicy(Worker& worker, bool again) {
  SearchContext& ctx = worker.ctx;
  const SearchParams& p = ctx.params;
  const bool temperature = p.rootPolicyTemperature != 1 || p.rootPolicyTemperatureEarly != 1;
  if (!p.rootNoiseEnabled && !temperature && ctx.hint == kNullPoint) return;
  if (!again && ctx.rootPolicy.load()) return;
  std::vector<float> policy = ctx.root->net()->policy.expanded();
  const auto size = static_cast<size_t>(ctx.policyMap.size);
  if (temperature) applyTemperature(ctx, policy, size);
  if (p.rootNoiseEnabled) addDirichletNoise(p, worker.rng, policy, size);
  if (ctx.hint != kNullPoint) applyHint(ctx, policy, size);
  ctx.setRootPolicy(std::make_shared<const Policy>(policy));
}

void refreshOldRoot(Worker& worker) {
  SearchContext& ctx = worker.ctx;
  Node& root = *ctx.root;
  uint32_t seen = root.age.load(std::memory_order_relaxed);
  if (seen == ctx.age || !root.age.compare_exchange_strong(seen, ctx.age)) return;
  const SearchParams& p = ctx.params;
  const bool renew = root.net()->ownership.empty() ||
                     (p.conservativePass && ctx.rootState.passWouldEndGame(ctx.rootPla())) ||
                     p.rootNumSymmetriesToSample > 1 || p.rootPolicyOptimism != p.policyOptimism ||
                     (p.ignorePreRootHistory && !p.ignoreAllHistory) || (ctx.humanUsable && !root.human());
  if (renew) evaluateNode(worker, root, false);
  processRootPolicy(worker, renew);
}

bool suppressesPass(const SearchContext& ctx, const std::vector<ChildView>& children) {
  const GameState& state = ctx.rootState;
  if (!ctx.params.fillDameBeforePass || state.rules().scoring != ScoringRule::Territory || state.phase() > 0)
    return false;
  const NNOutput* net = ctx.root->net();
  if (!net || net->ownership.empty()) return false;
  const auto pass =
      std::find_if(children.begin(), children.end(), [](const auto& c) { return c.move == kPass; });
  if (pass == children.end() || pass->stats.visits <= 0) return false;
  const double passWeight = pass->edgeWeight();
  if (passWeight <= 1e-10) return false;

  const Board& board = state.board();
  const Color pla = ctx.rootPla();
  const auto isOpponentsPoint = [&](Point p) {
    if (rootOwnership(ctx, *net, p) >= -kOwned) return false;
    for (const Point offset : board.neighborOffsets()) {
      const Point q = static_cast<Point>(p + offset);
      if (board[q] != Color::Wall && rootOwnership(ctx, *net, q) > kOwned) return false;
    }
    return true;
  };
  const NodeStats& ps = pass->stats;
  return std::any_of(children.begin(), children.end(), [&](const ChildView& c) {
    if (c.move == kPass || isOpponentsPoint(c.move)) return false;
    const double weight = c.edgeWeight();
    if ((c.edgeVisits <= 500 && weight <= 2 * std::sqrt(passWeight)) || weight <= 1e-10) return false;
    return forPlayer(c.stats.utility, pla) > forPlayer(ps.utility, pla) - 0.1 &&
           forPlayer(c.stats.scoreMean, pla) > forPlayer(ps.scoreMean, pla) - 0.5 &&
           forPlayer(c.stats.lead, pla) > forPlayer(ps.lead, pla) - 0.5;
  });
}

}  // namespace ponnuki
