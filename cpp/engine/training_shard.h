// Files of training rows, one board size a file, gzipped. Read by scripts/train/shards.py.
//
// Layout, little-endian: one ASCII line
//   ponnuki-training-data 1 x X y Y spatial 22 global 19 scalars 16 rows N
// then N rows of:
//   float32[16] win, loss, noResult, scoreMean, scoreStdev, lead, shorttermWinloss, shorttermLead,
//   shorttermWeight,
//               varianceTime, varianceTimeWeight, outcome, finalScore, outcomeKnown, turn, phase
//   float32[19] global inputs
//   uint16[area+1] policy in units of 1/65535, pass last
//   int8[area]  ownership in units of 1/127, + = the side to move
//   uint8[ceil(22*area/8)] spatial inputs, one bit each, plane by plane, the first in the highest bit
// A file appears under its name only when whole. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/training_game.h"

namespace ponnuki {

std::string encodeTrainingRow(const TrainingRow& row);

class TrainingShards {
 public:
  // Files are folder/PREFIX-XxY-000000.train.gz and on. The folder is made if it is missing.
  TrainingShards(const std::string& folder, const std::string& prefix, int rowsPerFile);

  void add(const TrainingRow& row);
  void finish();  // writes the files that are not full
  uint64_t rows() const { return rows_; }
  int files() const { return files_; }

 private:
  struct Open {
    std::string bytes;
    int rows = 0;
    int fileNumber = 0;
  };
  void write(const std::pair<int, int>& size, Open& open);

  std::string folder_, prefix_;
  int rowsPerFile_;
  uint64_t rows_ = 0;
  int files_ = 0;
  std::map<std::pair<int, int>, Open> open_;
};

}  // namespace ponnuki
