#include "search/pattern_bonus.h"

#include "game/symmetry.h"

namespace ponnuki {

namespace {
constexpr int kReach = 4;   // a 9x9 neighbourhood, clipped at the edges

Board withColorsSwapped(const Board& board) {
  Board out(board.xSize(), board.ySize());
  for (int y = 0; y < board.ySize(); y++) {
    for (int x = 0; x < board.xSize(); x++) {
      const Color c = board[board.at(x, y)];
      if (c != Color::Empty) out.setStone(out.at(x, y), opponent(c));
    }
  }
  return out;
}

}  // namespace

Hash128 PatternBonusTable::patternOf(const Board& before, Move move) {
  if (move.point == kPass || move.point == kNullPoint || before.wouldBeKoCapture(move.point, move.player)) return {};
  const int x = before.x(move.point), y = before.y(move.point);
  Hash128 hash(0x9a8c1d4be3f02757ULL, 0x51b7e5c20d3f6a91ULL);
  const auto add = [&hash](uint64_t value) {
    hash.h0 = mix::murmurMix(hash.h0 ^ value) + 0x632be59bd9b4e019ULL;
    hash.h1 = mix::nasam(hash.h1 + value * 0x9e3779b97f4a7c15ULL);
  };
  add(static_cast<uint64_t>(index(move.player)));
  add(static_cast<uint64_t>(move.point));
  add(static_cast<uint64_t>(before.xSize()) << 16 | static_cast<uint64_t>(before.ySize()));
  for (int dy = -kReach; dy <= kReach; dy++) {
    for (int dx = -kReach; dx <= kReach; dx++) {
      if (x + dx < 0 || x + dx >= before.xSize() || y + dy < 0 || y + dy >= before.ySize()) continue;
      const Point p = before.at(x + dx, y + dy);
      uint64_t code = static_cast<uint64_t>(index(before[p]));
      if (code && before.liberties(p) == 1) code |= 4;
      add(code);
    }
  }
  return hash;
}

Hash128 PatternBonusTable::patternOfLastMove(const GameState& state) {
  return state.moves().empty() ? Hash128() : patternOf(state.recentBoard(1), state.moves().back());
}

double PatternBonusTable::bonus(Hash128 pattern) const {
  if (pattern == Hash128()) return 0;
  const auto it = bonuses_.find(pattern);
  return it == bonuses_.end() ? 0 : it->second;
}

void PatternBonusTable::add(const Board& before, Move move, double bonus, Done& done) {
  for (int s = 0; s < symmetry::kCount; s++) {
    const Board image = symmetry::apply(s, before);
    const Point point = symmetry::apply(s, move.point, before.xSize(), before.ySize());
    const Hash128 pattern = patternOf(image, {point, move.player});
    if (pattern != Hash128() && done.insert(pattern).second) bonuses_[pattern] += bonus;
  }
}

void PatternBonusTable::avoid(const Board& before, Move move, double penalty, Done& done) {
  const auto bonusFor = [penalty](Color mover) { return mover == Color::White ? -penalty : penalty; };
  add(before, move, bonusFor(move.player), done);
  const Move swapped{move.point, opponent(move.player)};
  add(withColorsSwapped(before), swapped, bonusFor(swapped.player), done);
}

void PatternBonusTable::avoidOwnMoves(const GameState& game, Color player, double penalty) {
  Done done;
  GameState replay = game.atStart();
  const double bonus = player == Color::White ? -penalty : penalty;
  for (size_t i = 0; i < game.moves().size(); i++) {
    const Move move = game.moves()[i];
    if (!replay.isLegalTolerant(move.point, move.player)) return;
    if (move.player == player) add(replay.board(), move, bonus, done);
    replay.play(move.point, move.player, game.heldPhase()[i]);
  }
}

}  // namespace ponnuki
