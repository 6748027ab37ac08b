// The board, moves and handicap stones (spec gtp 6.2, 6.4).
#include <algorithm>

#include "base/text.h"
#include "game/board_text.h"
#include "game/handicap.h"
#include "protocol/gtp/args.h"
#include "protocol/gtp/handlers.h"
#include "protocol/gtp/session.h"
#include "protocol/gtp/terminal_text.h"

namespace ponnuki::gtp {

void boardSize(Call& call) {
  std::optional<int> x, y;
  if (call.args.size() == 1) {
    const std::vector<std::string> pair = split(call.args[0], ':');
    x = y = tryInt(call.args[0]);
    if (!x && pair.size() == 2) {
      x = tryInt(pair[0]);
      y = tryInt(pair[1]);
    }
  } else if (call.args.size() == 2) {
    x = tryInt(call.args[0]);
    y = tryInt(call.args[1]);
  }
  if (!x || !y)
    throw CommandError("Expected int argument for boardsize or pair of ints but got '" + call.joined() + "'");
  if (*x < 2 || *y < 2) throw CommandError("unacceptable size");
  if (*x > kMaxBoardLen || *y > kMaxBoardLen)
    throw CommandError("unacceptable size (Board::MAX_LEN is " + std::to_string(kMaxBoardLen) +
                       ", consider increasing and recompiling)");
  call.session.newGameBegins();
  call.session.resize(*x, *y);
  call.response.succeed();
}

void clearBoard(Call& call) {
  call.session.newGameBegins();
  call.session.reloadPatterns();
  call.session.bot().clearBoard();
  call.response.succeed();
}

void setPosition(Call& call) {
  const std::string complaint =
      "Expected a space-separated sequence of <COLOR> <VERTEX> pairs but got '" + call.joined() + "'";
  if (call.args.size() % 2 != 0) throw CommandError(complaint);
  Board board(call.session.state().board().xSize(), call.session.state().board().ySize());
  std::vector<Move> stones;
  for (size_t i = 0; i < call.args.size(); i += 2) {
    const auto color = parsePlayer(call.args[i]);
    const auto point = parsePoint(call.args[i + 1], board.xSize(), board.ySize());
    if (!color) throw CommandError(complaint + ": could not parse color: '" + call.args[i] + "'");
    if (!point || *point == kPass)
      throw CommandError(complaint + ": could not parse vertex: '" + call.args[i + 1] + "'");
    stones.push_back({*point, *color});
  }
  if (!board.setStonesStrict(stones))
    throw CommandError("Illegal stone placements - overlapping stones or stones with no liberties?");
  call.session.newGameBegins();
  call.session.bot().setStones(board, Color::Black);
  call.response.succeed();
}

void play(Call& call) {
  if (call.args.size() != 2) call.failArgs("two arguments");
  Bot& bot = call.session.bot();
  const Color color = colorArg(call.args[0]);
  const Point point = vertexArg(call.args[1], bot.state().board());
  if (bot.play(point, color))
    call.response.succeed();
  else
    call.response.fail("illegal move");
  bot.ponder();
}

void undo(Call& call) {
  if (!call.session.bot().undo()) throw CommandError("cannot undo");
  call.response.succeed();
}

void showBoard(Call& call) {
  const std::string text = withoutEmptyLines(drawGame(call.session.state()));
  call.response.succeed(trim(call.session.setup().colours ? colouredBoard(text) : text));
}

namespace {

int handicapCount(const Call& call) {
  if (call.args.size() != 1) call.failArgs("one argument");
  const auto stones = tryInt(call.args[0]);
  if (!stones) throw CommandError("Could not parse number of handicap stones: '" + call.args[0] + "'");
  if (*stones < 2) throw CommandError("Number of handicap stones less than 2: '" + call.args[0] + "'");
  return *stones;
}

void requireEmptyBoard(const Call& call) {
  if (!call.session.state().board().isEmpty()) throw CommandError("Board is not empty");
}

// False if the stones cannot be placed together.
bool placeHandicap(Session& session, const std::vector<Point>& points) {
  Board board(session.state().board().xSize(), session.state().board().ySize());
  std::vector<Move> stones;
  for (const Point p : points) stones.push_back({p, Color::Black});
  if (!board.setStonesStrict(stones)) return false;
  session.newGameBegins();
  session.bot().setStones(board, Color::White);
  return true;
}

}  // namespace

void fixedHandicap(Call& call) {
  const int stones = handicapCount(call);
  requireEmptyBoard(call);
  const Board& board = call.session.state().board();
  std::vector<Point> points;
  try {
    points = fixedHandicapPoints(stones, board.xSize(), board.ySize());
  } catch (const UserError& e) {
    throw CommandError(std::string(e.what()) + ", try place_free_handicap");
  }
  placeHandicap(call.session, points);
  call.response.succeed(verticesText(points, call.session.state().board()));
}

void placeFreeHandicap(Call& call) {
  const int stones = handicapCount(call);
  requireEmptyBoard(call);
  const std::vector<Point> points = call.session.bot().chooseFreeHandicap(stones);
  placeHandicap(call.session, points);
  call.response.succeed(verticesText(points, call.session.state().board()));
}

void setFreeHandicap(Call& call) {
  requireEmptyBoard(call);
  const Board& board = call.session.state().board();
  std::vector<Point> points;
  for (const std::string& text : call.args) {
    const auto point = parsePoint(text, board.xSize(), board.ySize());
    if (!point || *point == kPass) throw CommandError("Handicap placement is invalid");
    points.push_back(*point);
  }
  if (!placeHandicap(call.session, points)) throw CommandError("Handicap placement is invalid");
  call.response.succeed();
}

}  // namespace ponnuki::gtp
