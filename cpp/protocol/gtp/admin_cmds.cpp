// Commands about the engine itself (spec gtp 6.1).
#include "base/text.h"
#include "engine/version.h"
#include "protocol/gtp/handlers.h"
#include "protocol/gtp/session.h"
#include "protocol/gtp/terminal_text.h"

namespace ponnuki::gtp {

namespace {

// g170-b6c96-s175395328-d26788732 -> g170-b6c96-s175M: steps shortened, data size dropped.
std::string abbreviatedNetName(const std::string& fullName) {
  std::vector<std::string> kept;
  for (const std::string& piece : split(fullName, '-')) {
    const long long number = piece.size() > 1 ? tryInt64(piece.substr(1)).value_or(-1) : -1;
    if (piece == "kata1" || (number >= 0 && piece[0] == 'd')) continue;
    if (piece[0] == 's' && number >= 10000000)
      kept.push_back("s" + std::to_string(number / 1000000) + "M");
    else if (piece[0] == 's' && number >= 10000)
      kept.push_back("s" + std::to_string(number / 1000) + "K");
    else
      kept.push_back(piece);
  }
  return join(kept, "-");
}

}  // namespace

void protocolVersion(Call& call) {
  call.response.succeed("2");
}

void name(Call& call) {
  call.response.succeed("KataGo");
}

void version(Call& call) {
  Session& session = call.session;
  if (session.setup().versionOverride) {
    call.response.succeed(*session.setup().versionOverride);
    return;
  }
  std::string text =
      std::string(kCompatibleVersion) + "+" + abbreviatedNetName(session.bot().net().modelName());
  if (Evaluator* human = session.bot().humanNet()) text += "+" + abbreviatedNetName(human->modelName());
  call.response.succeed(text);
}

void knownCommand(Call& call) {
  if (call.args.size() != 1) call.failArgs("single argument");
  const Command* command = findCommand(call.args[0]);
  call.response.succeed(command != nullptr && command->shown == Shown::Listed ? "true" : "false");
}

void listCommands(Call& call) {
  std::vector<std::string> names;
  for (const Command& command : commandTable())
    if (command.shown == Shown::Listed) names.emplace_back(command.name);
  call.response.succeed(join(names, "\n"));
}

void help(Call& call) {
  if (call.args.empty()) {
    call.response.succeed(helpText());
    return;
  }
  const Command* command = findCommand(call.args[0]);
  if (command == nullptr) throw CommandError("unknown command " + call.args[0]);
  call.response.succeed(usageOf(*command));
}

void quit(Call& call) {
  call.response.succeed();
  call.session.log().write("Quit requested by controller");
  call.session.quit();
}

void stop(Call& call) {
  call.session.bot().stop();
  call.response.succeed();
}

void clearCache(Call& call) {
  call.session.bot().clearCaches();
  call.response.succeed();
}

void cpuTime(Call& call) {
  call.response.succeed(formatNumber(call.session.bot().genmoveSeconds()));
}

}  // namespace ponnuki::gtp
