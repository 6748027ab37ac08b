// A GTP session with invented evaluations, driven line by line.
#pragma once

#include <memory>
#include <mutex>
#include <ostream>
#include <streambuf>
#include <string>
#include <vector>

#include "base/error.h"
#include "eval/hash_evaluator.h"
#include "protocol/gtp/session.h"

namespace ponnuki::gtp {

inline const char* const kTestConfig =
    "logAllGTPCommunication = false\nlogSearchInfo = false\nrules = tromp-taylor\nallowResignation = false\n"
    "resignThreshold = -0.9\nmaxVisits = 12\nnumSearchThreads = 1\nsearchRandSeed = test\n"
    "chosenMoveTemperature = 0\nchosenMoveTemperatureEarly = 0\ndefaultBoardSize = 9\n";

// Collects output; may be read while search threads print.
class SharedText : public std::streambuf {
 public:
  std::string text() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return text_;
  }
  void clear() {
    const std::lock_guard<std::mutex> lock(mutex_);
    text_.clear();
  }

 protected:
  int overflow(int c) override {
    const char one = static_cast<char>(c);
    xsputn(&one, 1);
    return c;
  }
  std::streamsize xsputn(const char* s, std::streamsize n) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    text_.append(s, static_cast<size_t>(n));
    return n;
  }

 private:
  mutable std::mutex mutex_;
  std::string text_;
};

class GtpHarness {
 public:
  explicit GtpHarness(const std::string& overrides = "")
      : config_(Config::fromText(kTestConfig, "test.cfg")) {
    config_.applyOverrideString(overrides);
    SessionSetup setup;
    setup.config = &config_;
    setup.params = loadBotParams(config_, false);
    setup.settings = loadGtpSettings(config_);
    setup.rules = loadRules(config_);
    setup.loader = [this](int, int) {
      if (failures_ > 0) {
        failures_--;
        throw UserError("no such net");
      }
      Nets nets;
      nets.main = &net_;
      return nets;
    };
    session_ = std::make_unique<Session>(std::move(setup), log_, out_, err_);
    errText_.clear();
  }

  // Everything printed in answer to one line; the session has quit if goesOn() is false.
  std::string send(const std::string& line) {
    outText_.clear();
    goesOn_ = session_->handleLine(line);
    return outText_.text();
  }
  // The text of a successful answer, or "?..." as it is; without the blank line.
  std::string ask(const std::string& line) {
    std::string answer = send(line);
    while (!answer.empty() && answer.back() == '\n') answer.pop_back();
    return answer.rfind("= ", 0) == 0 ? answer.substr(2) : answer;
  }
  void failLoads(int times) { failures_ = times; }
  bool goesOn() const { return goesOn_; }
  std::string stderrText() const { return errText_.text(); }
  std::string waitingOutput() const { return outText_.text(); }
  Session& session() { return *session_; }

 private:
  HashEvaluator net_;
  Config config_;
  Logger log_;
  SharedText outText_, errText_;
  std::ostream out_{&outText_}, err_{&errText_};
  std::unique_ptr<Session> session_;
  bool goesOn_ = true;
  int failures_ = 0;
};

}  // namespace ponnuki::gtp
