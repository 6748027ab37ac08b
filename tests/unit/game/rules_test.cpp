#include "game_test_util.h"

using namespace ponnuki;
using namespace ponnuki::test;

TEST_CASE("rules texts parse to the documented rules") {
  CHECK_EQ(Rules::parse("JAPANESE", true).toJson(true),
           R"({"friendlyPassOk":false,"hasButton":false,"ko":"SIMPLE","komi":6.5,"scoring":"TERRITORY",)"
           R"("suicide":false,"tax":"SEKI","whiteHandicapBonus":"0"})");
  const Rules territory = Rules::parse(R"({"ko":"SIMPLE","scoring":"TERRITORY"})", true);
  CHECK_EQ(territory.toCompact(true), "koSIMPLEscoreTERRITORYtaxSEKIsui1komi6.5");
  CHECK_EQ(Rules::parse(R"({"hasButton":true})", true).toCompact(true),
           "koPOSITIONALscoreAREAtaxNONEsui1button1komi7");
  CHECK((Rules::parse(R"({"score":"AREA","scoring":"TERRITORY"})", true).scoring == ScoringRule::Territory));
  CHECK((Rules::parse(R"({"ko":"SIMPLE","ko":"SPIGHT"})", true).ko == KoRule::Spight));
  CHECK_EQ(Rules::parse("whbN-1button1", true).toCompact(true),
           "koPOSITIONALscoreAREAtaxNONEsui1button1whbN-1komi7");
  CHECK((Rules::parse(" ko SIMPLE score AREA ", true).ko == KoRule::Simple));
  CHECK_EQ(Rules::parse("koPOSITIONALscoreAREAtaxNONEsui1button1komi7", true).komi, 7.0f);
  CHECK_EQ(Rules::parse("scoreTERRITORY", true).toCompact(true),
           "koPOSITIONALscoreTERRITORYtaxSEKIsui1komi6.5");
}

TEST_CASE("bad rules texts are refused with the reference's words") {
  const auto error = [](const std::string& s, bool allowKomi = true) {
    return errorOf([&] { Rules::parse(s, allowKomi); });
  };
  CHECK_EQ(error(R"({"ko":"simple"})"), "Rules::parseKoRule: Invalid ko rule: simple");
  CHECK_EQ(error(R"({"suicide":1})"), R"(Could not parse rules: {"suicide":1})");
  CHECK_EQ(error(R"({"komi":"7"})"), R"(Could not parse rules: {"komi":"7"})");
  CHECK_EQ(error(R"({"komi":7.25})"), "Komi value is not a half-integer or is too extreme");
  CHECK_EQ(error(R"({"komi":401})"), "Komi value is not a half-integer or is too extreme");
  CHECK_EQ(error(R"({"komi":7})", false), "Unknown rules option: komi");
  CHECK_EQ(error(R"({"Ko":"SIMPLE"})"), "Unknown rules option: Ko");
  CHECK_EQ(error("komi5.25"), "Komi value is not a half-integer or is too extreme");
  for (const char* bad : {"kokoo", "suicide1", "hasButton1", "komi1e4", "", "{", "komi", "ko"})
    CHECK_EQ(error(bad), std::string("Could not parse rules: ") + bad);
}

TEST_CASE("one rule can be changed and nothing else follows") {
  const Rules base;
  CHECK((base.withChanged("scoring", "TERRITORY").tax == TaxRule::None));
  CHECK((base.withChanged(" ko ", "situational ").ko == KoRule::Situational));
  CHECK_EQ(errorOf([&] { base.withChanged("suicide", "maybe"); }), "could not parse bool: MAYBE");
  CHECK_EQ(errorOf([&] { base.withChanged("komi", "7"); }), "Unknown rules option: komi");
}

TEST_CASE("nice names are given to known rules whatever the komi") {
  CHECK_EQ(rulesNamed("chinese", 3.5f).niceName(), "Chinese");
  CHECK_EQ(Rules().niceName(), "TrompTaylor");
  CHECK_EQ(Rules::parse("agabutton", true).niceName(), "koSITUATIONALscoreAREAtaxNONEsui0button1whbN-1fpok1");
}

TEST_CASE("printed rules parse back to the same rules") {
  for (const char* name : {"japanese", "chinese", "chinese-ogs", "ancient-area", "ancient-territory",
                           "aga-button", "aga", "nz", "tromp-taylor", "goe"}) {
    const Rules rules = Rules::parse(name, true);
    CHECK_EQ(Rules::parse(rules.toJson(true), true), rules);
    CHECK_EQ(Rules::parse(rules.toCompact(true), true), rules);
  }
}

TEST_CASE("no net supports spight ko, and old nets only area rules") {
  Rules rules = Rules::parse("japanese", true);
  CHECK_EQ(rules.nearestSupported(8), rules);
  CHECK_EQ(rules.nearestSupported(5).toCompact(false), "koSITUATIONALscoreAREAtaxNONEsui0");
  rules.ko = KoRule::Spight;
  rules.hasButton = true;
  CHECK_EQ(rules.nearestSupported(8).toCompact(false), "koSITUATIONALscoreTERRITORYtaxSEKIsui0");
}

TEST_CASE("half integers") {
  for (const float komi : {0.0f, -7.5f, 400.0f}) CHECK(isHalfInteger(komi));
  for (const float komi : {0.25f, 1e30f, -3.75f}) CHECK_FALSE(isHalfInteger(komi));
  CHECK_FALSE(Rules::parse("aga-button", true).resultIsInteger());
}
