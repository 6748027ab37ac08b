// Training games and their files, with invented evaluations in the place of a net.
#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <set>

#include "base/error.h"
#include "base/file.h"
#include "engine/training_game.h"
#include "engine/training_shard.h"
#include "eval/hash_evaluator.h"

using namespace ponnuki;

namespace {

std::vector<TrainingRow> rowsOf(const TrainingGamePlan& plan, const std::string& seed, double keep) {
  HashEvaluator net;
  Rng rng(seed);
  std::vector<TrainingRow> rows;
  REQUIRE(playTrainingGame(
      plan, net, rng, keep, [] { return false; }, rows));
  return rows;
}

std::string encoded(const std::vector<TrainingRow>& rows) {
  std::string bytes;
  for (const TrainingRow& row : rows) bytes += encodeTrainingRow(row);
  return bytes;
}

TrainingGamePlan planOf(int size) {
  TrainingGamePlan plan;
  plan.size = size;
  plan.randomRate = 0.05;
  return plan;
}

}  // namespace

TEST_CASE("a training game depends on its seed only") {
  const std::string once = encoded(rowsOf(planOf(9), "a", 0.5));
  CHECK(once == encoded(rowsOf(planOf(9), "a", 0.5)));
  CHECK(once != encoded(rowsOf(planOf(9), "b", 0.5)));
}

TEST_CASE("training rows hold what the net said, seen by the side to move") {
  const std::vector<TrainingRow> rows = rowsOf(planOf(9), "c", 1.0);
  REQUIRE(rows.size() > 10);
  for (const TrainingRow& row : rows) {
    REQUIRE(row.spatial.size() == 81 * 22);
    REQUIRE(row.policy.size() == 82);
    REQUIRE(row.ownership.size() == 81);
    double sum = 0;
    for (size_t i = 0; i < row.policy.size(); i++) {
      sum += static_cast<double>(row.policy[i]);
      if (i < 81 && (row.spatial[i * 22 + 1] == 1 || row.spatial[i * 22 + 2] == 1))
        REQUIRE(row.policy[i] == 0);  // nothing is played on a stone
    }
    CHECK(sum == doctest::Approx(1).epsilon(1e-4));
    CHECK(row.win + row.loss + row.noResult == doctest::Approx(1).epsilon(1e-4));
    CHECK(row.shorttermWeight >= 0);
    CHECK(row.shorttermWeight <= 1);
  }
  CHECK(rows[0].global[5] == doctest::Approx(-0.375));  // 7.5 points against Black
  if (rows.front().outcomeKnown == 1) {
    CHECK(rows[0].outcome == -rows[1].outcome);
    CHECK(rows[0].finalScore == -rows[1].finalScore);
  }
}

TEST_CASE("a game that is stopped leaves no rows") {
  HashEvaluator net;
  Rng rng("d");
  std::vector<TrainingRow> rows;
  int turns = 0;
  CHECK_FALSE(playTrainingGame(
      planOf(9), net, rng, 1.0, [&] { return ++turns > 3; }, rows));
  CHECK(rows.empty());
}

TEST_CASE("drawn games are of many kinds and all can be played") {
  std::set<int> sizes, handicaps;
  std::set<std::string> rules;
  Rng rng("plans");
  for (int i = 0; i < 300; i++) {
    const TrainingGamePlan plan = drawPlan(rng, TrainingSizes::standard());
    sizes.insert(plan.size);
    handicaps.insert(plan.handicap);
    rules.insert(plan.rules.toJson(false));
    CHECK(isHalfInteger(plan.rules.komi));
    if (i % 30 == 0) rowsOf(plan, "plan" + std::to_string(i), 0.2);
  }
  CHECK(sizes.size() == 13);
  CHECK(handicaps.size() > 4);
  CHECK(rules.size() > 10);
}

TEST_CASE("board sizes of training games are read from text") {
  CHECK(TrainingSizes::parse("19").weights == std::vector<std::pair<int, double>>{{19, 1.0}});
  CHECK(TrainingSizes::parse("9:3,19:0.5").weights ==
        std::vector<std::pair<int, double>>{{9, 3.0}, {19, 0.5}});
  for (const char* bad : {"20", "1", "9:0", "9:-1", "9:x", "x", "9:1:1", "9:inf"})
    CHECK_THROWS_AS(TrainingSizes::parse(bad), UserError);
}

TEST_CASE("a file of training rows has the length that its first line says") {
  const std::string folder = (std::filesystem::temp_directory_path() / "ponnuki-training-test").string();
  std::filesystem::remove_all(folder);
  const std::vector<TrainingRow> rows = rowsOf(planOf(7), "e", 1.0);
  TrainingShards shards(folder, "seede", 8);
  for (const TrainingRow& row : rows) shards.add(row);
  shards.finish();
  CHECK(shards.rows() == rows.size());
  CHECK(shards.files() == static_cast<int>((rows.size() + 7) / 8));
  const std::string file = readMaybeGzip(folder + "/seede-7x7-000000.train.gz", 1 << 24);
  const size_t lineEnd = file.find('\n');
  CHECK(file.substr(0, lineEnd) == "ponnuki-training-data 1 x 7 y 7 spatial 22 global 19 scalars 16 rows 8");
  const size_t rowBytes = 16 * 4 + 19 * 4 + 50 * 2 + 49 + (22 * 49 + 7) / 8;
  CHECK(file.size() == lineEnd + 1 + 8 * rowBytes);
  CHECK(file.compare(lineEnd + 1, rowBytes, encodeTrainingRow(rows[0])) == 0);
  CHECK(static_cast<unsigned char>(file[lineEnd + 1 + 16 * 4 + 19 * 4 + 50 * 2 + 49]) ==
        0xff);  // all points on board
  std::filesystem::remove_all(folder);
}
