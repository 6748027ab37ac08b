// Rules and komi (spec gtp 6.3).
#include <cmath>

#include "base/text.h"
#include "protocol/gtp/handlers.h"
#include "protocol/gtp/session.h"

namespace ponnuki::gtp {

namespace {

void changeRules(Call& call, Rules rules) {
  Session& session = call.session;
  rules.komi = session.state().rules().komi;
  session.tell("Changed rules to " + rules.niceName());
  if (!(rules.nearestSupported(session.bot().net().modelVersion()) == rules))
    throw CommandError("Rules " + rules.toJson(false) + " are not supported by this neural net version");
  session.bot().setRules(rules);
  call.response.succeed();
}

}  // namespace

void komi(Call& call) {
  Session& session = call.session;
  const std::optional<float> value = call.args.size() == 1 ? tryFloat(call.args[0]) : std::nullopt;
  if (!value) call.failArgs("single float argument");
  if (std::fabs(*value) > kMaxUserKomi) throw CommandError("unacceptable komi");
  if (!isHalfInteger(*value)) throw CommandError("komi must be an integer or half-integer");
  session.bot().setKomi(session.settings().ignoreGTPAndForceKomi.value_or(*value));
  call.response.succeed();
  session.bot().ponderIfGameStarted();
}

void getKomi(Call& call) {
  call.response.succeed(formatNumber(call.session.state().rules().komi));
}

void getRules(Call& call) {
  if (!call.args.empty())
    call.response.succeed("Expected no arguments for kata-get-rules but got '" + call.joined() + "'");
  else
    call.response.succeed(call.session.state().rules().toJson(false));
}

void setRules(Call& call) {
  const std::string text = call.joined();
  Rules rules;
  try {
    rules = Rules::parse(text, false);
  } catch (const UserError& e) {
    throw CommandError("Unknown rules '" + text + "', " + e.what());
  }
  changeRules(call, rules);
}

void setRule(Call& call) {
  if (call.args.size() != 2) call.failArgs("two arguments");
  changeRules(call, call.session.state().rules().withChanged(call.args[0], toUpper(call.args[1])));
}

void kgsRules(Call& call) {
  if (call.args.empty()) throw CommandError("Expected one argument kgs-rules");
  const std::string asked = toLower(call.args[0]);
  if (asked == "chinese")
    changeRules(call, Rules::parse("chinese-kgs", false));
  else if (asked == "aga" || asked == "new_zealand" || asked == "japanese")
    changeRules(call, Rules::parse(asked, false));
  else
    throw CommandError("Unknown rules '" + asked + "'");
}

}  // namespace ponnuki::gtp
