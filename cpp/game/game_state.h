// A game in progress: board, rules and everything of the history that the rules depend on (spec
// rules-and-board 3). A value type: the search copies it per playout and plays on the copy.
// Scores and bonuses are White minus Black, in points. Not thread-safe; copies are independent.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <vector>

#include "game/area.h"
#include "game/board.h"
#include "game/key_history.h"
#include "game/rules.h"

namespace ponnuki {

class GameState {
 public:
  static constexpr int kRecentBoards = 6;

  GameState() : GameState(Board(), Color::Black, Rules()) {}
  GameState(const Board& board, Color toMove, const Rules& rules, int phase = 0) { reset(board, toMove, rules, phase); }
  void reset(const Board& board, Color toMove, const Rules& rules, int phase);  // spec 3.2

  const Board& board() const { return recentBoards_[recentAt_]; }
  const Board& recentBoard(int turnsAgo) const;   // 0..5; the start board where the game is shorter
  const Rules& rules() const { return rules_; }
  Color toMove() const { return toMove_; }
  int phase() const { return phase_; }            // 0 main, 1 and 2 the clean-up phases
  const std::vector<Move>& moves() const { return moves_; }
  const std::vector<bool>& heldPhase() const { return held_; }     // per move: was it made with holdPhase
  const Board& initialBoard() const { return initialBoard_; }
  Color initialPlayer() const { return initialPlayer_; }
  int initialPhase() const { return initialPhase_; }
  int initialTurnNumber() const { return initialTurnNumber_; }
  void setInitialTurnNumber(int n) { initialTurnNumber_ = n; }
  int turnNumber() const { return std::max(0, initialTurnNumber_ + static_cast<int>(moves_.size())); }

  bool isLegal(Point p, Color c) const;           // strict (spec 3.4)
  bool isLegalTolerant(Point p, Color c) const;   // for moves from outside (spec 3.5)
  bool isPassForKo(Point p, Color c) const;       // a click that only lifts a ko block (phases 1, 2)
  // Makes a tolerantly legal move. holdPhase keeps a TERRITORY game out of its clean-up phases (spec 3.12).
  void play(Point p, Color c, bool holdPhase = false);
  bool playTolerant(Point p, Color c, bool holdPhase = false);  // false and no effect if not tolerant-legal

  bool isSuperkoBanned(Point p) const { return superkoBanned_[p]; }
  const PointSet& superkoBanned() const { return superkoBanned_; }
  const PointSet& koRecapBlocked() const { return koRecapBlocked_; }
  Color secondPhaseStone(Point p) const { return secondPhaseStones_[p]; }  // at its start; Empty while phase < 2
  int consecutiveEndingPasses() const { return endPasses_; }
  bool buttonAvailable() const { return button_; }
  float whiteBonus() const { return whiteBonus_; }
  float whiteHandicapBonus() const { return whiteHandicapBonus_; }
  int handicapStones() const;                     // spec 3.16
  int turnsValidThisPhase() const { return validPhaseTurns_; }
  int turnsValidThisGame() const { return validGameTurns_; }
  int turnsThisPhase() const { return turnsThisPhase_; }

  bool isFinished() const { return finished_; }
  bool isScored() const { return scored_; }
  bool isNoResult() const { return noResult_; }
  bool isResignation() const { return resigned_; }
  bool isPastPhaseEnd() const { return pastPhaseEnd_; }
  Color winner() const { return winner_; }        // Empty: draw or none
  float finalScore() const { return finalScore_; }

  bool passWouldEndPhase(Color c) const;
  bool passWouldEndGame(Color c) const;
  bool isFinalPhase() const;
  bool suppressFriendlyEnd(Color c) const;        // spec 3.13

  void setKomi(float komi);                       // keeps the history, updates a scored result (spec 2.7)
  void setHandicapOverride(int stones);           // -1 = count them
  void setAssumeMultipleStartingBlackMovesAreHandicap(bool on);
  bool assumeMultipleStartingBlackMovesAreHandicap() const { return assumeHandicap_; }
  void setPassAliveAsIfSuicide(bool on) { passAliveAsIfSuicide_ = on; }
  bool passAliveAsIfSuicide() const { return passAliveAsIfSuicide_; }
  bool suicideForPassAlive() const { return rules_.multiStoneSuicide || passAliveAsIfSuicide_; }
  void clearKoPoint();                            // of the current board; used before out-of-turn resets
  void endAndScoreNow();                          // adjudication (spec 3.17)
  void endIfAllPassAlive();
  void resign(Color loser);

  // White's score if scored as it stands, without ending the game; area receives the counted map (spec 4.6).
  float scoreNow(AreaMap& area) const;
  float whiteKomi(double drawEquivalentWinsForWhite) const;               // bonus + handicap + komi + draw term
  float selfKomi(Color c, double drawEquivalentWinsForWhite) const;       // spec nn-inputs 5.6

  // Hashes shared by net cache and graph search (spec nn-inputs 13.2 steps 1-4, and 14).
  Hash128 situationRulesHash(Color c, double drawEquivalentWinsForWhite) const;
  Hash128 situationRulesHash(Color c, double drawEquivalentWinsForWhite, bool passAliveSuicide) const;
  Hash128 graphStateHash(Color c, double drawEquivalentWinsForWhite) const;
  Hash128 nextGraphHash(Hash128 previous, Color c, int repBound, double drawEquivalentWinsForWhite) const;
  Hash128 graphHashFromScratch(Color c, int repBound, double drawEquivalentWinsForWhite) const;

  // The situation at the start of a game with the same settings, and a replay of its first n moves.
  GameState atStart() const;
  GameState afterMoves(int n) const;

 private:
  struct KoCapture {  // in a clean-up phase; may not be repeated by that player from the same stones
    Hash128 before;
    Point point;
    Color player;
  };

  void clearEnd();
  bool passesClearRepetition() const;
  int nextEndPasses() const;
  bool isSpightlikePass(Color c) const;
  bool recordPass(Color c);                       // true if the pass ends the phase by repeating an earlier one
  Board& pushBoard();
  bool playOnBoard(Point p, Color c);             // false for a pass-for-ko
  bool liftKoBlock(Point p, Color c);
  void noteStones(Point p, int capturedBefore);
  Hash128 stateKey(Color toMove) const;
  void updateSuperko();
  PointSet superkoCandidates() const;
  void updateHandicapBonus();
  void endPhase(bool hold);
  void advancePhase();
  int scoreBoard(AreaMap& area) const;
  void finishWithScore(int boardScore);
  void setWinnerFromScore();
  void takeButton(Color c);

  std::array<Board, kRecentBoards> recentBoards_;  // a ring
  int recentAt_ = 0;
  Rules rules_;
  Board initialBoard_;
  Color initialPlayer_ = Color::Black;
  int initialPhase_ = 0;
  int initialTurnNumber_ = 0;
  RoomyVector<Move> moves_;
  std::vector<bool> held_;
  Color toMove_ = Color::Black;
  int phase_ = 0;
  int endPasses_ = 0;
  std::vector<Hash128> passKeys_[2];              // by player: states in which they passed
  KeyHistory keys_;                               // for superko and no result
  PointSet superkoBanned_, koRecapBlocked_;
  std::vector<KoCapture> koCaptures_;
  PointSet everOccupied_, empty_;                 // since the reset; now
  std::array<Color, kPointArraySize> secondPhaseStones_;
  bool button_ = false;
  float whiteBonus_ = 0, whiteHandicapBonus_ = 0;
  bool assumeHandicap_ = false, passAliveAsIfSuicide_ = false, whiteHasMoved_ = false;
  int handicapOverride_ = -1;
  int validPhaseTurns_ = 0, validGameTurns_ = 0, turnsThisPhase_ = 0;
  bool finished_ = false, scored_ = false, noResult_ = false, resigned_ = false, pastPhaseEnd_ = false;
  Color winner_ = Color::Empty;
  float finalScore_ = 0;
};

// Black stones if they are alone on the board and, with `extra`, at least two; else 0 (spec 3.16).
int countHandicapStones(const Board& board, int extra);

// All members of a point set, in ascending order.
template <typename Visit>
void forEachPoint(const PointSet& set, Visit&& visit) {
  static const PointSet kLowWord(~0ULL);
  for (int base = 0; base < kPointArraySize; base += 64) {
    unsigned long long word = ((set >> static_cast<size_t>(base)) & kLowWord).to_ullong();
    for (; word != 0; word &= word - 1) visit(static_cast<Point>(base + std::countr_zero(word)));
  }
}

}  // namespace ponnuki
