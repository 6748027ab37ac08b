// Runs one search at a time on a thread of its own, so that front ends stay responsive. Spec search 24.
//
// Every call that changes state stops the running search first and waits. Report callbacks run on a thread of
// this class while the search goes on: they may call search().makeReport() and the other thread-safe members
// of Search, nothing else. The completion callback runs on the controller thread after the search has ended
// and before isRunning() turns false; it must not call back into AsyncSearch except stopWithoutWait(). The
// public members are to be called by one thread; stopWithoutWait() and isRunning() by any.
#pragma once

#include <memory>

#include "search/search_reporter.h"

namespace ponnuki {

class AsyncSearch {
 public:
  explicit AsyncSearch(std::unique_ptr<Search> search);
  ~AsyncSearch();  // stops and waits
  AsyncSearch(const AsyncSearch&) = delete;
  AsyncSearch& operator=(const AsyncSearch&) = delete;

  const Search& search() const;  // position, parameters, reports
  Search& stopped();             // stops, waits, and then allows any change

  // Starts a search for toMove: out of turn, the position becomes its with a cleared history. Returns at
  // once.
  void genmove(Color toMove, const SearchLimits& limits, SearchCallbacks callbacks = {});
  Point genmoveSync(Color toMove, const SearchLimits& limits, SearchCallbacks callbacks = {});
  // No clock, not pondering; searchFactor 1e40 = without limits of visits and time.
  void analyze(Color toMove, double searchFactor, SearchCallbacks callbacks);
  // Ignored if something is running. searchFactor: that of the last genmove.
  void ponder();
  void ponder(double searchFactor);

  void stopWithoutWait();
  // The search threads may finish what they are at; but when this returns there is no report any more.
  void stopAndEndReports();
  void stopAndWait();
  void waitToEnd();  // lets the running search finish by itself
  bool isRunning() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ponnuki
