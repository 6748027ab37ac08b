// The answer to one command (spec gtp 4.2). Either succeed() or fail() once, or begin(), any number of
// line()s and end() for commands that print while they work. Output is thread-safe; a Response is used by one
// thread at a time, but line() may come from another thread than begin().
#pragma once

#include <atomic>
#include <functional>
#include <iosfwd>
#include <mutex>
#include <string>
#include <string_view>

namespace ponnuki::gtp {

// Writes whole pieces and flushes each: clients read from a pipe.
class Output {
 public:
  explicit Output(std::ostream& out) : out_(out) {}
  void write(std::string_view text);

 private:
  std::mutex mutex_;
  std::ostream& out_;
};

class Response {
 public:
  using Observer = std::function<void(const std::string&)>;  // is told every text, for the log

  Response(Output& out, std::string id, Observer observer = {})
      : out_(out), id_(std::move(id)), observer_(std::move(observer)) {}

  void succeed(std::string_view text = "") { finish('=', text); }
  void fail(std::string_view text) { finish('?', text); }

  void begin();                     // "=ID" at once: failure is no longer possible
  void raw(std::string_view text);  // between begin and end, as it is
  void line(std::string_view text);
  void end(std::string_view lastLine = "");  // the closing blank line, after lastLine if there is one

  bool begun() const { return begun_; }
  bool answered() const { return answered_; }

 private:
  void finish(char status, std::string_view text);

  Output& out_;
  std::string id_;
  Observer observer_;
  std::atomic<bool> begun_{false}, answered_{false}, inLine_{false};
};

}  // namespace ponnuki::gtp
