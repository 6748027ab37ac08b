// Reading and changing parameters while running (spec gtp 6.8).
#include <map>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "protocol/gtp/handlers.h"
#include "protocol/gtp/session.h"

namespace ponnuki::gtp {

namespace {

const char* boolText(bool b) {
  return b ? "true" : "false";
}

// Parameters that are not search parameters of one set: as plain text, in the order of kata-list-params.
struct SpecialParam {
  const char* name;
  std::string (*value)(Session&);
};
const GtpSearchParams& sets(Session& s) {
  return s.bot().params().sets;
}
constexpr SpecialParam kSpecial[] = {
    {"analysisWideRootNoise", [](Session& s) { return formatNumber(sets(s).analysis.wideRootNoise); }},
    {"analysisIgnorePreRootHistory",
     [](Session& s) { return std::string(boolText(sets(s).analysis.ignorePreRootHistory)); }},
    {"genmoveAntiMirror", [](Session& s) { return std::string(boolText(sets(s).genmove.antiMirror)); }},
    {"antiMirror", [](Session& s) { return std::string(boolText(sets(s).analysis.antiMirror)); }},
    {"humanSLProfile",
     [](Session& s) {
       return s.config().has("humanSLProfile") ? s.config().values().at("humanSLProfile") : std::string();
     }},
    {"allowResignation", [](Session& s) { return std::string(boolText(s.settings().allowResignation)); }},
    {"ponderingEnabled", [](Session& s) { return std::string(boolText(s.settings().ponderingEnabled)); }},
    {"delayMoveScale", [](Session& s) { return formatNumber(s.settings().delayMoveScale); }},
    {"delayMoveMax", [](Session& s) { return formatNumber(s.settings().delayMoveMax); }},
};

constexpr const char* kFixedKeys[] = {"dynamicPlayoutDoublingAdvantageCapPerOppLead",
                                      "avoidRepeatedPatternUtility"};
constexpr const char* kSettingKeys[] = {"allowResignation", "ponderingEnabled", "delayMoveScale",
                                        "delayMoveMax"};

using Changes = std::map<std::string, std::string>;  // "" deletes the key

// A config of the new settings alone must load: this finds misspelled keys and bad values before anything
// changes.
void checkInIsolation(Session& session, const Changes& changes) {
  Changes isolated;
  for (const auto& [key, value] : changes)
    if (!trim(value).empty()) isolated[key] = value;
  isolated.try_emplace("numSearchThreads", std::to_string(sets(session).genmove.numSearchThreads));
  Config config;
  config.applyOverrides(isolated);
  const GtpSearchParams loaded = loadGtpSearchParams(config, session.setup().hasHumanModel);
  if (config.has("numBots") && config.getInt("numBots", 1, 4096) > 1)
    throw CommandError("The config for this command cannot have numBots > 0");
  const std::string& profile = loaded.genmove.humanSLProfile;
  if (!profile.empty()) SgfMetadata::fromProfile(profile);

  for (const char* key : kFixedKeys)
    if (changes.count(key)) throw CommandError(std::string("Cannot be overridden in kata-set-param: ") + key);
  for (const char* key : kSettingKeys) config.markUsed(key);
  for (const std::string& key : config.unusedKeys())
    throw CommandError("Unrecognized or non-overridable parameter in kata-set-params: " + key);

  Bot& bot = session.bot();
  const bool used = bot.net().usesMetadata() || (bot.humanNet() != nullptr && bot.humanNet()->usesMetadata());
  if (!profile.empty() && !used) {
    std::string models = bot.net().modelFile();
    if (bot.humanNet() != nullptr) models += " and " + bot.humanNet()->modelFile();
    throw CommandError("WARNING: humanSLProfile is specified as config param but model(s) don't use it: " +
                       models);
  }
}

void applyChanges(Call& call, const Changes& changes) {
  Session& session = call.session;
  try {
    checkInIsolation(session, changes);
    // From here on the live config keeps the change, even if it turns out to be unusable.
    Config& config = session.config();
    config.applyOverrides(changes);
    const BotParams loaded = loadBotParams(config, session.setup().hasHumanModel);
    GtpSettings& settings = session.settings();
    const bool allowResignation = config.getBool("allowResignation", settings.allowResignation);
    const bool ponderingEnabled = config.getBool("ponderingEnabled", settings.ponderingEnabled);
    const double delayMoveScale = config.getDouble("delayMoveScale", 0, 10000, settings.delayMoveScale);
    const double delayMoveMax = config.getDouble("delayMoveMax", 0, 1000000, settings.delayMoveMax);
    checkOnlyRuntimeChanges(session.paramsAtStart(), loaded.sets.genmove);
    settings.allowResignation = allowResignation;
    settings.ponderingEnabled = ponderingEnabled;
    settings.delayMoveScale = delayMoveScale;
    settings.delayMoveMax = delayMoveMax;
    session.bot().setParams(loaded);
  } catch (const UserError& e) {
    throw CommandError(std::string("Could not set params: ") + e.what());
  }
  call.response.succeed();
}

}  // namespace

void getModels(Call& call) {
  const Nets& nets = call.session.bot().nets();
  const char* fp16 = nets.useFP16 == TriState::Auto ? "auto" : boolText(nets.useFP16 == TriState::True);
  nlohmann::json all = nlohmann::json::array();
  for (const Evaluator* net : {nets.main, nets.human}) {
    if (net == nullptr) continue;
    all.push_back({{"internalName", net->modelName()},
                   {"maxBatchSize", nets.maxBatchSize},
                   {"name", net->modelFile()},
                   {"usesHumanSLProfile", net->usesMetadata()},
                   {"usingFP16", fp16},
                   {"version", net->modelVersion()}});
  }
  call.response.succeed(all.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

void listParams(Call& call) {
  std::vector<std::string> names;
  for (const SpecialParam& special : kSpecial) names.emplace_back(special.name);
  for (const std::string& name : reportableSearchParams()) names.push_back(name);
  call.response.succeed(join(names, " "));
}

void getParam(Call& call) {
  if (call.args.size() != 1) call.failArgs("one arguments");
  for (const SpecialParam& special : kSpecial)
    if (call.args[0] == special.name) {
      call.response.succeed(special.value(call.session));
      return;
    }
  const std::string value = searchParamAsJson(sets(call.session).genmove, call.args[0]);
  if (value.empty()) throw CommandError("Invalid parameter: " + call.args[0]);
  call.response.succeed(value);
}

void getParams(Call& call) {
  std::map<std::string, std::string> all;
  for (const std::string& name : reportableSearchParams())
    all[name] = searchParamAsJson(sets(call.session).genmove, name);
  for (const SpecialParam& special : kSpecial)
    all[special.name] = nlohmann::json(special.value(call.session)).dump();
  std::string text;
  for (const auto& [name, value] : all) text += (text.empty() ? "{\"" : ",\"") + name + "\":" + value;
  call.response.succeed(text + "}");
}

void setParam(Call& call) {
  if (call.args.empty() || call.args.size() > 2) call.failArgs("one or two arguments");
  applyChanges(call, {{call.args[0], call.args.size() == 2 ? call.args[1] : ""}});
}

void setParams(Call& call) {
  if (call.args.empty()) throw CommandError("Expected argument for kata-set-param but got ''");
  const nlohmann::json parsed = nlohmann::json::parse(call.joined(), nullptr, false);
  if (parsed.is_discarded())
    throw CommandError("Could not set params: Argument to kata-set-params is not valid json");
  if (!parsed.is_object())
    throw CommandError("Could not set params: Argument to kata-set-params must be a json object");
  Changes changes;
  for (const auto& [key, value] : parsed.items())
    changes[key] = value.is_string() ? value.get<std::string>() : value.dump();
  applyChanges(call, changes);
}

}  // namespace ponnuki::gtp
