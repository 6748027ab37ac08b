// final_score, final_status_list and the free handicap: answers from short searches or the net alone.
// Spec gtp 6.4, 11.
#include <algorithm>
#include <cmath>

#include "engine/bot.h"
#include "engine/search_restorer.h"

namespace ponnuki {

// The recorded result stands where passing means agreement on nothing being left to do.
bool Bot::resultIsRecorded() const {
  const GameState& now = state();
  return now.isFinished() && (now.rules().scoring == ScoringRule::Territory || !now.rules().friendlyPassOk);
}

// Genmove parameters without anything that bends the values.
SearchParams Bot::estimateParams() const {
  SearchParams p = params_.sets.genmove;
  p.playoutDoublingAdvantage = 0;
  p.playoutDoublingAdvantagePla = Color::Empty;
  p.conservativePass = true;
  p.humanSLChosenMoveProp = 0;
  p.humanSLRootExploreProbWeightless = p.humanSLRootExploreProbWeightful = 0;
  p.humanSLPlaExploreProbWeightless = p.humanSLPlaExploreProbWeightful = 0;
  p.humanSLOppExploreProbWeightless = p.humanSLOppExploreProbWeightful = 0;
  p.antiMirror = false;
  p.avoidRepeatedPatternUtility = 0;
  return p;
}

GameScore Bot::finalScore() {
  stop();
  Search& search = stopped();
  search.setParams(params_.sets.genmove);  // what the restorer brings back
  active_ = ParamSet::Genmove;
  const GameState now = state();
  GameScore score;
  if (resultIsRecorded()) {
    if (!now.isNoResult()) {
      score.winner = now.winner();
      score.whiteMinusBlack = now.finalScore();
    }
    return score;
  }
  const SearchRestorer restorer(search);
  const SearchParams params = estimateParams();
  search.setParams(noiselessParams(params, std::max<int64_t>(50, int64_t{10} * params.numSearchThreads)));
  double lead = searchedWhiteLead(search, now);
  lead = now.rules().resultIsInteger() ? std::round(lead) : std::round(lead + 0.5) - 0.5;
  score.whiteMinusBlack = lead;
  score.winner = lead > 0 ? Color::White : lead < 0 ? Color::Black : Color::Empty;
  return score;
}

PointSet Bot::finalAliveStones() {
  stop();
  Search& search = stopped();
  search.setParams(params_.sets.genmove);
  active_ = ParamSet::Genmove;
  const GameState now = state();
  if (resultIsRecorded()) return ruledAliveStones(now);
  const SearchRestorer restorer(search);
  const SearchParams params = estimateParams();
  search.setParams(noiselessParams(params, std::max<int64_t>(100, int64_t{20} * params.numSearchThreads)));
  return searchedStatuses(search, now).alive;
}

std::vector<Point> Bot::chooseFreeHandicap(int stones) {
  const int xSize = state().board().xSize(), ySize = state().board().ySize();
  stones = std::min({stones, 30, xSize * ySize / 4});
  Board board(xSize, ySize);
  EvalRequest request;
  request.params.drawEquivalentWinsForWhite = params_.sets.genmove.drawEquivalentWinsForWhite;
  for (int i = 0; i < stones; i++) {
    const GameState position(board, Color::Black, state().rules());
    const NNOutputPtr out = nets_.main->evaluate(position, request);
    std::vector<Point> points;
    std::vector<double> weights;
    double largest = 0;
    for (int pos = 0; pos < out->passPos(); pos++) {
      const Point p = out->pointOf(pos, xSize, ySize);
      if (p == kNullPoint || out->policy[pos] <= 0 || !position.isLegal(p, Color::Black)) continue;
      points.push_back(p);
      weights.push_back(out->policy[pos]);
      largest = std::max(largest, weights.back());
    }
    if (points.empty()) break;
    double sum = 0;
    for (double& w : weights) sum += w = std::exp((std::log(w) - std::log(largest)) / 0.25);
    double at = static_cast<double>(rng_.next64() >> 11) * 0x1p-53 * sum;
    size_t chosen = 0;
    while (chosen + 1 < points.size() && (at -= weights[chosen]) >= 0) chosen++;
    board.setStone(points[chosen], Color::Black);
  }
  std::vector<Point> result;
  for (int y = 0; y < ySize; y++)
    for (int x = 0; x < xSize; x++)
      if (board[board.at(x, y)] == Color::Black) result.push_back(board.at(x, y));
  return result;
}

}  // namespace ponnuki
