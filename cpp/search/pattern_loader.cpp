#include "search/pattern_loader.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "game/sgf.h"

namespace ponnuki {

namespace {

namespace fs = std::filesystem;

constexpr const char* kSkipMark = "%SKIP%";

struct PatternSet {
  double utility = 0, lambda = 1;
  int minTurn = 0, maxFiles = 1000000;
  std::set<std::string> allowedNames;   // empty: all
  std::vector<std::string> dirs;
};

// Keys may carry a "0" at the end, which takes precedence.
std::string presentKey(const Config& config, const std::string& key) {
  return config.has(key + "0") ? key + "0" : key;
}

PatternSet readSet(const Config& config, const std::string& prefix) {
  const auto key = [&](const char* name) { return presentKey(config, prefix + name); };
  PatternSet s;
  s.utility = config.getDouble(key("Utility"), -3, 3);
  s.lambda = config.getDouble(key("Lambda"), 0, 1, 1.0);
  s.minTurn = config.getInt(key("MinTurnNumber"), 0, 1000000, 0);
  s.maxFiles = config.getInt(key("MaxFiles"), 1, 1000000, 1000000);
  if (config.has(key("AllowedNames")))
    for (const std::string& name : config.getStrings(key("AllowedNames"))) s.allowedNames.emplace(trim(name));
  s.dirs = config.getStrings(key("Dirs"));
  return s;
}

std::vector<fs::path> newestFirst(const PatternSet& set) {
  std::vector<std::pair<fs::file_time_type, fs::path>> files;
  for (const std::string& dir : set.dirs) {
    std::error_code error;
    fs::recursive_directory_iterator it(dir, error);
    if (error)
      throw UserError("Could not read the folder '" + dir + "' named by avoidSgfPatternDirs: " + error.message() +
                      "; expected a folder of .sgf files");
    for (const fs::directory_entry& entry : it)
      if (entry.is_regular_file() && toLower(entry.path().extension().string()) == ".sgf")
        files.emplace_back(entry.last_write_time(), entry.path());
  }
  std::stable_sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  if (files.size() > static_cast<size_t>(set.maxFiles)) files.resize(static_cast<size_t>(set.maxFiles));
  std::vector<fs::path> paths;
  for (auto& f : files) paths.push_back(std::move(f.second));
  return paths;
}

void addGame(const Sgf& sgf, const PatternSet& set, double penalty, PatternBonusTable& table) {
  PatternBonusTable::Done done;
  forEachSgfPosition(sgf, [&](const GameState& state, const std::string& comment) {
    if (state.moves().empty() || comment.find(kSkipMark) != std::string::npos) return;
    const Move move = state.moves().back();
    if (state.turnNumber() - 1 < set.minTurn) return;
    if (!set.allowedNames.empty() && set.allowedNames.count(sgf.playerName(move.player)) == 0) return;
    table.avoid(state.recentBoard(1), move, penalty, done);
  });
}

void addSet(const PatternSet& set, PatternBonusTable& table, Logger& log) {
  int index = 0;
  for (const fs::path& path : newestFirst(set)) {
    try {
      addGame(Sgf::load(path.string()), set, set.utility * std::pow(set.lambda, index), table);
      index++;
    } catch (const UserError& e) {
      log.write("Skipping " + path.string() + " for avoidSgfPattern: " + e.what());
    }
  }
  log.write("Loaded patterns of " + std::to_string(index) + " game records to avoid");
}

}  // namespace

std::shared_ptr<const PatternBonusTable> loadAvoidedPatterns(const Config& config, Logger& log) {
  std::shared_ptr<PatternBonusTable> table;
  for (int number = 1;; number++) {
    const std::string prefix = "avoidSgf" + (number == 1 ? std::string() : std::to_string(number)) + "Pattern";
    if (!config.has(presentKey(config, prefix + "Utility"))) return table;
    if (!table) table = std::make_shared<PatternBonusTable>();
    addSet(readSet(config, prefix), *table, log);
  }
}

}  // namespace ponnuki
