// Choosing and making a move, in the order of spec gtp 7.
#include <algorithm>
#include <chrono>
#include <cmath>

#include "base/error.h"
#include "engine/bot.h"

namespace ponnuki {

namespace {
using Clock = std::chrono::steady_clock;
double secondsSince(Clock::time_point t) {
  return std::chrono::duration<double>(Clock::now() - t).count();
}
}  // namespace

struct Bot::Launch {
  Clock::time_point begin;
  uint64_t rows = 0, batches = 0;
  SearchLimits limits;
  AreaMap safeArea;  // strict pass-alive area at the start, for cleanup
};

SearchParams Bot::paramsForGenmove(const GenmoveRequest& request) const {
  SearchParams p = params_.sets.genmove;
  if (!params_.staticAdvantageFirst) {
    const Color sideOf =
        p.playoutDoublingAdvantagePla == Color::Empty ? request.player : p.playoutDoublingAdvantagePla;
    p.playoutDoublingAdvantage = sideOf == Color::White ? dynamicAdvantage_ : -dynamicAdvantage_;
  }
  if (!params_.patternUtilityConfigured && !request.withAnalysis) {
    const double advantage = initialBlackAdvantage(state());
    const double ofOpponent = request.player == Color::White ? advantage : -advantage;
    p.avoidRepeatedPatternUtility = ofOpponent > advantageThreshold(state().board()) ? 0.005 : 0.0;
  }
  return p;
}

double Bot::searchFactor(Color player) const {
  const double factor = settings_.searchFactorWhenWinning;
  const double threshold = settings_.searchFactorWhenWinningThreshold;
  const double full = params_.sets.genmove.winLossUtilityFactor;
  if (recentWinLoss_.size() < 3 || full - threshold <= 1e-10) return 1.0;
  double worst = full;
  for (size_t i = recentWinLoss_.size() - 3; i < recentWinLoss_.size(); i++)
    worst = std::min(worst, player == Color::White ? recentWinLoss_[i] : -recentWinLoss_[i]);
  if (worst <= threshold) return 1.0;
  return 1.0 + (worst - threshold) / (full - threshold) * (factor - 1.0);
}

Bot::Launch Bot::launch(const GenmoveRequest& request) {
  Launch launch;
  launch.begin = Clock::now();
  Search& search = stopped();
  launch.rows = nets_.main->rowsEvaluated();
  launch.batches = nets_.main->batchesEvaluated();
  launch.limits.timeControl = clock(request.player);
  if (active_ == ParamSet::Analysis) search.setParams(params_.sets.genmove);
  active_ = ParamSet::Genmove;
  updateDynamicAdvantage();
  search.setParamsIfChanged(paramsForGenmove(request));
  lastSearchFactor_ = launch.limits.searchFactor = searchFactor(request.player);
  search.setAvoidMoves(request.avoid.black, request.avoid.white);
  if (request.withAnalysis) search.setAlwaysIncludeOwnership(request.ownership);
  launch.safeArea = computeArea(state().board(), AreaFlags(), state().suicideForPassAlive());
  return launch;
}

bool Bot::shouldResign(Color player, double lead) const {
  if (!settings_.allowResignation) return false;
  const double area = state().board().area();
  const double moves = static_cast<double>(state().moves().size());
  double minTurn = 0, limit = area;
  const double advantage = initialBlackAdvantage(state());
  if (advantage > 0.9 && player == Color::White) {
    // In handicap games White hopes for a while, then expects a share of the advantage to be won back.
    minTurn = 1 + std::floor(area / 5);
    const double span = std::max(1.0, 0.60 * area - minTurn);
    const double since = std::clamp(moves - minTurn, 0.0, span);
    limit = -advantage * (span - since) / span - 5.0 - 0.15 * advantage;
  }
  minTurn = std::max(minTurn, std::floor(settings_.resignMinMovesPerBoardArea * area));
  if (moves < minTurn) return false;
  if (player == Color::White && lead > limit) return false;
  const size_t turns = static_cast<size_t>(settings_.resignConsecTurns);
  if (recentWinLoss_.size() < turns) return false;
  const double ahead = player == Color::White ? lead : -lead;
  if (ahead > -settings_.resignMinScoreDifference) return false;
  for (size_t i = recentWinLoss_.size() - turns; i < recentWinLoss_.size(); i++) {
    const double value = player == Color::White ? recentWinLoss_[i] : -recentWinLoss_[i];
    if (value >= settings_.resignThreshold) return false;
  }
  return true;
}

void Bot::delayMove(const Search& search, Point move) {
  if (settings_.delayMoveScale <= 0 || settings_.delayMoveMax <= 0) return;
  SearchReport report;
  if (!search.makeReport(ReportOptions(), report)) return;
  // A human net's policy if there is one; else the net's, with the noise it was searched with.
  const double policy = std::max(0.0f, search.rootPolicyOf(move, report.rootHuman != nullptr));
  const double mean = 0.5 * settings_.delayMoveScale / (policy + 0.10);
  // A gamma variable of shape 2 is the sum of two exponential ones.
  const auto exponential = [&] { return -std::log(1.0 - static_cast<double>(delayRng_.next32()) * 0x1p-32); };
  const double wait = std::min((exponential() + exponential()) * mean * 0.5, settings_.delayMoveMax);
  std::this_thread::sleep_for(std::chrono::duration<double>(std::max(wait, 0.0001)));
}

void Bot::setWorkerSearches(bool on) {
  const std::lock_guard<std::mutex> lock(searchPhaseMutex_);
  workerSearches_ = on;
}

GenmoveResult Bot::runGenmove(const GenmoveRequest& request, Launch& launch, bool cancellable) {
  SearchCallbacks callbacks;
  callbacks.first = callbacks.period = request.reportEvery;
  callbacks.onReport = request.onReport;
  setWorkerSearches(cancellable);
  const Point chosen = async_->genmoveSync(request.player, launch.limits, std::move(callbacks));
  setWorkerSearches(false);
  const Search& search = async_->search();
  if (request.onEnd) request.onEnd(search);
  GenmoveResult result;
  if (cancellable && cancelled_) {
    result.kind = GenmoveResult::Kind::Cancelled;
    return result;
  }
  if (chosen == kNullPoint || !state().isLegal(chosen, request.player)) {
    genmoveSeconds_ += secondsSince(launch.begin);
    return result;
  }
  delayMove(search, chosen);
  SearchReport report;
  search.makeReport(ReportOptions(), report);
  recentWinLoss_.push_back(report.plain.winLoss);
  const bool resigns = shouldResign(request.player, report.plain.lead);
  GenmoveInfo info;
  info.move = chosen;
  info.seconds = secondsSince(launch.begin);
  info.rows = nets_.main->rowsEvaluated() - launch.rows;
  info.batches = nets_.main->batchesEvaluated() - launch.batches;
  info.playouts = search.lastPlayouts();
  genmoveSeconds_ += info.seconds;
  if (request.onSearched) request.onSearched(search, info);

  result.move = cleanup(request.player, friendlyPass(request.player, chosen), launch.safeArea);
  result.kind = resigns ? GenmoveResult::Kind::Resign : GenmoveResult::Kind::Move;
  if (request.onChosen) request.onChosen(state(), result.move);
  return result;
}

void Bot::applyMove(const GenmoveRequest& request, const GenmoveResult& result) {
  if (!request.plays || result.kind != GenmoveResult::Kind::Move) return;
  const bool legal = play(result.move, request.player);
  ENSURE(legal);
}

GenmoveResult Bot::genmove(const GenmoveRequest& request) {
  stop();
  Launch start = launch(request);
  const GenmoveResult result = runGenmove(request, start, false);
  applyMove(request, result);
  return result;
}

void Bot::startGenmove(GenmoveRequest request, std::function<void(const GenmoveResult&)> done) {
  stop();
  auto start = std::make_shared<Launch>(launch(request));
  cancelled_ = false;
  workerRunning_ = true;
  worker_ = std::thread([this, request = std::move(request), done = std::move(done), start] {
    GenmoveResult result;
    try {
      result = runGenmove(request, *start, true);
    } catch (const std::exception& e) {
      log_.write(std::string("Search failed: ") + e.what());
      result.problem = e.what();
    }
    done(result);
    workerRunning_ = false;
  });
}

}  // namespace ponnuki
