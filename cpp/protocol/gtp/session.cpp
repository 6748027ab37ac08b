#include "protocol/gtp/session.h"

#include <iostream>

#include "base/text.h"
#include "protocol/gtp/command_table.h"

namespace ponnuki::gtp {

BotParams loadBotParams(const Config& config, bool hasHumanModel) {
  BotParams params;
  params.sets = loadGtpSearchParams(config, hasHumanModel);
  params.staticAdvantageFirst = config.has("playoutDoublingAdvantage") &&
                                !config.has("dynamicPlayoutDoublingAdvantageCapPerOppLead");
  params.patternUtilityConfigured = config.has("avoidRepeatedPatternUtility");
  return params;
}

Session::Session(SessionSetup setup, Logger& log, std::ostream& out, std::ostream& err)
    : setup_(std::move(setup)), log_(log), err_(err), out_(out), paramsAtStart_(setup_.params.sets.genmove) {
  bot_ = std::make_unique<Bot>(setup_.settings, setup_.params, setup_.loader, setup_.rules, log_);
  const Board& board = state().board();
  tell("Initializing board with boardXSize " + std::to_string(board.xSize()) + " boardYSize " +
       std::to_string(board.ySize()));
}

Session::~Session() { bot_->stop(); }

void Session::tell(const std::string& text) {
  log_.write(text);
  showOnStderr(text);
}

void Session::warn(const std::string& text) {
  log_.write(text);
  err_ << text << std::endl;
}

void Session::showOnStderr(const std::string& text) {
  if (!setup_.logsToStderr) err_ << text << std::endl;
}

void Session::resize(int xSize, int ySize) {
  if (!bot_->resize(xSize, ySize)) return;
  tell("Initializing board with boardXSize " + std::to_string(xSize) + " boardYSize " + std::to_string(ySize));
}

void Session::run(std::istream& in) {
  std::string line;
  while (std::getline(in, line)) {
    const bool goesOn = handleLine(line);
    if (!goesOn) return;
  }
  endOfInput();
}

void Session::endOfInput() {
  interrupt();
  bot_->stop();
}

// What runs in the background ends before anything else is printed (spec 4.1 step 5).
void Session::interrupt() {
  if (bot_->interrupt() && analysis_) analysis_->end();
  analysis_.reset();
}

bool Session::handleLine(std::string_view raw) {
  const std::string clean = cleanLine(raw);
  interrupt();
  if (clean.empty()) return true;
  if (setup_.settings.logAllGTPCommunication) log_.write("Controller: " + clean);
  const ParsedLine line = parseLine(clean);
  if (!line.framingError.empty()) {
    if (setup_.settings.logAllGTPCommunication) log_.write(line.framingError);
    out_.write(line.framingError + "\n");
    return true;
  }
  dispatch(line);
  return !quitting_;
}

void Session::dispatch(const ParsedLine& line) {
  Response::Observer observer;
  if (setup_.settings.logAllGTPCommunication) observer = [this](const std::string& text) { log_.write(text); };
  current_ = std::make_shared<Response>(out_, line.id, std::move(observer));
  const std::shared_ptr<Response> response = current_;
  const auto failed = [&](const std::string& text) {
    if (response->begun()) {
      showOnStderr(text);
      if (!response->answered()) response->end();
    } else if (!response->answered()) {
      response->fail(text);
    }
  };
  const Command* command = findCommand(line.name);
  if (command == nullptr) {
    failed("unknown command");
    return;
  }
  Call call{line.name, line.args, *this, *response};
  try {
    command->handler(call);
  } catch (const UserError& e) {
    failed(e.what());
  } catch (const std::exception& e) {
    log_.write(std::string("Internal error in ") + line.name + ": " + e.what());
    failed(std::string("internal error: ") + e.what());
  }
  current_.reset();
}

}  // namespace ponnuki::gtp
