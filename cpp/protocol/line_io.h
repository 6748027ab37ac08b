// Lines in, lines out. Every protocol line goes through one LineWriter, so that lines of different threads never
// interleave, and each is flushed at once because clients wait for it (spec analysis-cli-config 1.4, clients 5).
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdio>
#include <deque>
#include <functional>
#include <istream>
#include <mutex>
#include <string>
#include <thread>

namespace ponnuki {

// Thread-safe: one mutex, one line, one flush. The text may hold several lines; they stay together.
class LineWriter {
 public:
  explicit LineWriter(std::FILE* out) : out_(out) {}
  virtual ~LineWriter() = default;
  LineWriter(const LineWriter&) = delete;
  LineWriter& operator=(const LineWriter&) = delete;
  virtual void write(const std::string& line);  // a newline is added

 private:
  std::mutex mutex_;
  std::FILE* out_;
};

// Like LineWriter, but write() never waits for a slow client: a thread of its own prints from an unbounded queue.
// So a client that sends a thousand queries before it reads an answer blocks nobody. The destructor prints the rest.
class QueuedLineWriter final : public LineWriter {
 public:
  // afterLine, if set, is told every line once it is out, on the writing thread.
  explicit QueuedLineWriter(std::FILE* out, std::function<void(const std::string&)> afterLine = {});
  ~QueuedLineWriter() override;
  void write(const std::string& line) override;
  void ignoreFurtherLines();  // what is queued is still printed

 private:
  void printLoop();

  std::function<void(const std::string&)> afterLine_;
  std::mutex queueMutex_;
  std::condition_variable changed_;
  std::deque<std::string> queue_;
  bool closing_ = false;
  bool ignoring_ = false;
  std::thread thread_;
};

// Splits a stream at LF; the last line may lack it. Any bytes may occur, also NUL. For one thread.
class LineReader {
 public:
  enum class Result { Line, TooLong, End };
  // A longer line is skipped without being stored and reported as TooLong, so that a client cannot eat all memory.
  explicit LineReader(std::istream& in, size_t maxLength = size_t{1} << 28) : in_(in), maxLength_(maxLength) {}
  Result next(std::string& line);

 private:
  std::istream& in_;
  size_t maxLength_;
};

}  // namespace ponnuki
