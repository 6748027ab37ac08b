// Clocks (spec gtp 6.9, 10).
#include <limits>

#include "base/text.h"
#include "protocol/gtp/handlers.h"
#include "protocol/gtp/session.h"

namespace ponnuki::gtp {

namespace {

constexpr int kMaxOvertimeCount = 1000000;

double seconds(const Call& call, size_t at, const char* what, double lowest = 0) {
  const std::optional<double> value = at < call.args.size() ? tryDouble(call.args[at]) : std::nullopt;
  if (!value)
    throw CommandError(std::string("Expected float for ") + what + " as argument " + std::to_string(at));
  if (*value < lowest || *value > TimeControl::kMaxUserTime)
    throw CommandError(std::string(what) + " is an invalid value: " + call.args[at]);
  return *value;
}

int count(const Call& call, size_t at, const char* what) {
  const std::optional<int> value = at < call.args.size() ? tryInt(call.args[at]) : std::nullopt;
  if (!value)
    throw CommandError(std::string("Expected int for ") + what + " as argument " + std::to_string(at));
  if (*value < 0 || *value > kMaxOvertimeCount)
    throw CommandError(std::string(what) + " is an invalid value: " + call.args[at]);
  return *value;
}

constexpr const char* kPeriodTime = "byo-yomi per-period time";
constexpr const char* kCanadianPeriodTime = "byo-yomi period time";
constexpr const char* kStones = "byo-yomi overtime stones";
constexpr const char* kPeriods = "byo-yomi overtime periods";

void setBoth(Call& call, const TimeControl& control) {
  call.session.bot().clock(Color::Black) = control;
  call.session.bot().clock(Color::White) = control;
  call.response.succeed();
}

TimeControl canadian(const Call& call, size_t first, const char* periodName) {
  const double mainTime = seconds(call, first, "main time");
  const double period = seconds(call, first + 1, periodName);
  const int stones = count(call, first + 2, kStones);
  if (stones == 0) return period > 0 ? TimeControl::unlimited() : TimeControl::absolute(mainTime);
  return TimeControl::canadian(mainTime, period, stones);
}

// The kinds both time_settings dialects know; nothing if `kind` is none of them.
std::optional<TimeControl> commonKind(const Call& call, const std::string& kind) {
  if (kind == "none") return TimeControl::unlimited();
  if (kind == "absolute") return TimeControl::absolute(seconds(call, 1, "main time"));
  if (kind == "canadian") return canadian(call, 1, kCanadianPeriodTime);
  if (kind == "byoyomi") {
    const double mainTime = seconds(call, 1, "main time");
    const double period = seconds(call, 2, kPeriodTime);
    const int periods = count(call, 3, kPeriods);
    return periods == 0 ? TimeControl::absolute(mainTime) : TimeControl::byoYomi(mainTime, period, periods);
  }
  return std::nullopt;
}

std::string kindArg(const Call& call) {
  return call.args.empty() ? std::string() : toLower(call.args[0]);
}

}  // namespace

void timeSettings(Call& call) {
  setBoth(call, canadian(call, 0, kPeriodTime));
}

void kgsTimeSettings(Call& call) {
  const std::optional<TimeControl> control = commonKind(call, kindArg(call));
  if (!control)
    throw CommandError(
        "Expected 'none', 'absolute', 'byoyomi', or 'canadian' as first argument for kgs-time_settings");
  setBoth(call, *control);
}

void kataTimeSettings(Call& call) {
  const std::string kind = kindArg(call);
  std::optional<TimeControl> control = commonKind(call, kind);
  if (kind == "fischer") {
    const double mainTime = seconds(call, 1, "main time");
    control = TimeControl::fischer(mainTime, seconds(call, 2, "increment time"));
  } else if (kind == "fischer-capped") {
    const double mainTime = seconds(call, 1, "main time");
    const double increment = seconds(call, 2, "increment time");
    const double limit = seconds(call, 3, "main time limit", -TimeControl::kMaxUserTime);
    const double perMove = seconds(call, 4, "max time per move", -TimeControl::kMaxUserTime);
    if (limit >= 0 && limit < mainTime)
      throw CommandError("TimeControls: mainTimeLimit is smaller than mainTime");
    control = TimeControl::fischerCapped(mainTime, increment, limit, perMove);
  }
  if (!control)
    throw CommandError(
        "Expected 'none', 'absolute', 'byoyomi', 'canadian', 'fischer', or 'fischer-capped' as first "
        "argument for "
        "kata-time_settings");
  setBoth(call, *control);
}

void listTimeSettings(Call& call) {
  call.response.succeed("none absolute byoyomi canadian fischer fischer-capped");
}

void timeLeft(Call& call) {
  const auto& args = call.args;
  if (args.size() != 3 || !parsePlayer(args[0]) || !tryDouble(args[1]) || !tryInt(args[2]))
    call.failArgs("player and float time and int stones");
  const double time = *tryDouble(args[1]);
  const int stones = *tryInt(args[2]);
  if (time < -10 || time > TimeControl::kMaxUserTime) throw CommandError("invalid time");
  if (stones < 0 || stones > 100000) throw CommandError("invalid stones");
  TimeControl& clock = call.session.bot().clock(*parsePlayer(args[0]));
  if (stones > 0 && clock.originalNumPeriods <= 0)
    throw CommandError(
        "stones left in period is > 0 but the time control used does not have any overtime periods");
  clock.reportTimeLeft(time, stones);
  call.response.succeed();
  call.session.bot().ponderIfGameStarted();
}

void debugPrintTimeControl(Call& call) {
  Bot& bot = call.session.bot();
  const Board& board = bot.state().board();
  const int stones = board.stoneCount(Color::Black) + board.stoneCount(Color::White);
  const double lag = bot.params().sets.genmove.lagBuffer;
  call.response.succeed("Black " + bot.clock(Color::Black).debugText(board.area(), stones, lag) + "\nWhite " +
                        bot.clock(Color::White).debugText(board.area(), stones, lag));
}

}  // namespace ponnuki::gtp
