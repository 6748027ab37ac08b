#include "search/async_search.h"

#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

namespace ponnuki {

namespace {

constexpr double kDisabledAbove = 1e7;

// Calls the report callback at its times while a search runs.
class Reporter {
 public:
  Reporter(const Search& search, const SearchCallbacks& callbacks) : search_(search), callbacks_(callbacks) {}
  ~Reporter() { stop(); }

  void start() {
    if (!callbacks_.onReport || (callbacks_.first >= kDisabledAbove && callbacks_.period >= kDisabledAbove))
      return;
    thread_ = std::thread([this] { loop(); });
  }

  void stop() {
    {
      const std::lock_guard<std::mutex> guard(mutex_);
      stopped_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

  // Stops, with a last report for those who would wait for more of them.
  void stopWithReport() {
    stop();
    if (callbacks_.onReport) report(silenced_);
  }

  // No report begins any more, and one being made is over when this returns.
  void silence() {
    std::unique_lock<std::mutex> lock(mutex_);
    stopped_ = silenced_ = true;
    wake_.notify_all();
    wake_.wait(lock, [this] { return !reporting_; });
  }

 private:
  void report(const bool& prevented) {   // a flag of this object
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

  bool sleep(double seconds) {   // false if the search is over
    std::unique_lock<std::mutex> lock(mutex_);
    return !wake_.wait_for(lock, std::chrono::duration<double>(seconds), [this] { return stopped_; });
  }

  void loop() {
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

  const Search& search_;
  const SearchCallbacks& callbacks_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopped_ = false, silenced_ = false, reporting_ = false;
  std::thread thread_;
};

}  // namespace

struct AsyncSearch::Impl {
  struct Job {
    SearchLimits limits;
    SearchCallbacks callbacks;
  };

  std::unique_ptr<Search> search;
  mutable std::mutex mutex;
  std::mutex reporterMutex;
  std::condition_variable changed;
  std::unique_ptr<Job> job;  // waiting for the controller
  bool running = false;      // from the start of a job to the end of its completion callback
  bool stopRequested = false;
  bool quit = false;
  bool silenced = false;            // the running job makes no more reports
  Reporter* reporter = nullptr;     // of the running job
  Point lastMove = kNullPoint;
  std::exception_ptr failure;  // of the last job, for genmoveSync
  double lastFactor = 1;
  std::thread controller;

  explicit Impl(std::unique_ptr<Search> s) : search(std::move(s)), controller([this] { controlLoop(); }) {}

  ~Impl() {
    stop();
    wait();
    {
      const std::lock_guard<std::mutex> guard(mutex);
      quit = true;
    }
    changed.notify_all();
    controller.join();
  }

  void controlLoop() {
    std::unique_lock<std::mutex> lock(mutex);
    while (true) {
      changed.wait(lock, [this] { return job || quit; });
      if (quit) return;
      const std::unique_ptr<Job> current = std::move(job);
      lock.unlock();
      perform(*current);
      lock.lock();
      running = false;
      stopRequested = false;
      changed.notify_all();
    }
  }

  // Makes the reporter known to endReports() for its lifetime.
  class Announced {
   public:
    Announced(Impl& impl, Reporter& own) : impl_(impl) { set(&own); }
    ~Announced() { set(nullptr); }
    Announced(const Announced&) = delete;
    Announced& operator=(const Announced&) = delete;

   private:
    void set(Reporter* own) {
      const std::lock_guard<std::mutex> guard(impl_.reporterMutex);
      impl_.reporter = own;
    }
    Impl& impl_;
  };

  void endReports() {
    {
      const std::lock_guard<std::mutex> guard(mutex);
      silenced = true;
    }
    const std::lock_guard<std::mutex> guard(reporterMutex);
    if (reporter) reporter->silence();
  }

  void perform(const Job& current) {
    Point move = kNullPoint;
    try {
      Reporter ownReporter(*search, current.callbacks);
      const Announced announced(*this, ownReporter);
      search->run(current.limits, [&] {
        if (current.callbacks.onBegin) current.callbacks.onBegin();
        const std::lock_guard<std::mutex> guard(mutex);
        if (!silenced) ownReporter.start();
        if (stopRequested) search->requestStop();
      });
      search->lastEndedForMemory() ? ownReporter.stopWithReport() : ownReporter.stop();
      move = search->chooseMove();
    } catch (const std::exception& e) {
      {
        const std::lock_guard<std::mutex> guard(mutex);
        failure = std::current_exception();
      }
      if (current.callbacks.onFailure) current.callbacks.onFailure(e.what());
    }
    lastMove = move;
    if (current.callbacks.onDone) current.callbacks.onDone(move, *search);
  }

  void start(const SearchLimits& limits, SearchCallbacks callbacks) {
    {
      const std::lock_guard<std::mutex> guard(mutex);
      failure = nullptr;
      stopRequested = silenced = false;
      running = true;
      job = std::make_unique<Job>(Job{limits, std::move(callbacks)});
    }
    changed.notify_all();
  }

  void stop() {
    const std::lock_guard<std::mutex> guard(mutex);
    if (!running) return;
    stopRequested = true;
    search->requestStop();
  }

  void wait() {
    std::unique_lock<std::mutex> lock(mutex);
    changed.wait(lock, [this] { return !running; });
  }

  void prepare(Color toMove) {
    stop();
    wait();
    if (search->rootPlayer() != toMove) search->setPlayerAndClearHistory(toMove);
  }
};

AsyncSearch::AsyncSearch(std::unique_ptr<Search> search) : impl_(std::make_unique<Impl>(std::move(search))) {}
AsyncSearch::~AsyncSearch() = default;

const Search& AsyncSearch::search() const {
  return *impl_->search;
}

Search& AsyncSearch::stopped() {
  stopAndWait();
  return *impl_->search;
}

void AsyncSearch::genmove(Color toMove, const SearchLimits& limits, SearchCallbacks callbacks) {
  impl_->prepare(toMove);
  impl_->lastFactor = limits.searchFactor;
  impl_->start(limits, std::move(callbacks));
}

Point AsyncSearch::genmoveSync(Color toMove, const SearchLimits& limits, SearchCallbacks callbacks) {
  genmove(toMove, limits, std::move(callbacks));
  impl_->wait();
  if (impl_->failure) std::rethrow_exception(impl_->failure);
  return impl_->lastMove;
}

void AsyncSearch::analyze(Color toMove, double searchFactor, SearchCallbacks callbacks) {
  impl_->prepare(toMove);
  SearchLimits limits;
  limits.searchFactor = searchFactor;
  impl_->start(limits, std::move(callbacks));
}

void AsyncSearch::ponder() {
  ponder(impl_->lastFactor);
}

void AsyncSearch::ponder(double searchFactor) {
  if (isRunning()) return;
  SearchLimits limits;
  limits.pondering = true;
  limits.searchFactor = searchFactor;
  impl_->start(limits, {});
}

void AsyncSearch::stopWithoutWait() {
  impl_->stop();
}

void AsyncSearch::stopAndEndReports() {
  impl_->stop();
  impl_->endReports();
}

void AsyncSearch::stopAndWait() {
  impl_->stop();
  impl_->wait();
}

void AsyncSearch::waitToEnd() {
  impl_->wait();
}

bool AsyncSearch::isRunning() const {
  const std::lock_guard<std::mutex> guard(impl_->mutex);
  return impl_->running;
}

}  // namespace ponnuki
