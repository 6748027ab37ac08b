// The log: lines with a time stamp for people, to stderr, a file, or stdout. Thread-safe; a line is written whole.
#pragma once

#include <cstdio>
#include <fstream>
#include <mutex>
#include <string>

namespace ponnuki {

struct LogSettings {
  bool toStderr = false;
  bool toStdout = false;
  bool timestamps = true;
  std::string file;      // appended to; "" = none; one that cannot be opened is only warned of
};

class Logger {
 public:
  Logger() = default;
  explicit Logger(const LogSettings& settings);

  void write(const std::string& line);       // to every sink that is on
  bool isSilent() const;                     // no sink at all
  void setToStderr(bool on);
  bool addFile(const std::string& path);     // appended to, beside the others; false if it cannot be written

 private:
  std::mutex mutex_;
  LogSettings settings_;
  std::ofstream out_, added_;
};

}  // namespace ponnuki
