#include "search/expand.h"

#include <algorithm>
#include <cmath>

namespace ponnuki {

namespace {

constexpr Hash128 kForcedMarker{0xd4c31800cb8809e2ULL, 0xf75f9d2083f2ffcaULL};
constexpr size_t kMirrorGrace = 4;  // last moves that need not mirror for the evaluation change (spec 19.4)

bool mirrorChangesValue(const SearchContext& ctx, const GameState& state) {
  const MirrorState& m = ctx.mirror;
  return ctx.params.antiMirror && m.active() && m.advantage >= -0.5 && m.center != kNullPoint &&
         state.board()[m.center] == opponent(m.rootPlayer) && repliesMirror(m, state, kMirrorGrace);
}

NNOutputPtr withMirrorValue(const SearchContext& ctx, const NNOutput& net) {
  auto copy = std::make_shared<NNOutput>(net);
  const float total = net.whiteWinProb + net.whiteLossProb;
  const double strength = ctx.mirror.centerError <= 0 ? 0.7 : 0.3;
  constexpr double kLimit = 1 - 1e-15;
  double v = (net.whiteWinProb - net.whiteLossProb) / (total + 1e-10);
  v = std::clamp(v, -kLimit, kLimit);
  const auto pos = static_cast<size_t>(ctx.policyMap.posOf[static_cast<size_t>(ctx.mirror.center)]);
  v = std::tanh(std::atanh(v) + strength * net.ownership[pos]);
  const double win = total * (0.5 + 0.5 * v);
  copy->whiteWinProb = static_cast<float>(win);
  copy->whiteLossProb = static_cast<float>(total - win);
  return copy;
}

NNOutputPtr averagedOverSymmetries(Worker& worker, Evaluator& net, EvalRequest request) {
  std::array<int, 8> order{0, 1, 2, 3, 4, 5, 6, 7};
  std::vector<NNOutputPtr> outputs;
  request.skipCache = true;
  for (size_t i = 0; i < static_cast<size_t>(worker.ctx.params.rootNumSymmetriesToSample); i++) {
    std::swap(order[i], order[i + worker.rng.uniform(static_cast<uint32_t>(8 - i))]);
    request.params.symmetry = order[i];
    outputs.push_back(net.evaluate(worker.state, request));
  }
  return averageOutputs(outputs);
}

bool wantsHuman(const SearchContext& ctx, bool isRoot) {
  if (!ctx.humanUsable) return false;
  const SearchParams& p = ctx.params;
  return isRoot || p.humanSLPlaExploreProbWeightless > 0 || p.humanSLPlaExploreProbWeightful > 0 ||
         p.humanSLOppExploreProbWeightless > 0 || p.humanSLOppExploreProbWeightful > 0;
}

}  // namespace

EvalRequest netRequest(const SearchContext& ctx, NetKind kind, const GameState& state, bool isRoot,
                       int depth) {
  const SearchParams& p = ctx.params;
  EvalRequest r;
  r.params.drawEquivalentWinsForWhite = p.drawEquivalentWinsForWhite;
  r.params.conservativePassAndIsRoot = p.conservativePass && isRoot;
  r.params.enablePassingHacks = p.enablePassingHacks;
  r.params.nnPolicyTemperature = p.nnPolicyTemperature;
  r.params.policyOptimism = isRoot ? p.rootPolicyOptimism : p.policyOptimism;
  if (p.playoutDoublingAdvantage != 0) {
    const Color strong =
        p.playoutDoublingAdvantagePla == Color::Empty ? ctx.searchFor : p.playoutDoublingAdvantagePla;
    r.params.playoutDoublingAdvantage =
        state.toMove() == strong ? p.playoutDoublingAdvantage : -p.playoutDoublingAdvantage;
  }
  if (p.ignoreAllHistory)
    r.params.maxHistory = 0;
  else if (p.ignorePreRootHistory)
    r.params.maxHistory = depth;
  if (kind == NetKind::Human) {
    const int forced = p.alwaysComputePassAliveUnderSuicideRules;
    r.params.passAliveSuicideOverride = forced >= 0 ? forced : ctx.human->declaresPassAliveAsIfSuicide();
  }
  r.includeOwnership = isRoot || ctx.alwaysOwnership;
  r.metadata = ctx.profile.initialized ? &ctx.profile : nullptr;
  return r;
}

void evaluateNode(Worker& worker, Node& node, bool skipCache) {
  SearchContext& ctx = worker.ctx;
  const bool isRoot = ctx.isRoot(node);
  const bool averaged = isRoot && ctx.params.rootNumSymmetriesToSample > 1;
  const bool mirrorChange = mirrorChangesValue(ctx, worker.state);
  const auto query = [&](Evaluator& net, NetKind kind) {
    EvalRequest request = netRequest(ctx, kind, worker.state, isRoot, worker.depth());
    request.skipCache = skipCache;
    request.includeOwnership |= mirrorChange;
    return averaged ? averagedOverSymmetries(worker, net, request) : net.evaluate(worker.state, request);
  };
  NNOutputPtr output = query(*ctx.net, NetKind::Main);
  if (mirrorChange) output = withMirrorValue(ctx, *output);
  const bool first = node.net() == nullptr;
  if (wantsHuman(ctx, isRoot)) ctx.bury(node.setHuman(query(*ctx.human, NetKind::Human)));
  ctx.bury(node.setNet(std::move(output)));
  if (first && !isRoot) ctx.table->noteOutputs(node);
}

void attachPathData(SearchContext& ctx, Node& node, const GameState& state, Hash128 graphKey) {
  if (ctx.usesBias()) node.biasEntry = ctx.bias->acquire(state);
  NodeExtras extras;
  if (ctx.evalCache) extras.cacheEntry = ctx.evalCache->find(graphKey, ctx.evalCacheName);
  if (ctx.patterns) extras.patternHash = PatternBonusTable::patternOfLastMove(state);
  if (extras.cacheEntry || extras.patternHash != Hash128())
    node.extras = std::make_unique<NodeExtras>(extras);
}

Node* findOrCreateChild(Worker& worker, bool forceNonTerminal) {
  SearchContext& ctx = worker.ctx;
  const Color pla = worker.state.toMove();
  Hash128 key;
  if (ctx.params.useGraphSearch) {
    key = worker.graphKey;
    if (forceNonTerminal) key ^= kForcedMarker;
    if (Node* existing = ctx.table->find(key)) {
      if (existing->nextPla == pla) return existing;
      key = worker.rng.nextHash();  // a collision of hashes
    }
  } else {
    key = worker.rng.nextHash();
  }
  worker.rng.next32();  // the reference draws the index of a lock here
  auto node = std::make_unique<Node>(pla, forceNonTerminal, key);
  attachPathData(ctx, *node, worker.state, worker.graphKey);
  return ctx.table->insert(std::move(node), [](Node& loser) { withdrawBias(loser, 1); });
}

}  // namespace ponnuki
