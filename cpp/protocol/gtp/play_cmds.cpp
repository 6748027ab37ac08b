// genmove, kata-search and their variants (spec gtp 6.5, 7).
#include "base/text.h"
#include "protocol/gtp/analyze_args.h"
#include "protocol/gtp/args.h"
#include "protocol/gtp/format.h"
#include "protocol/gtp/handlers.h"
#include "protocol/gtp/session.h"
#include "protocol/gtp/tree_text.h"

namespace ponnuki::gtp {

namespace {

constexpr const char* kNoMove = "genmove returned null location or illegal move";

std::string resultText(const GenmoveResult& result, const Board& board) {
  switch (result.kind) {
    case GenmoveResult::Kind::Move:
      return vertexText(result.move, board);
    case GenmoveResult::Kind::Resign:
      return "resign";
    case GenmoveResult::Kind::Cancelled:
      return "cancelled";
    case GenmoveResult::Kind::NoMove:
      break;
  }
  return "";
}

// Chat line, log entry and debug report: all describe the search's own move.
void reportSearch(Session& session, const Search& search, const GenmoveInfo& info, Color player, bool debug) {
  const GtpSettings& settings = session.settings();
  const SearchParams& params = search.params();
  const bool ownSide =
      params.playoutDoublingAdvantagePla == Color::Empty || params.playoutDoublingAdvantagePla == player;
  const double advantage = ownSide ? params.playoutDoublingAdvantage : -params.playoutDoublingAdvantage;
  if (settings.ogsChatToStderr) {
    ReportOptions options;
    options.maxPvLength = settings.analysisPVLen;
    SearchReport report;
    if (search.makeReport(options, report))
      session.sayOnStderr(chatLine(report, info.move, flipsToBlack(settings.reportAnalysisWinratesAs, player),
                                   advantage, settings.analysisPVLen));
  }
  if (settings.logSearchInfo || debug) {
    const Point expand = settings.logSearchInfoForChosenMove ? info.move : kNullPoint;
    const std::string text =
        genmoveReport(search, info, settings.reportAnalysisWinratesAs, advantage, expand);
    if (settings.logSearchInfo) session.log().write(text);
    if (debug) session.sayOnStderr(text);
  }
}

}  // namespace

void genmove(Call& call) {
  Session& session = call.session;
  const GameState& state = session.state();
  const bool analyzes = endsWith(call.name, "_analyze") || endsWith(call.name, "_analyze_cancellable");
  const bool cancellable = endsWith(call.name, "_cancellable");
  const bool debug = endsWith(call.name, "_debug");

  GenmoveRequest request;
  request.plays = !startsWith(call.name, "kata-search");
  request.withAnalysis = analyzes;
  const std::shared_ptr<Response> response = session.keepResponse();
  if (analyzes) {
    const auto args = parseAnalyzeArgs(call.args, dialectOf(call.name), state.toMove(), state.board());
    if (!args)
      throw CommandError("Could not parse genmove_analyze arguments or arguments out of range: '" +
                         call.joined() + "'");
    request.player = args->player;
    request.avoid = args->avoid;
    request.ownership = args->wantsOwnership();
    request.reportEvery = args->every;
    request.onReport = request.onEnd = session.analysisReporter(*args, response);
    response->begin();
  } else {
    if (call.args.size() != 1) call.failArgs("one argument");
    request.player = colorArg(call.args[0]);
  }
  request.onSearched = [&session, player = request.player, debug](const Search& search,
                                                                  const GenmoveInfo& info) {
    reportSearch(session, search, info, player, debug);
  };
  if (AutoAvoid* memory = session.autoAvoid())
    request.onChosen = [memory](const GameState& before, Point move) { memory->record(before, move); };

  const auto answer = [&session, response, analyzes](const GenmoveResult& result) {
    if (result.kind == GenmoveResult::Kind::NoMove) {
      const std::string problem = result.problem.empty() ? kNoMove : result.problem;
      if (analyzes) {
        session.showOnStderr(problem);
        response->end();
      } else {
        response->fail(problem);
      }
      return;
    }
    const std::string text = resultText(result, session.state().board());
    if (analyzes)
      response->end("play " + text);
    else
      response->succeed(text);
  };
  if (cancellable) {
    session.bot().startGenmove(std::move(request), answer);
    return;
  }
  const GenmoveResult result = session.bot().genmove(request);
  answer(result);
  if (request.plays && result.kind == GenmoveResult::Kind::Move) session.bot().ponder();
}

}  // namespace ponnuki::gtp
