#include "engine/estimate.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/error.h"

namespace ponnuki {

SearchParams noiselessParams(SearchParams params, int64_t visits) {
  params.maxVisits = visits;
  params.maxPlayouts = visits;
  params.rootNoiseEnabled = false;
  params.rootPolicyTemperature = 1.0;
  params.rootPolicyTemperatureEarly = 1.0;
  params.rootFpuReductionMax = params.fpuReductionMax;
  params.rootFpuLossProp = params.fpuLossProp;
  params.rootDesiredPerChildVisitsCoeff = 0.0;
  params.rootNumSymmetriesToSample = 1;
  params.searchFactorAfterOnePass = 1.0;
  params.searchFactorAfterTwoPass = 1.0;
  params.numSearchThreads =
      static_cast<int>(std::max<int64_t>(1, std::min<int64_t>(params.numSearchThreads, (visits + 7) / 8)));
  params.playoutDoublingAdvantage = 0.0;
  params.playoutDoublingAdvantagePla = Color::Empty;
  params.conservativePass = true;
  return params;
}

RootValues searchedRootValues(Search& search, const GameState& state) {
  search.setPosition(state);
  search.run(SearchLimits());
  SearchReport report;
  if (!search.makeReport(ReportOptions(), report))
    throw UserError("The search for an estimate gave no values");
  return report.plain;
}

namespace {

// Values of one position under different komi, each searched at most once.
class KomiSearcher {
 public:
  KomiSearcher(Search& search, const GameState& state) : search_(search), state_(state) {}

  double rounded(double komi) const {
    const double limit = 20.0 + state_.board().area();
    return std::clamp(0.5 * std::round(2.0 * komi), -limit, limit);
  }
  struct Value {
    double lead, winLoss;
  };
  Value at(double komi) {
    const double k = rounded(komi);
    const auto found = known_.find(k);
    if (found != known_.end()) return found->second;
    GameState asked = state_;
    asked.setKomi(static_cast<float>(k));
    const RootValues values = searchedRootValues(search_, asked);
    return known_[k] = {values.lead, values.winLoss};
  }
  double winLossAt(double komi) { return at(komi).winLoss; }

 private:
  Search& search_;
  const GameState& state_;
  std::map<double, Value> known_;
};

// Step 1 of spec gtp 11.2: jump by the reported lead while it stays believable.
double roughlyFairKomi(KomiSearcher& searcher, double komi) {
  KomiSearcher::Value previous{0, 0};
  double previousShift = 0;
  for (int i = 0; i < 3; i++) {
    const KomiSearcher::Value now = searcher.at(komi);
    if (i > 0) {
      const bool runsAway = (previous.lead > 0 && now.lead > previous.lead + 5 && now.winLoss < 0.75) ||
                            (previous.lead < 0 && now.lead < previous.lead - 5 && now.winLoss > -0.75) ||
                            (previous.winLoss > 0 && now.winLoss > previous.winLoss + 0.1) ||
                            (previous.winLoss < 0 && now.winLoss < previous.winLoss - 0.1);
      if (runsAway) return searcher.rounded(komi - previousShift * 0.5);
    }
    double shift = -now.lead;
    if (i > 0) shift = std::clamp(shift, -std::fabs(previousShift), std::fabs(previousShift));
    if (shift > 0 && now.winLoss > 0) return komi;
    komi = searcher.rounded(komi + shift);
    if (std::fabs(shift) < 16.0) return komi;
    previous = now;
    previousShift = shift;
  }
  return komi;
}

// Steps 2 to 4: the offset from `komi` at which the win-loss value crosses zero.
double crossingOffset(KomiSearcher& searcher, double komi) {
  const auto winLoss = [&](double delta) { return searcher.winLossAt(komi + delta); };
  double lo = 0, hi = 0;
  if (winLoss(0) < 0) {
    for (hi = 1; hi < 32 && winLoss(hi) < 0; hi *= 2) {
    }
  } else {
    for (lo = -1; lo > -32 && winLoss(lo) > 0; lo *= 2) {
    }
  }
  while (hi - lo > 0.5 + 1e-9) {
    // Half-point grid: the middle is rounded down to it.
    const double mid = std::floor((lo + hi) * 0.5 * 2.0) * 0.5;
    (winLoss(mid) < 0 ? lo : hi) = mid;
  }
  const double low = winLoss(lo), high = winLoss(hi);
  if (low >= high - 1e-30) return 0.5 * (lo + hi);
  if (high <= 0) return hi;
  if (low >= 0) return lo;
  return lo + (hi - lo) * (0.0 - low) / (high - low);
}

}  // namespace

double searchedWhiteLead(Search& search, const GameState& state) {
  KomiSearcher searcher(search, state);
  const double startKomi = state.rules().komi;
  const double rough = roughlyFairKomi(searcher, startKomi);
  const double fair = rough + crossingOffset(searcher, rough);
  const bool twoPointSteps = state.rules().scoring == ScoringRule::Area && !state.rules().hasButton;
  if (!twoPointSteps || fair == std::floor(fair)) return startKomi - fair;

  // Under area scoring only every other half point decides anything: average over the pair around it.
  const double a = std::floor(2.0 * fair) / 2.0, b = a + 0.5;
  const double low = 0.5 * (searcher.winLossAt(b) + searcher.winLossAt(a - 0.5));
  const double high = 0.5 * (searcher.winLossAt(b + 0.5) + searcher.winLossAt(a));
  double smooth = 0.5 * (a + b);
  if (low < high - 1e-30) {
    smooth = a + (b - a) * (0.0 - low) / (high - low);
    smooth = std::clamp(smooth, a - 0.5, b + 0.5);
  }
  return static_cast<float>(startKomi - smooth);
}

StatusEstimate searchedStatuses(Search& search, const GameState& state) {
  search.setAlwaysIncludeOwnership(true);
  search.setPosition(state);
  search.run(SearchLimits());
  ReportOptions options;
  options.ownership = true;
  SearchReport report;
  if (!search.makeReport(options, report)) throw UserError("The search for an estimate gave no values");

  const Board& board = state.board();
  StatusEstimate result;
  result.ownership = report.ownership;
  PointSet seen;
  for (int y = 0; y < board.ySize(); y++)
    for (int x = 0; x < board.xSize(); x++) {
      const Point stone = board.at(x, y);
      if (board[stone] == Color::Empty || seen[stone]) continue;
      const double sign = board[stone] == Color::White ? 1.0 : -1.0;
      double sum = 0, worst = 1;
      std::vector<Point> chain;
      Point p = stone;
      do {
        chain.push_back(p);
        seen.set(p);
        const double own = sign * report.ownership[board.y(p) * board.xSize() + board.x(p)];
        sum += own;
        worst = std::min(worst, own);
        p = board.nextInChain(p);
      } while (p != stone);
      if (sum / static_cast<double>(chain.size()) > 0.2 && worst > -0.6)
        for (const Point q : chain) result.alive.set(q);
    }
  return result;
}

PointSet ruledAliveStones(const GameState& state) {
  const Board& board = state.board();
  AreaMap area;
  area.fill(Color::Empty);
  const bool allAlive = state.isNoResult();
  if (!allAlive) state.scoreNow(area);
  PointSet alive;
  for (int y = 0; y < board.ySize(); y++)
    for (int x = 0; x < board.xSize(); x++) {
      const Point p = board.at(x, y);
      if (board[p] != Color::Empty && (allAlive || area[p] == board[p])) alive.set(p);
    }
  return alive;
}

}  // namespace ponnuki
