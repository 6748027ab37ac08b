// The record about players and game that human-imitating nets take as input (spec nn-inputs 11). Times in
// seconds. Everything is per colour in the record and relative to the side to move in the row. Value type.
#pragma once

#include <cstdint>
#include <string>

#include "base/hash128.h"
#include "game/color.h"

namespace ponnuki {

struct SgfMetadata {
  static constexpr int kChannels = 192;

  enum class TimeControl { Unknown = 1, None, Absolute, Simple, ByoYomi, Canadian, Fischer };
  struct Player {
    int inverseRank = 0;  // 9d = 1, 1d = 9, 1k = 10, 20k = 29; 0 = stronger than 9d
    bool isUnranked = false;
    bool rankIsUnknown = false;
    bool isHuman = false;
  };

  bool initialized = false;
  Player black, white;
  bool gameIsUnrated = false;
  bool gameRatednessIsUnknown = false;
  TimeControl timeControl = TimeControl::Unknown;
  double mainTime = 0;
  double periodTime = 0;
  int byoYomiPeriods = 0;
  int canadianMoves = 0;
  int64_t daysSince1970 = 0;
  int source = 0;  // 0..15; 1 OGS, 2 KGS, 3 Fox, 4 Tygem, 5 GoGoD, 6 Go4Go

  // humanSLProfile: "", rank_5k, preaz_3d_1k, proyear_1985, ... Throws UserError on any other name.
  static SgfMetadata fromProfile(const std::string& name);

  // row has kChannels values, all written. Needs `initialized`; throws UserError on an impossible source.
  void fillRow(float* row, Color pla, int boardArea) const;
  Hash128 hash(Color pla) const;  // goes into the net hash; throws UserError on values out of range
};

int64_t daysFromCivil(int year, int month, int day);  // days since 1970-01-01, proleptic Gregorian

}  // namespace ponnuki
