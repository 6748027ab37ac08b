#include "engine/auto_avoid.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "base/file.h"

using namespace ponnuki;
namespace fs = std::filesystem;

namespace {

struct Folder {
  fs::path path = fs::temp_directory_path() / "ponnuki-auto-avoid-test";
  Folder() {
    fs::remove_all(path);
    fs::create_directories(path);
  }
  ~Folder() { fs::remove_all(path); }
  std::vector<fs::path> files(const std::string& size) const {
    std::vector<fs::path> found;
    if (fs::exists(path / size))
      for (const auto& entry : fs::directory_iterator(path / size)) found.push_back(entry.path());
    return found;
  }
};

Config configFor(const Folder& folder, const std::string& more = "") {
  Config config = Config::fromText("autoAvoidRepeatDir = " + folder.path.string() +
                                       "\nautoAvoidRepeatUtility = 0.5\nautoAvoidRepeatLambda = 0.5\n"
                                       "autoAvoidRepeatMinTurnNumber = 1\nautoAvoidRepeatMaxTurnNumber = 2\n"
                                       "autoAvoidRepeatMaxPoses = 100\nautoAvoidRepeatSaveChunkSize = 2\n",
                                   "test");
  config.applyOverrideString(more);
  return config;
}

GameState gameOf(std::initializer_list<const char*> moves, int size = 9) {
  GameState state(Board(size, size), Color::Black, Rules());
  for (const char* m : moves) state.play(*parsePoint(m, size, size), state.toMove());
  return state;
}

double penaltyOf(const PatternBonusTable& table, std::initializer_list<const char*> moves, int size = 9) {
  return table.bonus(PatternBonusTable::patternOfLastMove(gameOf(moves, size)));
}

}  // namespace

TEST_CASE("positions of one session are penalties of the next, in all symmetries and both colours") {
  const Folder folder;
  const Config config = configFor(folder);
  Logger log;
  Rng seeds("a");
  {
    const auto memory = AutoAvoid::fromConfig(config, log, seeds);
    CHECK(memory->load()->empty());
    memory->record(gameOf({}), *parsePoint("E5", 9, 9));            // before the first turn to remember
    memory->record(gameOf({"C3"}), *parsePoint("G7", 9, 9));        // White's
    memory->record(gameOf({"C3", "G7"}), *parsePoint("C7", 9, 9));  // Black's
    memory->record(gameOf({"C3", "G7", "C7"}), *parsePoint("pass", 9, 9));  // too late
    memory->record(gameOf({"D4"}, 13), *parsePoint("K10", 13, 13));
    memory->saveAll();
    CHECK(memory->savedSinceLoad());
  }
  CHECK(folder.files("9x9").size() == 1);
  CHECK(folder.files("13x13").size() == 1);
  const auto table = AutoAvoid::fromConfig(config, log, seeds)->load();
  CHECK(penaltyOf(*table, {"C3", "G7"}) == doctest::Approx(-0.5));  // bad for White
  CHECK(penaltyOf(*table, {"G7", "C3"}) == doctest::Approx(-0.5));  // turned by 180 degrees
  CHECK(penaltyOf(*table, {"D4", "K10"}, 13) == doctest::Approx(-0.5));
  CHECK(penaltyOf(*table, {"E5"}) == 0);
  CHECK(penaltyOf(*table, {"C3", "G7", "C7"}) == doctest::Approx(0.25));  // the second line counts half
  CHECK(penaltyOf(*table, {"C7"}) == 0);
}

TEST_CASE("positions are saved when a chunk is full, and the oldest files beyond the limit are deleted") {
  const Folder folder;
  const Config config = configFor(folder, "autoAvoidRepeatMaxPoses9x9=1");
  Logger log;
  Rng seeds("a");
  const auto memory = AutoAvoid::fromConfig(config, log, seeds);
  for (const char* name : {"old_poses.txt", "older_poses.txt"}) {
    fs::create_directories(folder.path / "9x9");
    std::ofstream(folder.path / "9x9" / name) << "not json\n";
    fs::last_write_time(folder.path / "9x9" / name, fs::file_time_type::clock::now() - std::chrono::hours(1));
  }
  memory->record(gameOf({"C3"}), *parsePoint("G7", 9, 9));
  memory->saveIfFull();
  CHECK(folder.files("9x9").size() == 2);
  memory->record(gameOf({"C3"}), *parsePoint("F3", 9, 9));
  memory->saveIfFull();
  CHECK(folder.files("9x9").size() == 3);
  const auto table = memory->load();
  CHECK(folder.files("9x9").size() == 1);
  CHECK(penaltyOf(*table, {"C3", "G7"}) == doctest::Approx(-0.5));
  CHECK(penaltyOf(*table, {"C3", "F3"}) == 0);  // beyond the one position allowed
  CHECK_FALSE(memory->savedSinceLoad());
}

TEST_CASE("damaged lines are skipped, also hostile ones") {
  const Folder folder;
  const Config config = configFor(folder);
  Logger log;
  Rng seeds("a");
  fs::create_directories(folder.path / "5x5");
  std::ofstream(folder.path / "5x5" / "a_poses.txt")
      << "{}\n[]\n{\"xSize\":5,\"ySize\":-1}\n{\"xSize\":1e300}\n"
      << std::string(10000, '[') << "\n"
      << R"({"xSize":5,"ySize":5,"board":"...../...../...../...../...../","nextPla":"B","moveLocs":["C3","C3"],)"
      << R"("movePlas":["B","W"],"initialTurnNumber":0,"hintLoc":"B2","weight":1.0})"
      << "\n"
      << R"({"xSize":5,"ySize":5,"board":"...../...../...../...../...../","nextPla":"B","moveLocs":["C3"],)"
      << R"("movePlas":["B"],"initialTurnNumber":0,"hintLoc":"B2","weight":1.0})"
      << "\n";
  const auto table = AutoAvoid::fromConfig(config, log, seeds)->load();
  CHECK(penaltyOf(*table, {"C3", "B2"}, 5) == doctest::Approx(-0.5));
}

TEST_CASE("autoAvoidRepeat keys: none, a missing one, a missing folder, one for a size only") {
  const Folder folder;
  Logger log;
  Rng seeds("a");
  CHECK(AutoAvoid::fromConfig(Config(), log, seeds) == nullptr);
  CHECK_THROWS_WITH_AS(AutoAvoid::fromConfig(configFor(folder, "autoAvoidRepeatLambda="), log, seeds),
                       "autoAvoidRepeatLambda was not specified in the config", UserError);
  CHECK_THROWS_AS(AutoAvoid::fromConfig(configFor(folder, "autoAvoidRepeatDir=/nonexistent"), log, seeds),
                  UserError);
  CHECK_THROWS_AS(AutoAvoid::fromConfig(configFor(folder, "autoAvoidRepeatUtility9x9=4"), log, seeds),
                  UserError);
  const Config forOneSize = configFor(folder, "autoAvoidRepeatLambda=,autoAvoidRepeatLambda9x9=1");
  const auto memory = AutoAvoid::fromConfig(forOneSize, log, seeds);
  CHECK(forOneSize.unusedKeys().empty());
  memory->record(gameOf({"C3"}, 5), *parsePoint("B2", 5, 5));
  memory->saveAll();  // 5x5 has no lambda: logged, not fatal
  CHECK(folder.files("5x5").empty());
}
