#include "protocol/gtp/tree_text.h"

#include "base/text.h"
#include "game/board_text.h"

namespace ponnuki::gtp {

namespace {
constexpr size_t kPvMoves = 25;
constexpr int kTreeChildren = 10;
}  // namespace

Color perspectiveColor(Perspective perspective) {
  return perspective == Perspective::Black   ? Color::Black
         : perspective == Perspective::White ? Color::White
                                             : Color::Empty;
}

std::string genmoveReport(const Search& search, const GenmoveInfo& info, Perspective perspective,
                          double advantage, Point expand) {
  const GameState& state = search.rootState();
  const Board& board = state.board();
  BoardDrawing drawing;
  drawing.moves = &state.moves();
  drawing.markEmpty = info.move;
  std::string text = drawBoard(board, drawing) + "\n" + state.rules().toCompact(true) + "\n";
  text += "Time taken: " + formatNumber(info.seconds) + "\n";
  text += "Root visits: " + std::to_string(search.rootVisits()) + "\n";
  text += "New playouts: " + std::to_string(info.playouts) + "\n";
  text += "NN rows: " + std::to_string(info.rows) + "\n";
  text += "NN batches: " + std::to_string(info.batches) + "\n";
  const double average =
      info.batches == 0 ? 0.0 : static_cast<double>(info.rows) / static_cast<double>(info.batches);
  text += "NN avg batch size: " + formatNumber(average) + "\n";
  if (advantage != 0) text += "PlayoutDoublingAdvantage: " + formatNumber(advantage) + "\n";
  text += "PV:";
  for (const Point p : search.bestLine(kPvMoves))
    text += " " + pointToString(p, board.xSize(), board.ySize());
  TreePrintOptions options;
  options.maxChildren = kTreeChildren;
  options.alwaysList = expand;
  options.perspective = perspectiveColor(perspective);
  text += "\nTree:\n" + search.describeTree(options);
  return text;
}

}  // namespace ponnuki::gtp
