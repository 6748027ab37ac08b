// The random constants behind every hash of positions, rules and search states, bit exact (spec
// nn-inputs 15.3, 15.4). Tables are made once, on first use, and never change: safe to share between threads.
#pragma once

#include <array>

#include "base/hash128.h"
#include "game/color.h"
#include "game/point.h"

namespace ponnuki {

struct Zobrist {
  template <size_t n>
  using Table = std::array<Hash128, n>;
  using PointColorTable = std::array<Table<4>, kPointArraySize>;  // [point][index(color)]

  Table<4> player;
  Table<3> encore;        // by phase
  PointColorTable board;  // zero for Empty and Wall, like koMark and secondEncore
  PointColorTable koMark;
  Table<kPointArraySize> koLoc;
  PointColorTable secondEncore;
  PointColorTable secondBoard;  // for pattern hashes; all four colours are set
  Table<kMaxBoardLen + 1> sizeX, sizeY;

  Zobrist();
};

const Zobrist& zobrist();

namespace hashes {

constexpr Hash128 kTax[3] = {{0x72eeccc72c82a5e7, 0x0d1265e413623e2b},  // none, seki, all
                             {0x125bfe48a41042d5, 0x061866b5f2b98a79},
                             {0xa384ece9d8ee713c, 0xfdc9f3b5d1f3732b}};
constexpr Hash128 kKoRule[4] = {{0x3cc7e0bf846820f6, 0x1fb7fbde5fc6ba4e},  // simple, positional, ...
                                {0xcc18f5d47188554a, 0x3a63152c23e4128d},
                                {0x3bc55e42b23b35bf, 0xc75fa1e615621dcd},
                                {0x5b2096e48241d21b, 0x23cc18d4e85cd67f}};
// Mixed with the usual tax of the scoring rule, as older hashes had no tax.
constexpr Hash128 kScoring[2] = {Hash128(0x8b3ed7598f901494, 0x1dfd47ac77bce5f8) ^ kTax[0],
                                 Hash128(0x381345dc357ec982, 0x03ba55c026026b56) ^ kTax[1]};
constexpr Hash128 kSuicide{0xf9b475b3bbf35e37, 0xefa19d8b1e5b3e5a};
constexpr Hash128 kButton{0xb8b914c9234ece84, 0x3d759cddebe29c14};
constexpr Hash128 kFriendlyPassOk{0x0113655998ef0a25, 0x99c9d04ecd964874};
constexpr Hash128 kPassAliveSuicide{0x3094018861134017, 0x706330a293e266aa};
constexpr Hash128 kPassEndsPhase{0x853e097c279ebf4e, 0xe3153def9e14a62c};
constexpr Hash128 kGameOver{0xb6f9e465597a77ee, 0xf1d583d960a4ce7f};
constexpr Hash128 kConservativePass{0x0c2b96f4b8ae2da9, 0x5a14dee208fec0ed};
constexpr Hash128 kFriendlyPass{0xe750505a66f7c5c2, 0x7a83139bf632d6c4};
constexpr Hash128 kPassingHacks{0x9c89f4fd3ce5a92c, 0x268c9aff79c64d00};
constexpr Hash128 kPlayoutDoublings{0xa5e6114d380bfc1d, 0x4160557f1222f4ad};
constexpr Hash128 kPolicyTemp{0xebcbdfeec6f4334b, 0xb85e43ee243b5ad2};
constexpr Hash128 kDagger{0x612d22ec402ce054, 0x0db915c49de527ae};
constexpr Hash128 kPolicyOptimism{0x88415c85c2801955, 0x39bdf76b2aaa5eb1};
constexpr Hash128 kZeroHistory{0x78f02afdd1aa4910, 0xda78d550486fe978};  // added, not xored
constexpr Hash128 kForceNonTerminal{0xd4c31800cb8809e2, 0xf75f9d2083f2ffca};

}  // namespace hashes
}  // namespace ponnuki
