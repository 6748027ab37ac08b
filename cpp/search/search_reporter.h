// Reports of a running search, on a thread of their own.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "search/search.h"

namespace ponnuki {

struct SearchCallbacks {
  static constexpr double kNever = 1e30;  // values >= 1e7 disable
  double first = kNever;                  // seconds from the begin of the search to the first report
  double period = kNever;                 // seconds between reports
  std::function<void(const Search&)> onReport;
  std::function<void()> onBegin;                            // root is set up, playouts start
  std::function<void(Point chosen, const Search&)> onDone;  // kNullPoint if nothing was searched
  std::function<void(const std::string&)> onFailure;        // the search threw this, before onDone
};

// Calls onReport at its times. Both arguments must outlive it. silence() may be called by any thread, the
// rest by the owner.
class SearchReporter {
 public:
  SearchReporter(const Search& search, const SearchCallbacks& callbacks)
      : search_(search), callbacks_(callbacks) {}
  ~SearchReporter() { stop(); }

  void start();
  void stop();
  void stopWithReport();  // with a last report for those who would wait for more of them
  void silence();         // no report begins any more, and one being made is over when this returns

 private:
  void report(const bool& prevented);  // a flag of this object
  bool sleep(double seconds);          // false if the search is over
  void loop();

  const Search& search_;
  const SearchCallbacks& callbacks_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopped_ = false, silenced_ = false, reporting_ = false;
  std::thread thread_;
};

}  // namespace ponnuki
