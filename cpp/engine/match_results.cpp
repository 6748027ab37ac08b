#include "engine/match_results.h"

#include <algorithm>
#include <cmath>
#include <cstdarg>
#include <cstdio>

namespace ponnuki {

namespace {

constexpr double kEloPerNat = 173.71779276130073;  // 400 / ln 10
constexpr double kNormal95 = 1.959964;
constexpr int kMaxIterations = 100;

using Matrix = std::vector<std::vector<double>>;

// Gauss-Jordan with pivoting; a is symmetric and positive definite here.
Matrix inverse(Matrix a) {
  const size_t n = a.size();
  Matrix b(n, std::vector<double>(n, 0));
  for (size_t i = 0; i < n; i++) b[i][i] = 1;
  for (size_t c = 0; c < n; c++) {
    size_t pivot = c;
    for (size_t r = c + 1; r < n; r++)
      if (std::fabs(a[r][c]) > std::fabs(a[pivot][c])) pivot = r;
    std::swap(a[c], a[pivot]);
    std::swap(b[c], b[pivot]);
    const double scale = 1 / a[c][c];
    for (size_t k = 0; k < n; k++) a[c][k] *= scale, b[c][k] *= scale;
    for (size_t r = 0; r < n; r++) {
      if (r == c) continue;
      const double f = a[r][c];
      for (size_t k = 0; k < n; k++) a[r][k] -= f * a[c][k], b[r][k] -= f * b[c][k];
    }
  }
  return b;
}

double winProbability(double natsAhead) {
  return 1 / (1 + std::exp(-natsAhead));
}

std::string format(const char* pattern, ...) __attribute__((format(printf, 1, 2)));
std::string format(const char* pattern, ...) {
  char text[512];
  va_list args;
  va_start(args, pattern);
  std::vsnprintf(text, sizeof text, pattern, args);
  va_end(args);
  return text;
}

double percent(int64_t part, int64_t all) {
  return all == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(all);
}

}  // namespace

MatchResults::MatchResults(std::vector<std::string> botNames) {
  for (std::string& name : botNames) {
    bots_.emplace_back();
    bots_.back().name = std::move(name);
  }
  pairs_.assign(bots_.size(), std::vector<Pair>(bots_.size()));
}

void MatchResults::add(const MatchGame& game) {
  games_++;
  const size_t b = game.pairing.black, w = game.pairing.white;
  for (const bool black : {true, false}) {
    Bot& bot = bots_[black ? b : w];
    const MatchGame::Side& side = black ? game.black : game.white;
    bot.seconds += side.seconds;
    bot.moves += side.moves;
    bot.visits += side.visits;
  }
  bots_[b].asBlack++;
  const GameState& state = game.state;
  if (!state.isFinished() || state.isNoResult()) {
    pairs_[b][w].noResults++;
    if (b != w) pairs_[w][b].noResults++;
    return;
  }
  bots_[b].winsAsBlack += state.winner() == Color::Black;
  bots_[w].winsAsWhite += state.winner() == Color::White;
  const auto count = [&](Pair& pair, Color own) {
    pair.decided++;
    pair.wins += state.winner() == own;
    pair.draws += state.winner() == Color::Empty;
    pair.points += state.winner() == own ? 1 : state.winner() == Color::Empty ? 0.5 : 0;
  };
  count(pairs_[b][w], Color::Black);
  if (b != w) count(pairs_[w][b], Color::White);
}

double MatchResults::secondsPerMove(size_t bot) const {
  const Bot& b = bots_[bot];
  return b.moves == 0 ? 0 : b.seconds / static_cast<double>(b.moves);
}

// Newton's method on the logarithm of the likelihood, which is concave. Unrated bots (they met nobody) are
// held by a slight pull towards 0.
std::vector<MatchElo> MatchResults::elo() const {
  const size_t n = bots_.size();
  std::vector<double> rating(n, 0);
  Matrix covariance;
  for (int iteration = 0; iteration < kMaxIterations; iteration++) {
    Matrix curvature(n - 1, std::vector<double>(n - 1, 0));
    std::vector<double> slope(n - 1, 0);
    for (size_t i = 1; i < n; i++) curvature[i - 1][i - 1] = 1e-9, slope[i - 1] = -1e-9 * rating[i];
    for (size_t i = 1; i < n; i++) {
      for (size_t j = 0; j < n; j++) {
        const Pair& pair = pairs_[i][j];
        if (j == i || pair.decided == 0) continue;
        const double games = static_cast<double>(pair.decided) + 1, points = pair.points + 0.5;
        const double p = winProbability(rating[i] - rating[j]);
        slope[i - 1] += points - games * p;
        curvature[i - 1][i - 1] += games * p * (1 - p);
        if (j > 0) curvature[i - 1][j - 1] -= games * p * (1 - p);
      }
    }
    if (n == 1) break;
    covariance = inverse(std::move(curvature));
    double largest = 0;
    for (size_t i = 1; i < n; i++) {
      double step = 0;
      for (size_t j = 1; j < n; j++) step += covariance[i - 1][j - 1] * slope[j - 1];
      step = std::clamp(step, -2.0, 2.0);
      rating[i] += step;
      largest = std::max(largest, std::fabs(step));
    }
    if (largest < 1e-9) break;
  }
  std::vector<MatchElo> result(n);
  for (size_t i = 1; i < n; i++)
    result[i] = {kEloPerNat * rating[i], kEloPerNat * kNormal95 * std::sqrt(covariance[i - 1][i - 1])};
  return result;
}

std::string MatchResults::table() const {
  size_t width = 3;
  for (const Bot& bot : bots_) width = std::max(width, bot.name.size());
  const int w = static_cast<int>(std::min<size_t>(width, 40));
  const std::vector<MatchElo> ratings = elo();
  std::string text = format("%-*s %7s %16s %14s %14s %9s %9s\n", w, "Bot", "Games", "Elo (95%)",
                            "Wins as black", "Wins as white", "s/move", "visits/s");
  for (size_t i = 0; i < bots_.size(); i++) {
    const Bot& bot = bots_[i];
    int64_t played = 0, decidedMeetings = 0;
    for (size_t j = 0; j < bots_.size(); j++) {
      played += (j == i ? 2 : 1) * (pairs_[i][j].decided + pairs_[i][j].noResults);
      if (j != i) decidedMeetings += pairs_[i][j].decided;
    }
    const int64_t asWhite = played - bot.asBlack;
    const std::string rating = i == 0 ? "0"
                               : decidedMeetings == 0
                                   ? "-"
                                   : format("%+.0f +- %.0f", ratings[i].elo, ratings[i].error);
    text += format(
        "%-*.*s %7lld %16s %14s %14s %9.4f %9.0f\n", w, w, bot.name.c_str(), static_cast<long long>(played),
        rating.c_str(),
        format("%lld (%.0f%%)", static_cast<long long>(bot.winsAsBlack),
               percent(bot.winsAsBlack, bot.asBlack))
            .c_str(),
        format("%lld (%.0f%%)", static_cast<long long>(bot.winsAsWhite), percent(bot.winsAsWhite, asWhite))
            .c_str(),
        secondsPerMove(i), bot.seconds > 0 ? static_cast<double>(bot.visits) / bot.seconds : 0.0);
  }
  for (size_t i = 0; i < bots_.size(); i++)
    for (size_t j = i + 1; j < bots_.size(); j++) {
      const Pair& p = pairs_[i][j];
      if (p.decided + p.noResults == 0) continue;
      text += format("%s against %s: %lld won, %lld lost, %lld drawn, %lld without result (%.1f%%)\n",
                     bots_[i].name.c_str(), bots_[j].name.c_str(), static_cast<long long>(p.wins),
                     static_cast<long long>(p.decided - p.wins - p.draws), static_cast<long long>(p.draws),
                     static_cast<long long>(p.noResults),
                     p.decided == 0 ? 0.0 : 100.0 * p.points / static_cast<double>(p.decided));
    }
  return text;
}

}  // namespace ponnuki
