#include "eval/batcher.h"

#include <doctest/doctest.h>

#include <chrono>
#include <set>
#include <stdexcept>
#include <thread>

using namespace ponnuki;

namespace {

struct Counters {
  std::atomic<int> rows{0}, largest{0}, running{0}, mostRunning{0};
};

// Answers 2 * input; fails on negative input; sleeps so that rows pile up.
class DoublingRunner final : public RowRunner {
 public:
  DoublingRunner(Counters& counters, int sleepMicros) : counters_(counters), sleepMicros_(sleepMicros) {}

  void run(std::span<EvalRow* const> rows, int, Rng& rng) override {
    const int running = ++counters_.running;
    if (running > counters_.mostRunning) counters_.mostRunning = running;
    if (static_cast<int>(rows.size()) > counters_.largest) counters_.largest = static_cast<int>(rows.size());
    std::this_thread::sleep_for(std::chrono::microseconds(sleepMicros_));
    bool bad = false;
    for (EvalRow* row : rows) {
      counters_.rows++;
      row->symmetry = static_cast<int>(rng.uniform(8));
      bad = bad || row->global[0] < 0;
      row->value = {2 * row->global[0]};
    }
    counters_.running--;
    if (bad) throw std::runtime_error("negative");
  }

 private:
  Counters& counters_;
  const int sleepMicros_;
};

std::vector<std::unique_ptr<RowRunner>> runners(Counters& counters, int count, int sleepMicros) {
  std::vector<std::unique_ptr<RowRunner>> all;
  for (int i = 0; i < count; i++) all.push_back(std::make_unique<DoublingRunner>(counters, sleepMicros));
  return all;
}

// Each thread sends `perThread` rows; returns how many answers were wrong.
int hammer(Batcher& batcher, int threads, int perThread) {
  std::atomic<int> wrong{0};
  std::vector<std::thread> pool;
  for (int t = 0; t < threads; t++)
    pool.emplace_back([&, t] {
      EvalRow row;
      for (int i = 0; i < perThread; i++) {
        row.global = {static_cast<float>(t * 1000 + i)};
        row.symmetry = -1;
        batcher.run(row);
        if (row.value[0] != 2.0f * static_cast<float>(t * 1000 + i)) wrong++;
      }
    });
  for (std::thread& thread : pool) thread.join();
  return wrong;
}

}  // namespace

TEST_CASE("every row of many threads gets its own answer, in batches within the limit") {
  Counters counters;
  Batcher batcher(runners(counters, 2, 50), 4, "seed", SeatPolicy::AtOnce);
  CHECK(hammer(batcher, 16, 50) == 0);
  CHECK(counters.rows == 800);
  CHECK(batcher.rows() == 800);
  CHECK(batcher.batches() < 800);
  CHECK(counters.largest <= 4);
  CHECK(counters.largest > 1);
  CHECK(counters.mostRunning <= 2);
  CHECK(!batcher.isBusy());
}

TEST_CASE(
    "by share, a second seat is only taken for its share of the rows, and none waits for rows that never "
    "come") {
  Counters counters;
  constexpr int kThreads = 8, kSeats = 2;
  Batcher batcher(runners(counters, kSeats, 200), 16, "seed", SeatPolicy::ByShare, kThreads);
  CHECK(hammer(batcher, kThreads, 100) == 0);
  CHECK(counters.rows == 800);
  CHECK(counters.largest >= kThreads / kSeats);
  CHECK(counters.mostRunning <= kSeats);
  // Fewer threads than were expected: the last of them must not wait for the others.
  CHECK(hammer(batcher, 3, 20) == 0);
  CHECK(hammer(batcher, 1, 20) == 0);
  CHECK(!batcher.isBusy());
}

TEST_CASE("one thread uses the first seat only and so one stream of symmetries") {
  Counters counters;
  Batcher batcher(runners(counters, 3, 0), 4, "forTesting", SeatPolicy::ByShare);
  const int expected[] = {5, 3, 7, 5, 5, 4, 6, 0, 5, 2, 3, 4, 7, 6, 7, 6};
  for (const int symmetry : expected) {
    EvalRow row;
    row.global = {1};
    batcher.run(row);
    CHECK(row.symmetry == symmetry);
  }
  CHECK(batcher.batches() == 16);
}

TEST_CASE("an error reaches every row of its batch and the batcher goes on") {
  Counters counters;
  Batcher batcher(runners(counters, 1, 100), 3, "seed", SeatPolicy::AtOnce);
  std::atomic<int> errors{0}, answers{0};
  std::vector<std::thread> pool;
  for (int t = 0; t < 6; t++)
    pool.emplace_back([&, t] {
      EvalRow row;
      for (int i = 0; i < 20; i++) {
        row.global = {t == 0 ? -1.0f : 1.0f};
        try {
          batcher.run(row);
          answers++;
        } catch (const std::runtime_error&) {
          errors++;
        }
      }
    });
  for (std::thread& thread : pool) thread.join();
  CHECK(errors + answers == 120);
  CHECK(errors >= 20);
  EvalRow row;
  row.global = {3};
  batcher.run(row);
  CHECK(row.value[0] == 6.0f);
}

TEST_CASE("waiting for a batch ends with the batch, or at once when nothing runs") {
  Counters counters;
  Batcher batcher(runners(counters, 1, 2000), 1, "seed", SeatPolicy::ByShare);
  batcher.waitForAnyBatch();
  std::atomic<bool> stop{false};
  std::thread waiter([&] {
    while (!stop) batcher.waitForAnyBatch();
  });
  CHECK(hammer(batcher, 2, 10) == 0);
  stop = true;
  waiter.join();
}
