// One mutable game with an engine attached: position, move record for undo, rules, two parameter sets,
// clocks, and the searches on it. All rules of play beyond the search itself live here: resignation, friendly
// pass, cleanup, handicap adjustments, move delay. White's view for values, seconds for times. Spec gtp 5, 7,
// 9, 11, 12.
//
// Owned and called by one thread. Callbacks of running searches come from other threads. Every call that
// changes the game stops a running search first.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/log.h"
#include "base/rng.h"
#include "config/engine_params.h"
#include "config/resolve.h"
#include "engine/estimate.h"
#include "search/async_search.h"
#include "search/time_control.h"

namespace ponnuki {

struct Nets {  // owned by whoever loads them
  Evaluator* main = nullptr;
  Evaluator* human = nullptr;  // may be null
  int maxBatchSize = 1;        // facts for kata-get-models
  TriState useFP16 = TriState::Auto;
};
// Frees what it returned before and loads again, with buffers for such boards.
using NetLoader = std::function<Nets(int boardX, int boardY)>;

// The parameter sets and how they combine (spec 9.1 to 9.3).
struct BotParams {
  GtpSearchParams sets;
  bool staticAdvantageFirst = false;      // configured playoutDoublingAdvantage wins over the dynamic one
  bool patternUtilityConfigured = false;  // avoidRepeatedPatternUtility is in the config
};

struct MoveLimits {  // per point: forbidden at tree depth < value; empty = none
  std::vector<int> black, white;
};

struct GenmoveRequest {
  Color player = Color::Black;
  bool plays = true;          // else the answer is only computed
  bool withAnalysis = false;  // an analyze variant: owner maps as asked, no handicap pattern penalty
  MoveLimits avoid;
  bool ownership = false;  // withAnalysis only
  double reportEvery = SearchCallbacks::kNever;
  std::function<void(const Search&)> onReport;
  // After the search, before the answer is polished: the tree is still there.
  std::function<void(const Search&, const struct GenmoveInfo&)> onSearched;
  std::function<void(const Search&)> onEnd;  // always called when the search ends, even if cancelled
  // Once the answer is certain, before it is played: the position and the move, even when resigning.
  std::function<void(const GameState&, Point)> onChosen;
};

struct GenmoveInfo {
  Point move = kNullPoint;  // as the search chose it
  double seconds = 0;
  uint64_t rows = 0, batches = 0;  // of the main net
  int64_t playouts = 0;
};

struct GenmoveResult {
  enum class Kind { Move, Resign, NoMove, Cancelled };
  Kind kind = Kind::NoMove;
  Point move = kNullPoint;
  std::string problem;  // why there is no move, if it is more than that none is legal
};

struct LiveAnalysis {
  Color player = Color::Black;
  MoveLimits avoid;
  bool ownership = false;
  double reportEvery = SearchCallbacks::kNever;
  std::function<void(const Search&)> onReport;
  std::function<void(const std::string&)> onFailure;  // the search could not go on, for this reason
};

struct GameScore {
  Color winner = Color::Empty;
  double whiteMinusBlack = 0;
};

class Bot {
 public:
  Bot(const GtpSettings& settings, const BotParams& params, NetLoader loader, const Rules& rules,
      Logger& log);
  ~Bot();
  Bot(const Bot&) = delete;
  Bot& operator=(const Bot&) = delete;

  // What is there.
  const GameState& state() const { return search().rootState(); }
  const Search& search() const { return async_->search(); }
  const std::vector<Move>& record() const { return record_; }
  Evaluator& net() { return *nets_.main; }
  Evaluator* humanNet() { return nets_.human; }
  const Nets& nets() const { return nets_; }
  GtpSettings& settings() { return settings_; }  // live ones may be changed between commands
  const BotParams& params() const { return params_; }
  TimeControl& clock(Color c) { return clocks_[index(c) - 1]; }
  double genmoveSeconds() const { return genmoveSeconds_; }
  double dynamicAdvantageForWhite() const { return dynamicAdvantage_; }
  const std::vector<double>& recentWinLoss() const { return recentWinLoss_; }

  // Position (spec 5, 6.2-6.4).
  bool isUsable() const {
    return async_ != nullptr;
  }                                   // false after a resize that lost the nets: only destroy it
  bool resize(int xSize, int ySize);  // false if that is the size already: nothing happens
  void clearBoard() { setStones(Board(state().board().xSize(), state().board().ySize()), Color::Black); }
  void setStones(const Board& board, Color toMove);            // new game from these stones
  void setGame(const GameState& start, const GameState& now);  // from a record; `now` continues `start`
  bool play(Point p, Color c);                                 // false: not even tolerantly legal
  bool undo();
  void setRules(const Rules& rules);  // replays the record
  void setKomi(float komi);

  void setParams(const BotParams& params);
  void setAvoidedPatterns(std::shared_ptr<const PatternBonusTable> patterns);  // null = none; kept over resize()
  void clearCaches();
  void setTreeMemoryLimit(std::shared_ptr<TreeMemoryLimit> limit);  // null, the default: no limit

  // Searches. The blocking ones return when all is done.
  GenmoveResult genmove(const GenmoveRequest& request);
  void startGenmove(GenmoveRequest request, std::function<void(const GenmoveResult&)> done);
  void analyze(const LiveAnalysis& request);  // until interrupt() or any change
  // Ends startGenmove, or an analysis: no more reports, though its threads may take a moment to finish. True if an
  // analysis ran.
  bool interrupt();
  bool hasWorker() const { return worker_.joinable(); }  // of startGenmove; it may be done
  void stop();                                   // ends any search
  void ponder();                                 // if enabled
  void ponderIfGameStarted() {
    if (!state().moves().empty()) ponder();
  }

  // Scoring (spec 11). The tree is lost, genmove parameters become active.
  GameScore finalScore();
  PointSet finalAliveStones();
  std::vector<Point> chooseFreeHandicap(int stones);  // for an empty board; by policy (spec 6.4)

 private:
  enum class ParamSet { Genmove, Analysis };
  struct Launch;  // state of one genmove between its steps

  void makeSearch(const GameState& state);
  void setPositionAndRules(const GameState& start, const GameState& now, std::vector<Move> record);
  void replayRecord(const Rules& rules, size_t moves);
  Search& stopped() { return async_->stopped(); }

  SearchParams paramsForGenmove(const GenmoveRequest& request) const;
  Launch launch(const GenmoveRequest& request);
  GenmoveResult runGenmove(const GenmoveRequest& request, Launch& launch, bool cancellable);
  void setWorkerSearches(bool on);
  void applyMove(const GenmoveRequest& request, const GenmoveResult& result);
  void updateDynamicAdvantage();
  double searchFactor(Color player) const;
  bool shouldResign(Color player, double lead) const;
  void delayMove(const Search& search, Point move);
  Point friendlyPass(Color player, Point move);
  Point cleanup(Color player, Point move, const AreaMap& safeArea) const;
  SearchParams estimateParams() const;
  bool resultIsRecorded() const;

  GtpSettings settings_;
  BotParams params_;
  NetLoader loader_;
  std::shared_ptr<TreeMemoryLimit> treeMemory_;
  const std::shared_ptr<EvalCache> evalCache_ = std::make_shared<EvalCache>();
  Logger& log_;
  Nets nets_;
  std::shared_ptr<const PatternBonusTable> avoidedPatterns_;
  std::unique_ptr<AsyncSearch> async_;
  ParamSet active_ = ParamSet::Genmove;

  GameState start_;  // before the first recorded move
  std::vector<Move> record_;
  TimeControl clocks_[2];
  std::vector<double> recentWinLoss_;
  double dynamicAdvantage_ = 0;
  double lastSearchFactor_ = 1;
  double genmoveSeconds_ = 0;
  Rng rng_;  // seeds, free handicap
  Rng delayRng_;

  bool analyzing_ = false;
  bool analysisEnds_ = false;  // told to stop, its threads may still be at it
  std::thread worker_;  // of startGenmove
  std::atomic<bool> workerRunning_{false}, cancelled_{false};
  // True while the worker's main search runs: only that one may be cut short, not the estimates after it.
  std::mutex searchPhaseMutex_;
  bool workerSearches_ = false;
};

// How much Black is ahead in points before the game, by stones and komi (spec 9.2), and where that starts to
// matter.
double initialBlackAdvantage(const GameState& state);
double advantageThreshold(const Board& board);

}  // namespace ponnuki
