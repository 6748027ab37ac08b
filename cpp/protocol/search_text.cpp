#include "protocol/search_text.h"

#include "base/text.h"
#include "game/board_text.h"

namespace ponnuki {

Color perspectiveColor(Perspective perspective) {
  return perspective == Perspective::Black   ? Color::Black
         : perspective == Perspective::White ? Color::White
                                             : Color::Empty;
}

std::string netUseText(const NetUse& use) {
  const double average =
      use.batches == 0 ? 0.0 : static_cast<double>(use.rows) / static_cast<double>(use.batches);
  return "NN rows: " + std::to_string(use.rows) + "\nNN batches: " + std::to_string(use.batches) +
         "\nNN avg batch size: " + formatNumber(average) + "\n";
}

std::string pvAndTreeText(const Search& search, const TreePrintOptions& options) {
  constexpr size_t kPvMoves = 25;
  const Board& board = search.rootState().board();
  std::string text = "PV:";
  for (const Point p : search.bestLine(kPvMoves))
    text += " " + pointToString(p, board.xSize(), board.ySize());
  return text + "\nTree:\n" + search.describeTree(options);
}

std::string positionText(const GameState& state, Point markEmpty) {
  BoardDrawing drawing;
  drawing.moves = &state.moves();
  drawing.markEmpty = markEmpty;
  return drawBoard(state.board(), drawing) + "\n" + state.rules().toCompact(true) + "\n";
}

}  // namespace ponnuki
