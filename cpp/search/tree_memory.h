// How much memory a search tree may take, shared by all searches of a process so that the user is told once
// when a search had to end for it. Nodes, edges and net outputs count; the cache of evaluations does not.
// Thread-safe.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <string>

namespace ponnuki {

class TreeMemoryLimit {
 public:
  // bytesPerTree 0: no limit. tell: shows one message to the user; from any thread.
  explicit TreeMemoryLimit(size_t bytesPerTree, std::function<void(const std::string&)> tell = {})
      : bytesPerTree_(bytesPerTree), tell_(std::move(tell)) {}

  size_t bytesPerTree() const { return bytesPerTree_; }
  void noteReached(size_t nodes);  // tells, the first time

 private:
  size_t bytesPerTree_;
  std::function<void(const std::string&)> tell_;
  std::atomic<bool> told_{false};
};

}  // namespace ponnuki
