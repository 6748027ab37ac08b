#include "search/time_control.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/text.h"

namespace ponnuki {

namespace {

double afterLag(double time, double lag) {
  if (time < 0) return time;
  if (time < 2 * lag) return time / 2;
  return time - lag;
}

// Numbers of own moves over which main time is spread, by how empty the board is.
double movesAbsolute(double area, double stones) { return 0.5 * std::max(0.95 * area + 20 - stones, 0.15 * area + 30); }
double movesIncrement(double area, double stones) { return 0.5 * std::max(0.75 * area + 15 - stones, 0.10 * area + 20); }
double movesByoYomi(double area, double stones) { return 0.5 * std::max(0.50 * area + 10 - stones, 0.02 * area + 4); }

// Share of main time before byo-yomi: optimal consumption of an exponential plan, within sensible numbers of moves.
double byoYomiShare(double time, double period, int stones, double area, double onBoard) {
  const double absolute = time / movesAbsolute(area, onBoard);
  if (period <= 0 || stones <= 0) return absolute;
  const double perMove = period / stones;
  const double optimal = (time / perMove) * std::exp(-1.0);
  double moves = optimal;
  const double natural = movesByoYomi(area, onBoard);
  if (natural > optimal) moves = std::min(natural, 1.75 * optimal);
  moves = std::max(1.0, std::min(moves, movesAbsolute(area, onBoard)));
  double share = std::max(perMove, std::min(time / moves, absolute + 3 * perMove));
  if (share < 1.5 * perMove && time < 1.5 * perMove) share = time + perMove;
  return share;
}

void require(bool condition, const char* message) {
  if (!condition) throw UserError(message);
}

void checkConsistent(const TimeControl& t) {
  if (t.increment > 0 || t.periodsLeft <= 0) {
    require(!t.inOvertime,
            "TimeControls: inOvertime with Fischer or absolute time, inconsistent time control?");
    require(t.periodsLeft == 0,
            "TimeControls: numPeriodsLeftIncludingCurrent != 0 with Fischer or absolute time, inconsistent time "
            "control?");
    require(t.mainTimeLimit >= t.originalMainTime,
            "TimeControls: mainTimeLimit is smaller than original mainTime");
    return;
  }
  require(t.mainTimeLimit >= TimeControl::kUnlimitedMainTime,
          "TimeControls: mainTimeLimit is used with byo-yomiish periods, inconsistent time control?");
  require(t.stonesPerPeriod > 0,
          "TimeControls: numStonesPerPeriod <= 0 with byo-yomiish periods, inconsistent time control?");
  require(t.inOvertime || t.periodsLeft == t.originalNumPeriods,
          "TimeControls: not in overtime, but numPeriodsLeftIncludingCurrent != originalNumPeriods");
  require(!t.inOvertime || t.stonesLeftInPeriod >= 1,
          "TimeControls: numStonesLeftInPeriod < 1 while in overtime, inconsistent time control?");
}

// A clock on which time may run and periods may pass.
struct Clock {
  double main, period;
  bool inOvertime;
  int periods, stones;
  explicit Clock(const TimeControl& t)
      : main(t.mainTimeLeft), period(t.timeLeftInPeriod), inOvertime(t.inOvertime), periods(t.periodsLeft),
        stones(t.stonesLeftInPeriod) {}
  void settle(const TimeControl& t) {
    if (!inOvertime && main < 0) {
      inOvertime = true;
      period = main + t.perPeriodTime;
      stones = t.stonesPerPeriod;
    }
    while (inOvertime && period < 0 && periods > 1) {
      periods--;
      period += t.perPeriodTime;
    }
  }
};

struct Plan {
  double min = 0, recommended = 0, max = 0, lag = 0;
};

Plan planWithoutPeriods(const TimeControl& t, double area, double stones, double lag) {
  Plan p;
  p.lag = lag;
  const double left = t.mainTimeLeft;
  p.min = std::min(std::max(0.0, left / 2), std::max(0.0, left + t.increment - t.mainTimeLimit));
  if (left <= t.increment) {
    p.recommended = afterLag(left, lag);
    p.max = left;
    return p;
  }
  const double excess = afterLag(left - t.increment, lag);
  const double share = excess <= 0 ? excess
                                   : std::min(excess / movesIncrement(area, stones),
                                              excess / movesAbsolute(area, stones) + 2 * t.increment);
  p.recommended = t.increment + share;
  p.max = std::min(left, t.increment + excess / 5);
  return p;
}

Plan planInMainTime(const TimeControl& t, double left, int periods, double area, double stones, double lag) {
  Plan p;
  p.lag = lag;
  const double big = t.perPeriodTime / (0.75 * t.stonesPerPeriod + 0.25);
  p.recommended = byoYomiShare(left, t.perPeriodTime, t.stonesPerPeriod, area, stones);
  p.max = big + std::max(std::min(1.75 * big, left), left / 5);
  if (left < p.max && p.max < left + big) p.max = left + big;
  if (p.max > left && periods <= 1 && t.stonesPerPeriod <= 1) p.lag = 2 * lag;
  return p;
}

Plan planInOvertime(const TimeControl& t, Clock c, double lag) {
  Plan p;
  p.lag = lag;
  if (c.periods > 1 && afterLag(c.period, lag) < afterLag(t.perPeriodTime / 2, lag) * (c.periods - 1) / 4) {
    c.periods--;
    c.period += t.perPeriodTime;
  }
  p.min = c.stones <= 1 ? c.period : 0;
  p.recommended = c.period / c.stones;
  p.max = c.period / (0.75 * c.stones + 0.25);
  if (c.periods <= 1 && c.stones <= 1) p.lag = 2 * lag;
  return p;
}

Plan planWithPeriods(const TimeControl& t, double area, double stones, double lag) {
  Clock c(t);
  c.settle(t);
  if (c.periods > 5) {   // so many periods are like main time
    const double left = t.inOvertime ? c.main + c.period + t.perPeriodTime * (c.periods - 6)
                                     : c.main + t.perPeriodTime * (c.periods - 5);
    return planInMainTime(t, left, c.periods, area, stones, lag);
  }
  return c.inOvertime ? planInOvertime(t, c, lag) : planInMainTime(t, c.main, c.periods, area, stones, lag);
}

}  // namespace

TimeControl TimeControl::absolute(double mainTime) {
  TimeControl t;
  t.originalMainTime = t.mainTimeLeft = mainTime;
  return t;
}

TimeControl TimeControl::fischer(double mainTime, double increment) {
  TimeControl t = absolute(mainTime);
  t.increment = increment;
  return t;
}

TimeControl TimeControl::fischerCapped(double mainTime, double increment, double mainTimeLimit,
                                       double maxTimePerMove) {
  TimeControl t = fischer(mainTime, increment);
  t.mainTimeLimit = mainTimeLimit < 0 ? kMaxUserTime : mainTimeLimit;
  t.maxTimePerMove = maxTimePerMove < 0 ? kMaxUserTime : maxTimePerMove;
  if (t.mainTimeLimit < mainTime) throw UserError("TimeControls: mainTimeLimit is smaller than mainTime");
  return t;
}

TimeControl TimeControl::byoYomi(double mainTime, double periodTime, int periods) {
  TimeControl t = absolute(mainTime);
  if (periods <= 0) return t;
  t.originalNumPeriods = t.periodsLeft = periods;
  t.stonesPerPeriod = 1;
  t.perPeriodTime = periodTime;
  return t;
}

TimeControl TimeControl::canadian(double mainTime, double periodTime, int stones) {
  if (stones <= 0) return periodTime > 0 ? unlimited() : absolute(mainTime);
  TimeControl t = absolute(mainTime);
  t.originalNumPeriods = t.periodsLeft = 1;
  t.stonesPerPeriod = stones;
  t.perPeriodTime = periodTime;
  return t;
}

void TimeControl::reportTimeLeft(double time, int stones) {
  if (stones <= 0) {
    mainTimeLeft = time;
    inOvertime = false;
    periodsLeft = originalNumPeriods;
    stonesLeftInPeriod = 0;
    timeLeftInPeriod = 0;
    return;
  }
  mainTimeLeft = 0;
  inOvertime = true;
  timeLeftInPeriod = time;
  if (originalNumPeriods > 1 && stonesPerPeriod == 1) {   // the "stones" are periods
    periodsLeft = std::min(stones, originalNumPeriods);
    stonesLeftInPeriod = 1;
  } else {
    periodsLeft = 1;
    stonesLeftInPeriod = std::min(stones, stonesPerPeriod);
  }
}

bool TimeControl::isEffectivelyUnlimited() const {
  const bool clockUnlimited = mainTimeLeft > 1e20 || (inOvertime && timeLeftInPeriod > 1e20);
  return clockUnlimited && maxTimePerMove > 1e20;
}

TimeControl::Allotment TimeControl::allot(int boardArea, int stonesOnBoard, double lagBuffer) const {
  checkConsistent(*this);
  Plan p = increment > 0 || periodsLeft <= 0 ? planWithoutPeriods(*this, boardArea, stonesOnBoard, lagBuffer)
                                             : planWithPeriods(*this, boardArea, stonesOnBoard, lagBuffer);
  p.max = std::min(p.max, maxTimePerMove);
  Allotment a;
  a.min = std::max(0.0, afterLag(p.min, p.lag));
  a.recommended = std::max(0.0, afterLag(p.recommended, p.lag));
  a.max = std::max(0.0, afterLag(p.max, p.lag));
  a.min = std::min(a.min, a.max);
  a.recommended = std::min(a.recommended, a.max);
  return a;
}

double TimeControl::roundUp(double used, double limit, double lagBuffer) const {
  if (increment > 0 || periodsLeft <= 0) return limit;
  Clock c(*this);
  (c.inOvertime ? c.period : c.main) -= used;
  c.settle(*this);
  const double perMove = perPeriodTime / stonesPerPeriod;
  const double afterLagPerMove = afterLag(perMove, lagBuffer);
  const double bit = std::min(std::max(lagBuffer, 0.01 * afterLagPerMove), afterLagPerMove);
  double target;
  if (!c.inOvertime) {
    if (c.main >= 0.5 * perMove) return limit;
    target = used + c.main + (stonesPerPeriod <= 1 ? afterLagPerMove : bit);
  } else if (c.period <= 0) {
    return limit;
  } else if (c.stones > 1) {
    if (inOvertime || perPeriodTime - c.period >= bit) return limit;
    target = used + bit - (perPeriodTime - c.period);
  } else {
    target = afterLag(used + c.period, lagBuffer);
  }
  return target < used ? limit : std::max(limit, target);
}

std::string TimeControl::debugText(int boardArea, int stonesOnBoard, double lagBuffer) const {
  std::string s = "originalMainTime " + formatNumber(originalMainTime);
  const auto add = [&s](const char* name, double value) { s += std::string(" ") + name + " " + formatNumber(value); };
  if (increment != 0) add("increment", increment);
  if (mainTimeLimit < 1e20) add("mainTimeLimit", mainTimeLimit);
  if (maxTimePerMove < 1e20) add("maxTimePerMove", maxTimePerMove);
  if (originalNumPeriods != 0) add("originalNumPeriods", originalNumPeriods);
  if (stonesPerPeriod != 0) add("numStonesPerPeriod", stonesPerPeriod);
  if (perPeriodTime != 0) add("perPeriodTime", perPeriodTime);
  add("mainTimeLeft", mainTimeLeft);
  add("inOvertime", inOvertime ? 1 : 0);
  if (periodsLeft != 0) add("numPeriodsLeftIncludingCurrent", periodsLeft);
  if (stonesLeftInPeriod != 0) add("numStonesLeftInPeriod", stonesLeftInPeriod);
  if (timeLeftInPeriod != 0) add("timeLeftInPeriod", timeLeftInPeriod);
  const Allotment a = allot(boardArea, stonesOnBoard, lagBuffer);
  s += " minRecMax " + formatNumber(a.min) + " " + formatNumber(a.recommended) + " " + formatNumber(a.max);
  add("rrec0", roundUp(0, a.recommended, lagBuffer));
  const double rounded = roundUp(a.recommended - 1e-6, a.recommended, lagBuffer);
  add("rreclimit", rounded);
  add("rreclimit2", roundUp(rounded - 1e-6, rounded, lagBuffer));
  return s;
}

}  // namespace ponnuki
