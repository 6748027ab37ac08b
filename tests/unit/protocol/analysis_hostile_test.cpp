// Lines that must not end the process, whatever they hold.
#include <doctest/doctest.h>

#include "protocol/analysis/safe_json.h"
#include "unit/protocol/analysis_harness.h"

using namespace ponnuki;
using nlohmann::json;
using test::AnalysisHarness;

namespace {

const json& sample() {
  static const json query = json::parse(
      R"({"id":"x","boardXSize":5,"boardYSize":5,"initialStones":[["B","C3"]],"moves":[["W","B2"]],
          "initialPlayer":"w","analyzeTurns":[0,1],"priorities":[1,2],"rules":"chinese","komi":6.5,
          "whiteHandicapBonus":"0","overrideSettings":{"maxTime":1},"maxVisits":2,"analysisPVLen":3,
          "rootFpuReductionMax":0.1,"rootPolicyTemperature":1.0,"includeMovesOwnership":true,
          "includeMovesOwnershipStdev":true,"includeOwnership":true,"includeOwnershipStdev":true,
          "includePolicy":true,"includePVVisits":true,"includeNoResultValue":true,"reportDuringSearchEvery":10,
          "firstReportDuringSearchAfter":5,"avoidMoves":[{"player":"b","moves":["A1"],"untilDepth":2}]})");
  return query;
}

}  // namespace

TEST_CASE("a value of a wrong type in any field is answered") {
  const std::vector<json> wrong = {nullptr,       true,
                                   -1,            1e300,
                                   1e-300,        18446744073709551615ULL,
                                   "",            "\xff\xfe",
                                   json::array(), json::array({json::array({json::array()})}),
                                   json::object(), json::object({{"a", nullptr}})};
  AnalysisHarness harness;
  size_t sent = 0;
  for (const auto& [key, value] : sample().items()) {
    for (const json& replacement : wrong) {
      json query = sample();
      query[key] = replacement;
      harness.send(toLine(query));
      sent++;
    }
    json query = sample();
    query.erase(key);
    harness.send(toLine(query));
    sent++;
  }
  const std::vector<std::string> lines = harness.finish();
  CHECK(lines.size() >= sent / 2);
  for (const std::string& line : lines)
    CHECK(json::accept(line));
}

TEST_CASE("invalid UTF-8, deep nesting and long lines get an error line") {
  AnalysisHarness harness;
  harness.send("{\"id\":\"\xc3\x28\xff\"}");
  harness.send("\xff\xfe\x00");
  harness.send(std::string(100000, '['));
  harness.send("{\"id\":\"d\",\"a\":" + std::string(100000, '[') + std::string(100000, ']') + "}");
  std::string nested = "1";
  for (int i = 0; i < 3; i++)
    nested = "{\"a\":" + nested + "}";
  harness.send(R"({"id":"x","boardXSize":9,"boardYSize":9,"moves":[],"rules":")" + std::string(200000, '{') + "\"}");
  harness.send(std::string(10 << 20, 'x'));
  harness.send("{\"id\":\"long\",\"junk\":\"" + std::string(10 << 20, 'y') + "\"}");
  harness.send(std::string("{\"id\":\"nul\0\"}", 12));
  const std::vector<std::string> lines = harness.finish();
  CHECK(lines.size() == 8);
  for (const std::string& line : lines) {
    REQUIRE(json::accept(line));
    CHECK(json::parse(line).contains("error"));
  }
}

TEST_CASE("blank lines are ignored and blanks around a line too") {
  AnalysisHarness harness;
  harness.send("");
  harness.send(" \t\r\v\f");
  harness.send(" \t{\"id\":\"a\",\"action\":\"clear_cache\"}\r");
  CHECK(harness.finish() == std::vector<std::string>{R"({"action":"clear_cache","id":"a"})"});
}

TEST_CASE("nesting is counted outside of strings only") {
  CHECK(nestingDepth(R"({"a":[1,{"b":"[[[[\"[[["}]})") == 3);
  CHECK(nestingDepth("") == 0);
  CHECK(nestingDepth("]]]]") == 0);
}

TEST_CASE("a line reader splits at newlines and skips what is too long") {
  std::istringstream in("ab\n\ncdefgh\nx\r\nlast");
  LineReader reader(in, 4);
  std::string line;
  CHECK(reader.next(line) == LineReader::Result::Line);
  CHECK(line == "ab");
  CHECK(reader.next(line) == LineReader::Result::Line);
  CHECK(line.empty());
  CHECK(reader.next(line) == LineReader::Result::TooLong);
  CHECK(reader.next(line) == LineReader::Result::Line);
  CHECK(line == "x\r");
  CHECK(reader.next(line) == LineReader::Result::Line);
  CHECK(line == "last");
  CHECK(reader.next(line) == LineReader::Result::End);
}
