#include "config/config_file.h"

#include <set>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "config/config_reader.h"

namespace ponnuki {
namespace {

constexpr const char* kOverrideNote = " and/or command-line and query overrides";

// Either `rules` or these; whichever an override names displaces the other kind.
const std::set<std::string>& singleRuleKeys() {
  static const std::set<std::string> keys = {
      "koRule",         "scoringRule",       "multiStoneSuicideLegal",
      "taxRule",        "hasButton",         "whiteBonusPerHandicapStone",
      "friendlyPassOk", "whiteHandicapBonus"};
  return keys;
}

TriState triStateOf(const std::string& lower, bool& ok) {
  static const std::set<std::string> yes = {"1", "t", "true", "enabled", "y", "yes"};
  static const std::set<std::string> no = {"0", "f", "false", "disabled", "n", "no"};
  ok = true;
  if (yes.count(lower)) return TriState::True;
  if (no.count(lower)) return TriState::False;
  ok = lower == "auto";
  return TriState::Auto;
}

template <typename T>
T inRange(T value, T lo, T hi, const std::string& key, const std::string& file) {
  if (value >= lo && value <= hi) return value;
  const auto show = [](T v) {
    if constexpr (std::is_integral_v<T>)
      return std::to_string(v);
    else
      return formatNumber(static_cast<double>(v));
  };
  throw UserError("Key '" + key + "' must be in the range " + show(lo) + " to " + show(hi) +
                  " in config file " + file);
}

}  // namespace

Config Config::fromFiles(const std::vector<std::string>& paths) {
  ENSURE(!paths.empty());
  Config config;
  config.name_ = paths[0];
  ConfigReader reader(config.values_);
  for (const std::string& path : paths) reader.readTopLevelFile(path);
  return config;
}

Config Config::fromText(const std::string& text, const std::string& name) {
  Config config;
  config.name_ = name;
  ConfigReader(config.values_).readText(text, name);
  return config;
}

void Config::applyOverrideString(const std::string& keyValues) {
  std::map<std::string, std::string> overrides;
  for (const std::string& rawPiece : split(keyValues, ',')) {
    const std::string piece(trim(rawPiece));
    if (piece.empty()) continue;
    const size_t at = piece.find('=');
    if (at == std::string::npos) throw UserError("Could not parse kv pair, could not find '=' in:" + piece);
    overrides[std::string(trim(piece.substr(0, at)))] = std::string(trim(piece.substr(at + 1)));
  }
  applyOverrides(overrides);
}

void Config::applyOverrides(const std::map<std::string, std::string>& overrides) {
  if (overrides.empty()) return;
  removeConflicting(overrides);
  for (const auto& [key, value] : overrides) {
    overrides_[key] = value;
    if (value.empty())
      values_.erase(key);
    else
      values_[key] = value;
  }
  name_ += kOverrideNote;
}

void Config::renameKey(const std::string& alias, const std::string& key) {
  const auto it = values_.find(alias);
  if (it == values_.end()) return;
  const bool aliasOverridden = overrides_.count(alias) != 0, keyOverridden = overrides_.count(key) != 0;
  if (has(key) && aliasOverridden == keyOverridden)
    throw UserError("Cannot specify both " + alias + " and " + key + " in the same config");
  if (!has(key) || aliasOverridden) values_[key] = it->second;
  values_.erase(alias);
}

void Config::removeConflicting(const std::map<std::string, std::string>& overrides) {
  bool single = false;
  for (const std::string& key : singleRuleKeys()) single = single || overrides.count(key);
  if (overrides.count("rules")) {
    for (const std::string& key : singleRuleKeys()) values_.erase(key);
  }
  if (single) values_.erase("rules");
}

std::string Config::toString() const {
  std::string text;
  for (const auto& [key, value] : values_) text += key + " = " + value + "\n";
  return text;
}

std::string Config::firstPresent(const std::vector<std::string>& keys) const {
  for (const std::string& key : keys)
    if (has(key)) return key;
  return "";
}

const std::string& Config::raw(const std::string& key) const {
  const auto it = values_.find(key);
  if (it == values_.end()) throw UserError("Could not find key '" + key + "' in config file " + name_);
  used_.insert(key);
  return it->second;
}

void Config::failParse(const std::string& key, const std::string& value, const char* type) const {
  throw UserError("Could not parse '" + value + "' as " + type + " for key '" + key + "' in config file " +
                  name_);
}

std::string Config::getString(const std::string& key) const {
  return raw(key);
}

std::string Config::getChoice(const std::string& key, const std::set<std::string>& choices) const {
  const std::string& value = raw(key);
  if (choices.count(value)) return value;
  const std::vector<std::string> sorted(choices.begin(), choices.end());
  throw UserError("Key '" + key + "' must be one of (" + join(sorted, "|") + ") in config file " + name_);
}

std::vector<std::string> Config::getStrings(const std::string& key) const {
  return split(raw(key), ',');
}

bool Config::getBool(const std::string& key) const {
  const std::string& value = raw(key);
  if (const auto parsed = tryBool(trim(value))) return *parsed;
  failParse(key, value, "bool");
}

TriState Config::getTriState(const std::string& key) const {
  const std::string lower = toLower(trim(raw(key)));
  bool ok = false;
  const TriState parsed = triStateOf(lower, ok);
  if (ok) return parsed;
  failParse(key, lower, "bool or auto");
}

int Config::getInt(const std::string& key, int lo, int hi) const {
  const std::string& value = raw(key);
  if (const auto parsed = tryInt(value)) return inRange(*parsed, lo, hi, key, name_);
  failParse(key, value, "int");
}

int64_t Config::getInt64(const std::string& key, int64_t lo, int64_t hi) const {
  const std::string& value = raw(key);
  if (const auto parsed = tryInt64(value)) return inRange(static_cast<int64_t>(*parsed), lo, hi, key, name_);
  failParse(key, value, "int64_t");
}

double Config::getDouble(const std::string& key, double lo, double hi) const {
  const std::string& value = raw(key);
  if (const auto parsed = tryDouble(value)) return inRange(*parsed, lo, hi, key, name_);
  failParse(key, value, "double");
}

float Config::getFloat(const std::string& key, float lo, float hi) const {
  const std::string& value = raw(key);
  if (const auto parsed = tryFloat(value)) return inRange(*parsed, lo, hi, key, name_);
  failParse(key, value, "float");
}

std::string Config::getString(const std::string& key, const std::string& absent) const {
  return has(key) ? getString(key) : absent;
}
bool Config::getBool(const std::string& key, bool absent) const {
  return has(key) ? getBool(key) : absent;
}
TriState Config::getTriState(const std::string& key, TriState absent) const {
  return has(key) ? getTriState(key) : absent;
}
int Config::getInt(const std::string& key, int lo, int hi, int absent) const {
  return has(key) ? getInt(key, lo, hi) : absent;
}
int64_t Config::getInt64(const std::string& key, int64_t lo, int64_t hi, int64_t absent) const {
  return has(key) ? getInt64(key, lo, hi) : absent;
}
double Config::getDouble(const std::string& key, double lo, double hi, double absent) const {
  return has(key) ? getDouble(key, lo, hi) : absent;
}
float Config::getFloat(const std::string& key, float lo, float hi, float absent) const {
  return has(key) ? getFloat(key, lo, hi) : absent;
}

void Config::markUsedWithPrefix(const std::string& prefix) const {
  for (auto it = values_.lower_bound(prefix); it != values_.end() && startsWith(it->first, prefix); ++it)
    used_.insert(it->first);
}

std::vector<std::string> Config::unusedKeys() const {
  std::vector<std::string> unused;
  for (const auto& [key, value] : values_)
    if (!used_.count(key)) unused.push_back(key);
  return unused;
}

std::vector<std::string> Config::unusedKeyWarnings() const {
  const std::vector<std::string> unused = unusedKeys();
  if (unused.empty()) return {};
  const std::string rule = "--------------";
  std::vector<std::string> lines = {
      rule,
      "WARNING: Config had unused keys! You may have a typo, an option you specified is being unused from " +
          name_};
  for (const std::string& key : unused) {
    const std::string near = nearestWord(key, allKnownKeys());
    lines.push_back("WARNING: Unused key '" + key + "' in " + name_ +
                    (near.empty() || near == key ? "" : " (did you mean '" + near + "'?)"));
  }
  lines.push_back(rule);
  return lines;
}

}  // namespace ponnuki
