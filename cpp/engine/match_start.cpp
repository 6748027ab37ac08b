#include "engine/match_start.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "engine/estimate.h"

namespace ponnuki {

MatchBoardSize MatchStarter::drawSize() {
  const auto draw = [&] {
    double sum = 0;
    for (const MatchBoardSize& size : settings_.sizes) sum += size.weight;
    double r = rng_.nextDouble() * sum;
    for (const MatchBoardSize& size : settings_.sizes)
      if ((r -= size.weight) < 0) return size;
    return *std::find_if(settings_.sizes.rbegin(), settings_.sizes.rend(),
                         [](const auto& s) { return s.weight > 0; });
  };
  MatchBoardSize size = draw();
  if (settings_.rectangleProb > 0 && rng_.nextBool(settings_.rectangleProb)) size.y = draw().y;
  return size;
}

Rules MatchStarter::drawRules() {
  Rules rules;
  rules.ko = oneOf(settings_.ko);
  rules.scoring = oneOf(settings_.scoring);
  rules.tax = oneOf(settings_.tax);
  rules.multiStoneSuicide = oneOf(settings_.suicide);
  rules.hasButton = rules.scoring == ScoringRule::Area && oneOf(settings_.button);
  rules.komi = rules.scoring == ScoringRule::Territory ? 6.5f : rules.hasButton ? 7.0f : 7.5f;
  return rules;
}

// At three deviations it ends, so that no game is decided by a freak of the draw.
double MatchStarter::komiNoise() {
  const KomiSettings& k = settings_.komi;
  double stdev = k.stdev;
  if (k.bigStdevProb > 0 && rng_.nextBool(k.bigStdevProb)) stdev = k.bigStdev;
  if (k.biggerStdevProb > 0 && rng_.nextBool(k.biggerStdevProb)) stdev = k.biggerStdev;
  return stdev <= 0 ? 0 : stdev * std::clamp(rng_.nextGaussian(), -3.0, 3.0);
}

float MatchStarter::roundedKomi(double komi) {
  const double p = settings_.komi.allowIntegerProb;
  const bool integers = p >= 1 || (p > 0 && rng_.nextBool(p));
  const double rounded = integers ? std::round(2 * komi) / 2 : std::floor(komi) + 0.5;
  return static_cast<float>(std::clamp(rounded, -399.5, 399.5));
}

double MatchStarter::fairKomi(Search& search, const GameState& state) {
  const SearchParams before = search.params();
  search.setParams(noiselessParams(before, settings_.compensateKomiVisits));
  const double komi = state.rules().komi - searchedWhiteLead(search, state);
  search.setParams(before);
  return komi;
}

int MatchStarter::drawExtraBlack(const Board& board) {
  if (settings_.opening.extraBlack) return *settings_.opening.extraBlack;
  const int most = std::clamp(static_cast<int>(board.sqrtArea()) / 4, 1, 4);
  return 1 + static_cast<int>(rng_.uniform(static_cast<uint32_t>(most)));
}

// kNullPoint if nothing can be played.
Point MatchStarter::drawFromPolicy(const GameState& state, Evaluator& net, bool withPass) {
  const NNOutputPtr output = net.evaluate(state, EvalRequest{});
  const Board& board = state.board();
  const double exponent = 1 / settings_.opening.temperature;
  std::vector<std::pair<Point, double>> moves;
  double sum = 0;
  output->policy.forEachLegal([&](size_t pos, float prior) {
    const Point p = output->pointOf(static_cast<int>(pos), board.xSize(), board.ySize());
    if (p == kNullPoint || prior <= 0 || (p == kPass && !withPass)) return;
    const double weight = std::pow(static_cast<double>(prior), exponent);
    moves.emplace_back(p, weight);
    sum += weight;
  });
  double r = rng_.nextDouble() * sum;
  for (const auto& [move, weight] : moves)
    if ((r -= weight) < 0) return move;
  return moves.empty() ? kNullPoint : moves.back().first;
}

void MatchStarter::addExtraBlack(GameState& state, Evaluator& net) {
  for (int i = drawExtraBlack(state.board()); i > 0; i--) {
    const Point p = drawFromPolicy(state, net, false);
    if (p == kNullPoint) return;
    Board board = state.board();
    board.play(p, Color::Black);
    board.clearKoPoint();
    state = GameState(board, Color::Black, state.rules());
  }
}

void MatchStarter::playOpening(GameState& state, Evaluator& blackNet, Evaluator& whiteNet) {
  const OpeningSettings& o = settings_.opening;
  const double mean = o.areaProp * state.board().area();
  const auto moves = static_cast<int>(std::floor(mean * rng_.nextGamma(o.gammaShape) / o.gammaShape));
  for (int i = 0; i < moves; i++) {
    const Point p = drawFromPolicy(state, state.toMove() == Color::Black ? blackNet : whiteNet, true);
    if (p == kNullPoint) return;
    GameState next = state;
    next.play(p, state.toMove());
    if (next.isFinished()) return;  // a game is to be played
    state = std::move(next);
  }
}

GameState MatchStarter::start(const MatchPlayers& players, Evaluator& blackNet, Evaluator& whiteNet) {
  const MatchBoardSize size = drawSize();
  GameState state(Board(size.x, size.y), Color::Black, drawRules());
  const OpeningSettings& o = settings_.opening;
  double komi = settings_.komi.mean ? *settings_.komi.mean : fairKomi(*players.black, state);
  const double noise = komiNoise();
  bool compensate = false;
  if (o.handicapProb > 0 && rng_.nextBool(o.handicapProb)) {
    addExtraBlack(state, blackNet);
    compensate = rng_.nextBool(o.handicapCompensateProb);
  }
  state.setKomi(roundedKomi(komi));
  if (o.byPolicy) {
    playOpening(state, blackNet, whiteNet);
    compensate = rng_.nextBool(o.compensateProb) || compensate;
  }
  if (compensate) komi = fairKomi(*players.black, state);
  state.setKomi(roundedKomi(komi + noise));
  return state;
}

}  // namespace ponnuki
