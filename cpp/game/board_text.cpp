#include "game/board_text.h"

#include "base/text.h"

namespace ponnuki {
namespace {

constexpr int kMaxLengthWithCoordinates = 50;
constexpr std::string_view kLetters = "ABCDEFGHJKLMNOPQRSTUVWXYZ";

std::string columnHeader(int xSize) {
  std::string line = "  ";
  for (int x = 0; x < xSize; x++) {
    const size_t letter = static_cast<size_t>(x) % kLetters.size();
    line += static_cast<size_t>(x) < kLetters.size() ? ' ' : 'A';
    line += kLetters[letter];
  }
  return line + "\n";
}

// The digit that marks p as one of the last three moves, or 0. The oldest of them is 1.
char recentMoveDigit(Point p, const std::vector<Move>& moves) {
  const size_t shown = std::min<size_t>(moves.size(), 3);
  for (size_t i = 0; i < shown; i++)
    if (moves[moves.size() - shown + i].point == p) return static_cast<char>('1' + i);
  return 0;
}

std::string rowText(const Board& board, int y, const BoardDrawing& drawing) {
  std::string line;
  for (int x = 0; x < board.xSize(); x++) {
    const Point p = board.at(x, y);
    line += board[p] == Color::Empty && p == drawing.markEmpty ? '@' : boardChar(board[p]);
    const char digit = drawing.moves ? recentMoveDigit(p, *drawing.moves) : char{0};
    if (digit != 0)
      line += digit;
    else if (x < board.xSize() - 1)
      line += ' ';
  }
  return line;
}

}  // namespace

std::string drawBoard(const Board& board, const BoardDrawing& drawing) {
  std::string text;
  if (drawing.moves) text += "MoveNum: " + std::to_string(drawing.moves->size()) + " ";
  text += "HASH: " + board.positionHash().toString() + "\n";
  const bool coordinates =
      board.xSize() <= kMaxLengthWithCoordinates && board.ySize() <= kMaxLengthWithCoordinates;
  if (coordinates) text += columnHeader(board.xSize());
  for (int y = 0; y < board.ySize(); y++) {
    const int row = board.ySize() - y;
    if (coordinates) text += (row < 10 ? " " : "") + std::to_string(row) + " ";
    text += rowText(board, y, drawing) + "\n";
  }
  return text;
}

std::string drawGame(const GameState& state) {
  std::string text = drawBoard(state.board(), {&state.moves(), kNullPoint});
  text += std::string("\nNext player: ") + longName(state.toMove()) + "\n";
  if (state.phase() > 0) text += "Game phase: " + std::to_string(state.phase()) + "\n";
  text += "Rules: " + state.rules().toJson(true) + "\n";
  if (state.whiteHandicapBonus() != 0)
    text += "Handicap bonus score: " + formatNumber(state.whiteHandicapBonus()) + "\n";
  text += "B stones captured: " + std::to_string(state.board().captured(Color::Black)) + "\n";
  text += "W stones captured: " + std::to_string(state.board().captured(Color::White)) + "\n";
  return text;
}

}  // namespace ponnuki
