#include "search/search_reporter.h"

#include <algorithm>
#include <chrono>

namespace ponnuki {
namespace {

constexpr double kDisabledAbove = 1e7;

}  // namespace

void SearchReporter::start() {
  if (!callbacks_.onReport || (callbacks_.first >= kDisabledAbove && callbacks_.period >= kDisabledAbove))
    return;
  thread_ = std::thread([this] { loop(); });
}

void SearchReporter::stop() {
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    stopped_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void SearchReporter::stopWithReport() {
  stop();
  if (callbacks_.onReport) report(silenced_);
}

void SearchReporter::silence() {
  std::unique_lock<std::mutex> lock(mutex_);
  stopped_ = silenced_ = true;
  wake_.notify_all();
  wake_.wait(lock, [this] { return !reporting_; });
}

void SearchReporter::report(const bool& prevented) {
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    if (prevented) return;
    reporting_ = true;
  }
  callbacks_.onReport(search_);
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    reporting_ = false;
  }
  wake_.notify_all();
}

bool SearchReporter::sleep(double seconds) {
  std::unique_lock<std::mutex> lock(mutex_);
  return !wake_.wait_for(lock, std::chrono::duration<double>(seconds), [this] { return stopped_; });
}

void SearchReporter::loop() {
  double wait = std::max(0.0, callbacks_.first);
  if (wait >= kDisabledAbove) return;
  if (!sleep(wait)) return;
  const double longest = std::max(callbacks_.first, callbacks_.period < 0 ? 1.0 : callbacks_.period);
  RootValues values;
  while (!search_.rootValues(values)) {
    wait = std::min(1.25 * wait + 0.001, longest);
    if (!sleep(wait)) return;
  }
  report(stopped_);
  while (callbacks_.period < kDisabledAbove && sleep(std::max(0.0, callbacks_.period))) report(stopped_);
}

}  // namespace ponnuki
