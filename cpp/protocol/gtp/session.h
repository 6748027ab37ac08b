// One GTP controller talking to one Bot: reads lines, interrupts what runs, dispatches to the command table.
// Spec gtp 2.4, 4, 5. Called by one thread; answers of cancellable searches come from the Bot's worker.
#pragma once

#include <iosfwd>
#include <memory>
#include <optional>
#include <string>

#include "config/config_file.h"
#include "engine/auto_avoid.h"
#include "engine/bot.h"
#include "protocol/gtp/analyze_args.h"
#include "protocol/gtp/command_line.h"
#include "protocol/gtp/response.h"

namespace ponnuki::gtp {

struct SessionSetup {
  Config* config = nullptr;  // live: kata-set-param writes into it; outlives the session
  GtpSettings settings;
  BotParams params;
  Rules rules;
  NetLoader loader;
  bool hasHumanModel = false;
  bool logsToStderr = false;
  bool forPerson = false;  // a person types: hints below errors, and the command help
  bool colours = false;
  std::optional<std::string> versionOverride;
  // At most one of the two kinds of patterns to avoid (spec gtp 3.6).
  std::shared_ptr<const PatternBonusTable> avoidedPatterns;
  std::unique_ptr<AutoAvoid> autoAvoid;
  std::shared_ptr<TreeMemoryLimit> treeMemory;  // null: no limit
};

// Reads the parameter sets from the config, with the precedence flags of spec gtp 9.2 and 9.3.
BotParams loadBotParams(const Config& config, bool hasHumanModel);

class Session {
 public:
  Session(SessionSetup setup, Logger& log, std::ostream& out, std::ostream& err);
  ~Session();

  void run(std::istream& in);             // until quit or the end of input
  bool handleLine(std::string_view raw);  // one raw line; false after quit
  void endOfInput();                      // closes what runs
  // Something may print while the next line is waited for.
  bool printsInBackground() const { return analysis_ != nullptr || bot_->hasWorker(); }

  // For the handlers.
  Bot& bot() { return *bot_; }
  const GameState& state() const { return bot_->state(); }
  Config& config() { return *setup_.config; }
  const SessionSetup& setup() const { return setup_; }
  GtpSettings& settings() { return bot_->settings(); }
  const SearchParams& paramsAtStart() const { return paramsAtStart_; }
  Logger& log() { return log_; }
  void tell(const std::string& text);          // log, and stderr unless the log goes there
  void warn(const std::string& text);          // log and always stderr
  void showOnStderr(const std::string& text);  // unless the log goes there
  void sayOnStderr(const std::string& text);   // always
  void resize(int xSize, int ySize);           // with the message about it
  void quit() { quitting_ = true; }
  AutoAvoid* autoAvoid() { return setup_.autoAvoid.get(); }  // null unless configured
  void newGameBegins();   // a good moment to save the positions of the last one
  void reloadPatterns();  // if positions were saved since
  // The response of the command being handled, to be kept by one that goes on in the background.
  std::shared_ptr<Response> keepResponse() { return current_; }
  // Prints one analysis line per report, as far as there is something to print.
  std::function<void(const Search&)> analysisReporter(const AnalyzeArgs& args,
                                                      std::shared_ptr<Response> response);
  void keepAnalysis(std::shared_ptr<Response> response) { analysis_ = std::move(response); }

 private:
  void interrupt();
  void dispatch(const ParsedLine& line);
  void fail(Response& response, const std::string& text);

  SessionSetup setup_;
  Logger& log_;
  Output out_, err_;
  SearchParams paramsAtStart_;
  std::unique_ptr<Bot> bot_;
  std::shared_ptr<Response> current_, analysis_;
  bool quitting_ = false;
};

}  // namespace ponnuki::gtp
