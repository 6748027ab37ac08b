#include "base/log.h"

#include <ctime>

namespace ponnuki {
namespace {

std::string stamp() {  // 2026-01-31 12:34:56+0000
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  localtime_r(&now, &parts);
  char text[64];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S%z", &parts);
  return text;
}

}  // namespace

Logger::Logger(const LogSettings& settings) : settings_(settings) {
  if (settings.file.empty()) return;
  out_.open(settings.file, std::ios::app);
  if (out_) return;
  const std::string problem = "WARNING: could not open file for logging: Could not write to file " +
                              settings.file + " - invalid path or permissions?";
  write(problem);
  if (!settings.toStderr) std::fprintf(stderr, "%s\n", problem.c_str());
}

void Logger::write(const std::string& line) {
  const std::lock_guard lock(mutex_);
  const std::string text = (settings_.timestamps ? stamp() : "") + ": " + line + "\n";
  if (settings_.toStderr) std::fputs(text.c_str(), stderr);
  if (settings_.toStdout) {
    std::fputs(text.c_str(), stdout);
    std::fflush(stdout);
  }
  for (std::ofstream* file : {&out_, &added_})
    if (file->is_open()) *file << text << std::flush;
}

bool Logger::isSilent() const { return !settings_.toStderr && !settings_.toStdout && settings_.file.empty() && !added_.is_open(); }

bool Logger::addFile(const std::string& path) {
  const std::lock_guard lock(mutex_);
  added_.open(path, std::ios::app);
  return added_.is_open();
}

void Logger::setToStderr(bool on) {
  const std::lock_guard lock(mutex_);
  settings_.toStderr = on;
}

}  // namespace ponnuki
