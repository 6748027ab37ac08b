// debug_moves and kata-benchmark (spec gtp 6.12).
#include <algorithm>
#include <cstdio>

#include "base/text.h"
#include "engine/benchmark.h"
#include "game/board_text.h"
#include "protocol/gtp/args.h"
#include "protocol/gtp/handlers.h"
#include "protocol/gtp/raw_nn.h"
#include "protocol/gtp/session.h"
#include "protocol/search_text.h"

namespace ponnuki::gtp {

namespace {

// Where a line of play leads; incomplete if a move is not even tolerantly legal.
struct Variation {
  GameState before, after;  // of the last move
  bool complete = true;
};

Variation play(const GameState& root, const std::vector<Point>& line, bool holdPhase) {
  Variation v{root, root};
  for (size_t i = 0; i < line.size() && v.complete; i++) {
    if (i + 1 == line.size()) v.before = v.after;
    v.complete = v.after.playTolerant(line[i], v.after.toMove(), holdPhase);
  }
  return v;
}

std::string rawStats(Bot& bot, const Variation& variation, const std::vector<Point>& line) {
  if (!variation.complete) return "illegal move sequence";
  std::string policy = "Policy: ", winLoss = "White winloss: ", lead = "White lead: ";
  char text[64];
  for (int symmetry = 0; symmetry < 8; symmetry++) {
    RawQuery query;
    query.symmetry = symmetry;
    query.ownership = false;
    if (!line.empty()) {
      query.player = variation.before.toMove();
      const NNOutputPtr out = rawEvaluation(bot, variation.before, query);
      const int pos = out->posOf(line.back(), variation.before.board().xSize());
      std::snprintf(text, sizeof text, "%.2f%% ", 100.0 * out->policy[static_cast<size_t>(pos)]);
      policy += text;
    }
    query.player = variation.after.toMove();
    const NNOutputPtr out = rawEvaluation(bot, variation.after, query);
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
  const Variation variation = play(bot.state(), line, session.settings().preventCleanupPhase);
  std::string text;
  if (variation.complete) {
    BoardDrawing drawing;
    drawing.moves = &variation.after.moves();
    text += drawBoard(variation.after.board(), drawing);
  }
  TreePrintOptions options;
  options.branch = line;
  options.perspective = perspectiveColor(session.settings().reportAnalysisWinratesAs);
  text += bot.search().describeTree(options);
  if (raw) text += rawStats(bot, variation, line);
  call.response.succeed(trim(text));
}

void benchmark(Call& call) {
  constexpr int kPositions = 10;
  if (call.args.size() != 1) call.failArgs("one argument");
  Session& session = call.session;
  Bot& bot = session.bot();
  const int size = bot.state().board().xSize();
  if (size != bot.state().board().ySize())
    throw CommandError("Current board size is " + std::to_string(size) + "x" +
                       std::to_string(bot.state().board().ySize()) +
                       ", no built-in benchmarks for rectangular boards");
  if (size < 7 || size > 19)
    throw CommandError("getBenchmarkSGFData: unsupported board size: " + std::to_string(size));
  bot.stop();
  SearchParams params = bot.params().sets.genmove;
  params.maxVisits = std::max(0, tryInt(call.args[0]).value_or(0));
  params.maxPlayouts = kUnlimitedVisits;
  params.maxTime = kUnlimitedTime;
  call.response.begin();
  const std::vector<GameState> positions = builtInBenchmarkPositions(size, kPositions);
  Search search(params, bot.net(), bot.humanNet(), session.log(), "benchmark");
  const uint64_t rows = bot.net().rowsEvaluated(), batches = bot.net().batchesEvaluated();
  BenchmarkResult result;
  result.threads = params.numSearchThreads;
  for (const GameState& position : positions) {
    char text[160];
    std::snprintf(text, sizeof text,
                  "\rnumSearchThreads = %2d: %d / %d positions, visits/s = %.2f (%.1f secs)      ",
                  result.threads, result.positions, kPositions,
                  result.seconds > 0 ? result.visitsPerSecond() : 0.0, result.seconds);
    call.response.raw(text);
    bot.net().clearCache();
    search.setPosition(position);
    search.run(SearchLimits());
    result.seconds += search.lastSearchSeconds();
    result.visits += search.rootVisits();
    result.positions++;
  }
  result.seconds = std::max(result.seconds, 1e-6);
  result.rows = bot.net().rowsEvaluated() - rows;
  result.batches = bot.net().batchesEvaluated() - batches;
  call.response.end("\r" + result.line(kPositions));
}

}  // namespace ponnuki::gtp
