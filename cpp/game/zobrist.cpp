#include "game/zobrist.h"

#include "base/rng.h"

namespace ponnuki {
namespace {

constexpr Color kPlayers[2] = {Color::Black, Color::White};

}  // namespace

Zobrist::Zobrist() {
  Rng rng("Board::initHash()");
  for (Hash128& h : player) h = rng.nextHash();
  for (Hash128& h : encore) h = rng.nextHash();
  for (size_t i = 0; i < kPointArraySize; i++) {
    for (const Color c : kPlayers) {
      board[i][index(c)] = rng.nextHash();
      koMark[i][index(c)] = rng.nextHash();
    }
    koLoc[i] = rng.nextHash();
  }
  rng.reseed("Board::initHash() for ZOBRIST_SECOND_ENCORE_START hashes");
  for (auto& byColor : secondEncore)
    for (const Color c : kPlayers) byColor[index(c)] = rng.nextHash();
  rng.reseed("Board::initHash() for ZOBRIST_SIZE hashes");
  for (size_t i = 0; i <= kMaxBoardLen; i++) {
    sizeX[i] = rng.nextHash();
    sizeY[i] = rng.nextHash();
  }
  rng.reseed("Board::initHash() for second set of ZOBRIST hashes");
  for (auto& byColor : secondBoard) {
    for (Hash128& h : byColor) {
      const Hash128 raw = rng.nextHash();
      h = Hash128(mix::murmurMix(raw.h0), mix::splitMix64(raw.h1));
    }
  }
}

const Zobrist& zobrist() {
  static const Zobrist tables;
  return tables;
}

}  // namespace ponnuki
