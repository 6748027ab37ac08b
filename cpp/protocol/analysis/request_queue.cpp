#include "protocol/analysis/request_queue.h"

namespace ponnuki {

void RequestQueue::add(AnalysisRequest request) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    auto open = std::make_shared<OpenRequest>();
    open->request = std::move(request);
    open->arrival = arrivals_++;
    waiting_[rankOf(*open)] = open;
    open_[open->arrival] = std::move(open);
  }
  changed_.notify_one();
}

std::shared_ptr<OpenRequest> RequestQueue::take(const std::function<void()>& stop) {
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait(lock, [this] { return closed_ || !waiting_.empty(); });
  if (waiting_.empty())
    return nullptr;
  const std::shared_ptr<OpenRequest> open = waiting_.begin()->second;
  waiting_.erase(waiting_.begin());
  open->stop = stop;
  return open;
}

bool RequestQueue::isTerminated(const OpenRequest& open) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return open.terminated;
}

void RequestQueue::finished(const OpenRequest& open) {
  const std::lock_guard<std::mutex> lock(mutex_);
  open_.erase(open.arrival);
}

void RequestQueue::terminate(const std::optional<std::string>& id, const std::optional<std::set<int64_t>>& turns,
                             const std::function<void(const AnalysisRequest&)>& onRemoved) {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (auto it = open_.begin(); it != open_.end();) {
    OpenRequest& open = *it->second;
    const AnalysisRequest& request = open.request;
    const bool matches = (!id || request.settings->id == *id) && (!turns || turns->count(request.turn) != 0);
    if (!matches || open.terminated) {
      ++it;
      continue;
    }
    open.terminated = true;
    if (open.stop) {
      open.stop();
      ++it;
    } else {
      onRemoved(request);
      waiting_.erase(rankOf(open));
      it = open_.erase(it);
    }
  }
}

void RequestQueue::close() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    closed_ = true;
  }
  changed_.notify_all();
}

void RequestQueue::closeAndDrop() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    closed_ = true;
    waiting_.clear();
    for (auto& [arrival, open] : open_) {
      open->terminated = true;
      if (open->stop)
        open->stop();
    }
  }
  changed_.notify_all();
}

}  // namespace ponnuki
