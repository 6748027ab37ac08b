#include "protocol/gtp/raw_nn.h"

namespace ponnuki::gtp {

namespace {

GameState restartedFor(const GameState& state, Color player) {
  Board board = state.board();
  board.clearKoPoint();
  GameState restarted(board, player, state.rules(), state.phase());
  restarted.setPassAliveAsIfSuicide(state.passAliveAsIfSuicide());
  restarted.setAssumeMultipleStartingBlackMovesAreHandicap(
      state.assumeMultipleStartingBlackMovesAreHandicap());
  return restarted;
}

}  // namespace

NNOutputPtr rawEvaluation(Bot& bot, const GameState& state, const RawQuery& query) {
  const GameState asked = query.player == state.toMove() ? state : restartedFor(state, query.player);
  Evaluator& net = query.human ? *bot.humanNet() : bot.net();
  const SearchParams& analysis = bot.params().sets.analysis;

  EvalRequest request;
  const bool otherSide = analysis.playoutDoublingAdvantagePla != Color::Empty &&
                         analysis.playoutDoublingAdvantagePla != query.player;
  request.params.playoutDoublingAdvantage =
      otherSide ? -analysis.playoutDoublingAdvantage : analysis.playoutDoublingAdvantage;
  request.params.symmetry = query.symmetry;
  request.params.policyOptimism = query.human && net.usesMetadata() ? 0 : query.optimism;
  request.skipCache = true;
  request.includeOwnership = query.ownership;
  if (query.human) {
    const int mode = analysis.alwaysComputePassAliveUnderSuicideRules;
    request.params.passAliveSuicideOverride = mode >= 0 ? mode : net.declaresPassAliveAsIfSuicide() ? 1 : 0;
  }
  SgfMetadata metadata;
  if (net.usesMetadata()) {
    metadata = SgfMetadata::fromProfile(analysis.humanSLProfile);
    if (metadata.initialized) request.metadata = &metadata;
  }
  return net.evaluate(asked, request);
}

}  // namespace ponnuki::gtp
