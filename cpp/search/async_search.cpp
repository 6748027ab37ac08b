#include "search/async_search.h"

#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

namespace ponnuki {

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
  bool silenced = false;               // the running job makes no more reports
  SearchReporter* reporter = nullptr;  // of the running job
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
    Announced(Impl& impl, SearchReporter& own) : impl_(impl) { set(&own); }
    ~Announced() { set(nullptr); }
    Announced(const Announced&) = delete;
    Announced& operator=(const Announced&) = delete;

   private:
    void set(SearchReporter* own) {
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
      SearchReporter ownSearchReporter(*search, current.callbacks);
      const Announced announced(*this, ownSearchReporter);
      search->run(current.limits, [&] {
        if (current.callbacks.onBegin) current.callbacks.onBegin();
        const std::lock_guard<std::mutex> guard(mutex);
        if (!silenced) ownSearchReporter.start();
        if (stopRequested) search->requestStop();
      });
      search->lastEndedForMemory() ? ownSearchReporter.stopWithReport() : ownSearchReporter.stop();
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
