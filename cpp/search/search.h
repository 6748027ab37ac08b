// One search tree and the threads that grow it. Owns position, parameters, tree and random state.
//
// Use: setPosition/makeMove/setParams between searches, then either run() (blocking) or the asynchronous
// controller (async_search.h). Only requestStop() and makeReport() may be called while a search runs;
// everything else must be called by one thread when no search runs. Values in reports are White's view. Spec
// search.md; section numbers are given at each function.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/log.h"
#include "config/search_params.h"
#include "eval/evaluator.h"
#include "game/game_state.h"
#include "search/eval_cache.h"
#include "search/limits.h"
#include "search/pattern_bonus.h"
#include "search/report.h"
#include "search/tree_memory.h"
#include "search/tree_print_options.h"

namespace ponnuki {

struct TreeAverages;

class Search {
 public:
  // The evaluators must outlive the search; human may be null. seed: searchRandSeed.
  Search(const SearchParams& params, Evaluator& net, Evaluator* human, Logger& log, const std::string& seed);
  ~Search();

  // Position and settings; what clears the tree is said in spec search 4.2.
  void setPosition(const GameState& state);
  void setPlayerAndClearHistory(Color toMove);
  bool makeMove(Point p, Color c, bool preventEncore);  // reuses the subtree; false if not tolerant-legal
  void setKomi(float komi);
  void setParams(const SearchParams& params);  // clears
  void setParamsIfChanged(const SearchParams& params);
  void setEvaluators(Evaluator& net, Evaluator* human);
  // Per point: moves at tree depth < value are not searched for that colour. Empty = none.
  void setAvoidMoves(const std::vector<int>& black, const std::vector<int>& white);
  void setHintMove(Point p);
  void setAlwaysIncludeOwnership(bool on);
  // Bonuses learnt from other games; null = none. Clears unless both old and new are null.
  void setPatternTable(std::shared_ptr<const PatternBonusTable> table);
  // Several searches may share one; by default each has its own, made when useEvalCache asks for it.
  void setEvalCache(std::shared_ptr<EvalCache> cache);
  // A search ends when its tree is that big, and says so once; null = no limit. May be shared by several
  // searches.
  void setTreeMemoryLimit(std::shared_ptr<TreeMemoryLimit> limit);
  void clearSearch();

  const GameState& rootState() const;
  Color rootPlayer() const;
  const SearchParams& params() const;

  // Runs one search to its end. onBegin is called once the root is set up (may be empty).
  void run(const SearchLimits& limits, const std::function<void()>& onBegin = {});
  void requestStop();  // from any thread; without effect before onBegin
  // run(), then the chosen move (spec 20.6).
  Point runAndChoose(const SearchLimits& limits);
  Point chooseMove();  // kNullPoint if nothing was searched
  int64_t rootVisits() const;
  int64_t lastPlayouts() const;
  double lastSearchSeconds() const;
  bool lastEndedForMemory() const;

  // Snapshot of the tree for front ends; may be called during a search. False if there is no root value yet.
  bool makeReport(const ReportOptions& options, SearchReport& report) const;
  bool rootValues(RootValues& values) const;         // the plain ones alone; cheap
  const AreaMap& rootSafeArea() const;               // pass-alive points as of the last search's start
  double rootEndingBonus(Point move) const;          // points added to a root move; 0 before a search
  float rootPolicyOf(Point move, bool human) const;  // -1 if illegal or not evaluated
  // The tree as text, and the best line of at most so many moves; between searches (tree_print.h).
  std::string describeTree(const TreePrintOptions& options) const;
  std::vector<Point> bestLine(size_t maxMoves) const;
  std::string describeGraph() const;                 // printGraph of tree_print.h
  std::optional<TreeAverages> treeAverages() const;  // tree_averages.h

  size_t nodeCount() const;
  size_t treeBytes() const;
  // Throws InternalError if an invariant of the tree is broken; for tests, between searches. clean: no search
  // since the last move, so that not even a node that lost a race may be out of the root's reach.
  void checkTree(bool clean = false) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ponnuki
