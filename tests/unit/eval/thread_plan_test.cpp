#include "eval/thread_plan.h"

#include <doctest/doctest.h>

#include "eval/batcher.h"

using namespace ponnuki;

namespace {

ThreadPlan plan(int cores, int concurrent, int seats = 0, int maxBatch = 0) {
  return planThreads({cores, concurrent, seats, maxBatch});
}

}  // namespace

TEST_CASE("one search thread has all cores for its one evaluation") {
  for (const int cores : {1, 2, 3, 4, 8, 16}) {
    const ThreadPlan p = plan(cores, 1);
    CHECK(p.seats == 1);
    CHECK(p.maxBatch == 1);
    CHECK(p.threadsPerRun(1) == cores);
  }
}

TEST_CASE("as many search threads as cores: one core for each evaluation, no batches") {
  for (const int cores : {2, 3, 4, 8, 16}) {
    const ThreadPlan p = plan(cores, cores);
    CHECK(p.seats == cores);
    CHECK(p.maxBatch == 1);
    CHECK(p.threadsPerRun(cores) == 1);
  }
}

TEST_CASE("more search threads than cores share batches of bounded size") {
  CHECK(plan(2, 4).maxBatch == 2);
  CHECK(plan(2, 5).maxBatch == 3);
  CHECK(plan(2, 1000).maxBatch == 8);
  CHECK(plan(2, 1000).seats == 2);
  CHECK(plan(2, 4).threadsPerRun(4) == 1);
}

TEST_CASE("the cores are never oversubscribed and at least half of them work") {
  for (int cores = 1; cores <= 32; cores++) {
    for (int concurrent = 1; concurrent <= 40; concurrent++) {
      const ThreadPlan p = plan(cores, concurrent);
      CAPTURE(cores);
      CAPTURE(concurrent);
      CHECK(p.seats <= concurrent);
      const int busy = p.seats * p.threadsPerRun(concurrent);
      CHECK(busy <= cores);
      CHECK(2 * busy > cores);
    }
  }
}

TEST_CASE("when fewer search threads are active than expected, each evaluation gets more cores") {
  const ThreadPlan p = plan(8, 16);
  CHECK(p.seats == 8);
  CHECK(p.threadsPerRun(16) == 1);
  CHECK(p.threadsPerRun(4) == 2);
  CHECK(p.threadsPerRun(1) == 8);
}

TEST_CASE("what the user asks for is done") {
  CHECK(plan(4, 8, 1).seats == 1);
  CHECK(plan(4, 8, 1).threadsPerRun(8) == 4);
  CHECK(plan(4, 8, 1).maxBatch == 8);
  CHECK(plan(4, 8, 2, 1).maxBatch == 1);
  CHECK(plan(2, 64, 0, 64).maxBatch == 32);
}

TEST_CASE("a recent peak forgets what is long past") {
  RecentPeak peak(3);
  CHECK(peak.update(1) == 3);
  CHECK(peak.update(5) == 5);
  CHECK(peak.update(2) == 5);
  int last = 0;
  for (int i = 0; i < 40; i++) last = peak.update(2);
  CHECK(last == 2);
}
