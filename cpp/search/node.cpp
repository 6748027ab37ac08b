#include "search/node.h"

#include <type_traits>

#include "base/error.h"

namespace ponnuki {

void AtomicStats::storeAverages(const NodeStats& s) {
  constexpr auto relaxed = std::memory_order_relaxed;
  winLoss_.store(s.winLoss, relaxed);
  noResult_.store(s.noResult, relaxed);
  scoreMean_.store(s.scoreMean, relaxed);
  scoreMeanSq_.store(s.scoreMeanSq, relaxed);
  lead_.store(s.lead, relaxed);
  utility_.store(s.utility, relaxed);
  utilitySq_.store(s.utilitySq, relaxed);
  weightSq_.store(s.weightSq, relaxed);
  weight_.store(s.weight, relaxed);
}

bool Edge::addVisitBelow(int64_t bound) {
  int64_t word = word_.load(std::memory_order_relaxed);
  while ((word >> 16) < bound)
    if (word_.compare_exchange_weak(word, word + (int64_t{1} << 16), std::memory_order_relaxed)) return true;
  return false;
}

void Edge::set(Node* child, Point move, int64_t visits) {
  child_ = child;
  word_.store(visits << 16 | static_cast<uint16_t>(move), std::memory_order_relaxed);
}

EdgeChunk* EdgeChunk::make(int capacity) {
  static_assert(sizeof(EdgeChunk) % alignof(Edge) == 0 && std::is_trivially_destructible_v<Edge>);
  auto* chunk = new (::operator new(bytes(capacity))) EdgeChunk(capacity);
  for (int i = 0; i < capacity; i++) new (reinterpret_cast<Edge*>(chunk + 1) + i) Edge();
  return chunk;
}

void EdgeChunk::free(EdgeChunk* chunk) {
  chunk->~EdgeChunk();
  ::operator delete(chunk);
}

Node::~Node() {
  clearEdges();
}

void Node::clearEdges() {
  EdgeChunk* chunk = chunks_.load(std::memory_order_relaxed);
  while (chunk) {
    EdgeChunk* next = chunk->next.load(std::memory_order_relaxed);
    EdgeChunk::free(chunk);
    chunk = next;
  }
  chunks_.store(nullptr, std::memory_order_relaxed);
  numChildren_.store(0, std::memory_order_relaxed);
  bestNewMove.store(kNoCachedMove, std::memory_order_relaxed);
}

const NNOutputPtr& Node::sharedHuman() const {
  static const NNOutputPtr none;
  return humanOwner_ ? *humanOwner_ : none;
}

NNOutputPtr Node::setNet(NNOutputPtr output) {
  const std::lock_guard<SpinLock> guard(lock);
  net_.store(output.get(), std::memory_order_release);
  bestNewMove.store(kNoCachedMove, std::memory_order_relaxed);
  netOwner_.swap(output);
  return output;
}

NNOutputPtr Node::setHuman(NNOutputPtr output) {
  const std::lock_guard<SpinLock> guard(lock);
  human_.store(output.get(), std::memory_order_release);
  if (!humanOwner_) humanOwner_ = std::make_unique<NNOutputPtr>();
  humanOwner_->swap(output);
  return output;
}

bool Node::appendEdge(int expected, Node* child, Point move, int64_t visits) {
  const std::lock_guard<SpinLock> guard(lock);
  if (numChildren_.load(std::memory_order_relaxed) != expected) return false;
  std::atomic<EdgeChunk*>* link = &chunks_;
  int index = expected, capacity = EdgeChunk::kFirstCapacity;
  for (EdgeChunk* c = link->load(std::memory_order_relaxed); c && index >= c->capacity;
       c = link->load(std::memory_order_relaxed)) {
    index -= c->capacity;
    capacity = c->capacity * 2;
    link = &c->next;
  }
  EdgeChunk* chunk = link->load(std::memory_order_relaxed);
  if (!chunk) {
    chunk = EdgeChunk::make(capacity);
    link->store(chunk, std::memory_order_release);
  }
  chunk->at(index).set(child, move, visits);
  numChildren_.store(expected + 1, std::memory_order_release);
  return true;
}

Edge& Node::edge(int index) const {
  EdgeChunk* c = chunks_.load(std::memory_order_acquire);
  while (index >= c->capacity) {
    index -= c->capacity;
    c = c->next.load(std::memory_order_acquire);
  }
  return c->at(index);
}

size_t Node::bytes() const {
  size_t total = sizeof(Node) + (extras ? sizeof(NodeExtras) : 0);
  for (EdgeChunk* c = chunks_.load(std::memory_order_acquire); c; c = c->next.load(std::memory_order_acquire))
    total += EdgeChunk::bytes(c->capacity);
  const auto outputBytes = [](const NNOutput* o) { return o ? o->bytes() : 0; };
  return total + outputBytes(net()) + outputBytes(human());
}

void collectChildren(const Node& node, std::vector<ChildView>& out, ChildDetail detail) {
  out.resize(static_cast<size_t>(node.numChildren()));
  // Children lie anywhere in memory: their loads are begun together, not each after the work on the one before.
  node.forEachEdge([](const Edge& edge) { edge.child()->stats.prefetch(); });
  size_t count = 0;
  node.forEachEdge([&](Edge& edge) {
    if (count == out.size()) return;  // another thread has just attached one more
    ChildView& v = out[count++];
    v.edge = &edge;
    v.node = edge.child();
    v.move = edge.move();
    v.edgeVisits = edge.visits();
    if (detail == ChildDetail::All) {
      v.stats = v.node->stats.load();
    } else {
      v.stats.visits = v.node->stats.visits();
      v.stats.weight = v.node->stats.weight();
      v.stats.utility = v.node->stats.utility();
    }
  });
}

}  // namespace ponnuki
