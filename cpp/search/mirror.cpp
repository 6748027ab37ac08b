#include "search/mirror.h"

#include <algorithm>
#include <cmath>

namespace ponnuki {

namespace {

constexpr int kErrorReach = 3;

double centerErrorOf(const Board& board, Color mirrorer) {
  if (board.xSize() < 7 || board.ySize() < 7) return 1e10;
  double error = 0, unmatched = 0;
  for (int dy = -kErrorReach; dy <= kErrorReach; dy++) {
    for (int dx = -kErrorReach; dx <= kErrorReach; dx++) {
      const Point q = board.at(board.xSize() / 2 + dx, board.ySize() / 2 + dy);
      const Point image = mirrored(board, q);
      if (q == image) continue;
      if (board[q] == opponent(mirrorer) && board[image] != mirrorer) error += 1;
      if (board[q] == mirrorer && board[image] == Color::Empty) unmatched += 1;
    }
  }
  if (error > 0) error += 0.2 * unmatched;
  if (error >= 1) error = 0.5 * error * (1 + error);
  return error;
}

// Points that Black would get ahead of an even board by moving last and by the handicap rules.
double blackExtraPoints(const GameState& root) {
  const int handicap = root.handicapStones();
  const Board& board = root.board();
  double extra = 0;
  if (root.rules().scoring == ScoringRule::Area) {
    if (handicap > 0) extra += handicap - 1;
    const bool bothOdd = board.xSize() % 2 == 1 && board.ySize() % 2 == 1;
    if (bothOdd == (handicap == 0 || handicap % 2 == 1)) extra += 1;
  }
  if (handicap > 0) {
    if (root.rules().whiteHandicapBonus == HandicapBonus::N) extra -= handicap;
    if (root.rules().whiteHandicapBonus == HandicapBonus::NMinusOne) extra -= handicap - 1;
  }
  return extra;
}

}  // namespace

Point mirrored(const Board& board, Point p) {
  if (p == kPass || p == kNullPoint) return p;
  return board.at(board.xSize() - 1 - board.x(p), board.ySize() - 1 - board.y(p));
}

Point centerOf(const Board& board) {
  if (board.xSize() % 2 == 0 || board.ySize() % 2 == 0) return kNullPoint;
  return board.at(board.xSize() / 2, board.ySize() / 2);
}

MirrorState detectMirror(const GameState& root, Color rootPlayer) {
  MirrorState m;
  m.rootPlayer = rootPlayer;
  m.rootMoves = root.moves().size();
  m.center = centerOf(root.board());
  double count = 0, total = 0, recentCount = 0, recentTotal = 0;
  bool last = false;
  const auto& moves = root.moves();
  for (size_t i = 1; i < moves.size(); i++) {
    if (moves[i].player == rootPlayer) continue;
    last = false;
    if (moves[i].point == mirrored(root.board(), moves[i - 1].point)) {
      count += 1;
      recentCount += 1;
      last = true;
    }
    total += 1;
    recentTotal += 1;
    recentCount *= 0.75;
    recentTotal *= 0.75;
  }
  if (count < 7.0 + 0.5 * total || recentCount < 0.45 * recentTotal || !last) return m;
  m.player = opponent(rootPlayer);
  const double black = blackExtraPoints(root) - static_cast<double>(root.rules().komi);
  m.advantage = m.player == Color::Black ? black : -black;
  m.centerError = centerErrorOf(root.board(), m.player);
  return m;
}

bool repliesMirror(const MirrorState& mirror, const GameState& state, size_t ignored) {
  const auto& moves = state.moves();
  for (size_t i = mirror.rootMoves + 1; i + ignored < moves.size(); i += 2)
    if (moves[i].point != mirrored(state.board(), moves[i - 1].point)) return false;
  return true;
}

MirrorSelection::MirrorSelection(const MirrorState& mirror, const GameState& state, const Board& rootBoard,
                                 const Policy& policy, const int16_t* posOf)
    : mirror_(mirror), state_(state), rootBoard_(rootBoard), pla_(state.toMove()) {
  difficult_ = mirror.center != kNullPoint && state.board()[mirror.center] == mirror.player &&
               mirror.advantage >= -0.5;
  movesSinceRoot_ = static_cast<double>(state.moves().size() - mirror.rootMoves);
  if (!state.moves().empty()) {
    last_ = state.moves().back().point;
    reply_ = mirrored(state.board(), last_);
    if (policy[static_cast<size_t>(posOf[reply_])] < 0) reply_ = kPass;
  }
}

int MirrorSelection::distanceSq(Point a, Point b) const {
  const Board& board = state_.board();
  const int dx = board.x(a) - board.x(b), dy = board.y(a) - board.y(b);
  return dx * dx + dy * dy;
}

float MirrorSelection::prior(Point move, float prior) const {
  double weight = 0;
  if (pla_ != mirror_.rootPlayer) {
    if (last_ == kNullPoint || last_ == kPass) return prior;
    if (move == reply_) weight = difficult_ ? 3 : 1;
  } else if (move != kPass) {
    const Board& board = state_.board();
    const int x = board.x(move), y = board.y(move), w = board.xSize(), h = board.ySize();
    const auto inBox = [&](int margin) {
      return x >= (w - 1) / 2 - margin && x <= w / 2 + margin && y >= (h - 1) / 2 - margin &&
             y <= h / 2 + margin;
    };
    if (inBox(0)) {
      weight = 0.3;
    } else {
      if (inBox(1)) weight = 0.05;
      if (mirror_.center != kNullPoint && rootBoard_[mirror_.center] == opponent(mirror_.rootPlayer)) {
        const int distance = distanceSq(mirror_.center, move);
        const bool stone = board[mirror_.center] == Color::Black || board[mirror_.center] == Color::White;
        if (stone && board.isAdjacentToChain(move, mirror_.center))
          weight = 0.05;
        else if (distance <= 2)
          weight = 0.05;
        else if (distance <= 4)
          weight = 0.03;
      }
    }
  }
  if (weight <= 0) return prior;
  weight /= 1 + std::sqrt(movesSinceRoot_);
  return prior + (1.0f - prior) * static_cast<float>(weight);
}

double MirrorSelection::utility(Point move, double weight, double total, double parentUtility,
                                double utility) const {
  if (pla_ == mirror_.player) {
    if (last_ == kNullPoint || last_ == kPass || move != reply_) return utility;
    return replyUtility(move, weight, total, parentUtility, utility);
  }
  return move == kPass ? utility : centerUtility(move, weight, total, parentUtility, utility);
}

double MirrorSelection::replyUtility(Point move, double weight, double total, double parentUtility,
                                     double utility) const {
  const double error = std::max(1.0, mirror_.centerError);
  const double scale = std::max(0.3, 1 - 0.7 * parentUtility * parentUtility);
  double dump = 0.05, bias = 0.10;
  if (difficult_) {
    dump = 0.20;
    bias = 0.75;
    if (move != kPass)
      dump = std::max(dump, 1 / (0.75 + 0.5 * std::sqrt(distanceSq(mirror_.center, move))) / error);
  } else if (mirror_.advantage >= 5) {
    dump = 0.15;
    bias = 0.50;
  } else if (mirror_.advantage >= -5) {
    dump = 0.10 + mirror_.advantage;
    bias = 0.30 + 4 * mirror_.advantage;
  }
  if (move == kPass) dump *= 0.35 / std::max(1.0, std::sqrt(mirror_.centerError));
  if (mirror_.centerError >= 1) {
    dump /= mirror_.centerError;
    bias /= mirror_.centerError;
  }
  if (weight < dump * total) utility += forPlayerSign() * 100.0;
  if (weight < bias * total) utility += forPlayerSign() * 0.18 * scale;
  if (weight < 0.5 * bias * total) utility += forPlayerSign() * 0.36 * scale;
  return utility;
}

double MirrorSelection::centerUtility(Point move, double weight, double total, double parentUtility,
                                      double utility) const {
  const Board& board = state_.board();
  const double scale = std::max(0.3, 1 - 0.7 * parentUtility * parentUtility);
  double dump = 0;
  if (difficult_) {
    const int distance = distanceSq(mirror_.center, move);
    if (board.isAdjacentToChain(move, mirror_.center)) {
      const int liberties = board.liberties(mirror_.center);
      utility += forPlayerSign() * (0.75 / (1 + liberties) / std::max(1.0, mirror_.centerError) * scale);
      dump = 0.10 / liberties;
    }
    if (distance <= 2)
      dump = std::max(dump, 0.010);
    else if (distance <= 4)
      dump = std::max(dump, 0.005);
  }
  if (move == mirror_.center) dump = movesSinceRoot_ == 0 ? 0.06 : 0.12;
  const double loss = pla_ == Color::White ? parentUtility - utility : utility - parentUtility;
  if (loss > 0 && loss * dump > 0.03) dump += 0.5 * (0.03 / loss - dump);
  if (last_ != kNullPoint && last_ != kPass && mirror_.center != kNullPoint) {
    const int s = distanceSq(last_, mirror_.center);
    if (s <= 16) dump *= 0.900;
    if (s <= 5) dump *= 0.825;
    if (s <= 2) dump *= 0.750;
  }
  if (weight < dump * total) utility += forPlayerSign() * 100.0;
  return utility;
}

}  // namespace ponnuki
