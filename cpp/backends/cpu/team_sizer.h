// How many threads one run takes: found by trying, because it depends on the net, the batch and on what else
// the machine does. When other programs hold the cores, threads that have to meet dozens of times in a run
// are slower than one alone.
//
// Keeps the time per row of the best size so far and now and then gives the next smaller or larger one a
// short trial; the longer the best one stays, the rarer the trials. Not thread-safe; never changes results.
#pragma once

#include <algorithm>
#include <array>

namespace ponnuki::nn {

class TeamSizer {
 public:
  // Threads of the next run, 1 to most.
  int next(int most) {
    const int top = largestUpTo(most);
    if (best_ < 0) best_ = top;
    if (best_ > top) choose(top);
    if (trial_ >= 0 && trial_ > top) endTrial();
    if (trial_ < 0 && --untilTrial_ <= 0) startTrial(top);
    return kSizes[static_cast<size_t>(trial_ >= 0 ? trial_ : best_)];
  }

  // What the run that followed next() took. Not called if the run got fewer threads.
  void report(double secondsPerRow) {
    if (trial_ < 0) {
      if (settling_ > 0) {
        settling_--;
        return;
      }
      time_ = time_ == 0 ? secondsPerRow : time_ + (secondsPerRow - time_) * kNewWeight;
      return;
    }
    if (trialRuns_++ == 0) return;  // helpers had to wake up
    trialTime_ += secondsPerRow;
    if (trialRuns_ <= kTrialRuns) return;
    const double mean = trialTime_ / kTrialRuns;
    if (time_ > 0 && mean < time_ * kClearlyBetter) {
      choose(trial_);
      time_ = mean;
    } else {
      endTrial();
      wait_ = std::min(wait_ * 2, kLongestWait);
      untilTrial_ = wait_;
    }
  }

 private:
  static constexpr std::array<int, 8> kSizes = {1, 2, 3, 4, 6, 8, 12, 16};
  static constexpr int kTrialRuns = 4, kFirstWait = 16, kLongestWait = 512;
  static constexpr double kNewWeight = 0.1, kClearlyBetter = 0.95;

  static int largestUpTo(int most) {
    int at = 0;
    while (at + 1 < static_cast<int>(kSizes.size()) && kSizes[static_cast<size_t>(at) + 1] <= most) at++;
    return at;
  }
  void choose(int size) {
    best_ = size;
    time_ = 0;
    settling_ = 1;
    wait_ = kFirstWait;
    endTrial();
  }
  void endTrial() {
    trial_ = -1;
    untilTrial_ = wait_;
  }
  void startTrial(int top) {
    upNext_ = !upNext_;
    const int up = best_ + 1, down = best_ - 1;
    trial_ = upNext_ ? (up <= top ? up : down) : (down >= 0 ? down : up);
    if (trial_ < 0 || trial_ > top) return endTrial();  // there is only one size
    trialRuns_ = 0;
    trialTime_ = 0;
  }

  int best_ = -1;    // index into kSizes; -1: nothing is known
  double time_ = 0;  // per row, of best_; 0: not measured yet
  int settling_ = 1;
  int wait_ = kFirstWait, untilTrial_ = kFirstWait;
  bool upNext_ = false;
  int trial_ = -1;  // index into kSizes, or -1
  int trialRuns_ = 0;
  double trialTime_ = 0;
};

}  // namespace ponnuki::nn
