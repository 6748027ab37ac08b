// Requests and answers that do not depend on a net (spec analysis-cli-config 1.16).
#include <doctest/doctest.h>

#include "unit/protocol/analysis_harness.h"

using namespace ponnuki;
using test::answersTo;

namespace {

struct Exchange {
  const char* request;
  const char* reply;  // the first line
};

void check(const std::string& request, const std::string& reply) {
  const std::vector<std::string> lines = answersTo({request});
  INFO(request);
  REQUIRE(!lines.empty());
  CHECK(lines[0] == reply);
}

std::string boardSizeError(const std::string& id) {
  return R"J({"error":"Must provide an integer from 2 to )J" + std::to_string(kMaxBoardLen) +
         R"J(","field":"boardXSize","id":")J" + id + R"J("})J";
}

}  // namespace

TEST_CASE("lines that are no requests are answered, not dropped") {
  constexpr Exchange kExchanges[] = {
      {"hello",
       R"J({"error":"[json.exception.parse_error.101] parse error at line 1, column 1: syntax error while parsing value - invalid literal; last read: 'h' - could not parse input line as json request: hello"})J"},
      {R"J({"id":"a")J",
       R"J({"error":"[json.exception.parse_error.101] parse error at line 1, column 10: syntax error while parsing object - unexpected end of input; expected '}' - could not parse input line as json request: {\"id\":\"a\""})J"},
      {R"J({"id":"x","y":1e999})J",
       R"J({"error":"[json.exception.out_of_range.406] number overflow parsing '1e999' - could not parse input line as json request: {\"id\":\"x\",\"y\":1e999}"})J"},
      {"[1,2]", R"J({"error":"Request line was valid json but was not an object, ignoring: [1,2]"})J"},
      {R"J({"id":5})J", R"J({"error":"Request must have a string \"id\" field"})J"},
  };
  for (const Exchange& e : kExchanges)
    check(e.request, e.reply);
}

TEST_CASE("actions echo the request with their results") {
  constexpr Exchange kExchanges[] = {
      {R"J({"id":"ué\n","action":"query_version","extra":[1.0,2,1e300,-0.0,12345678901234567890,true,null]})J",
       R"J({"action":"query_version","extra":[1.0,2,1e+300,-0.0,12345678901234567890,true,null],"git_hash":"<omitted>","id":"ué\n","version":"1.17.2"})J"},
      {R"J({"id":"a","action":"query_models"})J",
       R"J({"action":"query_models","id":"a","models":[{"internalName":"net","maxBatchSize":2,"name":"net.bin.gz","usesHumanSLProfile":false,"usingFP16":"auto","version":14}]})J"},
      {R"J({"id":"a","action":"clear_cache","foo":{"b":1,"a":2}})J",
       R"J({"action":"clear_cache","foo":{"a":2,"b":1},"id":"a"})J"},
      {R"J({"id":"a","action":"terminate","terminateId":"zzz","turnNumbers":[1,2.7,true]})J",
       R"J({"action":"terminate","id":"a","terminateId":"zzz","turnNumbers":[1,2.7,true]})J"},
      {R"J({"id":"x67","action":"terminate"})J",
       R"J({"error":"Requests for a terminate action must have a string \"terminateId\" field","field":"terminateId","id":"x67"})J"},
      {R"J({"id":"x69","action":"terminate_all","turnNumbers":["a"]})J",
       R"J({"error":"If provided, must be an array of integers indicating turns to terminate","field":"turnNumbers","id":"x69"})J"},
      {R"J({"id":"x66","action":"foo"})J",
       R"J({"error":"'action' field must be 'query_version' or 'query_models' or 'clear_cache' or 'terminate' or 'terminate_all'"})J"},
  };
  for (const Exchange& e : kExchanges)
    check(e.request, e.reply);
  check(R"J({"id":"x70","action":5})J", boardSizeError("x70"));
}

TEST_CASE("the first faulty field is named with the reference's text") {
  constexpr Exchange kExchanges[] = {
      {R"J("rules":"chinese")J", R"J({"error":"Must specify an array of [player,location] pairs","field":"moves","id":"x"})J"},
      {R"J("moves":[["B",3]])J",
       R"J({"error":"Must be an array of pairs of the form: [\"b\" or \"w\", GTP board vertex]","field":"moves","id":"x"})J"},
      {R"J("moves":[["X","C3"]])J", R"J({"error":"Could not parse player: X","field":"moves","id":"x"})J"},
      {R"J("moves":[["B","I3"]])J", R"J({"error":"Could not parse board location: I3","field":"moves","id":"x"})J"},
      {R"J("moves":[["B","(9,0)"]])J", R"J({"error":"Could not parse board location: (9,0)","field":"moves","id":"x"})J"},
      {R"J("moves":[],"initialStones":[["B","pass"]])J",
       R"J({"error":"Could not parse board location: pass","field":"initialStones","id":"x"})J"},
      {R"J("moves":[],"initialPlayer":3)J", R"J({"error":"Must be \"b\" or \"w\"","field":"initialPlayer","id":"x"})J"},
      {R"J("moves":[],"analyzeTurns":[1])J", R"J({"error":"Invalid turn number: 1","field":"analyzeTurns","id":"x"})J"},
      {R"J("moves":[],"analyzeTurns":["0"])J",
       R"J({"error":"Must specify an array of integers indicating turns to analyze","field":"analyzeTurns","id":"x"})J"},
      {R"J("moves":[],"priorities":[1])J",
       R"J({"error":"Can only specify when also specifying analyzeTurns","field":"priorities","id":"x"})J"},
      {R"J("moves":[],"analyzeTurns":[0],"priorities":[1,2])J",
       R"J({"error":"Must be of matching length to analyzeTurns","field":"priorities","id":"x"})J"},
      {R"J("moves":[],"analyzeTurns":[0],"priorities":[9000000000000000000])J",
       R"J({"error":"Invalid priority: 9000000000000000000","field":"priorities","id":"x"})J"},
      {R"J("moves":[],"rules":{"ko":"FOO"})J",
       R"J({"error":"Could not parse rules: {\"ko\":\"FOO\"}","field":"rules","id":"x"})J"},
  };
  const std::string start = R"J({"id":"x","boardXSize":9,"boardYSize":9,)J";
  for (const Exchange& e : kExchanges)
    check(start + e.request + "}", e.reply);
  check(R"J({"id":"x","boardXSize":9.0,"boardYSize":9})J", boardSizeError("x"));
}

TEST_CASE("faults after the rules are named with the reference's text") {
  constexpr Exchange kExchanges[] = {
      {R"J("komi":7.25)J",
       R"J({"error":"Must be a integer or half-integer from -400.0 to 400.0","field":"komi","id":"x"})J"},
      {R"J("whiteHandicapBonus":0)J", R"J({"error":"Must be a string","field":"whiteHandicapBonus","id":"x"})J"},
      {R"J("whiteHandicapBonus":"N-2")J",
       R"J({"error":"Rules::parseWhiteHandicapBonusRule: Invalid whiteHandicapBonus rule: N-2","field":"whiteHandicapBonus","id":"x"})J"},
      {R"J("overrideSettings":{"cpuctExploration":50})J",
       R"J({"error":"Could not set settings: Key 'cpuctExploration' must be in the range 0 to 10 in config file a.cfg and/or command-line and query overrides","field":"overrideSettings","id":"x"})J"},
      {R"J("overrideSettings":{"cpuctExploration":null})J",
       R"J({"error":"Could not set settings: Could not parse 'null' as double for key 'cpuctExploration' in config file a.cfg and/or command-line and query overrides","field":"overrideSettings","id":"x"})J"},
      {R"J("overrideSettings":{"numSearchThreads":""})J",
       R"J({"error":"Could not set settings: Could not find key 'numSearchThreads' in config file a.cfg and/or command-line and query overrides","field":"overrideSettings","id":"x"})J"},
      {R"J("overrideSettings":{"nodeTableShardsPowerOfTwo":10})J",
       R"J({"error":"Could not set settings: Cannot change nodeTableShardsPowerOfTwo after initialization","field":"overrideSettings","id":"x"})J"},
      {R"J("overrideSettings":{"humanSLProfile":"rank_5k"})J",
       R"J({"error":"Could not set settings: WARNING: humanSLProfile is specified as config param but model(s) don't use it: net\n","field":"overrideSettings","id":"x"})J"},
      {R"J("overrideSettings":{"humanSLChosenMoveProp":0.5})J",
       R"J({"error":"Could not set settings: Provided parameter humanSLChosenMoveProp but no human model was specified (e.g -human-model b18c384nbt-humanv0.bin.gz)","field":"overrideSettings","id":"x"})J"},
      {R"J("maxVisits":5.5)J", R"J({"error":"Must be an integer from 1 to 2^50","field":"maxVisits","id":"x"})J"},
      {R"J("rootPolicyTemperature":0)J",
       R"J({"error":"Must be a number from 0.01 to 100.0","field":"rootPolicyTemperature","id":"x"})J"},
      {R"J("includeOwnership":1)J", R"J({"error":"Must be a boolean","field":"includeOwnership","id":"x"})J"},
      {R"J("reportDuringSearchEvery":0)J",
       R"J({"error":"Must be number of seconds from 0.001 to 1000000.0","field":"reportDuringSearchEvery","id":"x"})J"},
      {R"J("priority":1.0)J", R"J({"error":"Must be a number between -2^62 and 2^62","field":"priority","id":"x"})J"},
      {R"J("analyzeTurns":[0],"priorities":[1],"priority":1)J",
       R"J({"error":"Cannot specify both priority and priorities","field":"priority","id":"x"})J"},
      {R"J("allowMoves":[],"avoidMoves":[])J",
       R"J({"error":"Cannot specify both allowMoves and avoidMoves","field":"allowMoves","id":"x"})J"},
      {R"J("allowMoves":[{"player":"b"}])J",
       R"J({"error":"Must be a list of dicts with subfields 'player', 'moves', 'untilDepth'","field":"allowMoves","id":"x"})J"},
      {R"J("avoidMoves":[{"player":"b","moves":["C3"],"untilDepth":0}])J",
       R"J({"error":"Must be a positive integer","field":"untilDepth","id":"x"})J"},
      {R"J("moves":[["B","C3"],["W","C3"]])J", R"J({"error":"Illegal move 1: C3","field":"moves","id":"x"})J"},
  };
  const std::string start = R"J({"id":"x","boardXSize":9,"boardYSize":9,"moves":[],"rules":"chinese",)J";
  for (const Exchange& e : kExchanges)
    check(start + e.request + "}", e.reply);
}

TEST_CASE("warnings precede the result and do not stop it") {
  const std::string start = R"J({"id":"x","boardXSize":9,"boardYSize":9,"moves":[],)J";
  std::vector<std::string> lines = answersTo({start + R"J("rules":{"scoring":"TERRITORY","hasButton":true}})J"});
  REQUIRE(lines.size() == 2);
  CHECK(lines[0] ==
        R"J({"field":"rules","id":"x","warning":"Rules koPOSITIONALscoreTERRITORYtaxSEKIsui1button1komi6.5 not supported by neural net, using koPOSITIONALscoreTERRITORYtaxSEKIsui1komi6.5 instead"})J");
  CHECK(lines[1].find("\"moveInfos\":[{") != std::string::npos);

  lines = answersTo({start + R"J("rules":"chinese","foo":1,"Bar":2,"_x":3})J"});
  REQUIRE(lines.size() == 4);
  const std::string text =
      R"J(","id":"x","warning":"Unexpected or unused field, do you have a typo? (set warnUnusedFields=false in the config to disable this warning)"})J";
  CHECK(lines[0] == R"J({"field":"Bar)J" + text);
  CHECK(lines[1] == R"J({"field":"_x)J" + text);
  CHECK(lines[2] == R"J({"field":"foo)J" + text);

  lines = answersTo(
      {start +
       R"J("rules":"chinese","overrideSettings":{"analysisPVLen":3,"nnCacheSizePowerOfTwo":3,"preventCleanupPhase":false,"numAnalysisThreads":3}})J"});
  REQUIRE(lines.size() == 2);
  CHECK(lines[0] ==
        R"J({"field":"overrideSettings","id":"x","warning":"Unknown config params: analysisPVLen,preventCleanupPhase"})J");
}
