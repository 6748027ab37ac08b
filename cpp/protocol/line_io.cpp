#include "protocol/line_io.h"

#include <utility>

namespace ponnuki {

void LineWriter::write(const std::string& line) {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::fwrite(line.data(), 1, line.size(), out_);
  std::fputc('\n', out_);
  std::fflush(out_);
}

QueuedLineWriter::QueuedLineWriter(std::FILE* out, std::function<void(const std::string&)> afterLine)
    : LineWriter(out), afterLine_(std::move(afterLine)), thread_([this] { printLoop(); }) {}

QueuedLineWriter::~QueuedLineWriter() {
  {
    const std::lock_guard<std::mutex> lock(queueMutex_);
    closing_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void QueuedLineWriter::write(const std::string& line) {
  {
    const std::lock_guard<std::mutex> lock(queueMutex_);
    if (ignoring_)
      return;
    queue_.push_back(line);
  }
  changed_.notify_one();
}

void QueuedLineWriter::ignoreFurtherLines() {
  const std::lock_guard<std::mutex> lock(queueMutex_);
  ignoring_ = true;
}

void QueuedLineWriter::printLoop() {
  std::unique_lock<std::mutex> lock(queueMutex_);
  while (true) {
    changed_.wait(lock, [this] { return closing_ || !queue_.empty(); });
    if (queue_.empty())
      return;
    const std::string line = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    LineWriter::write(line);
    if (afterLine_)
      afterLine_(line);
    lock.lock();
  }
}

LineReader::Result LineReader::next(std::string& line) {
  line.clear();
  std::streambuf* buffer = in_.rdbuf();
  size_t length = 0;
  while (true) {
    const int c = buffer->sbumpc();
    if (c == std::char_traits<char>::eof()) {
      if (length == 0)
        return Result::End;
      break;
    }
    if (c == '\n')
      break;
    if (++length <= maxLength_)
      line.push_back(static_cast<char>(c));
  }
  if (length <= maxLength_)
    return Result::Line;
  line.clear();
  return Result::TooLong;
}

}  // namespace ponnuki
