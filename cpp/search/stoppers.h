// When a search ends (spec search 22, 23.2). One object per search; all members may be called by any of its
// threads except updateTime, which only thread 0 calls. Times in seconds since the threads started.
#pragma once

#include <atomic>
#include <limits>

#include "search/limits.h"
#include "search/search_context.h"

namespace ponnuki {

class StopRules {
 public:
  // existingVisits: of the root before the search; carriedOver: seconds spent on the tree so far.
  StopRules(const SearchContext& ctx, const SearchLimits& limits, int64_t existingVisits, double carriedOver,
            size_t maxTreeBytes);  // 0: no limit

  bool reached(int64_t playouts, double elapsed);
  void requestStop() { stop_.store(true, std::memory_order_relaxed); }
  double visitsLeft(int64_t playouts) const;  // spec 22.4
  void updateTime(double elapsed);
  bool endedForMemory() const { return endedForMemory_.load(std::memory_order_relaxed); }
  int threadsToUse() const;  // spec 22.2
  bool usesClock() const { return hasMaxTime_ || hasTimeControl_; }

 private:
  bool visitsReached(int64_t playouts) const;
  bool timeReached(int64_t playouts, double elapsed) const;
  bool memoryReached();
  double recommendedTime(double elapsed) const;
  double timeBound(double elapsed, double limit) const;
  bool othersAreFutile(double bound) const;
  void scaleByPhaseOfGame(double& recommended) const;
  void scaleByObviousness(double& recommended) const;

  const SearchContext& ctx_;
  const SearchParams& params_;
  const TimeControl clock_;
  const double searchFactor_, carriedOver_;
  const int64_t existing_;
  const size_t maxTreeBytes_;
  int64_t maxVisits_, maxPlayouts_;
  double maxTime_;
  bool hasMaxTime_, hasTimeControl_;
  std::atomic<bool> stop_{false}, endedForMemory_{false};
  std::atomic<double> timeLimit_{1e30}, visitsByTime_{1e30};
};

}  // namespace ponnuki
