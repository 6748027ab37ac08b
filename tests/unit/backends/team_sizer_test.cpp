#include "backends/cpu/team_sizer.h"

#include <doctest/doctest.h>

using namespace ponnuki::nn;

namespace {

// Runs `count` times; time(threads) is what a run takes. Returns how often it took `expected` threads.
template <class Time>
int runsWith(TeamSizer& sizer, int count, int most, int expected, Time time) {
  int hits = 0;
  for (int i = 0; i < count; i++) {
    const int threads = sizer.next(most);
    CHECK(threads >= 1);
    CHECK(threads <= most);
    hits += threads == expected;
    sizer.report(time(threads));
  }
  return hits;
}

}  // namespace

TEST_CASE("a run takes all threads when that is faster") {
  TeamSizer sizer;
  CHECK(sizer.next(2) == 2);
  CHECK(runsWith(sizer, 2000, 2, 2, [](int threads) { return 1.0 / threads; }) > 1900);
}

TEST_CASE("a run stays alone when sharing is slower, and shares again when the machine is free") {
  TeamSizer sizer;
  const auto busy = [](int threads) { return threads == 1 ? 1.0 : 3.0; };
  const auto quiet = [](int threads) { return 1.0 / threads; };
  CHECK(runsWith(sizer, 1000, 2, 1, busy) > 900);
  CHECK(runsWith(sizer, 2000, 2, 2, quiet) > 1200);
}

TEST_CASE("a number between one and all is found") {
  TeamSizer sizer;
  const auto time = [](int threads) { return threads <= 4 ? 1.0 / threads : 0.25 + 0.1 * (threads - 4); };
  runsWith(sizer, 500, 16, 4, time);
  CHECK(runsWith(sizer, 1000, 16, 4, time) > 900);
}

TEST_CASE("the limit of a run is kept also during a trial") {
  TeamSizer sizer;
  for (int i = 0; i < 3000; i++) {
    const int most = 1 + i % 7;
    const int threads = sizer.next(most);
    CHECK(threads <= most);
    sizer.report(1.0 / threads);
  }
}
