// analyze, lz-analyze, kata-analyze: lines until the next input (spec gtp 6.6).
#include "protocol/gtp/analyze_args.h"
#include "protocol/gtp/format.h"
#include "protocol/gtp/handlers.h"
#include "protocol/gtp/session.h"

namespace ponnuki::gtp {

void analyze(Call& call) {
  Session& session = call.session;
  const GameState& state = session.state();
  const auto args = parseAnalyzeArgs(call.args, dialectOf(call.name), state.toMove(), state.board());
  if (!args)
    throw CommandError("Could not parse analyze arguments or arguments out of range: '" + call.joined() +
                       "'");
  const std::shared_ptr<Response> response = session.keepResponse();
  LiveAnalysis request;
  request.player = args->player;
  request.avoid = args->avoid;
  request.ownership = args->wantsOwnership();
  request.reportEvery = args->every;
  request.onReport = session.analysisReporter(*args, response);
  request.onFailure = [&session](const std::string& text) { session.tell(text); };
  response->begin();
  session.keepAnalysis(response);
  session.bot().analyze(request);
}

}  // namespace ponnuki::gtp
