#include "protocol/gtp/session.h"

#include <ostream>

#include "base/text.h"
#include "protocol/gtp/command_table.h"
#include "protocol/gtp/format.h"
#include "protocol/gtp/terminal_text.h"
#include "protocol/line_io.h"

namespace ponnuki::gtp {

namespace {
// Room for any sensible JSON or list of stones, and yet little memory when split at its blanks.
constexpr size_t kMaxLineLength = size_t{1} << 22;
}  // namespace

BotParams loadBotParams(const Config& config, bool hasHumanModel) {
  BotParams params;
  params.sets = loadGtpSearchParams(config, hasHumanModel);
  params.staticAdvantageFirst =
      config.has("playoutDoublingAdvantage") && !config.has("dynamicPlayoutDoublingAdvantageCapPerOppLead");
  params.patternUtilityConfigured = config.has("avoidRepeatedPatternUtility");
  return params;
}

Session::Session(SessionSetup setup, Logger& log, std::ostream& out, std::ostream& err)
    : setup_(std::move(setup)), log_(log), out_(out), err_(err), paramsAtStart_(setup_.params.sets.genmove) {
  bot_ = std::make_unique<Bot>(setup_.settings, setup_.params, setup_.loader, setup_.rules, log_);
  bot_->setAvoidedPatterns(setup_.avoidedPatterns);
  bot_->setTreeMemoryLimit(setup_.treeMemory);
  const Board& board = state().board();
  tell("Initializing board with boardXSize " + std::to_string(board.xSize()) + " boardYSize " +
       std::to_string(board.ySize()));
}

Session::~Session() {
  bot_->stop();
  if (AutoAvoid* memory = autoAvoid()) memory->saveAll();
}

void Session::newGameBegins() {
  if (AutoAvoid* memory = autoAvoid()) memory->saveIfFull();
}

void Session::reloadPatterns() {
  AutoAvoid* memory = autoAvoid();
  if (memory == nullptr || !memory->savedSinceLoad()) return;
  try {
    bot_->setAvoidedPatterns(memory->load());
  } catch (const UserError& e) {  // the old ones stay
    log_.write(e.what());
  }
}

void Session::tell(const std::string& text) {
  log_.write(text);
  showOnStderr(text);
}

void Session::warn(const std::string& text) {
  log_.write(text);
  sayOnStderr(text);
}

void Session::showOnStderr(const std::string& text) {
  if (!setup_.logsToStderr) sayOnStderr(text);
}

void Session::sayOnStderr(const std::string& text) {
  err_.write(text + "\n");
}

std::function<void(const Search&)> Session::analysisReporter(const AnalyzeArgs& args,
                                                             std::shared_ptr<Response> response) {
  return [this, args, response = std::move(response)](const Search& search) {
    const GtpSettings& now = settings();
    SearchReport report;
    if (!search.makeReport(reportOptions(args, now.analysisPVLen), report)) return;
    const std::string line =
        analysisLine(report, args, flipsToBlack(now.reportAnalysisWinratesAs, args.player),
                     search.rootState(), now.preventCleanupPhase);
    if (!line.empty()) response->line(line);
  };
}

void Session::resize(int xSize, int ySize) {
  if (!bot_->resize(xSize, ySize)) return;
  tell("Initializing board with boardXSize " + std::to_string(xSize) + " boardYSize " +
       std::to_string(ySize));
}

void Session::run(std::istream& in) {
  LineReader reader(in, kMaxLineLength);
  std::string line;
  while (true) {
    const LineReader::Result result = reader.next(line);
    if (result == LineReader::Result::End) break;
    if (result == LineReader::Result::TooLong) line = "line-too-long";  // answered as an unknown command
    if (!handleLine(line)) return;
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

// A failure as the protocol wants it: once an answer has begun it can only be closed.
void Session::fail(Response& response, const std::string& text) {
  if (response.begun()) {
    showOnStderr(text);
    if (!response.answered()) response.end();
  } else if (!response.answered()) {
    response.fail(text);
  }
}

void Session::dispatch(const ParsedLine& line) {
  Response::Observer observer;
  if (setup_.settings.logAllGTPCommunication)
    observer = [this](const std::string& text) { log_.write(text); };
  current_ = std::make_shared<Response>(out_, line.id, std::move(observer));
  const std::shared_ptr<Response> response = current_;
  const Command* command = findCommand(line.name);
  if (command == nullptr || (command->shown == Shown::Terminal && !setup_.forPerson)) {
    fail(*response, setup_.forPerson ? "unknown command. " + hintFor(line.name) : "unknown command");
    return;
  }
  Call call{line.name, line.args, *this, *response};
  try {
    command->handler(call);
  } catch (const UserError& e) {
    const std::string hint = setup_.forPerson ? "\nusage: " + usageOf(*command) : "";
    fail(*response, e.what() + hint);
  } catch (const std::exception& e) {
    log_.write(std::string("Internal error in ") + line.name + ": " + e.what());
    fail(*response, std::string("internal error: ") + e.what());
  }
  if (!bot_->isUsable()) quit();
  current_.reset();
}

}  // namespace ponnuki::gtp
