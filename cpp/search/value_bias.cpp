#include "search/value_bias.h"

namespace ponnuki {

namespace {

constexpr double kNegligibleWeight = 0.001;
constexpr int kReach = 2;  // a 5x5 neighbourhood

// Exact, not hashed: 25 cells of 3 bits, the two last points, the ko point and the player fit 128 bits.
// Points determine which cells lie off the board.
std::optional<Hash128> biasKey(const GameState& state) {
  const auto& moves = state.moves();
  if (moves.size() < 2 || moves.back().point == kPass) return std::nullopt;
  const Move last = moves.back();
  const Board& before = state.recentBoard(1);
  const int x = before.x(last.point), y = before.y(last.point);
  uint64_t words[2] = {0, 0};
  int cell = 0;
  for (int dy = -kReach; dy <= kReach; dy++) {
    for (int dx = -kReach; dx <= kReach; dx++, cell++) {
      if (x + dx < 0 || x + dx >= before.xSize() || y + dy < 0 || y + dy >= before.ySize()) continue;
      const Point p = before.at(x + dx, y + dy);
      uint64_t code = static_cast<uint64_t>(index(before[p]));
      if (code && before.liberties(p) == 1) code |= 4;
      words[cell / 21] |= code << (3 * (cell % 21));
    }
  }
  words[1] |= static_cast<uint64_t>(static_cast<uint16_t>(last.point)) << 12;
  words[1] |= static_cast<uint64_t>(static_cast<uint16_t>(moves[moves.size() - 2].point)) << 28;
  words[1] |= static_cast<uint64_t>(static_cast<uint16_t>(before.koPoint())) << 44;
  words[1] |= static_cast<uint64_t>(index(last.player)) << 60;
  return Hash128(words[0], words[1]);
}

}  // namespace

std::optional<double> ValueBiasEntry::update(double oldDelta, double oldWeight, double newDelta,
                                             double newWeight) {
  const std::lock_guard<SpinLock> guard(lock);
  delta += newDelta - oldDelta;
  weight += newWeight - oldWeight;
  if (weight > kNegligibleWeight) return delta / weight;
  return std::nullopt;
}

std::optional<double> ValueBiasEntry::average() {
  const std::lock_guard<SpinLock> guard(lock);
  if (weight > kNegligibleWeight) return delta / weight;
  return std::nullopt;
}

ValueBiasEntry* ValueBiasTable::acquire(const GameState& state) {
  const std::optional<Hash128> key = biasKey(state);
  if (!key) return nullptr;
  Shard& shard = shards_[mix::murmurMix(key->h0 ^ mix::lcong(key->h1)) % kShards];
  const std::lock_guard<SpinLock> guard(shard.lock);
  std::unique_ptr<ValueBiasEntry>& entry = shard.entries[Hash128(mix::murmurMix(key->h0), key->h1)];
  if (!entry) entry = std::make_unique<ValueBiasEntry>();
  entry->references.fetch_add(1, std::memory_order_relaxed);
  return entry.get();
}

void ValueBiasTable::removeUnreferenced() {
  for (Shard& shard : shards_)
    std::erase_if(shard.entries, [](const auto& e) { return e.second->references.load() == 0; });
}

size_t ValueBiasTable::size() const {
  size_t n = 0;
  for (const Shard& shard : shards_) n += shard.entries.size();
  return n;
}

int64_t ValueBiasTable::references() const {
  int64_t n = 0;
  for (const Shard& shard : shards_)
    for (const auto& entry : shard.entries) n += entry.second->references.load();
  return n;
}

void withdrawBias(Node& node, double freeProp) {
  ValueBiasEntry* entry = node.biasEntry;
  if (!entry) return;
  {
    const std::lock_guard<SpinLock> guard(entry->lock);
    entry->delta -= node.lastDelta * freeProp;
    entry->weight -= node.lastWeight * freeProp;
  }
  entry->references.fetch_sub(1, std::memory_order_relaxed);
  node.biasEntry = nullptr;
}

}  // namespace ponnuki
