#include "engine/game_review.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include "base/error.h"
#include "search/search.h"

namespace ponnuki {
namespace {

PositionReview reviewPosition(Search& search, const GameState& position) {
  search.setPosition(position);
  search.run(SearchLimits{});
  PositionReview review;
  SearchReport report;
  if (!search.makeReport(ReportOptions{}, report))
    return review;
  review.blackWinrate = 0.5 * (1.0 - report.pruned.winLoss);
  review.blackLead = -report.pruned.lead;
  review.visits = report.plain.visits;
  if (!report.moves.empty()) {
    review.best = report.moves[0].move;
    review.variation = report.moves[0].pv;
  }
  search.clearSearch();
  return review;
}

}  // namespace

std::vector<PositionReview> reviewPositions(const std::vector<GameState>& positions, const ReviewSettings& settings,
                                            Evaluator& net, Evaluator* human, Logger& log,
                                            const std::function<void(int done)>& progress) {
  std::vector<PositionReview> reviews(positions.size());
  std::atomic<size_t> next{0};
  std::mutex mutex;
  int done = 0;
  std::exception_ptr failure;
  const auto work = [&] {
    try {
      Search search(settings.params, net, human, log, "review");
      for (size_t i = next++; i < positions.size(); i = next++) {
        reviews[i] = reviewPosition(search, positions[i]);
        const std::lock_guard<std::mutex> lock(mutex);
        progress(++done);
      }
    } catch (...) {
      const std::lock_guard<std::mutex> lock(mutex);
      failure = std::current_exception();
      next = positions.size();
    }
  };
  std::vector<std::thread> threads;
  for (int i = 1; i < settings.positionsAtOnce; i++)
    threads.emplace_back(work);
  work();
  for (std::thread& thread : threads)
    thread.join();
  if (failure)
    std::rethrow_exception(failure);
  return reviews;
}

std::vector<MoveReview> reviewMoves(const std::vector<Move>& moves, const std::vector<PositionReview>& positions) {
  ENSURE(positions.size() == moves.size() + 1);
  std::vector<MoveReview> reviews;
  for (size_t i = 0; i < moves.size(); i++) {
    MoveReview review;
    review.number = static_cast<int>(i) + 1;
    review.played = moves[i];
    review.before = positions[i];
    review.after = positions[i + 1];
    const double sign = moves[i].player == Color::Black ? 1 : -1;
    review.pointsLost = sign * (review.before.blackLead - review.after.blackLead);
    review.winrateLost = sign * (review.before.blackWinrate - review.after.blackWinrate);
    reviews.push_back(std::move(review));
  }
  return reviews;
}

std::vector<MoveReview> worstMoves(std::vector<MoveReview> moves, size_t count) {
  // A loss after the very move the engine wanted is what more reading found out, not a mistake it can name.
  std::erase_if(moves, [](const MoveReview& m) { return m.played.point == m.before.best || m.pointsLost <= 0; });
  std::stable_sort(moves.begin(), moves.end(),
                   [](const MoveReview& a, const MoveReview& b) { return a.pointsLost > b.pointsLost; });
  moves.resize(std::min(count, moves.size()));
  return moves;
}

}  // namespace ponnuki
