// All positions of all queries that have no final reply yet: waiting ones in order of priority, running ones with
// the search to stop. Thread-safe. Spec analysis-cli-config 1.4, 1.12.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "protocol/analysis/query.h"

namespace ponnuki {

struct OpenRequest {
  AnalysisRequest request;
  uint64_t arrival = 0;
  std::function<void()> stop;  // set while a worker has it
  bool terminated = false;
};

class RequestQueue {
 public:
  void add(AnalysisRequest request);
  // Blocks for the best waiting request: larger priority, then earlier arrival. `stop` may be called at any time
  // until finished(). Null once the queue is closed and empty.
  std::shared_ptr<OpenRequest> take(const std::function<void()>& stop);
  bool isTerminated(const OpenRequest& open) const;
  void finished(const OpenRequest& open);

  // Stops running searches and removes waiting requests of the id and turns (none given: all), oldest first; every
  // removed one is passed to onRemoved while the queue is locked.
  void terminate(const std::optional<std::string>& id, const std::optional<std::set<int64_t>>& turns,
                 const std::function<void(const AnalysisRequest&)>& onRemoved);
  void close();         // add() is over; take() drains what waits
  void closeAndDrop();  // forgets what waits and stops what runs

 private:
  using Rank = std::pair<int64_t, uint64_t>;  // -priority, arrival: the smallest is next
  static Rank rankOf(const OpenRequest& open) { return {-open.request.priority, open.arrival}; }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<uint64_t, std::shared_ptr<OpenRequest>> open_;  // by arrival
  std::map<Rank, std::shared_ptr<OpenRequest>> waiting_;
  uint64_t arrivals_ = 0;
  bool closed_ = false;
};

}  // namespace ponnuki
