// Game records (spec gtp 6.11, rules-and-board 7.9).
#include <fstream>

#include "base/file.h"
#include "base/text.h"
#include "game/sgf.h"
#include "protocol/gtp/args.h"
#include "protocol/gtp/handlers.h"
#include "protocol/gtp/session.h"

namespace ponnuki::gtp {

namespace {

constexpr int kMaxMoveNumber = 10000001;

struct LoadedGame {
  GameState start, now;
};

LoadedGame readGame(Session& session, const std::string& file, int movesToPlay) {
  if (!isRegularFile(file) || !std::ifstream(file))  // a pipe could be waited for until the end of days
    throw UserError("Could not open file " + file + " - does not exist or invalid permissions?");
  const Sgf sgf = Sgf::load(file);
  const int length = static_cast<int>(sgf.moves().size());  // refuses setup after the root before any message
  sgf.size();
  Rules rules =
      sgf.rulesOrWarn(session.state().rules(), [&](const std::string& text) { session.warn(text); });
  const Rules supported = rules.nearestSupported(session.bot().net().modelVersion());
  if (!(supported == rules)) {
    session.warn("WARNING: Rules " + rules.toJson(false) + " from sgf not supported by neural net, using " +
                 supported.toJson(false) + " instead");
    rules = supported;
  }
  if (session.settings().ignoreGTPAndForceKomi) rules.komi = *session.settings().ignoreGTPAndForceKomi;

  LoadedGame game;
  game.start = sgf.initialState(rules);
  const Board& board = game.start.board();
  game.start.setInitialTurnNumber(board.stoneCount(Color::Black) + board.stoneCount(Color::White));
  game.now = game.start;
  sgf.replay(game.now, std::min(movesToPlay, length), session.settings().preventCleanupPhase);
  return game;
}

}  // namespace

void loadSgf(Call& call) {
  if (call.args.empty() || call.args.size() > 2) call.failArgs("one or two arguments");
  int movesToPlay = kMaxMoveNumber;
  if (call.args.size() == 2) {
    const auto number = tryInt(call.args[1]);
    if (!number || *number < 1 || *number > kMaxMoveNumber)
      throw CommandError("Invalid value for moveNumber for loadsgf");
    movesToPlay = *number - 1;
  }
  Session& session = call.session;
  LoadedGame game;
  try {
    game = readGame(session, call.args[0], movesToPlay);
  } catch (const UserError& e) {
    throw CommandError("Could not load sgf: " + quotable(e.what()));
  }
  const Rules& before = session.state().rules();
  const Rules& after = game.now.rules();
  if (!after.equalsIgnoringKomi(before)) session.tell("Changing rules to " + after.toJson(false));
  if (after.komi != before.komi) session.tell("Changing komi to " + formatNumber(after.komi));
  session.newGameBegins();
  session.resize(game.now.board().xSize(), game.now.board().ySize());
  session.bot().setGame(game.start, game.now);
  call.response.succeed();
}

void printSgf(Call& call) {
  if (call.args.size() > 1)
    throw CommandError("Expected zero or one argument for print but got '" + call.joined() + "'");
  Bot& bot = call.session.bot();
  SgfWriteOptions options;
  if (bot.state().isFinished() && !bot.state().isNoResult())
    options.finalScore = static_cast<float>(bot.finalScore().whiteMinusBlack);
  const std::string text = writeSgf(bot.state(), options);
  if (call.args.empty() || call.args[0] == "-") {
    call.response.succeed(text);
    return;
  }
  try {
    if (isPipe(call.args[0])) throw UserError("it could be waited for until the end of days");
    writeFile(call.args[0], text + "\n");
  } catch (const UserError&) {
    throw CommandError("Could not open or write to file: " + call.args[0]);
  }
  call.response.succeed();
}

}  // namespace ponnuki::gtp
