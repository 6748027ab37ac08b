// debug_moves and kata-benchmark (spec gtp 6.12).
#include <cstdio>

#include "base/text.h"
#include "game/board_text.h"
#include "protocol/gtp/args.h"
#include "protocol/gtp/handlers.h"
#include "protocol/gtp/raw_nn.h"
#include "protocol/gtp/session.h"
#include "protocol/gtp/tree_text.h"

namespace ponnuki::gtp {

namespace {

// The positions along a line of play; shorter than line + 1 if a move is not even tolerantly legal.
std::vector<GameState> positionsAlong(const GameState& root, const std::vector<Point>& line, bool holdPhase) {
  std::vector<GameState> states = {root};
  for (const Point p : line) {
    GameState next = states.back();
    if (!next.playTolerant(p, next.toMove(), holdPhase)) break;
    states.push_back(std::move(next));
  }
  return states;
}

std::string rawStats(Bot& bot, const std::vector<GameState>& states, const std::vector<Point>& line) {
  if (states.size() != line.size() + 1) return "illegal move sequence";
  std::string policy = "Policy: ", winLoss = "White winloss: ", lead = "White lead: ";
  char text[64];
  for (int symmetry = 0; symmetry < 8; symmetry++) {
    RawQuery query;
    query.symmetry = symmetry;
    query.ownership = false;
    if (!line.empty()) {
      const GameState& before = states[states.size() - 2];
      query.player = before.toMove();
      const NNOutputPtr out = rawEvaluation(bot, before, query);
      const float p = out->policy[static_cast<size_t>(out->posOf(line.back(), before.board().xSize()))];
      std::snprintf(text, sizeof text, "%.2f%% ", 100.0 * p);
      policy += text;
    }
    query.player = states.back().toMove();
    const NNOutputPtr out = rawEvaluation(bot, states.back(), query);
    std::snprintf(text, sizeof text, "%.2fc ", 100.0 * (out->whiteWinProb - out->whiteLossProb));
    winLoss += text;
    std::snprintf(text, sizeof text, "%.2f ", out->whiteLead);
    lead += text;
  }
  return policy + "\n" + winLoss + "\n" + lead;
}

}  // namespace

void debugMoves(Call& call) {
  Session& session = call.session;
  Bot& bot = session.bot();
  bool raw = false;
  std::vector<Point> line;
  for (const std::string& arg : call.args) {
    if (arg == "rawstats") {
      raw = true;
      continue;
    }
    const auto point = parsePoint(arg, bot.state().board().xSize(), bot.state().board().ySize());
    if (!point) throw CommandError("Invalid move sequence");
    line.push_back(*point);
  }
  bot.stop();
  const std::vector<GameState> states = positionsAlong(bot.state(), line, session.settings().preventCleanupPhase);
  std::string text;
  if (states.size() == line.size() + 1) {
    BoardDrawing drawing;
    drawing.moves = &states.back().moves();
    text += drawBoard(states.back().board(), drawing);
  }
  TreePrintOptions options;
  options.branch = line;
  options.perspective = perspectiveColor(session.settings().reportAnalysisWinratesAs);
  text += bot.search().describeTree(options);
  if (raw) text += rawStats(bot, states, line);
  call.response.succeed(trim(text));
}

void benchmark(Call& call) {
  if (call.args.size() != 1) call.failArgs("one argument");
  throw CommandError("kata-benchmark is not available, use the benchmark subcommand");
}

}  // namespace ponnuki::gtp
