#include "protocol/gtp/response.h"

#include <ostream>

namespace ponnuki::gtp {

void Output::write(std::string_view text) {
  const std::lock_guard<std::mutex> lock(mutex_);
  out_ << text << std::flush;
}

void Response::finish(char status, std::string_view text) {
  std::string answer(1, status);
  answer.append(id_).append(" ").append(text);
  if (observer_) observer_(answer);
  out_.write(answer + "\n\n");
  answered_ = true;
}

void Response::begin() {
  const std::string header = "=" + id_;
  if (observer_) observer_(header);
  begun_ = true;
  out_.write(header + "\n");
}

void Response::raw(std::string_view text) {
  inLine_ = !text.empty() && text.back() != '\n';
  out_.write(text);
}

void Response::line(std::string_view text) {
  out_.write(std::string(text) + "\n");
}

void Response::end(std::string_view lastLine) {
  if (observer_ && !lastLine.empty()) observer_(std::string(lastLine));
  const bool needsNewline = !lastLine.empty() || inLine_;
  out_.write(std::string(lastLine) + (needsNewline ? "\n\n" : "\n"));
  answered_ = true;
}

}  // namespace ponnuki::gtp
