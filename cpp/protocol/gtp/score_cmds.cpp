// Results and life or death (spec gtp 6.10, 11).
#include <cmath>
#include <cstdio>

#include "protocol/gtp/args.h"
#include "protocol/gtp/handlers.h"
#include "protocol/gtp/session.h"

namespace ponnuki::gtp {

void finalScore(Call& call) {
  const GameScore score = call.session.bot().finalScore();
  if (score.winner == Color::Empty) {
    call.response.succeed("0");
    return;
  }
  char text[64];
  std::snprintf(text, sizeof text, "%s+%.1f", shortName(score.winner), std::fabs(score.whiteMinusBlack));
  call.response.succeed(text);
}

void finalStatusList(Call& call) {
  if (call.args.size() != 1) call.failArgs("one argument");
  const std::string& asked = call.args[0];
  if (asked != "alive" && asked != "seki" && asked != "dead")
    throw CommandError("Argument to final_status_list must be 'alive' or 'seki' or 'dead'");
  const PointSet alive = call.session.bot().finalAliveStones();
  const Board& board = call.session.state().board();
  PointSet chosen;
  for (int y = 0; y < board.ySize(); y++)
    for (int x = 0; x < board.xSize(); x++) {
      const Point p = board.at(x, y);
      if (board[p] != Color::Empty && asked != "seki" && alive[p] == (asked == "alive")) chosen.set(p);
    }
  call.response.succeed(verticesText(pointsInOrder(chosen, board), board));
}

}  // namespace ponnuki::gtp
