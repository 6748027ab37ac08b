#include "game/game_state.h"

#include <cmath>

#include "base/error.h"
#include "game/scoring.h"
#include "game/zobrist.h"

namespace ponnuki {
namespace {

bool isPlayer(Color c) {
  return c == Color::Black || c == Color::White;
}

float signFor(Color c) {
  return c == Color::White ? 1.0f : -1.0f;
}

}  // namespace

void GameState::reset(const Board& board, Color toMove, const Rules& rules, int phase) {
  ENSURE(isPlayer(toMove) && phase >= 0 && phase <= 2);
  ENSURE(phase == 0 || rules.scoring == ScoringRule::Territory);
  const Board start = board;  // `board` may be one of ours
  recentBoards_.fill(start);
  recentAt_ = 0;
  rules_ = rules;
  initialBoard_ = start;
  initialPlayer_ = toMove_ = toMove;
  initialPhase_ = phase_ = phase;
  initialTurnNumber_ = 0;
  moves_.clear();
  held_.clear();
  endPasses_ = 0;
  for (auto& keys : passKeys_) keys.clear();
  superkoBanned_.reset();
  koRecapBlocked_.reset();
  koCaptures_.clear();
  secondPhaseStones_.fill(Color::Empty);
  empty_.reset();
  everOccupied_.reset();
  for (int y = 0; y < start.ySize(); y++) {
    for (int x = 0; x < start.xSize(); x++) {
      const Point p = start.at(x, y);
      empty_[p] = start[p] == Color::Empty;
      everOccupied_[p] = !empty_[p];
      if (phase == 2) secondPhaseStones_[p] = start[p];
    }
  }
  keys_.clear();
  keys_.add(stateKey(toMove));
  button_ = rules.hasButton && phase == 0;
  whiteBonus_ = 0;
  if (rules.scoring == ScoringRule::Territory) {
    const int placed = start.stoneCount(Color::Black) - start.stoneCount(Color::White);
    whiteBonus_ = static_cast<float>(placed - (start.captured(Color::White) - start.captured(Color::Black)));
  }
  assumeHandicap_ = whiteHasMoved_ = false;
  handicapOverride_ = -1;
  updateHandicapBonus();
  validPhaseTurns_ = validGameTurns_ = turnsThisPhase_ = 0;
  clearEnd();
}

const Board& GameState::recentBoard(int turnsAgo) const {
  ENSURE(turnsAgo >= 0 && turnsAgo < kRecentBoards);
  return recentBoards_[(recentAt_ - turnsAgo + kRecentBoards) % kRecentBoards];
}

// --- Legality
// ------------------------------------------------------------------------------------------------

bool GameState::isPassForKo(Point p, Color c) const {
  if (phase_ == 0 || p <= kPass || p >= kPointArraySize || koRecapBlocked_.none()) return false;
  const Board& b = board();
  if (b[p] == opponent(c)) return koRecapBlocked_[p] && b.chainSize(p) == 1 && b.liberties(p) == 1;
  const Point target = b.koCaptureTarget(p, c);
  return target != kNullPoint && koRecapBlocked_[target];
}

bool GameState::isLegal(Point p, Color c) const {
  if (c != toMove_) return false;
  if (p == kPass) return true;
  const Board& b = board();
  if (phase_ == 0) {
    if (p == b.koPoint()) return false;
  } else if (isPassForKo(p, c)) {
    return true;
  }
  return b.isLegalIgnoringKo(p, c, rules_.multiStoneSuicide) && !superkoBanned_[p];
}

bool GameState::isLegalTolerant(Point p, Color c) const {
  return isPlayer(c) && (isPassForKo(p, c) || board().isLegalIgnoringKo(p, c, true));
}

// --- Playing
// -------------------------------------------------------------------------------------------------

bool GameState::playTolerant(Point p, Color c, bool holdPhase) {
  if (!isLegalTolerant(p, c)) return false;
  play(p, c, holdPhase);
  return true;
}

// The steps and their order are those of spec rules-and-board 3.6.
void GameState::play(Point p, Color c, bool holdPhase) {
  if (finished_ || pastPhaseEnd_) {
    validPhaseTurns_ = std::min(validPhaseTurns_, 1);
    validGameTurns_ = std::min(validGameTurns_, 1);
  }
  const bool wasLegal = isLegal(p, c);
  clearEnd();
  bool repeatsPass = false;
  if (p == kPass)
    repeatsPass = recordPass(c);
  else
    endPasses_ = 0;
  const bool isBoardMove = playOnBoard(p, c);

  toMove_ = opponent(c);
  moves_.push_back({p, c});
  held_.push_back(holdPhase);
  keys_.add(stateKey(toMove_));
  turnsThisPhase_++;
  validPhaseTurns_++;
  validGameTurns_ = wasLegal ? validGameTurns_ + 1 : 0;
  updateSuperko();
  if (rules_.scoring == ScoringRule::Territory && phase_ <= 1 && isBoardMove) whiteBonus_ -= signFor(c);
  if (c == Color::White && p != kPass) whiteHasMoved_ = true;
  if (assumeHandicap_ && !whiteHasMoved_ && c == Color::Black) updateHandicapBonus();
  if (endPasses_ >= 2 || repeatsPass) endPhase(holdPhase);
  if (p != kPass && (phase_ > 0 || rules_.ko == KoRule::Simple) && keys_.countNewest() >= 3)
    noResult_ = finished_ = true;
}

void GameState::clearEnd() {
  finished_ = scored_ = noResult_ = resigned_ = pastPhaseEnd_ = false;
  winner_ = Color::Empty;
  finalScore_ = 0;
}

bool GameState::passesClearRepetition() const {
  return phase_ > 0 || rules_.ko == KoRule::Simple || rules_.ko == KoRule::Spight;
}

int GameState::nextEndPasses() const {
  return phase_ == 0 && rules_.ko == KoRule::Spight ? 0 : endPasses_ + 1;
}

bool GameState::isSpightlikePass(Color c) const {
  if (!passesClearRepetition()) return false;
  const auto& keys = passKeys_[index(c) - 1];
  return !keys.empty() && std::find(keys.begin(), keys.end(), stateKey(c)) != keys.end();
}

void GameState::takeButton(Color c) {
  button_ = false;
  whiteBonus_ += 0.5f * signFor(c);
}

bool GameState::recordPass(Color c) {
  if (button_) {
    takeButton(c);
    endPasses_ = 0;
    for (auto& keys : passKeys_) keys.clear();
    keys_.clear();
    return false;
  }
  if (passesClearRepetition()) keys_.clear();
  endPasses_ = nextEndPasses();
  const bool repeats = isSpightlikePass(c);
  passKeys_[index(c) - 1].push_back(stateKey(c));
  return repeats;
}

Board& GameState::pushBoard() {
  const int next = (recentAt_ + 1) % kRecentBoards;
  recentBoards_[next] = recentBoards_[recentAt_];
  recentAt_ = next;
  return recentBoards_[next];
}

// Lifts the block of the stone that p, or the ko-shaped capture at p, aims at.
bool GameState::liftKoBlock(Point p, Color c) {
  const Board& b = board();
  const Point target = b[p] == opponent(c) ? p : b.koCaptureTarget(p, c);
  if (target == kNullPoint || !koRecapBlocked_[target]) return false;
  koRecapBlocked_.reset(target);
  return true;
}

bool GameState::playOnBoard(Point p, Color c) {
  Board& b = pushBoard();
  if (p == kPass) {
    b.play(p, c);
    return false;
  }
  if (phase_ > 0 && liftKoBlock(p, c)) {
    b.clearKoPoint();
    return false;
  }
  const Hash128 before = b.positionHash();
  const int capturedBefore = b.captured(Color::Black) + b.captured(Color::White);
  b.play(p, c);
  noteStones(p, capturedBefore);
  if (phase_ > 0) {
    if (b.koPoint() != kNullPoint) {
      koRecapBlocked_.set(p);
      koCaptures_.push_back({before, p, c});
      b.clearKoPoint();
    }
    koRecapBlocked_ &= ~empty_;
  }
  return true;
}

void GameState::noteStones(Point p, int capturedBefore) {
  const Board& b = board();
  everOccupied_.set(p);
  empty_.reset(p);
  if (b.captured(Color::Black) + b.captured(Color::White) == capturedBefore) return;
  const PointSet occupiedOnce = everOccupied_;
  forEachPoint(occupiedOnce, [&](Point q) { empty_[q] = b[q] == Color::Empty; });
}

Hash128 GameState::stateKey(Color toMove) const {
  const Hash128 stones = board().positionHash();
  if (phase_ == 0 && (rules_.ko == KoRule::Positional || rules_.ko == KoRule::Spight)) return stones;
  Hash128 key = stones ^ zobrist().player[index(toMove)];
  if (phase_ > 0 && koRecapBlocked_.any()) {
    forEachPoint(koRecapBlocked_, [&](Point p) {
      key ^= zobrist().koMark[p][index(Color::Black)] ^ zobrist().koMark[p][index(Color::White)];
    });
  }
  return key;
}

// Only a point that was occupied before can bring an earlier position back, or a suicide.
PointSet GameState::superkoCandidates() const {
  PointSet candidates = everOccupied_ & empty_;
  if (rules_.multiStoneSuicide) {
    const size_t row = static_cast<size_t>(board().xSize() + 1);
    candidates |= empty_ & ~((empty_ << 1) | (empty_ >> 1) | (empty_ << row) | (empty_ >> row));
  }
  return candidates;
}

void GameState::updateSuperko() {
  superkoBanned_.reset();
  const Board& b = board();
  const Color c = toMove_;
  if (phase_ > 0) {
    for (const KoCapture& capture : koCaptures_)
      if (capture.player == c && capture.before == b.positionHash()) superkoBanned_.set(capture.point);
    return;
  }
  if (rules_.ko == KoRule::Simple) return;
  const Hash128 salt = rules_.ko == KoRule::Situational ? zobrist().player[index(opponent(c))] : Hash128();
  forEachPoint(superkoCandidates(), [&](Point p) {
    if (p == b.koPoint() || b.isBannedSuicide(p, c, rules_.multiStoneSuicide)) return;
    if (!everOccupied_[p] && !b.isSelfCapture(p, c)) return;
    if (keys_.contains(b.hashAfter(p, c) ^ salt)) superkoBanned_.set(p);
  });
}

// --- Ends
// ----------------------------------------------------------------------------------------------------

bool GameState::isFinalPhase() const {
  return rules_.scoring == ScoringRule::Area || phase_ >= 2;
}

bool GameState::passWouldEndPhase(Color c) const {
  return nextEndPasses() >= 2 || isSpightlikePass(c);
}

bool GameState::passWouldEndGame(Color c) const {
  return isFinalPhase() && passWouldEndPhase(c);
}

bool GameState::suppressFriendlyEnd(Color c) const {
  return rules_.friendlyPassOk && rules_.scoring == ScoringRule::Area && nextEndPasses() == 2 &&
         !isSpightlikePass(c);
}

void GameState::endPhase(bool hold) {
  if (isFinalPhase()) {
    endAndScoreNow();
  } else if (hold) {
    pastPhaseEnd_ = true;
    validPhaseTurns_ = std::min(validPhaseTurns_, 1);
    validGameTurns_ = std::min(validGameTurns_, 1);
  } else {
    advancePhase();
  }
}

void GameState::advancePhase() {
  phase_++;
  turnsThisPhase_ = validPhaseTurns_ = 0;
  const Board& b = board();
  if (phase_ == 2) forEachPoint(~empty_ & everOccupied_, [&](Point p) { secondPhaseStones_[p] = b[p]; });
  superkoBanned_.reset();
  koRecapBlocked_.reset();
  koCaptures_.clear();
  for (auto& keys : passKeys_) keys.clear();
  endPasses_ = 0;
  keys_.clear();
  keys_.add(stateKey(toMove_));
}

int GameState::scoreBoard(AreaMap& area) const {
  return boardScore({board(), rules_, suicideForPassAlive(), phase_, secondPhaseStones_}, area);
}

void GameState::setWinnerFromScore() {
  winner_ = finalScore_ > 0 ? Color::White : finalScore_ < 0 ? Color::Black : Color::Empty;
}

void GameState::finishWithScore(int boardScore) {
  if (button_) takeButton(toMove_);
  finalScore_ = static_cast<float>(boardScore) + whiteBonus_ + whiteHandicapBonus_ + rules_.komi;
  finished_ = scored_ = true;
  noResult_ = resigned_ = pastPhaseEnd_ = false;
  setWinnerFromScore();
}

void GameState::endAndScoreNow() {
  AreaMap area;
  finishWithScore(scoreBoard(area));
}

void GameState::endIfAllPassAlive() {
  const AreaMap area = computeArea(board(), {}, suicideForPassAlive());
  int score = 0;
  for (int y = 0; y < board().ySize(); y++) {
    for (int x = 0; x < board().xSize(); x++) {
      const Color owner = area[board().at(x, y)];
      if (owner == Color::Empty) return;
      score += owner == Color::White ? 1 : -1;
    }
  }
  AreaMap counted;
  finishWithScore(rules_.tax == TaxRule::All ? scoreBoard(counted) : score);
}

void GameState::resign(Color loser) {
  clearEnd();
  finished_ = resigned_ = true;
  winner_ = opponent(loser);
}

float GameState::scoreNow(AreaMap& area) const {
  float score = static_cast<float>(scoreBoard(area)) + whiteBonus_ + whiteHandicapBonus_ + rules_.komi;
  if (button_) score += 0.5f * signFor(toMove_);
  return score;
}

// --- Settings
// ------------------------------------------------------------------------------------------------

void GameState::setKomi(float komi) {
  const float change = komi - rules_.komi;
  rules_.komi = komi;
  if (!finished_ || !scored_) return;
  finalScore_ += change;
  setWinnerFromScore();
}

void GameState::setAssumeMultipleStartingBlackMovesAreHandicap(bool on) {
  assumeHandicap_ = on;
  updateHandicapBonus();
}

void GameState::setHandicapOverride(int stones) {
  handicapOverride_ = stones;
  updateHandicapBonus();
}

void GameState::clearKoPoint() {
  recentBoards_[recentAt_].clearKoPoint();
}

int countHandicapStones(const Board& board, int extra) {
  if (board.stoneCount(Color::White) > 0) return 0;
  const int count = board.stoneCount(Color::Black) + extra;
  return count <= 1 ? 0 : count;
}

int GameState::handicapStones() const {
  if (handicapOverride_ >= 0) return handicapOverride_;
  int extra = 0;
  for (size_t i = 0; assumeHandicap_ && i < moves_.size(); i++) {
    const Move& move = moves_[i];
    if (move.player == Color::Black) {
      extra += move.point != kPass;
    } else if (i + 1 < moves_.size() && moves_[i + 1].player == Color::White) {
      extra = 0;
      break;
    } else if (move.point != kPass) {
      break;
    }
  }
  return countHandicapStones(initialBoard_, extra);
}

void GameState::updateHandicapBonus() {
  whiteHandicapBonus_ = 0;
  if (rules_.whiteHandicapBonus == HandicapBonus::Zero) return;
  const int stones = handicapStones();
  whiteHandicapBonus_ =
      static_cast<float>(rules_.whiteHandicapBonus == HandicapBonus::N ? stones : std::max(stones - 1, 0));
}

GameState GameState::atStart() const {
  GameState start(initialBoard_, initialPlayer_, rules_, initialPhase_);
  start.initialTurnNumber_ = initialTurnNumber_;
  start.passAliveAsIfSuicide_ = passAliveAsIfSuicide_;
  start.assumeHandicap_ = assumeHandicap_;
  start.handicapOverride_ = handicapOverride_;
  start.updateHandicapBonus();
  return start;
}

GameState GameState::afterMoves(int n) const {
  ENSURE(n >= 0 && n <= static_cast<int>(moves_.size()));
  GameState state = atStart();
  for (int i = 0; i < n; i++) state.playTolerant(moves_[i].point, moves_[i].player, held_[i]);
  return state;
}

}  // namespace ponnuki
