// The game: nets, position, record, rules, parameters. Searching for moves is in bot_genmove.cpp.
#include "engine/bot.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "base/error.h"
#include "base/text.h"

namespace ponnuki {

Bot::Bot(const GtpSettings& settings, const BotParams& params, NetLoader loader, const Rules& rules,
         Logger& log)
    : settings_(settings),
      params_(params),
      loader_(std::move(loader)),
      log_(log),
      rng_(settings.forDeterministicTesting ? std::string("forDeterministicTesting") : randomSeedString()),
      delayRng_(randomSeedString()) {
  const bool largest = settings.gtpForceMaxNNSize;
  nets_ = loader_(largest ? kMaxBoardLen : settings.boardX, largest ? kMaxBoardLen : settings.boardY);
  // A buffer forced to another size becomes the board size, unless the config names one.
  const bool followBuffer = !settings.boardSizeConfigured && nets_.main->requiresExactSize();
  const int x = followBuffer ? nets_.main->nnX() : settings.boardX;
  const int y = followBuffer ? nets_.main->nnY() : settings.boardY;
  makeSearch(GameState(Board(x, y), Color::Black, rules));
}

Bot::~Bot() {
  stop();
}

void Bot::makeSearch(const GameState& state) {
  const std::string seed =
      settings_.searchRandSeed.empty() ? std::to_string(rng_.next64()) : settings_.searchRandSeed;
  async_ = std::make_unique<AsyncSearch>(
      std::make_unique<Search>(params_.sets.genmove, *nets_.main, nets_.human, log_, seed));
  stopped().setTreeMemoryLimit(treeMemory_);
  stopped().setEvalCache(evalCache_);
  active_ = ParamSet::Genmove;
  stopped().setPatternTable(avoidedPatterns_);
  setPositionAndRules(state, state, {});
}

bool Bot::resize(int xSize, int ySize) {
  if (state().board().xSize() == xSize && state().board().ySize() == ySize) return false;
  stop();
  const GameState before = state(), start = start_;
  const std::vector<Move> record = record_;
  async_.reset();
  const int wantX = settings_.gtpForceMaxNNSize ? kMaxBoardLen : xSize;
  const int wantY = settings_.gtpForceMaxNNSize ? kMaxBoardLen : ySize;
  const int bufferX = nets_.main->nnX(), bufferY = nets_.main->nnY();
  if (bufferX == wantX && bufferY == wantY) {
    log_.write("Cleaned up old bot");
  } else {
    log_.write("Cleaned up old neural net and bot");
    try {
      nets_ = loader_(wantX, wantY);
    } catch (const UserError&) {
      // The model file may have gone meanwhile. If the old size cannot be had either, the bot is unusable.
      nets_ = loader_(bufferX, bufferY);
      makeSearch(before);
      setPositionAndRules(start, before, record);
      throw;
    }
  }
  makeSearch(GameState(Board(xSize, ySize), Color::Black, before.rules()));
  return true;
}

void Bot::setPositionAndRules(const GameState& start, const GameState& now, std::vector<Move> record) {
  start_ = start;
  start_.setAssumeMultipleStartingBlackMovesAreHandicap(
      settings_.assumeMultipleStartingBlackMovesAreHandicap);
  GameState state = now;
  state.setAssumeMultipleStartingBlackMovesAreHandicap(settings_.assumeMultipleStartingBlackMovesAreHandicap);
  stopped().setPosition(state);
  record_ = std::move(record);
  recentWinLoss_.clear();
  updateDynamicAdvantage();
}

void Bot::setStones(const Board& board, Color toMove) {
  stop();
  GameState start(board, toMove, state().rules());
  start.setInitialTurnNumber(board.stoneCount(Color::Black) + board.stoneCount(Color::White));
  setPositionAndRules(start, start, {});
}

void Bot::setGame(const GameState& start, const GameState& now) {
  stop();
  setPositionAndRules(start, now, now.moves());
}

bool Bot::play(Point p, Color c) {
  if (!state().isLegalTolerant(p, c)) return false;
  if (!stopped().makeMove(p, c, settings_.preventCleanupPhase)) return false;
  record_.push_back({p, c});
  return true;
}

void Bot::replayRecord(const Rules& rules, size_t moves) {
  stop();
  const int initialTurn = state().initialTurnNumber();
  const std::vector<Move> record(record_.begin(), record_.begin() + static_cast<std::ptrdiff_t>(moves));
  GameState start(start_.initialBoard(), start_.initialPlayer(), rules, start_.initialPhase());
  start.setInitialTurnNumber(initialTurn);
  setPositionAndRules(start, start, {});
  for (const Move& move : record) {
    const bool legal = play(move.point, move.player);
    ENSURE(legal);  // it was when it was recorded, and legality here does not depend on the rules
  }
}

bool Bot::undo() {
  if (record_.empty()) return false;
  replayRecord(state().rules(), record_.size() - 1);
  return true;
}

void Bot::setRules(const Rules& rules) {
  replayRecord(rules, record_.size());
}

void Bot::setKomi(float komi) {
  stop();
  stopped().setKomi(komi);
}

void Bot::setParams(const BotParams& params) {
  const GtpSearchParams old = params_.sets;
  params_ = params;
  const bool genmoveChanged = old.genmove != params.sets.genmove;
  const bool analysisChanged = old.analysis != params.sets.analysis;
  const bool passAliveBefore = state().passAliveAsIfSuicide();
  if (active_ == ParamSet::Genmove && genmoveChanged) stopped().setParams(params.sets.genmove);
  if (active_ == ParamSet::Analysis && analysisChanged) stopped().setParams(params.sets.analysis);
  if (state().passAliveAsIfSuicide() != passAliveBefore) replayRecord(state().rules(), record_.size());
}

void Bot::setAvoidedPatterns(std::shared_ptr<const PatternBonusTable> patterns) {
  stop();
  avoidedPatterns_ = std::move(patterns);
  stopped().setPatternTable(avoidedPatterns_);
}

void Bot::clearCaches() {
  stopped().clearSearch();
  nets_.main->clearCache();
  if (nets_.human) nets_.human->clearCache();
  evalCache_->clear();
}

void Bot::setTreeMemoryLimit(std::shared_ptr<TreeMemoryLimit> limit) {
  treeMemory_ = std::move(limit);
  stopped().setTreeMemoryLimit(treeMemory_);
}

void Bot::stop() {
  interrupt();
  if (async_) async_->stopAndWait();
}

bool Bot::interrupt() {
  const bool wasAnalyzing = analyzing_;
  if (analyzing_) {
    // The controller need not wait for the evaluations that still run; who touches the search next does.
    async_->stopAndEndReports();
    analyzing_ = false;
    analysisEnds_ = true;
  }
  if (worker_.joinable()) {
    cancelled_ = true;
    // The search may not have begun yet, so one request could be lost.
    while (workerRunning_) {
      {
        const std::lock_guard<std::mutex> lock(searchPhaseMutex_);
        if (workerSearches_) async_->stopWithoutWait();
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    worker_.join();
  }
  return wasAnalyzing;
}

void Bot::ponder() {
  if (!settings_.ponderingEnabled) return;
  if (analysisEnds_) async_->stopAndWait();  // or it would count as a search that runs
  analysisEnds_ = false;
  async_->ponder(lastSearchFactor_);
}

void Bot::analyze(const LiveAnalysis& request) {
  Search& search = stopped();
  if (active_ != ParamSet::Analysis) search.setParams(params_.sets.analysis);
  active_ = ParamSet::Analysis;
  search.setAvoidMoves(request.avoid.black, request.avoid.white);
  search.setAlwaysIncludeOwnership(request.ownership);
  SearchCallbacks callbacks;
  callbacks.first = callbacks.period = request.reportEvery;
  callbacks.onReport = request.onReport;
  callbacks.onFailure = request.onFailure;
  analyzing_ = true;
  analysisEnds_ = false;
  async_->analyze(request.player, 1e40, std::move(callbacks));
}

double initialBlackAdvantage(const GameState& state) {
  GameState counted = state;
  counted.setAssumeMultipleStartingBlackMovesAreHandicap(true);
  const int stones = counted.handicapStones();
  const Rules& rules = state.rules();
  if (stones <= 1) return 7.0 - rules.komi;
  const double perStone = rules.scoring == ScoringRule::Territory ? 14.0 : 15.0;
  double bonus = 0;
  if (rules.whiteHandicapBonus == HandicapBonus::N) bonus = stones;
  if (rules.whiteHandicapBonus == HandicapBonus::NMinusOne) bonus = stones - 1;
  return perStone * (stones - 1) + (7.0 - rules.komi - bonus);
}

namespace {
double boardScaling(const Board& board) {
  return std::pow(361.0 / board.area(), 0.75);
}
}  // namespace

double advantageThreshold(const Board& board) {
  return std::max(4.0 / boardScaling(board), 2.0);
}

void Bot::updateDynamicAdvantage() {
  const double perLead = settings_.dynamicPlayoutDoublingAdvantageCapPerOppLead;
  const Board& board = state().board();
  const double advantage = initialBlackAdvantage(state());
  const double threshold = advantageThreshold(board);
  if (perLead <= 0 || std::fabs(advantage) < threshold || board.xSize() <= 7 || board.ySize() <= 7) {
    dynamicAdvantage_ = 0;
    return;
  }
  const double sign = advantage >= 0 ? 1.0 : -1.0;  // +1: White is the weaker side
  double cap = std::min(2.75, perLead * (std::fabs(advantage) - threshold) * boardScaling(board));
  cap = std::round(cap * 8.0) / 8.0;
  double desired = sign * dynamicAdvantage_;
  if (recentWinLoss_.empty() || board.stoneCount(Color::White) == 0) {
    desired = cap;
  } else {
    const double winLoss = sign * recentWinLoss_.back();
    if (winLoss < -0.9)
      desired += 0.125;
    else if (winLoss > -0.5)
      desired -= 0.125;
    desired = std::clamp(desired, 0.0, cap);
  }
  dynamicAdvantage_ = sign * desired;
}

}  // namespace ponnuki
