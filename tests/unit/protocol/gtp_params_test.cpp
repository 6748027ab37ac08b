#include <doctest/doctest.h>

#include "base/text.h"
#include "unit/protocol/gtp_harness.h"

using namespace ponnuki;
using namespace ponnuki::gtp;

TEST_CASE("kata-get-param knows every listed name") {
  GtpHarness gtp;
  const std::vector<std::string> names = splitWhitespace(gtp.ask("kata-list-params"));
  CHECK(names.size() == 109);
  for (const std::string& name : names) {
    CAPTURE(name);
    CHECK(gtp.ask("kata-get-param " + name).rfind("?", 0) == std::string::npos);
  }
  CHECK(gtp.ask("kata-get-param avoidRepeatedPatternUtility") ==
        "? Invalid parameter: avoidRepeatedPatternUtility");
}

TEST_CASE("kata-set-param: values, deletion, and the texts of refusals") {
  GtpHarness gtp;
  CHECK(gtp.ask("kata-set-param maxVisits 10") == "");
  CHECK(gtp.ask("kata-get-param maxVisits") == "10");
  CHECK(gtp.ask("kata-set-param maxVisits") == "");
  CHECK(gtp.ask("kata-get-param maxVisits") == "1125899906842624");
  CHECK(gtp.ask("kata-set-param maxVisits 0") ==
        "? Could not set params: Key 'maxVisits' must be in the range 1 to 1125899906842624 in config file  "
        "and/or "
        "command-line and query overrides");
  CHECK(
      gtp.ask("kata-set-param analysisPVLen 5") ==
      "? Could not set params: Unrecognized or non-overridable parameter in kata-set-params: analysisPVLen");
  CHECK(gtp.ask("kata-set-param avoidRepeatedPatternUtility 0.1") ==
        "? Could not set params: Cannot be overridden in kata-set-param: avoidRepeatedPatternUtility");
  CHECK(gtp.ask("kata-set-params {\"maxVisits\":20,\"maxTime\":\"1.5\"}") == "");
  CHECK(gtp.ask("kata-get-param maxTime") == "1.5");
  CHECK(gtp.ask("kata-set-params {\"maxVisits\":3,\"foo\":1}")
            .rfind("? Could not set params: Unrecognized", 0) == 0);
  CHECK(gtp.ask("kata-get-param maxVisits") == "20");
  CHECK(gtp.ask("kata-set-param humanSLProfile rank_5k")
            .rfind("? Could not set params: WARNING: humanSLProfile", 0) == 0);
}

TEST_CASE("a malformed live setting blocks later changes until it is put right") {
  GtpHarness gtp;
  CHECK(gtp.ask("kata-set-param allowResignation maybe")
            .rfind("? Could not set params: Could not parse 'maybe'", 0) == 0);
  CHECK(gtp.ask("kata-set-param maxVisits 5").rfind("? Could not set params: Could not parse 'maybe'", 0) ==
        0);
  CHECK(gtp.ask("kata-set-param allowResignation true") == "");
  CHECK(gtp.ask("kata-get-param maxVisits") == "5");
  CHECK(gtp.ask("kata-get-param allowResignation") == "true");
}

TEST_CASE("anti-mirror and root noise differ between genmove and analysis parameters") {
  GtpHarness gtp;
  CHECK(gtp.ask("kata-get-param genmoveAntiMirror") == "true");
  CHECK(gtp.ask("kata-get-param antiMirror") == "false");
  gtp.ask("kata-set-param wideRootNoise 0.1");
  CHECK(gtp.ask("kata-get-param wideRootNoise") == "0.1");
  CHECK(gtp.ask("kata-get-param analysisWideRootNoise") == "0.04");
}

TEST_CASE("dynamic advantage: the check values of the specification") {
  GtpHarness gtp("defaultBoardSize=19");
  gtp.ask("komi 0.5");
  gtp.ask("fixed_handicap 4");
  CHECK(gtp.session().bot().dynamicAdvantageForWhite() == doctest::Approx(2.125));
  gtp.ask("clear_board");
  gtp.ask("komi -20");
  gtp.ask("genmove b");
  CHECK(gtp.session().bot().dynamicAdvantageForWhite() == doctest::Approx(1.0));
  gtp.ask("clear_board");
  gtp.ask("komi 40");
  gtp.ask("genmove b");
  CHECK(gtp.session().bot().dynamicAdvantageForWhite() == doctest::Approx(-1.25));
  gtp.ask("boardsize 9");
  gtp.ask("komi 7.5");
  gtp.ask("fixed_handicap 3");
  CHECK(gtp.session().bot().dynamicAdvantageForWhite() == doctest::Approx(2.75));
}

TEST_CASE("clocks: kinds, ranges and time_left") {
  GtpHarness gtp;
  CHECK(gtp.ask("time_settings 0 30 1") == "");
  CHECK(gtp.ask("time_left b 12.5 1") == "");
  CHECK(gtp.ask("kgs-time_settings byoyomi 600 30") ==
        "? Expected int for byo-yomi overtime periods as argument 3");
  CHECK(gtp.ask("kata-time_settings fischer-capped 300 10 200 60") ==
        "? TimeControls: mainTimeLimit is smaller than mainTime");
  CHECK(gtp.ask("kata-time_settings fischer-capped 300 30 600 -1") == "");
  CHECK(gtp.ask("time_left b 5 1").rfind("? stones left in period is > 0", 0) == 0);
  CHECK(
      gtp.ask("kata-debug-print-tc").rfind("Black originalMainTime 300 increment 30 mainTimeLimit 600 ", 0) ==
      0);
}
