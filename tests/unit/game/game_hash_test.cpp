#include "base/rng.h"
#include "game_test_util.h"

using namespace ponnuki;
using namespace ponnuki::test;

TEST_CASE("situation hashes of a game under area rules") {
  GameState state(Board(7, 7), kBlack, rulesNamed("tromp-taylor", 7));
  playAll(state, "B C6 W C5 B B5 W G7 B B4 W F7");
  CHECK_EQ(state.situationRulesHash(kBlack, 0.5).toString(), "161188DF9DA919E7CAFBA7E0039D6D65");
  playAll(state, "B D5");
  CHECK_EQ(state.situationRulesHash(kWhite, 0.5).toString(), "0B666F3C9BE5F0FFE3BB5368F5BCAE16");
  playAll(state, "W C4");
  CHECK_EQ(state.situationRulesHash(kBlack, 0.5).toString(), "5334356014C9FBBCE28F1136F9FF4AEC");
}

TEST_CASE("situation hashes tell the phases apart") {
  GameState state(Board(5, 5), kBlack, rulesNamed("koSIMPLEscoreTERRITORYtaxSEKIsui0fpok1", 6.5f));
  playAll(state, "B B5 W C5 B B4 W C4 B B3 W C3 B B2 W C2 B B1 W C1");
  CHECK_EQ(state.situationRulesHash(kBlack, 0.5).toString(), "946F23533A48BF00C76148E3974F8073");
  playAll(state, "B pass W pass");
  CHECK_EQ(state.situationRulesHash(kBlack, 0.5).toString(), "14F5936C347ACDCCF74820A9EF422886");
  playAll(state, "B pass W pass");
  CHECK_EQ(state.situationRulesHash(kBlack, 0.5).toString(), "C280945375F75D6152AC3EA09EFDE85F");
}

TEST_CASE("search hashes of a ko position") {
  GameState state(Board(5, 5), kBlack, rulesNamed("koSITUATIONALscoreAREAtaxNONEsui0", 7));
  playAll(state, "B B5 W C5 B A4 W D4 B B3 W C3 B E1 W B4 B C4");
  CHECK_EQ(state.graphStateHash(kWhite, 0.75).toString(), "17C9F7CDEB554F6419733CEB855AE87E");
  CHECK_EQ(state.graphHashFromScratch(kWhite, 11, 0.75).toString(), "5E282BD53F1DD9FDA0FA3FD2CCD7E66E");
  CHECK_EQ(state.board().situationHash(kWhite).toString(), "20F25CD35C862D917D9D1C283563380A");
}

namespace {

// Superko by its definition: play every move on a copy and compare with every earlier position.
PointSet bannedByDefinition(const GameState& state, const std::vector<std::pair<Board, Color>>& earlier) {
  PointSet banned;
  const Board& board = state.board();
  const Color c = state.toMove();
  for (Point p = 0; p < kPointArraySize; p++) {
    if (p == kPass || !board.isLegal(p, c, state.rules().multiStoneSuicide)) continue;
    Board after = board;
    after.play(p, c);
    for (const auto& [position, toMove] : earlier)
      if (sameStones(position, after) && (state.rules().ko == KoRule::Positional || toMove == opponent(c)))
        banned.set(p);
  }
  return banned;
}

Point randomLegalMove(const GameState& state, Rng& rng) {
  for (int tries = 0; tries < 40; tries++) {
    const Board& board = state.board();
    const Point p = board.at(static_cast<int>(rng.uniform(static_cast<uint32_t>(board.xSize()))),
                             static_cast<int>(rng.uniform(static_cast<uint32_t>(board.ySize()))));
    if (state.isLegal(p, state.toMove())) return p;
  }
  return kPass;
}

}  // namespace

TEST_CASE("superko bans exactly the moves that repeat an earlier position") {
  int bans = 0;
  for (const char* rules :
       {"koPOSITIONALsui1", "koPOSITIONALsui0", "koSITUATIONALsui1", "koSITUATIONALsui0"}) {
    Rng rng(rules);
    for (int round = 0; round < 6; round++) {
      GameState state(Board(3 + round % 2, 3), kBlack, rulesNamed(rules, 0));
      std::vector<std::pair<Board, Color>> earlier{{state.board(), kBlack}};
      for (int turn = 0; turn < 120; turn++) {
        state.play(randomLegalMove(state, rng), state.toMove());
        earlier.push_back({state.board(), state.toMove()});
        REQUIRE_EQ(state.superkoBanned(), bannedByDefinition(state, earlier));
        bans += static_cast<int>(state.superkoBanned().count());
      }
    }
  }
  CHECK_GT(bans, 100);
}

TEST_CASE("a replay, and a copy played on, arrive at the same state") {
  for (const char* rules : {"tromp-taylor", "japanese", "aga-button", "koSPIGHT"}) {
    Rng rng(rules);
    GameState state(Board(4, 4), kBlack, rulesNamed(rules, 6.5f));
    state.setAssumeMultipleStartingBlackMovesAreHandicap(true);
    for (int turn = 0; turn < 80; turn++) {
      GameState copy = state;
      const Point p = randomLegalMove(state, rng);
      state.play(p, state.toMove());
      copy.play(p, copy.toMove());
      REQUIRE_EQ(copy.graphStateHash(copy.toMove(), 0.5), state.graphStateHash(state.toMove(), 0.5));
    }
    const GameState replay = state.afterMoves(static_cast<int>(state.moves().size()));
    CHECK_EQ(replay.graphHashFromScratch(kBlack, 11, 0.5), state.graphHashFromScratch(kBlack, 11, 0.5));
    CHECK_EQ(replay.superkoBanned(), state.superkoBanned());
    CHECK_EQ(replay.phase(), state.phase());
    CHECK_EQ(replay.finalScore(), state.finalScore());
    CHECK_EQ(replay.whiteBonus(), state.whiteBonus());
  }
}
