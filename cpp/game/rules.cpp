#include "game/rules.h"

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"
#include "base/text.h"

namespace ponnuki {
namespace {

[[noreturn]] void failParse(const std::string& s) {
  throw UserError("Could not parse rules: " + s);
}

const char* const kKomiError = "Komi value is not a half-integer or is too extreme";

// Spec 2.2; komi is the default for callers that have none of their own.
std::optional<Rules> shorthand(const std::string& s) {
  const std::string name = toLower(trim(s));
  const auto isOneOf = [&](std::initializer_list<const char*> names) {
    for (const char* candidate : names)
      if (name == candidate) return true;
    return false;
  };
  using enum KoRule;
  using enum ScoringRule;
  using T = TaxRule;
  using H = HandicapBonus;
  if (isOneOf({"japanese", "korean"}))
    return Rules{Simple, Territory, T::Seki, false, false, H::Zero, false, 6.5f};
  if (isOneOf({"chinese"})) return Rules{Simple, Area, T::None, false, false, H::N, true, 7.5f};
  if (isOneOf({"chineseogs", "chinese_ogs", "chinese-ogs", "chinesekgs", "chinese_kgs", "chinese-kgs"}))
    return Rules{Positional, Area, T::None, false, false, H::N, true, 7.5f};
  if (isOneOf({"ancientarea", "ancient-area", "ancient_area", "ancient area", "stonescoring", "stone-scoring",
               "stone_scoring", "stone scoring"}))
    return Rules{Simple, Area, T::All, false, false, H::Zero, true, 7.5f};
  if (isOneOf({"ancientterritory", "ancient-territory", "ancient_territory", "ancient territory"}))
    return Rules{Simple, Territory, T::All, false, false, H::Zero, false, 6.5f};
  if (isOneOf({"agabutton", "aga-button", "aga_button", "aga button"}))
    return Rules{Situational, Area, T::None, false, true, H::NMinusOne, true, 7.0f};
  if (isOneOf({"aga", "bga", "french"}))
    return Rules{Situational, Area, T::None, false, false, H::NMinusOne, true, 7.5f};
  if (isOneOf({"nz", "newzealand", "new zealand", "new-zealand", "new_zealand"}))
    return Rules{Situational, Area, T::None, true, false, H::Zero, true, 7.0f};
  if (isOneOf({"tromp-taylor", "tromp_taylor", "tromp taylor", "tromptaylor"})) return Rules();
  if (isOneOf({"goe", "ing"})) return Rules{Positional, Area, T::None, true, false, H::Zero, true, 7.5f};
  return std::nullopt;
}

// What a rules text did not say is filled in from the scoring rule.
void fillDefaults(Rules& rules, bool taxGiven, bool komiGiven) {
  const bool territory = rules.scoring == ScoringRule::Territory;
  if (!taxGiven) rules.tax = territory ? TaxRule::Seki : TaxRule::None;
  if (!komiGiven) rules.komi = territory ? 6.5f : rules.hasButton ? 7.0f : 7.5f;
}

Rules parseJson(const std::string& s, bool allowKomi) {
  Rules rules;
  bool taxGiven = false, komiGiven = false;
  try {
    const auto object = nlohmann::json::parse(s);
    for (const auto& [key, value] : object.items()) {  // ascending, so "scoring" overrides "score"
      if (key == "ko") {
        rules.ko = parseKoRule(value.get<std::string>());
      } else if (key == "score" || key == "scoring") {
        rules.scoring = parseScoringRule(value.get<std::string>());
      } else if (key == "tax") {
        rules.tax = parseTaxRule(value.get<std::string>());
        taxGiven = true;
      } else if (key == "suicide") {
        rules.multiStoneSuicide = value.get<bool>();
      } else if (key == "hasButton") {
        rules.hasButton = value.get<bool>();
      } else if (key == "whiteHandicapBonus") {
        rules.whiteHandicapBonus = parseHandicapBonus(value.get<std::string>());
      } else if (key == "friendlyPassOk") {
        rules.friendlyPassOk = value.get<bool>();
      } else if (key == "komi" && allowKomi) {
        rules.komi = value.get<float>();
        komiGiven = true;
        if (!(std::fabs(rules.komi) <= kMaxUserKomi) || !isHalfInteger(rules.komi))
          throw UserError(kKomiError);
      } else {
        throw UserError("Unknown rules option: " + key);
      }
    }
  } catch (const nlohmann::json::exception&) {
    failParse(s);
  }
  fillDefaults(rules, taxGiven, komiGiven);
  return rules;
}

// koPOSITIONALscoreAREAtaxNONEsui1: tokens with optional white space between them.
class CompactParser {
 public:
  explicit CompactParser(const std::string& s) : whole_(s), rest_(trim(s)) {}

  Rules parse(bool allowKomi);

 private:
  bool take(std::string_view token);
  template <typename T>
  T takeOneOf(std::initializer_list<std::pair<const char*, T>> choices);
  float takeKomi();

  const std::string& whole_;
  std::string_view rest_;
};

bool CompactParser::take(std::string_view token) {
  if (!startsWith(rest_, token)) return false;
  rest_ = trim(rest_.substr(token.size()));
  return true;
}

template <typename T>
T CompactParser::takeOneOf(std::initializer_list<std::pair<const char*, T>> choices) {
  for (const auto& [token, value] : choices)
    if (take(token)) return value;
  failParse(whole_);
}

float CompactParser::takeKomi() {
  const auto endsNumber = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || !trim(std::string_view(&c, 1)).size();
  };
  size_t length = 0;
  while (length < rest_.size() && !endsNumber(rest_[length])) length++;
  const std::optional<float> komi = tryFloat(rest_.substr(0, length));
  if (!komi || std::fabs(*komi) > 100000.0f) failParse(whole_);
  if (!isHalfInteger(*komi)) throw UserError(kKomiError);
  rest_ = trim(rest_.substr(length));
  return *komi;
}

Rules CompactParser::parse(bool allowKomi) {
  Rules rules;
  bool taxGiven = false, komiGiven = false;
  if (rest_.empty()) failParse(whole_);
  while (!rest_.empty()) {
    if (take("komi")) {
      if (!allowKomi) failParse(whole_);
      rules.komi = takeKomi();
      komiGiven = true;
    } else if (take("ko")) {
      rules.ko = takeOneOf<KoRule>({{"SIMPLE", KoRule::Simple},
                                    {"POSITIONAL", KoRule::Positional},
                                    {"SITUATIONAL", KoRule::Situational},
                                    {"SPIGHT", KoRule::Spight}});
    } else if (take("scoring") || take("score")) {
      rules.scoring =
          takeOneOf<ScoringRule>({{"AREA", ScoringRule::Area}, {"TERRITORY", ScoringRule::Territory}});
    } else if (take("tax")) {
      rules.tax =
          takeOneOf<TaxRule>({{"NONE", TaxRule::None}, {"SEKI", TaxRule::Seki}, {"ALL", TaxRule::All}});
      taxGiven = true;
    } else if (take("sui")) {
      rules.multiStoneSuicide = takeOneOf<bool>({{"1", true}, {"0", false}});
    } else if (take("button")) {
      rules.hasButton = takeOneOf<bool>({{"1", true}, {"0", false}});
    } else if (take("whb")) {
      rules.whiteHandicapBonus = takeOneOf<HandicapBonus>(
          {{"0", HandicapBonus::Zero}, {"N-1", HandicapBonus::NMinusOne}, {"N", HandicapBonus::N}});
    } else if (take("fpok")) {
      rules.friendlyPassOk = takeOneOf<bool>({{"1", true}, {"0", false}});
    } else {
      failParse(whole_);
    }
  }
  fillDefaults(rules, taxGiven, komiGiven);
  return rules;
}

bool parseRuleBool(const std::string& value) {
  const std::optional<bool> parsed = tryBool(value);
  if (!parsed) throw UserError("could not parse bool: " + value);
  return *parsed;
}

}  // namespace

bool isHalfInteger(float komi) {
  return std::isfinite(komi) && std::fabs(komi) < 1e9f &&
         komi * 2 == static_cast<float>(static_cast<int>(komi * 2));
}

bool Rules::equalsIgnoringKomi(const Rules& o) const {
  Rules other = o;
  other.komi = komi;
  return *this == other;
}

bool Rules::resultIsInteger() const {
  return (std::floor(komi) == komi) != hasButton;
}

Rules Rules::parse(const std::string& s, bool allowKomi) {
  if (const std::optional<Rules> named = shorthand(s)) return *named;
  if (startsWith(s, "{")) return parseJson(s, allowKomi);
  return CompactParser(s).parse(allowKomi);
}

Rules Rules::withChanged(const std::string& keyText, const std::string& valueText) const {
  const std::string key(trim(keyText)), value = toUpper(trim(valueText));
  Rules rules = *this;
  if (key == "ko") {
    rules.ko = parseKoRule(value);
  } else if (key == "score" || key == "scoring") {
    rules.scoring = parseScoringRule(value);
  } else if (key == "tax") {
    rules.tax = parseTaxRule(value);
  } else if (key == "suicide") {
    rules.multiStoneSuicide = parseRuleBool(value);
  } else if (key == "hasButton") {
    rules.hasButton = parseRuleBool(value);
  } else if (key == "whiteHandicapBonus") {
    rules.whiteHandicapBonus = parseHandicapBonus(value);
  } else if (key == "friendlyPassOk") {
    rules.friendlyPassOk = parseRuleBool(value);
  } else {
    throw UserError("Unknown rules option: " + key);
  }
  return rules;
}

std::string Rules::toJson(bool withKomi) const {
  nlohmann::json object = {{"ko", toString(ko)},
                           {"scoring", toString(scoring)},
                           {"tax", toString(tax)},
                           {"suicide", multiStoneSuicide},
                           {"hasButton", hasButton},
                           {"whiteHandicapBonus", toString(whiteHandicapBonus)},
                           {"friendlyPassOk", friendlyPassOk}};
  if (withKomi) object["komi"] = komi;
  return object.dump();
}

std::string Rules::toCompact(bool withKomi) const {
  std::string s = std::string("ko") + toString(ko) + "score" + toString(scoring) + "tax" + toString(tax) +
                  "sui" + (multiStoneSuicide ? "1" : "0");
  if (hasButton) s += "button1";
  if (whiteHandicapBonus != HandicapBonus::Zero) s += std::string("whb") + toString(whiteHandicapBonus);
  if (friendlyPassOk) s += "fpok1";
  if (withKomi) s += "komi" + formatNumber(komi);
  return s;
}

std::string Rules::niceName() const {
  static constexpr std::array<std::pair<const char*, const char*>, 7> kNames{
      {{"TrompTaylor", "tromp-taylor"},
       {"Japanese", "japanese"},
       {"Chinese", "chinese"},
       {"Chinese-OGS", "chinese-ogs"},
       {"AGA", "aga"},
       {"StoneScoring", "stonescoring"},
       {"NewZealand", "newzealand"}}};
  for (const auto& [name, key] : kNames)
    if (equalsIgnoringKomi(*shorthand(key))) return name;
  return toCompact(false);
}

Rules Rules::nearestSupported(int modelVersion) const {
  Rules rules = *this;
  if (modelVersion <= 6) {
    if (ko == KoRule::Simple) rules.ko = KoRule::Situational;
    rules.scoring = ScoringRule::Area;
    rules.tax = TaxRule::None;
    rules.hasButton = false;
  }
  if (ko == KoRule::Spight) rules.ko = KoRule::Situational;
  if (rules.scoring != ScoringRule::Area) rules.hasButton = false;
  return rules;
}

const char* toString(KoRule r) {
  static constexpr const char* kNames[] = {"SIMPLE", "POSITIONAL", "SITUATIONAL", "SPIGHT"};
  return kNames[static_cast<int>(r)];
}

const char* toString(ScoringRule r) {
  return r == ScoringRule::Area ? "AREA" : "TERRITORY";
}

const char* toString(TaxRule r) {
  static constexpr const char* kNames[] = {"NONE", "SEKI", "ALL"};
  return kNames[static_cast<int>(r)];
}

const char* toString(HandicapBonus r) {
  static constexpr const char* kNames[] = {"0", "N", "N-1"};
  return kNames[static_cast<int>(r)];
}

namespace {

template <typename T, size_t n>
T parseRule(const std::string& s, const std::array<T, n>& values, const char* complaint) {
  for (const T value : values)
    if (s == toString(value)) return value;
  throw UserError(complaint + s);
}

}  // namespace

KoRule parseKoRule(const std::string& s) {
  return parseRule(s, std::array{KoRule::Simple, KoRule::Positional, KoRule::Situational, KoRule::Spight},
                   "Rules::parseKoRule: Invalid ko rule: ");
}

ScoringRule parseScoringRule(const std::string& s) {
  return parseRule(s, std::array{ScoringRule::Area, ScoringRule::Territory},
                   "Rules::parseScoringRule: Invalid scoring rule: ");
}

TaxRule parseTaxRule(const std::string& s) {
  return parseRule(s, std::array{TaxRule::None, TaxRule::Seki, TaxRule::All},
                   "Rules::parseTaxRule: Invalid tax rule: ");
}

HandicapBonus parseHandicapBonus(const std::string& s) {
  return parseRule(s, std::array{HandicapBonus::Zero, HandicapBonus::N, HandicapBonus::NMinusOne},
                   "Rules::parseWhiteHandicapBonusRule: Invalid whiteHandicapBonus rule: ");
}

}  // namespace ponnuki
