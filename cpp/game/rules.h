// The rules record, its shorthand names, parsing and printing (spec rules-and-board 2).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ponnuki {

enum class KoRule { Simple, Positional, Situational, Spight };
enum class ScoringRule { Area, Territory };
enum class TaxRule { None, Seki, All };
enum class HandicapBonus { Zero, N, NMinusOne };

struct Rules {
  KoRule ko = KoRule::Positional;
  ScoringRule scoring = ScoringRule::Area;
  TaxRule tax = TaxRule::None;
  bool multiStoneSuicide = true;
  bool hasButton = false;
  HandicapBonus whiteHandicapBonus = HandicapBonus::Zero;
  bool friendlyPassOk = false;
  float komi = 7.5f;  // points for White, a multiple of 0.5

  friend bool operator==(const Rules&, const Rules&) = default;
  bool equalsIgnoringKomi(const Rules& o) const;
  bool resultIsInteger() const;

  // Throws UserError with the reference's texts. `allowKomi` false rejects a komi inside s.
  static Rules parse(const std::string& s, bool allowKomi);
  Rules withChanged(const std::string& key, const std::string& value) const;  // kata-set-rule; throws UserError

  std::string toJson(bool withKomi) const;     // keys alphabetical, no spaces
  std::string toCompact(bool withKomi) const;  // koPOSITIONALscoreAREAtaxNONEsui1
  std::string niceName() const;                // TrompTaylor, Japanese, ... or the compact form

  // The nearest rules a net of this version supports; equal to *this if all is supported (spec 2.8).
  Rules nearestSupported(int modelVersion) const;
};

constexpr float kMaxUserKomi = 400.0f;
bool isHalfInteger(float komi);

const char* toString(KoRule r);
const char* toString(ScoringRule r);
const char* toString(TaxRule r);
const char* toString(HandicapBonus r);
KoRule parseKoRule(const std::string& s);             // these throw UserError with the reference's texts
ScoringRule parseScoringRule(const std::string& s);
TaxRule parseTaxRule(const std::string& s);
HandicapBonus parseHandicapBonus(const std::string& s);

}  // namespace ponnuki
