#include "search/playout.h"

#include <algorithm>

#include "search/backup.h"
#include "search/expand.h"
#include "search/root.h"
#include "search/select.h"

namespace ponnuki {

namespace {

// Whether the ancestors of the node where the playout ended get a visit, or the way on.
enum class Outcome { Update, NoUpdate, Descend };

bool isOnPath(const Worker& w, const Node* node) {
  return std::any_of(w.path.begin(), w.path.end(), [node](const Worker::Step& s) { return s.child == node; });
}

void playMove(Worker& w, Point move) {
  w.state.play(move, w.state.toMove());
  if (w.ctx.params.useGraphSearch)
    w.graphKey = w.state.nextGraphHash(w.graphKey, w.state.toMove(), w.ctx.params.graphSearchRepBound,
                                       w.ctx.params.drawEquivalentWinsForWhite);
}

Outcome evaluateLeaf(Worker& w, Node& node) {
  uint8_t expected = Node::Unevaluated;
  if (!node.state.compare_exchange_strong(expected, Node::Evaluating)) {
    w.counts = false;   // another thread is evaluating it
    return Outcome::NoUpdate;
  }
  try {
    evaluateNode(w, node, false);
  } catch (...) {
    node.state.store(Node::Unevaluated);
    throw;
  }
  if (w.ctx.isRoot(node)) {
    node.age.store(w.ctx.age);
    processRootPolicy(w, true);
  }
  addNetLeaf(w.ctx, node, false);
  node.state.store(Node::Expanded, std::memory_order_release);
  return Outcome::Update;
}

Outcome addTerminal(Worker& w, Node& node) {
  if (w.ctx.threads > 1 && w.ctx.net->isBusy()) w.ctx.net->waitForAnyEvaluation();
  addLeafValue(w.ctx, node, w.ctx.utility.terminalOf(w.state), true, true);
  return Outcome::Update;
}

// A transposition or a hash collision led here with an output that does not fit the actual history.
Outcome replaceMisleadingOutput(Worker& w, Node& node, Point move) {
  w.ctx.log->write("WARNING: search selected an illegal move, evaluating the position anew: " +
                   pointToString(move, w.state.board().xSize(), w.state.board().ySize()));
  evaluateNode(w, node, true);
  return Outcome::Update;
}

// Claims a visit that the child already has from elsewhere (spec 8.3).
bool catchUp(Worker& w, Edge& edge, const Node& child) {
  const int64_t visits = child.stats.visits();
  const double leak = w.ctx.params.graphSearchCatchUpLeakProb;
  if (leak > 0 && edge.visits() < visits && w.rng.nextBool(leak)) return false;
  return edge.addVisitBelow(visits);
}

// Plays the move and attaches the child it leads to; null if another thread attached one first.
Edge* attachChild(Worker& w, Node& node, const Selection& s) {
  const bool isRoot = w.ctx.isRoot(node);
  const bool friendly = s.move == kPass && w.state.suppressFriendlyEnd(node.nextPla);
  playMove(w, s.move);
  const bool force =
      s.move == kPass && w.state.isFinished() && ((w.ctx.params.conservativePass && isRoot) || friendly);
  Node* child = findOrCreateChild(w, force);
  if (!node.appendEdge(s.childIndex, child, s.move, 0)) return nullptr;
  return &node.edge(s.childIndex);
}

Outcome descend(Worker& w, Node& node) {
  const Selection s = selectChild(w, node);
  if (s.childIndex < 0) {
    addNetLeaf(w.ctx, node, true);
    return Outcome::Update;
  }
  if (!w.state.isLegal(s.move, node.nextPla)) return replaceMisleadingOutput(w, node, s.move);
  const bool isNew = s.childIndex == static_cast<int>(w.children.size());
  Edge* edge = isNew ? attachChild(w, node, s) : w.children[static_cast<size_t>(s.childIndex)].edge;
  if (!edge) {
    w.counts = false;
    return Outcome::NoUpdate;
  }
  Node* child = edge->child();
  if (s.countEdge && catchUp(w, *edge, *child)) {
    backup(w, node, 1);
    return Outcome::Update;
  }
  if (!isNew) {
    child->prefetchForVisit();
    playMove(w, s.move);
  }
  if (isOnPath(w, child)) {
    if (!s.countEdge) return Outcome::NoUpdate;
    edge->addVisits(1);
    backup(w, node, 1);
    return Outcome::Update;
  }
  child->virtualLosses.fetch_add(1, std::memory_order_relaxed);
  w.path.push_back({&node, child, edge, s.countEdge});
  return Outcome::Descend;
}

Outcome visit(Worker& w, Node& node) {
  if (w.state.isFinished() && !node.forceNonTerminal) return addTerminal(w, node);
  if (node.state.load(std::memory_order_acquire) != Node::Expanded) return evaluateLeaf(w, node);
  if (w.ctx.isRoot(node)) refreshOldRoot(w);
  return descend(w, node);
}

void creditPath(Worker& w, bool update) {
  for (auto step = w.path.rbegin(); step != w.path.rend(); ++step) {
    update = update && step->countEdge;
    if (update) {
      step->edge->addVisits(1);
      backup(w, *step->node, 1);
    }
    step->child->virtualLosses.fetch_sub(1, std::memory_order_relaxed);
  }
}

}  // namespace

bool runPlayout(Worker& w) {
  w.counts = true;
  w.path.clear();
  Outcome outcome = Outcome::Descend;
  try {
    for (Node* node = w.ctx.root.get(); outcome == Outcome::Descend; node = w.path.empty() ? node : w.path.back().child)
      outcome = visit(w, *node);
  } catch (...) {
    creditPath(w, false);
    w.resetToRoot();
    throw;
  }
  creditPath(w, outcome == Outcome::Update);
  w.resetToRoot();
  return w.counts;
}

}  // namespace ponnuki
