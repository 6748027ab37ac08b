// The transcript T14 of spec gtp 13, one control a row.
#include "search/time_control.h"

#include <doctest/doctest.h>

#include "base/error.h"

using namespace ponnuki;

namespace {

constexpr double kLag = 1.0;

std::string debugText19(const TimeControl& t) { return t.debugText(361, 0, kLag); }
// The part from "minRecMax" on.
std::string plan(const TimeControl& t) {
  const std::string s = debugText19(t);
  return s.substr(s.find("minRecMax"));
}
TimeControl after(TimeControl t, double time, int stones) {
  t.reportTimeLeft(time, stones);
  return t;
}

}  // namespace

TEST_CASE("clock plans agree with the reference's transcript") {
  CHECK(plan(TimeControl::unlimited()) ==
        "minRecMax 0 5.5104e+27 2e+29 rrec0 5.5104e+27 rreclimit 5.5104e+27 rreclimit2 5.5104e+27");
  const TimeControl five = TimeControl::canadian(300, 30, 5);
  CHECK(debugText19(five) ==
        "originalMainTime 300 originalNumPeriods 1 numStonesPerPeriod 5 perPeriodTime 30 mainTimeLeft 300 inOvertime "
        "0 numPeriodsLeftIncludingCurrent 1 minRecMax 0 8.31982 66.5 rrec0 8.31982 rreclimit 8.31982 rreclimit2 "
        "8.31982");
  CHECK(plan(after(five, 250, 0)) == "minRecMax 0 8.31982 56.5 rrec0 8.31982 rreclimit 8.31982 rreclimit2 8.31982");
  CHECK(plan(after(five, 20, 3)) == "minRecMax 0 5.66667 7 rrec0 5.66667 rreclimit 5.66667 rreclimit2 5.66667");
  CHECK(plan(after(five, -5, 0)) == "minRecMax 0 4 5.25 rrec0 4 rreclimit 4 rreclimit2 4");
  CHECK(plan(TimeControl::canadian(300, 0, 0)) ==
        "minRecMax 0 0.823805 58.8 rrec0 0.823805 rreclimit 0.823805 rreclimit2 0.823805");
  CHECK(plan(TimeControl::canadian(0, 30, 1)) == "minRecMax 0 28 28 rrec0 29 rreclimit 29 rreclimit2 29");
  const TimeControl periods = TimeControl::byoYomi(600, 30, 5);
  CHECK(plan(periods) == "minRecMax 0 45.5991 149 rrec0 45.5991 rreclimit 45.5991 rreclimit2 45.5991");
  CHECK(plan(after(periods, 15, 3)) == "minRecMax 14 14 14 rrec0 14 rreclimit 14 rreclimit2 14");
  CHECK(plan(after(periods, 12.5, 7)) == "minRecMax 41.5 41.5 41.5 rrec0 41.5 rreclimit 41.5 rreclimit2 41.5");
  CHECK(plan(after(periods, 4, 1)) == "minRecMax 2 2 2 rrec0 3 rreclimit 3 rreclimit2 3");
  const TimeControl canadian = TimeControl::canadian(600, 300, 25);
  CHECK(plan(canadian) == "minRecMax 0 17.6396 134.789 rrec0 17.6396 rreclimit 17.6396 rreclimit2 17.6396");
  CHECK(plan(after(canadian, 200, 25)) == "minRecMax 0 7 9.52632 rrec0 7 rreclimit 7 rreclimit2 7");
  CHECK(plan(after(canadian, 9, 1)) == "minRecMax 7 7 7 rrec0 8 rreclimit 8 rreclimit2 8");
  const TimeControl fischer = TimeControl::fischer(300, 10);
  CHECK(plan(fischer) == "minRecMax 0 11.0227 66.8 rrec0 11.0227 rreclimit 11.0227 rreclimit2 11.0227");
  CHECK(plan(after(fischer, 8, 0)) == "minRecMax 0 6 7 rrec0 6 rreclimit 6 rreclimit2 6");
  CHECK(debugText19(TimeControl::fischerCapped(300, 10, 305, 20)) ==
        "originalMainTime 300 increment 10 mainTimeLimit 305 maxTimePerMove 20 mainTimeLeft 300 inOvertime 0 "
        "minRecMax 4 11.0227 19 rrec0 11.0227 rreclimit 11.0227 rreclimit2 11.0227");
  CHECK(plan(TimeControl::byoYomi(10, 5, 8)) ==
        "minRecMax 0 6.76652 12.75 rrec0 6.76652 rreclimit 6.76652 rreclimit2 6.76652");
}

TEST_CASE("a cap below the main time is refused") {
  CHECK_THROWS_AS(TimeControl::fischerCapped(300, 10, 200, 20), UserError);
}

TEST_CASE("unusable overtime means absolute time, and stones without number no limit") {
  CHECK(TimeControl::byoYomi(60, 30, 0) == TimeControl::absolute(60));
  CHECK(TimeControl::canadian(60, 0, 0) == TimeControl::absolute(60));
  CHECK(TimeControl::canadian(60, 30, 0).isEffectivelyUnlimited());
  CHECK_FALSE(TimeControl::absolute(60).isEffectivelyUnlimited());
}

TEST_CASE("contradictory clocks are reported") {
  TimeControl t = TimeControl::fischer(300, 10);
  t.inOvertime = true;
  CHECK_THROWS_AS(t.allot(361, 0, 0), UserError);
}
