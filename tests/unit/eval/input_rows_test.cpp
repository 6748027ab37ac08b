#include <doctest/doctest.h>

#include <filesystem>

#include "eval/features.h"
#include "eval/input_rows.h"

using namespace ponnuki;

TEST_CASE("input rows written to a file read back as they were, on a smaller board too") {
  GameState state(Board(9, 9), Color::Black, Rules::parse("japanese", false));
  InputRows rows;
  addInputRow(rows, state, {});
  for (const char* move : {"E5", "C3", "D5"})
    REQUIRE(state.playTolerant(*parsePoint(move, 9, 9), state.toMove()));
  addInputRow(rows, state, {});
  REQUIRE(rows.count == 2);
  const size_t row = rows.spatial.size() / 2;
  CHECK(std::vector<float>(rows.spatial.begin(), rows.spatial.begin() + static_cast<ptrdiff_t>(row)) !=
        std::vector<float>(rows.spatial.begin() + static_cast<ptrdiff_t>(row), rows.spatial.end()));

  const std::string path = (std::filesystem::temp_directory_path() / "ponnuki_input_rows_test.npz").string();
  writeInputRows(path, rows);
  const InputRows back = readInputRows(path, 0, 10), second = readInputRows(path, 1, 10);
  std::filesystem::remove(path);
  CHECK(back.count == 2);
  CHECK(back.spatial == rows.spatial);
  CHECK(back.global == rows.global);
  CHECK(second.count == 1);
  CHECK(std::equal(second.global.begin(), second.global.end(), rows.global.begin() + rows.globalChannels));
}
