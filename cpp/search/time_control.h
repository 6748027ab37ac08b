// Game clocks and how much of them to spend on one move. Times in seconds. The engine never counts clocks down
// itself: only timeLeft() changes the variable part. Value type. Spec search 23, gtp 10.
#pragma once

#include <string>

namespace ponnuki {

struct TimeControl {
  static constexpr double kUnlimitedMainTime = 1e30;
  static constexpr double kUnlimitedCap = 1e40;
  static constexpr double kMaxUserTime = 1e25;

  // The setting.
  double originalMainTime = kUnlimitedMainTime;
  double increment = 0;
  double mainTimeLimit = kUnlimitedCap;    // main time never exceeds this (capped Fischer)
  double maxTimePerMove = kUnlimitedCap;
  int originalNumPeriods = 0;
  int stonesPerPeriod = 0;
  double perPeriodTime = 0;
  // The clock now.
  double mainTimeLeft = kUnlimitedMainTime;
  bool inOvertime = false;
  int periodsLeft = 0;                     // including the current one
  int stonesLeftInPeriod = 0;
  double timeLeftInPeriod = 0;

  static TimeControl unlimited() { return {}; }
  static TimeControl absolute(double mainTime);
  static TimeControl fischer(double mainTime, double increment);
  // Negative caps mean none. Throws UserError if the cap is below the main time.
  static TimeControl fischerCapped(double mainTime, double increment, double mainTimeLimit, double maxTimePerMove);
  // These two become absolute time if nothing of the overtime is usable, and unlimited for 0 stones in >0 s.
  static TimeControl byoYomi(double mainTime, double periodTime, int periods);
  static TimeControl canadian(double mainTime, double periodTime, int stones);

  void reportTimeLeft(double time, int stones);  // GTP time_left
  bool isEffectivelyUnlimited() const;

  // Before the search-dependent adjustments. Throws UserError if the fields contradict each other.
  struct Allotment {
    double min = 0, recommended = 0, max = 0;
  };
  Allotment allot(int boardArea, int stonesOnBoard, double lagBuffer) const;

  // A planned limit, raised so that no period is wasted, after `used` seconds of this move.
  double roundUp(double used, double limit, double lagBuffer) const;

  // The one line of kata-debug-print-tc (gtp 10.5).
  std::string debugText(int boardArea, int stonesOnBoard, double lagBuffer) const;

  friend bool operator==(const TimeControl&, const TimeControl&) = default;
};

}  // namespace ponnuki
