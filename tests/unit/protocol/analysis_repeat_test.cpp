// What one analysis leaves for the next: nothing by default, and what the shared evaluation cache keeps if
// asked.
#include <doctest/doctest.h>

#include "analysis_harness.h"

using namespace ponnuki;
using namespace ponnuki::test;
using nlohmann::json;

namespace {

std::string query7x7(const std::string& id, const std::string& more) {
  return R"({"id":")" + id + R"(","rules":"tromp-taylor","komi":7,"boardXSize":7,"boardYSize":7,)" + more +
         "}";
}

const std::vector<std::string> kMixedQueries = {
    query7x7("plain", R"("moves":[["B","C3"],["W","D4"]],"analyzeTurns":[0,1,2],"maxVisits":150)"),
    query7x7("all",
          R"("moves":[["B","C3"]],"maxVisits":200,"includeOwnership":true,"includeOwnershipStdev":true,)"
          R"("includePolicy":true,"includePVVisits":true,"includeMovesOwnership":true)"),
    query7x7("noise",
          R"("moves":[],"maxVisits":200,"overrideSettings":{"rootNoiseEnabled":true,"wideRootNoise":0.1,)"
          R"("rootNumSymmetriesToSample":4,"graphSearchCatchUpLeakProb":0.2})"),
    query7x7("avoid", R"("moves":[],"maxVisits":100,"rules":"japanese",)"
                   R"("allowMoves":[{"player":"B","moves":["C3","D4"],"untilDepth":2}])")};

const std::string kDeep = query7x7("q", R"("moves":[["B","C3"]],"maxVisits":800)");
// The noise differs from one search to the next.
const char* const kCacheOff = "wideRootNoise = 0\n";
const char* const kCacheOn = "wideRootNoise = 0\nuseEvalCache = true\nevalCacheMinVisits = 10\n";

// Sends a line and waits for its reply, which another thread writes.
json answer(AnalysisHarness& harness, const std::string& line) {
  const size_t before = harness.linesSoFar().size();
  harness.send(line);
  harness.waitForLines(static_cast<int>(before) + 1);
  return json::parse(harness.linesSoFar().back());
}

}  // namespace

TEST_CASE("the same queries at one thread give the same bytes in every run") {
  const std::vector<std::string> first = answersTo(kMixedQueries);
  CHECK(first.size() == 6);
  for (const std::string& line : first) CHECK(json::parse(line).contains("rootInfo"));
  for (int i = 0; i < 3; i++) CHECK(answersTo(kMixedQueries) == first);
}

TEST_CASE("useEvalCache carries results from one analysis to the next until clear_cache") {
  AnalysisHarness harness(2, kCacheOn);  // whichever thread takes it
  const json first = answer(harness, kDeep), second = answer(harness, kDeep);
  CHECK(first["moveInfos"] != second["moveInfos"]);
  answer(harness, R"({"id":"c","action":"clear_cache"})");
  CHECK(answer(harness, kDeep)["moveInfos"] == first["moveInfos"]);
}

TEST_CASE("without useEvalCache an analysis is not changed by those before it") {
  AnalysisHarness harness(2, kCacheOff);
  const json first = answer(harness, kDeep);
  CHECK(answer(harness, kDeep)["moveInfos"] == first["moveInfos"]);
}

TEST_CASE("results of the evaluation cache serve searches with the same parameters only") {
  AnalysisHarness warm(1, kCacheOn), fresh(1, kCacheOn);
  const std::string other = query7x7("o", R"("moves":[["B","C3"]],"maxVisits":801)");
  answer(warm, kDeep);
  CHECK(answer(warm, other)["moveInfos"] == answer(fresh, other)["moveInfos"]);
}
