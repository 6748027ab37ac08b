// Game to SGF text (spec rules-and-board 7.11).
#include "base/error.h"
#include "base/text.h"
#include "game/sgf.h"
#include "game/sgf_text.h"

namespace ponnuki {
namespace {

std::string resultText(const GameState& state, const std::optional<float>& finalScore) {
  if (!state.isFinished()) return "";
  if (state.isNoResult()) return "Void";
  if (state.isResignation()) return state.winner() == Color::Black ? "B+R" : "W+R";
  const float score = finalScore.value_or(state.finalScore());
  if (score == 0) return "0";
  return score < 0 ? "B+" + formatNumber(-score) : "W+" + formatNumber(score);
}

std::string stonesText(const Board& board, Color color) {
  std::string out;
  for (int y = 0; y < board.ySize(); y++) {
    for (int x = 0; x < board.xSize(); x++) {
      if (board[board.at(x, y)] == color) out += "[" + sgf::locationText(x, y) + "]";
    }
  }
  return out;
}

std::string rootText(const GameState& state, const SgfWriteOptions& options, const std::string& result) {
  const Board& start = state.initialBoard();
  const int xSize = start.xSize(), ySize = start.ySize();
  GameState counting = state;
  counting.setAssumeMultipleStartingBlackMovesAreHandicap(true);
  std::string out = "FF[4]GM[1]SZ[" + std::to_string(xSize);
  if (xSize != ySize) out += ":" + std::to_string(ySize);
  out += "]PB[" + options.blackName + "]PW[" + options.whiteName + "]";
  out += "HA[" + std::to_string(counting.handicapStones()) + "]";
  out += "KM[" + formatNumber(state.rules().komi) + "]";
  out += "RU[" + (options.rules.empty() ? state.rules().niceName() : options.rules) + "]";
  if (!result.empty()) out += "RE[" + result + "]";
  for (const Color color : {Color::Black, Color::White}) {
    const std::string stones = stonesText(start, color);
    if (!stones.empty()) out += (color == Color::Black ? "AB" : "AW") + stones;
  }
  if (!options.rootComment.empty()) out += "C[" + escapeSgfText(options.rootComment) + "]";
  return out;
}

}  // namespace

std::string sgfResult(const GameState& state) { return resultText(state, std::nullopt); }

std::string escapeSgfText(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == ']' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string sgfCoordinates(Point p, int xSize, int ySize) {
  if (xSize > sgf::kMaxCoordinates || ySize > sgf::kMaxCoordinates)
    throw UserError("Writing coordinates for SGF files for board sizes >= 53 is not implemented");
  if (p == kPass || p == kNullPoint) return "";
  return sgf::locationText(xOf(p, xSize), yOf(p, xSize));
}

std::string writeSgf(const GameState& state, const SgfWriteOptions& options) {
  const std::string result = resultText(state, options.finalScore);
  const int xSize = state.initialBoard().xSize(), ySize = state.initialBoard().ySize();
  std::string out = "(;" + rootText(state, options, result);
  GameState replay = state.atStart();  // phases are not held here, as in the reference
  const std::vector<Move>& moves = state.moves();
  for (size_t i = 0; i < moves.size(); i++) {
    const Move move = moves[i];
    const std::string where = sgfCoordinates(move.point, xSize, ySize);
    const bool passForKo = replay.isPassForKo(move.point, move.player);
    out += move.player == Color::Black ? ";B[" : ";W[";
    out += passForKo ? "]TR[" + where + "]" : where + "]";
    const bool last = i + 1 == moves.size() && options.lastNodeComment.empty() && !result.empty();
    const std::string own = i < options.moveComments.size() ? options.moveComments[i] : "";
    std::string comment = passForKo ? "Pass for ko" : "";
    const auto add = [&](const std::string& text, const char* between) {
      if (!text.empty()) comment += (comment.empty() ? "" : between) + text;
    };
    if (options.resultLast) add(own, " ");  // match records hold one game per line
    if (last) add("result=" + result, " ");
    if (!options.resultLast) add(own, "\n");
    if (!comment.empty()) out += "C[" + escapeSgfText(comment) + "]";
    replay.play(move.point, move.player);
  }
  if (!options.lastNodeComment.empty())
    out += ";C[" + escapeSgfText(options.lastNodeComment + (result.empty() ? "" : " result=" + result)) + "]";
  return out + ")";
}

}  // namespace ponnuki
