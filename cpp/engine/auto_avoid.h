// Remembers the positions in which the engine chose a move, in files by board size, and turns those of
// earlier sessions into pattern penalties, so that games vary: the autoAvoidRepeat... keys (spec
// gtp 3.6, 9.15). Penalties are utilities. record() may be called by any one thread at a time, the rest by
// the owner's.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/rng.h"
#include "config/config_file.h"
#include "search/pattern_bonus.h"

namespace ponnuki {

struct AutoAvoidSettings {  // of one board size
  double utility = 0, lambda = 1;
  int minTurn = 0, maxTurn = 0;
  int64_t maxPositions = 0;
};

class AutoAvoid {
 public:
  // Null if autoAvoidRepeatDir is not set. UserError if it is no folder, or a key needed is missing.
  static std::unique_ptr<AutoAvoid> fromConfig(const Config& config, Logger& log, Rng& seeds);

  // The penalties from all files, of all board sizes. Deletes files beyond autoAvoidRepeatMaxPoses positions.
  std::shared_ptr<const PatternBonusTable> load();

  void record(const GameState& before, Point move);  // `move` was chosen for the side to move
  void saveIfFull();  // when autoAvoidRepeatSaveChunkSize positions came together
  void saveAll();     // a folder that cannot be written is only logged
  bool savedSinceLoad() const { return savedSinceLoad_; }

 private:
  struct Sample {
    int xSize, ySize, turn;
    std::string line;  // as it goes into the file
  };

  AutoAvoid(const Config& config, Logger& log, Rng& seeds);
  void checkKeys() const;
  AutoAvoidSettings settingsFor(const std::string& sizeName) const;
  void loadFolder(const std::string& folder, const std::string& sizeName, PatternBonusTable& table);
  std::string writeFileFor(const std::string& sizeName, const std::string& text);

  const Config& config_;
  Logger& log_;
  Rng& seeds_;
  std::string folder_;
  size_t chunk_;
  std::vector<Sample> samples_;
  bool savedSinceLoad_ = false;
};

}  // namespace ponnuki
