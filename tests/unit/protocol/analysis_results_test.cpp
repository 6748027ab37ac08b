// Order of replies, termination, perspective and shape of results.
#include <doctest/doctest.h>

#include <algorithm>

#include "protocol/analysis/result_writer.h"
#include "unit/protocol/analysis_harness.h"

using namespace ponnuki;
using nlohmann::json;
using test::AnalysisHarness;
using test::answersTo;

namespace {

std::string query(const std::string& id, const std::string& more) {
  return R"({"id":")" + id + R"(","boardXSize":9,"boardYSize":9,"rules":"chinese",)" + more + "}";
}

std::vector<json> parsed(const std::vector<std::string>& lines) {
  std::vector<json> values;
  for (const std::string& line : lines)
    values.push_back(json::parse(line));
  return values;
}

// "id/turn" of every final result, "id/turn!" of those without one.
std::vector<std::string> finals(const std::vector<std::string>& lines) {
  std::vector<std::string> keys;
  for (const json& reply : parsed(lines))
    if (reply.contains("isDuringSearch") && !reply["isDuringSearch"].get<bool>())
      keys.push_back(reply["id"].get<std::string>() + "/" + std::to_string(reply["turnNumber"].get<int>()) +
                     (reply.contains("noResults") ? "!" : ""));
  return keys;
}

}  // namespace

TEST_CASE("numbers are rounded to 9 significant digits, half away from zero") {
  CHECK(roundTo9Digits(0.12345678951) == 0.12345679);
  CHECK(roundTo9Digits(-1234567891.5) == -1234567892.0);
  CHECK(roundTo9Digits(0.0) == 0.0);
  CHECK(roundTo9Digits(12.0103250049) == 12.010325);
}

TEST_CASE("every turn of a query gets one result, in increasing order") {
  CHECK(finals(answersTo({query("a", R"("moves":[["B","C3"],["W","D4"]],"analyzeTurns":[2,0,2])")})) ==
        std::vector<std::string>{"a/0", "a/2"});
  CHECK(answersTo({query("a", R"("moves":[],"analyzeTurns":[])")}).empty());
}

TEST_CASE("positions are searched by priority, then by arrival; terminated ones are answered at once") {
  AnalysisHarness harness;
  harness.send(query("big", R"("moves":[],"maxVisits":100000000,"firstReportDuringSearchAfter":0.001)"));
  harness.waitForLines(1);  // so its search has begun
  const std::string moves = R"("moves":[["B","C3"],["W","D4"]],)";
  harness.send(query("lo", moves + R"("priority":-5)"));
  harness.send(query("n1", moves + R"("priority":0)"));
  harness.send(query("n2", R"("moves":[])"));
  harness.send(query("hi", moves + R"("priority":10)"));
  harness.send(query("multi", moves + R"("analyzeTurns":[2,1,0],"priorities":[1,2,100])"));
  harness.send(query("gone", moves + R"("analyzeTurns":[2,1,0],"priority":-9)"));
  harness.send(R"({"id":"t1","action":"terminate","terminateId":"gone","turnNumbers":[1,0]})");
  harness.send(R"({"id":"t3","action":"terminate","terminateId":"big"})");
  const std::vector<std::string> keys = finals(harness.finish());
  REQUIRE(keys.size() == 11);
  CHECK(keys[0] == "gone/0!");
  CHECK(keys[1] == "gone/1!");
  const std::vector<std::string> expected = {"multi/0", "hi/2", "multi/1", "multi/2",
                                             "n1/2",    "n2/0", "lo/2",    "gone/2"};
  CHECK(std::vector<std::string>(keys.begin() + 3, keys.end()) == expected);
  CHECK(keys[2].substr(0, 5) == "big/0");
}

TEST_CASE("terminated queries get exactly one final line each") {
  AnalysisHarness harness(2);
  for (int i = 0; i < 10; i++)
    harness.send(query("q" + std::to_string(i), R"("moves":[],"maxVisits":100000000)"));
  harness.send(R"({"id":"t","action":"terminate_all"})");
  harness.send(R"({"id":"t","action":"terminate_all"})");
  std::vector<std::string> keys = finals(harness.finish());
  for (std::string& key : keys)
    key = key.substr(0, 2);
  std::sort(keys.begin(), keys.end());
  CHECK(keys == std::vector<std::string>{"q0", "q1", "q2", "q3", "q4", "q5", "q6", "q7", "q8", "q9"});
}

TEST_CASE("quitting without waiting drops what is open") {
  AnalysisHarness harness;
  for (int i = 0; i < 5; i++)
    harness.send(query("q", R"("moves":[],"maxVisits":100000000)"));
  CHECK(harness.finish(false).empty());
}

TEST_CASE("partial reports come before the final one") {
  AnalysisHarness harness;
  harness.send(query("p", R"("moves":[],"maxVisits":100000000,"maxTime":1,"reportDuringSearchEvery":0.02,)"
                          R"("overrideSettings":{"maxTime":0.3})"));
  const std::vector<json> replies = parsed(harness.finish());
  const auto isPartial = [](const json& reply) {
    return reply.contains("isDuringSearch") && reply["isDuringSearch"].get<bool>();
  };
  CHECK(std::count_if(replies.begin(), replies.end(), isPartial) >= 2);
  CHECK(!isPartial(replies.back()));
}

TEST_CASE("all include flags give all fields with the right lengths") {
  const json reply = parsed(answersTo({query(
      "o",
      R"("moves":[["B","C3"]],"maxVisits":30,"includeOwnership":true,"includeOwnershipStdev":true,"includePolicy":true,"includePVVisits":true,"includeNoResultValue":true,"includeMovesOwnership":true,"includeMovesOwnershipStdev":true)")}))[0];
  CHECK(reply["ownership"].size() == 81);
  CHECK(reply["ownershipStdev"].size() == 81);
  CHECK(reply["policy"].size() == 82);
  CHECK(reply["policy"][6 * 9 + 2] == -1.0);  // C3 is taken
  REQUIRE(!reply["moveInfos"].empty());
  for (const json& move : reply["moveInfos"]) {
    CHECK(move["pv"][0] == move["move"]);
    CHECK(move["pvVisits"].size() == move["pv"].size());
    CHECK(move["pvEdgeVisits"].size() == move["pv"].size());
    CHECK(move["ownership"].size() == 81);
    CHECK(move["ownershipStdev"].size() == 81);
    CHECK(move.contains("noResultValue"));
  }
  CHECK(reply["rootInfo"]["thisHash"] == "9AC43B33567F8BF69E14923EA06F7098");
  CHECK(reply["rootInfo"]["symHash"] == "5B56B43CA94E3E8F25D66EB3B88BE053");
  CHECK(reply["rootInfo"]["currentPlayer"] == "W");
}

TEST_CASE("values are those of the player asked for") {
  const std::string more = R"("moves":[["B","C3"]],"maxVisits":20,"overrideSettings":{"reportAnalysisWinratesAs":")";
  const json white = parsed(answersTo({query("w", more + R"(WHITE"})")}))[0];
  const json black = parsed(answersTo({query("b", more + R"(black"})")}))[0];
  const json mover = parsed(answersTo({query("m", R"("moves":[["B","C3"]],"maxVisits":20)")}))[0];
  CHECK(mover["rootInfo"] == white["rootInfo"]);  // White is to move
  const json &w = white["rootInfo"], &b = black["rootInfo"];
  CHECK(b["winrate"].get<double>() == doctest::Approx(1 - w["winrate"].get<double>()));
  CHECK(b["scoreLead"].get<double>() == -w["scoreLead"].get<double>());
  CHECK(b["utility"].get<double>() == -w["utility"].get<double>());
  CHECK(b["scoreStdev"] == w["scoreStdev"]);
  CHECK(black["moveInfos"][0]["lcb"].get<double>() ==
        doctest::Approx(1 - white["moveInfos"][0]["lcb"].get<double>()));
}

TEST_CASE("a board that does not fit the net is refused") {
  QueryContext context;
  context.netX = context.netY = 9;
  context.settings.warnUnusedFields = false;
  const json wide = {{"id", "x"}, {"boardXSize", 13}, {"boardYSize", 9}, {"moves", json::array()}, {"rules", "aga"}};
  const ParsedQuery query = parseQuery(wide, context);
  REQUIRE(query.error);
  CHECK(query.error->field == "boardXSize");
}
