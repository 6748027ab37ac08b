// Tallies the games of a match and estimates how strong the bots are. Not thread-safe.
//
// Elo: the ratings under which the results are most likely (Bradley-Terry, a draw is half a win), with one
// virtual drawn game between bots that met, so that clean sweeps stay finite. The error bars are 95%
// intervals against the first bot, from the curvature of the likelihood.
#pragma once

#include <string>
#include <vector>

#include "engine/match_game.h"

namespace ponnuki {

struct MatchElo {
  double elo = 0, error = 0;  // of the first bot: 0, 0
};

class MatchResults {
 public:
  explicit MatchResults(std::vector<std::string> botNames);

  void add(const MatchGame& game);  // not an aborted one
  int64_t games() const { return games_; }
  // Seconds a move of this bot, 0 before its first.
  double secondsPerMove(size_t bot) const;
  int64_t movesOf(size_t bot) const { return bots_[bot].moves; }
  // A win counts 1, a draw 1/2, no result nothing for both.
  double score(size_t bot, size_t against) const { return pairs_[bot][against].points; }

  std::vector<MatchElo> elo() const;
  // For people: a row for each bot, then for each pair that met.
  std::string table() const;

 private:
  struct Pair {
    int64_t wins = 0, draws = 0, noResults = 0;
    double points = 0;
    int64_t decided = 0;  // games with a result
  };
  struct Bot {
    std::string name;
    int64_t asBlack = 0, winsAsBlack = 0, winsAsWhite = 0;
    int64_t moves = 0, visits = 0;
    double seconds = 0;
  };

  std::vector<Bot> bots_;
  std::vector<std::vector<Pair>> pairs_;  // [bot][against]
  int64_t games_ = 0;
};

}  // namespace ponnuki
