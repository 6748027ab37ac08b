#include "search/search.h"

#include <chrono>
#include <exception>
#include <future>
#include <system_error>
#include <thread>

#include "base/error.h"
#include "game/symmetry.h"
#include "search/backup.h"
#include "search/choose.h"
#include "search/expand.h"
#include "search/playout.h"
#include "search/report_builder.h"
#include "search/root.h"
#include "search/stoppers.h"
#include "search/tree_averages.h"
#include "search/tree_print.h"
#include "search/tree_sweep.h"

namespace ponnuki {

namespace {

constexpr uint32_t kMaxAge = 0x3FFFFFFF;

double secondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

struct Search::Impl {
  SearchContext ctx;
  std::string seed;
  SearchRng nonSearchRng;
  Color lastSearchFor = Color::Empty;
  Color lastMirrorPlayer = Color::Empty;
  uint64_t searchesBegun = 0;
  double carriedOver = 0;  // seconds spent on the current tree
  int64_t lastPlayouts = 0;
  double lastSeconds = 0;
  bool endedForMemory = false;
  std::shared_ptr<TreeMemoryLimit> memoryLimit;
  std::shared_ptr<EvalCache> ownedCache;
  std::shared_ptr<const PatternBonusTable> externalPatterns;
  std::mutex rulesMutex;  // guards `rules` against requestStop
  StopRules* rules = nullptr;

  // Deletes what a move left behind while the caller goes on; who changes the tree waits for it first.
  std::future<void> cleaning;

  void finishCleaning() {
    if (cleaning.valid()) cleaning.get();
  }

  void clean() {
    constexpr size_t kWorthAThread = 5000;  // nodes
    if (ctx.table->size() < kWorthAThread) return deleteUnreachable(ctx);
    try {
      cleaning = std::async(std::launch::async, [this] { deleteUnreachable(ctx); });
    } catch (const std::system_error&) {  // no thread to be had
      deleteUnreachable(ctx);
    }
  }

  Impl(const std::string& seedText) : seed(seedText), nonSearchRng(seedText + "$nonSearchRand") {}

  void clear() {
    finishCleaning();
    TreeGarbage garbage;
    garbage.bias = std::move(ctx.bias);
    garbage.table = std::move(ctx.table);
    garbage.root = std::move(ctx.root);
    disposeTree(std::move(garbage));
    ctx.table = std::make_unique<NodeTable>(ctx.params.nodeTableShardsPowerOfTwo);
    ctx.rootPolicy.store(nullptr);
    ctx.rootPolicyOwner.reset();
    ctx.graveyard.clear();
    carriedOver = 0;
    ctx.age = 0;
  }

  void applyParams() {
    const SearchParams& p = ctx.params;
    ctx.profile = p.humanSLProfile.empty() ? SgfMetadata() : SgfMetadata::fromProfile(p.humanSLProfile);
    ctx.humanUsable = ctx.human && (ctx.profile.initialized || !ctx.human->usesMetadata());
    stampPassAliveMode();
  }

  // Spec 4.5: the root history carries the flag.
  void stampPassAliveMode() {
    const int forced = ctx.params.alwaysComputePassAliveUnderSuicideRules;
    const bool on = forced >= 0 ? forced != 0 : ctx.net->declaresPassAliveAsIfSuicide();
    if (ctx.rootState.passAliveAsIfSuicide() == on) return;
    ctx.rootState.setPassAliveAsIfSuicide(on);
    clear();
  }

  // Derives what needs no search, so that moves can be chosen and reported at any time.
  void describeRoot() {
    ctx.policyMap = PolicyMap(ctx.rootState.board(), ctx.net->nnX(), ctx.net->nnY());
    const double center = ctx.utility.center;
    ctx.utility =
        UtilityModel(ctx.params, ctx.rootState.board().sqrtArea(), ctx.net->supportsShorttermError());
    ctx.utility.center = center;
  }

  Worker makeWorker(int number) {
    return Worker(ctx, number,
                  seed + "$searchThread$" + std::to_string(number) + "$" +
                      ctx.rootState.board().positionHash().toString() + "$" +
                      std::to_string(ctx.rootState.moves().size()) + "$" + std::to_string(searchesBegun));
  }

  void begin(bool pondering);
  void choosePlayer(bool pondering);
  void prepareTables();
  void prepareSymmetries();
  void prepareRoot();
  void filterRootChildren(bool& dropped);
  void runThreads(StopRules& rules);
  void workerLoop(Worker& worker, StopRules& rules, std::atomic<int64_t>& playouts,
                  std::chrono::steady_clock::time_point start);
  bool reroot(Point move);
  double expectedScore();
};

// The steps of spec 5, in their order.
void Search::Impl::begin(bool pondering) {
  const Board& board = ctx.rootState.board();
  if (board.xSize() > ctx.net->nnX() || board.ySize() > ctx.net->nnY())
    throw UserError("Search got from NNEval nnXLen = " + std::to_string(ctx.net->nnX()) +
                    " nnYLen = " + std::to_string(ctx.net->nnY()) +
                    " but was asked to search board with larger x or y size");
  finishCleaning();
  searchesBegun++;
  if (ctx.age > kMaxAge) clear();
  ctx.graveyard.clear();
  choosePlayer(pondering);
  describeRoot();
  ctx.safeArea = computeArea(board, {}, ctx.rootState.suicideForPassAlive());
  ctx.mirror = MirrorState();
  ctx.utility.setCenter(expectedScore(), ctx.params.dynamicScoreCenterZeroWeight, board.area());
  ctx.mirror = ctx.params.antiMirror ? detectMirror(ctx.rootState, ctx.rootPla()) : MirrorState();
  if (ctx.mirror.player != lastMirrorPlayer) clear();
  lastMirrorPlayer = ctx.mirror.player;
  prepareTables();
  prepareSymmetries();
  ctx.rootGraphKey = ctx.params.useGraphSearch
                         ? ctx.rootState.graphHashFromScratch(ctx.rootPla(), ctx.params.graphSearchRepBound,
                                                              ctx.params.drawEquivalentWinsForWhite)
                         : Hash128();
  prepareRoot();
  if (ctx.usesBias()) ctx.bias->removeUnreferenced();
  ctx.age++;
}

void Search::Impl::choosePlayer(bool pondering) {
  if (!pondering) ctx.searchFor = ctx.rootPla();
  if (ctx.searchFor == Color::Empty) ctx.searchFor = opponent(ctx.rootPla());
  const SearchParams& p = ctx.params;
  if (ctx.searchFor != lastSearchFor) {
    const bool pda = p.playoutDoublingAdvantage != 0 && p.playoutDoublingAdvantagePla == Color::Empty;
    const bool patterns = p.avoidRepeatedPatternUtility != 0 || externalPatterns;
    const bool human =
        ctx.human && (p.humanSLPlaExploreProbWeightless != p.humanSLOppExploreProbWeightless ||
                      p.humanSLPlaExploreProbWeightful != p.humanSLOppExploreProbWeightful ||
                      p.humanSLPlaExploreProbWeightless != p.humanSLRootExploreProbWeightless ||
                      p.humanSLPlaExploreProbWeightful != p.humanSLRootExploreProbWeightful);
    if (pda || patterns || human) clear();
  }
  lastSearchFor = ctx.searchFor;
}

// What the score is likely to be, before anything of this search is known.
double Search::Impl::expectedScore() {
  if (ctx.root) {
    const NodeStats s = ctx.root->stats.load();
    if (s.visits > 0 && s.weight > 0) return s.scoreMean;
  }
  EvalRequest request = netRequest(ctx, NetKind::Main, ctx.rootState, true, 0);
  return ctx.net->evaluate(ctx.rootState, request)->whiteScoreMean;
}

void Search::Impl::prepareTables() {
  const SearchParams& p = ctx.params;
  if (p.subtreeValueBiasFactor != 0 && !ctx.bias && !ctx.mirror.active())
    ctx.bias = std::make_unique<ValueBiasTable>();
  ctx.evalCache.reset();
  if (p.useEvalCache && p.useGraphSearch && !ctx.mirror.active()) {
    if (!ownedCache) ownedCache = std::make_shared<EvalCache>();
    ctx.evalCache = ownedCache;
    ctx.evalCacheName = ownedCache->nameOf(p);
  }
  ctx.patterns = externalPatterns;
  if (p.avoidRepeatedPatternUtility != 0) {
    auto table = externalPatterns ? std::make_shared<PatternBonusTable>(*externalPatterns)
                                  : std::make_shared<PatternBonusTable>();
    table->avoidOwnMoves(ctx.rootState, ctx.searchFor, p.avoidRepeatedPatternUtility);
    ctx.patterns = std::move(table);
  }
  if (ctx.root && ctx.root->extras) ctx.root->extras->patternHash = Hash128();
}

void Search::Impl::prepareSymmetries() {
  ctx.symmetries = {0};
  ctx.duplicates.reset();
  if (!ctx.params.rootSymmetryPruning) return;
  ctx.symmetries = symmetry::validSymmetries(ctx.rootState);
  ctx.duplicates = symmetry::symmetricDuplicates(ctx.rootState, ctx.symmetries, ctx.avoidOf(ctx.rootPla()));
}

void Search::Impl::filterRootChildren(bool& dropped) {
  struct Kept {
    Node* child;
    Point move;
    int64_t visits;
  };
  std::vector<Kept> kept;
  int64_t visits = 1;
  ctx.root->forEachEdge([&](Edge& e) {
    if (!ctx.rootState.isLegal(e.move(), ctx.rootPla()) || !ctx.isAllowedAtRoot(e.move())) return;
    kept.push_back({e.child(), e.move(), e.visits()});
    visits += e.visits();
  });
  dropped = static_cast<int>(kept.size()) != ctx.root->numChildren();
  if (!dropped) return;
  ctx.root->clearEdges();
  for (size_t i = 0; i < kept.size(); i++)
    ctx.root->appendEdge(static_cast<int>(i), kept[i].child, kept[i].move, kept[i].visits);
  ctx.root->stats.setVisits(visits);
  BackupScratch scratch;
  recompute(ctx, *ctx.root, scratch);
}

void Search::Impl::prepareRoot() {
  if (!ctx.root) {
    ctx.root = std::make_unique<Node>(ctx.rootPla(), ctx.rootState.isFinished(), ctx.rootGraphKey);
    if (ctx.evalCache) {
      NodeExtras extras;
      extras.cacheEntry = ctx.evalCache->find(ctx.rootGraphKey, ctx.evalCacheName);
      if (extras.cacheEntry) ctx.root->extras = std::make_unique<NodeExtras>(extras);
    }
    return;
  }
  if (!ctx.root->net()) return;
  ctx.root->bestNewMove.store(Node::kNoCachedMove);  // which moves are allowed may have changed
  bool dropped = false;
  filterRootChildren(dropped);
  if (ctx.params.dynamicScoreUtilityFactor != 0 || ctx.params.subtreeValueBiasFactor != 0 || ctx.patterns)
    recomputeGraph(ctx);
  if (dropped) deleteUnreachable(ctx);
}

void Search::Impl::workerLoop(Worker& worker, StopRules& stops, std::atomic<int64_t>& playouts,
                              std::chrono::steady_clock::time_point start) {
  while (true) {
    const double elapsed = stops.usesClock() ? secondsSince(start) : 0;
    if (worker.threadIndex == 0) stops.updateTime(elapsed);
    const int64_t done = playouts.load(std::memory_order_relaxed);
    if (stops.reached(done, elapsed)) return;
    worker.visitsLeft = stops.visitsLeft(done);
    if (runPlayout(worker))
      playouts.fetch_add(1, std::memory_order_relaxed);
    else if (ctx.threads > 1)
      std::this_thread::yield();  // probably waiting for another thread's evaluation
  }
}

void Search::Impl::runThreads(StopRules& stops) {
  const auto start = std::chrono::steady_clock::now();
  std::atomic<int64_t> playouts{0};
  ctx.threads = stops.threadsToUse();
  std::exception_ptr failure;
  std::mutex failureMutex;
  const auto work = [&](int number) {
    try {
      Worker worker = makeWorker(number);
      workerLoop(worker, stops, playouts, start);
    } catch (...) {
      const std::lock_guard<std::mutex> guard(failureMutex);
      if (!failure) failure = std::current_exception();
      stops.requestStop();
    }
  };
  std::vector<std::thread> helpers;
  for (int i = 1; i < ctx.threads; i++) helpers.emplace_back(work, i);
  work(0);
  for (std::thread& t : helpers) t.join();
  lastPlayouts = playouts.load();
  lastSeconds = secondsSince(start);
  carriedOver += lastSeconds;
  if (failure) std::rethrow_exception(failure);
}

// Makes a copy of a child the root of the tree; false if there is none that was evaluated.
bool Search::Impl::reroot(Point move) {
  finishCleaning();
  Node* child = nullptr;
  ctx.root->forEachEdge([&](Edge& e) {
    if (e.move() == move) child = e.child();
  });
  if (!child || !child->net()) return false;
  const auto rootVisits = static_cast<double>(ctx.root->stats.visits());
  const double share = std::min(1.0, static_cast<double>(child->stats.visits()) / rootVisits);
  carriedOver *= share * ctx.params.treeReuseCarryOverTimeFactor;

  auto root = std::make_unique<Node>(child->nextPla, ctx.rootState.isFinished(), child->graphKey);
  root->setNet(child->sharedNet());
  if (child->human()) root->setHuman(child->sharedHuman());
  root->state.store(child->state.load());
  root->stats.storeAverages(child->stats.load());
  root->stats.setVisits(child->stats.visits());
  if (child->extras) root->extras = std::make_unique<NodeExtras>(*child->extras);
  child->forEachEdge(
      [&](Edge& e) { root->appendEdge(root->numChildren(), e.child(), e.move(), e.visits()); });
  ctx.root = std::move(root);
  ctx.rootPolicy.store(nullptr);
  ctx.rootPolicyOwner.reset();
  clean();
  return true;
}

Search::Search(const SearchParams& params, Evaluator& net, Evaluator* human, Logger& log,
               const std::string& seed)
    : impl_(std::make_unique<Impl>(seed)) {
  SearchContext& ctx = impl_->ctx;
  ctx.params = params;
  ctx.net = &net;
  ctx.human = human;
  ctx.log = &log;
  impl_->clear();
  impl_->applyParams();
}

Search::~Search() {
  impl_->clear();
}

void Search::setPosition(const GameState& state) {
  impl_->clear();
  impl_->ctx.rootState = state;
  impl_->ctx.searchFor = Color::Empty;
  impl_->lastSearchFor = Color::Empty;
  impl_->ctx.avoidUntil = {};
  impl_->stampPassAliveMode();
}

void Search::setPlayerAndClearHistory(Color toMove) {
  impl_->clear();
  GameState& state = impl_->ctx.rootState;
  Board board = state.board();
  board.clearKoPoint();
  const bool handicap = state.assumeMultipleStartingBlackMovesAreHandicap();
  const bool passAlive = state.passAliveAsIfSuicide();
  GameState fresh(board, toMove, state.rules(), state.phase());
  fresh.setAssumeMultipleStartingBlackMovesAreHandicap(handicap);
  fresh.setPassAliveAsIfSuicide(passAlive);
  state = fresh;
}

bool Search::makeMove(Point p, Color c, bool preventEncore) {
  SearchContext& ctx = impl_->ctx;
  if (!ctx.rootState.isLegalTolerant(p, c)) return false;
  if (c != ctx.rootPla()) setPlayerAndClearHistory(c);
  const float bonusBefore = ctx.rootState.whiteHandicapBonus();
  ctx.rootState.play(p, c, preventEncore);
  if (!ctx.root || !impl_->reroot(p)) impl_->clear();
  ctx.avoidUntil = {};
  const Color next = ctx.rootPla();
  if (ctx.rootState.whiteHandicapBonus() != bonusBefore ||
      (ctx.params.conservativePass && ctx.rootState.passWouldEndGame(next)) ||
      (preventEncore && ctx.rootState.passWouldEndPhase(next)))
    impl_->clear();
  return true;
}

void Search::setKomi(float komi) {
  if (impl_->ctx.rootState.rules().komi == komi) return;
  impl_->clear();
  impl_->ctx.rootState.setKomi(komi);
}

void Search::setParams(const SearchParams& params) {
  impl_->clear();
  impl_->ctx.params = params;
  impl_->clear();  // the table of nodes follows the parameters
  impl_->applyParams();
}

void Search::setParamsIfChanged(const SearchParams& params) {
  if (!(params == impl_->ctx.params)) setParams(params);
}

void Search::setEvaluators(Evaluator& net, Evaluator* human) {
  impl_->clear();
  impl_->ctx.net = &net;
  impl_->ctx.human = human;
  impl_->applyParams();
}

void Search::setAvoidMoves(const std::vector<int>& black, const std::vector<int>& white) {
  std::array<std::vector<int>, 2>& current = impl_->ctx.avoidUntil;
  if (current[0] == black && current[1] == white) return;
  ENSURE(black.empty() || black.size() >= kPointArraySize);
  ENSURE(white.empty() || white.size() >= kPointArraySize);
  impl_->clear();
  current = {black, white};
}

void Search::setHintMove(Point p) {
  if (p != kNullPoint && p != impl_->ctx.hint) impl_->clear();
  impl_->ctx.hint = p;
}

void Search::setAlwaysIncludeOwnership(bool on) {
  if (on && !impl_->ctx.alwaysOwnership) impl_->clear();
  impl_->ctx.alwaysOwnership = on;
}

void Search::setPatternTable(std::shared_ptr<const PatternBonusTable> table) {
  if (!table && !impl_->externalPatterns) return;
  impl_->clear();
  impl_->externalPatterns = std::move(table);
}

void Search::setEvalCache(std::shared_ptr<EvalCache> cache) {
  impl_->ownedCache = std::move(cache);
}

void Search::setTreeMemoryLimit(std::shared_ptr<TreeMemoryLimit> limit) {
  impl_->memoryLimit = std::move(limit);
}

void Search::clearSearch() {
  impl_->clear();
}

const GameState& Search::rootState() const {
  return impl_->ctx.rootState;
}
Color Search::rootPlayer() const {
  return impl_->ctx.rootPla();
}
const SearchParams& Search::params() const {
  return impl_->ctx.params;
}

void Search::run(const SearchLimits& limits, const std::function<void()>& onBegin) {
  SearchContext& ctx = impl_->ctx;
  impl_->begin(limits.pondering);
  const int64_t existing = ctx.root->net() ? ctx.root->stats.visits() : 0;
  StopRules rules(ctx, limits, existing, impl_->carriedOver,
                  impl_->memoryLimit ? impl_->memoryLimit->bytesPerTree() : 0);
  {
    const std::lock_guard<std::mutex> guard(impl_->rulesMutex);
    impl_->rules = &rules;
  }
  const auto finish = [&] {
    const std::lock_guard<std::mutex> guard(impl_->rulesMutex);
    impl_->rules = nullptr;
  };
  try {
    if (onBegin) onBegin();
    impl_->runThreads(rules);
    if (ctx.root->net()) {
      Worker worker = impl_->makeWorker(-1);
      refreshOldRoot(worker);
    }
  } catch (...) {
    finish();
    throw;
  }
  finish();
  impl_->endedForMemory = rules.endedForMemory();
  if (impl_->endedForMemory) impl_->memoryLimit->noteReached(nodeCount());
  recordEvalCache(ctx);
}

void Search::requestStop() {
  const std::lock_guard<std::mutex> guard(impl_->rulesMutex);
  if (impl_->rules) impl_->rules->requestStop();
}

Point Search::runAndChoose(const SearchLimits& limits) {
  run(limits);
  return chooseMove();
}

Point Search::chooseMove() {
  SearchContext& ctx = impl_->ctx;
  if (!ctx.root) return kNullPoint;
  PlayOptions options;
  options.allowDirectPolicy = true;
  const PlayValues play = playValues(ctx, *ctx.root, options);
  if (!play.ok) return kNullPoint;
  return play.moves[chooseIndex(play.values, chosenMoveTemperature(ctx),
                                ctx.params.chosenMoveTemperatureOnlyBelowProb, impl_->nonSearchRng)];
}

int64_t Search::rootVisits() const {
  return impl_->ctx.root ? impl_->ctx.root->stats.visits() : 0;
}
int64_t Search::lastPlayouts() const {
  return impl_->lastPlayouts;
}
double Search::lastSearchSeconds() const {
  return impl_->lastSeconds;
}
bool Search::lastEndedForMemory() const {
  return impl_->endedForMemory;
}

bool Search::makeReport(const ReportOptions& options, SearchReport& report) const {
  return buildReport(impl_->ctx, options, report);
}

std::string Search::describeTree(const TreePrintOptions& options) const {
  return printTree(impl_->ctx, options);
}

std::string Search::describeGraph() const {
  return printGraph(impl_->ctx);
}

std::optional<TreeAverages> Search::treeAverages() const {
  return ponnuki::treeAverages(impl_->ctx);
}

std::vector<Point> Search::bestLine(size_t maxMoves) const {
  return ponnuki::bestLine(impl_->ctx, maxMoves);
}

bool Search::rootValues(RootValues& values) const {
  return plainRootValues(impl_->ctx, values);
}

const AreaMap& Search::rootSafeArea() const {
  return impl_->ctx.safeArea;
}

double Search::rootEndingBonus(Point move) const {
  const SearchContext& ctx = impl_->ctx;
  return ctx.root && ctx.root->net() ? endingBonus(ctx, move) : 0;
}

float Search::rootPolicyOf(Point move, bool human) const {
  const SearchContext& ctx = impl_->ctx;
  if (!ctx.root || !ctx.root->net() || (human && !ctx.root->human())) return -1;
  const auto pos = static_cast<size_t>(ctx.policyMap.posOf[static_cast<size_t>(move)]);
  return human ? ctx.root->human()->policy[pos] : ctx.policyOf(*ctx.root)[pos];
}

size_t Search::nodeCount() const {
  impl_->finishCleaning();
  return impl_->ctx.table->size() + (impl_->ctx.root ? 1 : 0);
}

size_t Search::treeBytes() const {
  impl_->finishCleaning();
  return countTreeBytes(impl_->ctx);
}

void Search::checkTree(bool clean) const {
  impl_->finishCleaning();
  ponnuki::checkTree(impl_->ctx, clean);
}

}  // namespace ponnuki
