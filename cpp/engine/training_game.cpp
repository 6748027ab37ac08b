#include "engine/training_game.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/text.h"
#include "eval/features.h"

namespace ponnuki {
namespace {

constexpr double kDecided = 0.98;  // |winLoss| from which a game may be called decided
constexpr int kDecidedTurns = 12;
constexpr double kNearFuture = 0.8;  // each further turn weighs this much less in the short-term targets
constexpr int kNearFutureTurns = 16;

double unit(Rng& rng) {
  return static_cast<double>(rng.next64() >> 11) * 0x1p-53;
}

double between(Rng& rng, double low, double high) {
  return low + (high - low) * unit(rng);
}

bool chance(Rng& rng, double probability) {
  return unit(rng) < probability;
}

double bell(Rng& rng) {  // about normal, deviation 1
  double sum = 0;
  for (int i = 0; i < 12; i++) sum += unit(rng);
  return sum - 6;
}

template <typename T>
T pick(Rng& rng, std::initializer_list<T> choices) {
  return choices.begin()[rng.uniform(static_cast<uint32_t>(choices.size()))];
}

Rules drawRules(Rng& rng) {
  const double kind = unit(rng);
  if (kind < 0.25) return Rules::parse("tromp-taylor", false);
  if (kind < 0.42) return Rules::parse("chinese", false);
  if (kind < 0.68) return Rules::parse("japanese", false);
  if (kind < 0.78)
    return Rules::parse(
        pick<const char*>(rng, {"aga", "korean", "stone-scoring", "aga-button", "new-zealand"}), false);
  Rules rules;
  rules.ko = pick(rng, {KoRule::Simple, KoRule::Positional, KoRule::Situational});
  rules.scoring = pick(rng, {ScoringRule::Area, ScoringRule::Territory});
  rules.tax = pick(rng, {TaxRule::None, TaxRule::None, TaxRule::Seki, TaxRule::All});
  rules.multiStoneSuicide = chance(rng, 0.5);
  rules.hasButton = rules.scoring == ScoringRule::Area && chance(rng, 0.3);
  rules.whiteHandicapBonus = pick(rng, {HandicapBonus::Zero, HandicapBonus::N, HandicapBonus::NMinusOne});
  return rules;
}

float halfPoints(double komi, int size) {
  const double limit = size * size;
  return static_cast<float>(std::round(2 * std::clamp(komi, -limit, limit)) / 2);
}

float drawKomi(Rng& rng, int size) {
  const double usual = pick(rng, {7.5, 7.5, 7.0, 6.5, 6.5, 6.0, 5.5, 0.5, 0.0});
  const double kind = unit(rng);
  if (kind < 0.75) return static_cast<float>(usual);
  return halfPoints(usual + bell(rng) * (kind < 0.92 ? 3 : size), size);
}

class TrainingGame {
 public:
  TrainingGame(const TrainingGamePlan& plan, Evaluator& net, Rng& rng, double keep)
      : plan_(plan),
        net_(net),
        rng_(rng),
        keep_(keep),
        state_(Board(plan.size, plan.size), Color::Black, plan.rules) {
    state_.setAssumeMultipleStartingBlackMovesAreHandicap(true);
  }

  bool play(const std::function<bool()>& stop) {
    placeHandicap();
    const int mostTurns = 2 * state_.board().area() + 50;
    for (int turn = 0; turn < mostTurns && !isOver(); turn++) {
      if (stop()) return false;
      if (plan_.fairKomi && turn == plan_.openingMoves) makeFair();
      step(turn);
    }
    return true;
  }

  void appendRows(std::vector<TrainingRow>& rows) {
    const bool known = state_.isFinished() && state_.isScored();
    for (size_t i = 0; i < turns_.size(); i++) {
      Turn& turn = turns_[i];
      if (turn.row.spatial.empty()) continue;
      const float sign = turn.player == Color::White ? 1.0f : -1.0f;
      addFuture(i, sign, turn.row);
      if (known) {
        turn.row.outcomeKnown = 1;
        turn.row.finalScore = sign * state_.finalScore();
        turn.row.outcome = sign * (state_.winner() == Color::White   ? 1.0f
                                   : state_.winner() == Color::Black ? -1.0f
                                                                     : 0.0f);
      }
      rows.push_back(std::move(turn.row));
    }
  }

 private:
  struct Turn {
    Color player = Color::Black;
    float whiteWinloss = 0, whiteLead = 0;
    bool astray = false;  // the move was drawn evenly, not by the net
    TrainingRow row;      // empty if not kept
  };

  bool isOver() const {
    if (state_.isFinished() || (state_.phase() > 0 && !plan_.throughCleanup)) return true;
    return plan_.stopWhenDecided && decidedTurns_ >= kDecidedTurns;
  }

  EvalRequest request() {
    EvalRequest r;
    r.skipCache = true;
    r.includeOwnership = true;
    r.params.symmetry = static_cast<int>(rng_.uniform(8));
    r.params.enablePassingHacks = true;
    r.params.conservativePassAndIsRoot = plan_.conservativePass;
    r.params.drawEquivalentWinsForWhite = plan_.drawEquivalentWinsForWhite;
    r.params.playoutDoublingAdvantage =
        state_.toMove() == Color::White ? plan_.playoutDoublingAdvantage : -plan_.playoutDoublingAdvantage;
    return r;
  }

  void placeHandicap() {
    for (int i = 0; i < plan_.handicap; i++) {
      if (state_.toMove() != Color::Black) state_.play(kPass, Color::White);
      const NNOutputPtr output = net_.evaluate(state_, request());
      const Point point = drawMove(*output, 1.0, false);
      if (point == kPass) return;
      state_.play(point, Color::Black);
    }
    // As GTP has it: the stones stand on the board before the first move.
    Board board = state_.board();
    Rules rules = state_.rules();
    if (plan_.handicap > 0) state_ = GameState(board, Color::White, rules);
  }

  void makeFair() {
    const NNOutputPtr output = net_.evaluate(state_, request());
    state_.setKomi(halfPoints(state_.rules().komi - output->whiteLead + plan_.komiShift, plan_.size));
  }

  void step(int number) {
    const EvalRequest ask = request();
    const NNOutputPtr output = net_.evaluate(state_, ask);
    Turn turn;
    turn.player = state_.toMove();
    turn.whiteWinloss = output->whiteWinProb - output->whiteLossProb;
    turn.whiteLead = output->whiteLead;
    decidedTurns_ = std::fabs(turn.whiteWinloss) > kDecided ? decidedTurns_ + 1 : 0;
    if (chance(rng_, keep_)) fillRow(*output, ask.params, turn.row);
    turn.astray = chance(rng_, plan_.randomRate);
    const double temperature = number < plan_.openingMoves ? plan_.openingTemperature : plan_.temperature;
    const Point move = drawMove(*output, temperature, turn.astray);
    turns_.push_back(std::move(turn));
    state_.play(move, state_.toMove());
  }

  Point drawMove(const NNOutput& output, double temperature, bool evenly) {
    const Board& board = state_.board();
    std::vector<std::pair<Point, double>> choices;
    double sum = 0;
    for (int pos = 0; pos < output.policySize(); pos++) {
      const float p = output.policy[static_cast<size_t>(pos)];
      const Point point = output.pointOf(pos, board.xSize(), board.ySize());
      if (p < 0 || (evenly && point == kPass)) continue;
      const double weight = evenly ? 1 : std::pow(static_cast<double>(p), 1 / temperature);
      sum += weight;
      choices.emplace_back(point, weight);
    }
    double left = unit(rng_) * sum;
    for (const auto& [point, weight] : choices) {
      left -= weight;
      if (left < 0) return point;
    }
    return kPass;
  }

  void fillRow(const NNOutput& output, const EvalParams& params, TrainingRow& row) const {
    const Board& board = state_.board();
    const bool white = state_.toMove() == Color::White;
    const float sign = white ? 1.0f : -1.0f;
    row.xSize = board.xSize();
    row.ySize = board.ySize();
    row.spatial.resize(static_cast<size_t>(board.area() * spatialChannels(kTrainingInputs)));
    row.global.resize(static_cast<size_t>(globalChannels(kTrainingInputs)));
    fillFeatures(kTrainingInputs, state_, state_.toMove(), params, board.xSize(), board.ySize(),
                 row.spatial.data(), row.global.data());
    for (int pos = 0; pos < board.area(); pos++) {  // the net's buffer may be larger than the board
      const auto at = static_cast<size_t>(pos / board.xSize() * output.nnX + pos % board.xSize());
      row.policy.push_back(std::max(output.policy[at], 0.0f));
      row.ownership.push_back(sign * output.ownership[at]);
    }
    row.policy.push_back(std::max(output.policy[static_cast<size_t>(output.passPos())], 0.0f));
    row.win = white ? output.whiteWinProb : output.whiteLossProb;
    row.loss = white ? output.whiteLossProb : output.whiteWinProb;
    row.noResult = output.whiteNoResultProb;
    row.scoreMean = sign * output.whiteScoreMean;
    row.scoreStdev =
        std::sqrt(std::max(0.0f, output.whiteScoreMeanSq - output.whiteScoreMean * output.whiteScoreMean));
    row.lead = sign * output.whiteLead;
    row.turn = static_cast<float>(state_.turnNumber());
    row.phase = static_cast<float>(state_.phase());
  }

  // Moves that nobody would play make what follows meaningless for what came before.
  void addFuture(size_t i, float sign, TrainingRow& row) const {
    double weight = 1, weights = 0, winloss = 0, lead = 0;
    double moved = 0, time = 0;
    for (size_t k = i + 1; k < turns_.size() && !turns_[k - 1].astray; k++) {
      if (k - i <= static_cast<size_t>(kNearFutureTurns)) {
        weights += weight;
        winloss += weight * static_cast<double>(turns_[k].whiteWinloss);
        lead += weight * static_cast<double>(turns_[k].whiteLead);
        weight *= kNearFuture;
      }
      const double change = static_cast<double>(turns_[k].whiteWinloss - turns_[k - 1].whiteWinloss);
      moved += change * change;
      time += change * change * static_cast<double>(k - i);
    }
    if (weights > 0) {
      row.shorttermWinloss = sign * static_cast<float>(winloss / weights);
      row.shorttermLead = sign * static_cast<float>(lead / weights);
      row.shorttermWeight = static_cast<float>(std::min(1.0, weights / 3));
    }
    if (moved > 1e-6) {
      row.varianceTime = static_cast<float>(time / moved);
      row.varianceTimeWeight = static_cast<float>(std::min(1.0, moved));
    }
  }

  const TrainingGamePlan& plan_;
  Evaluator& net_;
  Rng& rng_;
  const double keep_;
  GameState state_;
  int decidedTurns_ = 0;
  std::vector<Turn> turns_;
};

}  // namespace

TrainingSizes TrainingSizes::standard() {
  return {{{7, 2},
           {8, 2},
           {9, 10},
           {10, 3},
           {11, 3},
           {12, 3},
           {13, 6},
           {14, 2},
           {15, 2},
           {16, 2},
           {17, 2},
           {18, 3},
           {19, 22}}};
}

TrainingSizes TrainingSizes::parse(const std::string& text) {
  TrainingSizes sizes;
  for (const std::string& item : split(text, ',')) {
    const std::vector<std::string> parts = split(item, ':');
    const std::optional<int> size = parts.size() <= 2 ? tryInt(parts[0]) : std::nullopt;
    const std::optional<double> weight = parts.size() == 2 ? tryDouble(parts[1]) : 1.0;
    if (!size || *size < 2 || *size > kMaxBoardLen || !weight || !(*weight > 0) || !std::isfinite(*weight))
      throw UserError("Board sizes must be numbers from 2 to " + std::to_string(kMaxBoardLen) +
                      ", each with an optional weight above 0, as in 9:3,13,19:5, but got '" + text + "'");
    sizes.weights.emplace_back(*size, *weight);
  }
  return sizes;
}

TrainingGamePlan drawPlan(Rng& rng, const TrainingSizes& sizes) {
  TrainingGamePlan plan;
  double sum = 0;
  for (const auto& [size, weight] : sizes.weights) sum += weight;
  double left = unit(rng) * sum;
  for (const auto& [size, weight] : sizes.weights) {
    plan.size = size;
    left -= weight;
    if (left < 0) break;
  }
  plan.rules = drawRules(rng);
  plan.rules.komi = drawKomi(rng, plan.size);
  if (plan.size >= 9 && chance(rng, 0.12)) {
    plan.handicap = 2 + static_cast<int>(rng.uniform(plan.size >= 13 ? 8 : 3));
    plan.fairKomi = chance(rng, 0.5);
  } else {
    plan.fairKomi = chance(rng, 0.6);
  }
  plan.komiShift = static_cast<float>(chance(rng, 0.5) ? 0.5 : bell(rng) * 2);
  plan.openingMoves =
      chance(rng, 0.3) ? 0
                       : static_cast<int>(rng.uniform(static_cast<uint32_t>(2 + plan.size * plan.size / 9)));
  plan.openingTemperature = between(rng, 1.0, 2.0);
  plan.temperature = pick(rng, {0.4, 0.7, 0.9, 1.0, 1.0, 1.2});
  plan.randomRate = pick(rng, {0.0, 0.0, 0.01, 0.03, 0.08});
  if (chance(rng, 0.1)) plan.playoutDoublingAdvantage = between(rng, -3, 3);
  if (chance(rng, 0.1)) plan.drawEquivalentWinsForWhite = unit(rng);
  plan.conservativePass = chance(rng, 0.15);
  plan.throughCleanup = chance(rng, 0.5);
  plan.stopWhenDecided = chance(rng, 0.4);
  return plan;
}

bool playTrainingGame(const TrainingGamePlan& plan, Evaluator& net, Rng& rng, double keep,
                      const std::function<bool()>& stop, std::vector<TrainingRow>& rows) {
  TrainingGame game(plan, net, rng, keep);
  if (!game.play(stop)) return false;
  game.appendRows(rows);
  return true;
}

}  // namespace ponnuki
