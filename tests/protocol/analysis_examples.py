#!/usr/bin/env python3
"""The request and response examples of the analysis protocol, sent to the executable (spec analysis-cli-config 1.16).

analysis_examples.py KATAGO    (skipped without the nets in $KATAGO_SHARED_DIR or ../shared)
"""
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time

NET = "g170-b6c96-s175395328-d26788732.bin.gz"
HUMAN_NET = "b7c96h3tfrs-test5-cnorm.bin.gz"
NET_17 = "t-v17-nbt.bin.gz"
CONFIG = """maxVisits = 8
numAnalysisThreads = 1
numSearchThreads = 1
nnCacheSizePowerOfTwo = 14
nnRandomize = false
forDeterministicTesting = true
"""

# (number, request, the reply's exact text)
EXACT = [
    (1, 'hello',
     r'{"error":"[json.exception.parse_error.101] parse error at line 1, column 1: syntax error while parsing value - invalid literal; last read: ' "'h'" r' - could not parse input line as json request: hello"}'),
    (2, '{"id":"a"',
     r'{"error":"[json.exception.parse_error.101] parse error at line 1, column 10: syntax error while parsing object - unexpected end of input; expected ' "'}'" r' - could not parse input line as json request: {\"id\":\"a\""}'),
    (3, '{"id":"x","y":1e999}',
     r'{"error":"[json.exception.out_of_range.406] number overflow parsing ' "'1e999'" r' - could not parse input line as json request: {\"id\":\"x\",\"y\":1e999}"}'),
    (4, '[1,2]', '{"error":"Request line was valid json but was not an object, ignoring: [1,2]"}'),
    (5, '{"id":5}', r'{"error":"Request must have a string \"id\" field"}'),
    (6, r'{"id":"ué\n","action":"query_version","extra":[1.0,2,1e300,-0.0,12345678901234567890,true,null]}',
     r'{"action":"query_version","extra":[1.0,2,1e+300,-0.0,12345678901234567890,true,null],"git_hash":"<omitted>","id":"ué\n","version":"1.17.2"}'),
    (7, '{"id":"a","action":"query_models"}',
     '{"action":"query_models","id":"a","models":[{"internalName":"g170-b6c96-s175395328-d26788732","maxBatchSize":2,"name":"g170-b6c96-s175395328-d26788732.bin.gz","usesHumanSLProfile":false,"usingFP16":"auto","version":8}]}'),
    (8, '{"id":"a","action":"clear_cache","foo":{"b":1,"a":2}}',
     '{"action":"clear_cache","foo":{"a":2,"b":1},"id":"a"}'),
    (9, '{"id":"a","action":"terminate","terminateId":"zzz","turnNumbers":[1,2.7,true]}',
     '{"action":"terminate","id":"a","terminateId":"zzz","turnNumbers":[1,2.7,true]}'),
    (10, '{"id":"x67","action":"terminate"}',
     r'{"error":"Requests for a terminate action must have a string \"terminateId\" field","field":"terminateId","id":"x67"}'),
    (11, '{"id":"x69","action":"terminate_all","turnNumbers":["a"]}',
     '{"error":"If provided, must be an array of integers indicating turns to terminate","field":"turnNumbers","id":"x69"}'),
    (12, '{"id":"x66","action":"foo"}',
     '{"error":"\'action\' field must be \'query_version\' or \'query_models\' or \'clear_cache\' or \'terminate\' or \'terminate_all\'"}'),
    (13, '{"id":"x70","action":5}', '{"error":"Must provide an integer from 2 to 19","field":"boardXSize","id":"x70"}'),
    (14, '{"id":"x","boardXSize":9.0,"boardYSize":9}',
     '{"error":"Must provide an integer from 2 to 19","field":"boardXSize","id":"x"}'),
]

SIZES = '{"id":"x","boardXSize":9,"boardYSize":9,'
CHINESE = SIZES + '"moves":[],"rules":"chinese",'
HUMAN_HINT = "Provided parameter humanSLChosenMoveProp but no human model was specified (e.g -human-model b18c384nbt-humanv0.bin.gz)"
WHERE = " in config file a.cfg and/or command-line and query overrides"

# (number, the rest of the request, field of the error, its text); those from 27 on begin with CHINESE
FIELD_ERRORS = [
    (15, '"rules":"chinese"', "moves", "Must specify an array of [player,location] pairs"),
    (16, '"moves":[["B",3]]', "moves", 'Must be an array of pairs of the form: ["b" or "w", GTP board vertex]'),
    (17, '"moves":[["X","C3"]]', "moves", "Could not parse player: X"),
    (18, '"moves":[["B","I3"]]', "moves", "Could not parse board location: I3"),
    (19, '"moves":[],"initialStones":[["B","pass"]]', "initialStones", "Could not parse board location: pass"),
    (20, '"moves":[],"initialPlayer":3', "initialPlayer", 'Must be "b" or "w"'),
    (21, '"moves":[],"analyzeTurns":[1]', "analyzeTurns", "Invalid turn number: 1"),
    (22, '"moves":[],"analyzeTurns":["0"]', "analyzeTurns",
     "Must specify an array of integers indicating turns to analyze"),
    (23, '"moves":[],"priorities":[1]', "priorities", "Can only specify when also specifying analyzeTurns"),
    (24, '"moves":[],"analyzeTurns":[0],"priorities":[1,2]', "priorities",
     "Must be of matching length to analyzeTurns"),
    (25, '"moves":[],"analyzeTurns":[0],"priorities":[9000000000000000000]', "priorities",
     "Invalid priority: 9000000000000000000"),
    (26, '"moves":[],"rules":{"ko":"FOO"}', "rules", 'Could not parse rules: {"ko":"FOO"}'),
    (27, '"komi":7.25', "komi", "Must be a integer or half-integer from -400.0 to 400.0"),
    (28, '"whiteHandicapBonus":0', "whiteHandicapBonus", "Must be a string"),
    (29, '"whiteHandicapBonus":"N-2"', "whiteHandicapBonus",
     "Rules::parseWhiteHandicapBonusRule: Invalid whiteHandicapBonus rule: N-2"),
    (30, '"overrideSettings":{"cpuctExploration":50}', "overrideSettings",
     "Could not set settings: Key 'cpuctExploration' must be in the range 0 to 10" + WHERE),
    (31, '"overrideSettings":{"cpuctExploration":null}', "overrideSettings",
     "Could not set settings: Could not parse 'null' as double for key 'cpuctExploration'" + WHERE),
    (32, '"overrideSettings":{"numSearchThreads":""}', "overrideSettings",
     "Could not set settings: Could not find key 'numSearchThreads'" + WHERE),
    (33, '"overrideSettings":{"nodeTableShardsPowerOfTwo":10}', "overrideSettings",
     "Could not set settings: Cannot change nodeTableShardsPowerOfTwo after initialization"),
    (34, '"overrideSettings":{"humanSLProfile":"rank_5k"}', "overrideSettings",
     "Could not set settings: WARNING: humanSLProfile is specified as config param but model(s) don't use it: " + NET + "\n"),
    (35, '"overrideSettings":{"humanSLChosenMoveProp":0.5}', "overrideSettings",
     "Could not set settings: " + HUMAN_HINT),
    (36, '"maxVisits":5.5', "maxVisits", "Must be an integer from 1 to 2^50"),
    (37, '"rootPolicyTemperature":0', "rootPolicyTemperature", "Must be a number from 0.01 to 100.0"),
    (38, '"includeOwnership":1', "includeOwnership", "Must be a boolean"),
    (39, '"reportDuringSearchEvery":0', "reportDuringSearchEvery",
     "Must be number of seconds from 0.001 to 1000000.0"),
    (40, '"priority":1.0', "priority", "Must be a number between -2^62 and 2^62"),
    (41, '"analyzeTurns":[0],"priorities":[1],"priority":1', "priority",
     "Cannot specify both priority and priorities"),
    (42, '"allowMoves":[],"avoidMoves":[]', "allowMoves", "Cannot specify both allowMoves and avoidMoves"),
    (43, '"allowMoves":[{"player":"b"}]', "allowMoves",
     "Must be a list of dicts with subfields 'player', 'moves', 'untilDepth'"),
    (44, '"avoidMoves":[{"player":"b","moves":["C3"],"untilDepth":0}]', "untilDepth", "Must be a positive integer"),
    (45, '"moves":[["B","C3"],["W","C3"]]', "moves", "Illegal move 1: C3"),
]

UNUSED = "Unexpected or unused field, do you have a typo? (set warnUnusedFields=false in the config to disable this warning)"
WARNINGS = [  # (number, rest of the request, [(field, text)])
    (46, SIZES + '"moves":[],"rules":{"scoring":"TERRITORY","hasButton":true}}', [
        ("rules", "Rules koPOSITIONALscoreTERRITORYtaxSEKIsui1button1komi6.5 not supported by neural net, using koPOSITIONALscoreTERRITORYtaxSEKIsui1komi6.5 instead")]),
    (47, CHINESE + '"foo":1,"Bar":2,"_x":3}', [("Bar", UNUSED), ("_x", UNUSED), ("foo", UNUSED)]),
    (48, CHINESE + '"overrideSettings":{"analysisPVLen":3,"nnCacheSizePowerOfTwo":3,"preventCleanupPhase":false,"numAnalysisThreads":3}}',
     [("overrideSettings", "Unknown config params: analysisPVLen,preventCleanupPhase")]),
]


class Engine:
    def __init__(self, katago, folder, *options):
        command = [os.path.abspath(katago), "analysis", "-config", "a.cfg", *options]
        self.process = subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL)
        self.lines = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put((time.monotonic(), line.decode().rstrip("\n")))
        self.lines.put((time.monotonic(), None))

    def send(self, *requests):
        self.process.stdin.write("".join(r + "\n" for r in requests).encode())
        self.process.stdin.flush()

    def timed_line(self):
        return self.lines.get(timeout=60)

    def line(self):
        line = self.timed_line()[1]
        assert line is not None, "the engine closed its output"
        return line

    def ask(self, request):
        self.send(request)
        return json.loads(self.line())

    def close(self):
        """Closes the input; what else was printed, and the status."""
        self.process.stdin.close()
        rest = []
        while True:
            line = self.timed_line()[1]
            if line is None:
                return rest, self.process.wait(timeout=60)
            rest.append(line)


def close_to(actual, expected, where=""):
    """expected may leave out keys of objects; floats may differ in the digits that depend on summation order."""
    if isinstance(expected, dict):
        for key, value in expected.items():
            assert key in actual, where + "." + key + " is missing"
            close_to(actual[key], value, where + "." + key)
    elif isinstance(expected, list):
        assert len(actual) == len(expected), "%s: %d entries, expected %d" % (where, len(actual), len(expected))
        for i, value in enumerate(expected):
            close_to(actual[i], value, "%s[%d]" % (where, i))
    elif isinstance(expected, float):
        assert isinstance(actual, float), "%s: %r should be written as a float" % (where, actual)
        assert abs(actual - expected) <= 1e-4 * max(1.0, abs(expected)), "%s: %r, expected %r" % (where, actual, expected)
    else:
        assert actual == expected and type(actual) is type(expected), "%s: %r, expected %r" % (where, actual, expected)


def check_messages(engine):
    for number, request, reply in EXACT:
        engine.send(request)
        assert engine.line() == reply, number
    for number, rest, field, text in FIELD_ERRORS:
        reply = engine.ask((SIZES if number < 27 else CHINESE) + rest + "}")
        assert reply == {"error": text, "field": field, "id": "x"}, (number, reply)
    for number, request, warnings in WARNINGS:
        engine.send(request)
        for field, text in warnings:
            reply = json.loads(engine.line())
            assert reply == {"field": field, "id": "x", "warning": text}, (number, reply)
        assert json.loads(engine.line())["moveInfos"], number


def moves_of(reply):
    return [info["move"] for info in reply["moveInfos"]]


def small(size, moves, more=""):
    return '{"id":"x","boardXSize":%d,"boardYSize":%d,"moves":%s%s}' % (size, size, json.dumps(moves), more)


def check_results(engine):
    reply = engine.ask('{"id":"a","moves":[["B","C3"]],"rules":"tromp-taylor","boardXSize":9,"boardYSize":9}')
    close_to(reply, {"id": "a", "isDuringSearch": False, "turnNumber": 1, "moveInfos": [  # 49
        {"edgeVisits": 5, "edgeWeight": 5.0, "lcb": 0.516211195, "move": "F6", "order": 0, "playSelectionValue": 5.0,
         "prior": 0.419884592, "pv": ["F6", "D6", "F3"], "scoreLead": 1.95219171, "scoreMean": 1.95219171,
         "scoreSelfplay": 1.82357209, "scoreStdev": 12.010325, "utility": 0.246899191,
         "utilityLcb": -0.0366462726, "visits": 5, "weight": 5.0, "winrate": 0.617477433},
        {"edgeVisits": 1, "move": "D4", "order": 1, "playSelectionValue": 1.0},
        {"edgeVisits": 1, "move": "E6", "order": 2, "playSelectionValue": 0.0},
        {"edgeVisits": 1, "isSymmetryOf": "E6", "move": "F5", "order": 3, "playSelectionValue": 0.0}],
        "rootInfo": {"currentPlayer": "W", "rawLead": 1.08253253, "rawNoResultProb": 0.0,
                     "rawScoreSelfplay": 1.93214297, "rawScoreSelfplayStdev": 13.0920808, "rawStScoreError": -1.0,
                     "rawStWrError": -0.5, "rawVarTimeLeft": -1.0, "rawWinrate": 0.617667139,
                     "scoreLead": 1.90479939, "scoreSelfplay": 1.86726208, "scoreStdev": 13.0200211,
                     "symHash": "5B56B43CA94E3E8F25D66EB3B88BE053", "thisHash": "9AC43B33567F8BF69E14923EA06F7098",
                     "utility": 0.238924466, "visits": 8, "weight": 8.0, "winrate": 0.613784282}})
    close_to(engine.ask(CHINESE + '"maxVisits":1}'), {"id": "x", "moveInfos": [], "turnNumber": 0, "rootInfo": {  # 50
        "currentPlayer": "B", "rawLead": 0.370416403, "rawWinrate": 0.488413781,
        "symHash": "1521075FDD85FFE1B074F776AFC4E49D", "thisHash": "1521075FDD85FFE1B074F776AFC4E49D",
        "utility": -0.0225684606, "visits": 1, "weight": 1.0, "winrate": 0.488413781}})
    reply = engine.ask(
        '{"id":"own","boardXSize":3,"boardYSize":2,"moves":[["B","B1"]],"rules":"tromp-taylor","komi":0.5,"maxVisits":4,'
        '"includeOwnership":true,"includeOwnershipStdev":true,"includePolicy":true,"includePVVisits":true,'
        '"includeNoResultValue":true,"includeMovesOwnership":true,"includeMovesOwnershipStdev":true}')
    close_to(reply, {"moveInfos": [  # 51
        {"move": "pass", "noResultValue": 0.0, "order": 0, "pv": ["pass"], "pvEdgeVisits": [1], "pvVisits": [1],
         "ownership": [-0.947624, -0.978304, -0.902743, -0.973356, -0.974705, -0.975947], "ownershipStdev": [0.0] * 6},
        {"move": "B2"},
        {"move": "A2", "ownership": [-0.977585, -0.989312, -0.951416, -0.984469, -0.994316, -0.978493]},
        {"move": "C2", "isSymmetryOf": "A2", "order": 3,
         "ownership": [-0.951416, -0.989312, -0.977585, -0.978493, -0.994316, -0.984469]}],
        "ownership": [-0.903227, -0.79954, -0.830825, -0.877845, -0.971692, -0.875866],
        "ownershipStdev": [0.062727, 0.283265, 0.099487, 0.138737, 0.015319, 0.115351],
        "policy": [0.0691602156, 0.07470797, 0.0415786095, 0.0484715328, -1.0, 0.0354672074, 0.730614483],
        "rootInfo": {"symHash": "18D667960F8E7CB4E79E6D7F5E92AC43", "thisHash": "F0F68860EE12B4CEA00C7F8E8D12E950",
                     "visits": 4, "weight": 3.2059238483267514, "winrate": 0.729694162}})
    check_restrictions(engine)
    check_perspective_and_ends(engine)


def check_restrictions(engine):
    middle = [["B", "B2"]]
    rules = ',"rules":"tromp-taylor","includePolicy":true'
    reply = engine.ask(small(3, middle, rules + ',"avoidMoves":[{"player":"W","moves":["A1","pass"],"untilDepth":2}]'))
    assert set(moves_of(reply)) == {"A3", "C3", "C1", "A2", "C2", "B3", "B1"}, moves_of(reply)  # 52
    assert {i["isSymmetryOf"] for i in reply["moveInfos"] if i["move"] in ("C3", "C1")} == {"A3"}
    assert reply["policy"][6] > 0 and reply["policy"][9] > 0
    reply = engine.ask(small(3, middle, rules + ',"allowMoves":[{"player":"W","moves":["A1"],"untilDepth":1}]'))
    close_to(reply, {"moveInfos": [{"move": "A1", "edgeVisits": 7}], "rootInfo": {"visits": 8}})  # 53
    reply = engine.ask(small(3, middle, rules + ',"allowMoves":[{"player":"W","moves":["B2"],"untilDepth":1}]'))
    close_to(reply, {"moveInfos": [], "rootInfo": {"visits": 8}})  # 54


def check_perspective_and_ends(engine):
    japanese = ',"rules":"japanese","maxVisits":2'
    white = {"rootInfo": {"winrate": 0.0266421486, "scoreLead": -2.75844741, "utility": -1.11022083}}
    black = {"rootInfo": {"winrate": 0.973357851, "scoreLead": 2.75844741, "utility": 1.11022083}}
    for override, values, winrate, lcb in [("", white, 0.046771355, -1.20322865), ("WHITE", white, 0.046771355, -1.20322865),
                                           ("BLACK", black, 0.953228645, 2.20322865)]:
        more = ',"overrideSettings":{"reportAnalysisWinratesAs":"%s"}' % override if override else ""
        reply = engine.ask(small(5, [["B", "C3"]], japanese + more))
        close_to(reply, values)  # 55
        close_to(reply["moveInfos"][0], {"move": "B3", "winrate": winrate, "lcb": lcb})
    rules = ',"rules":"tromp-taylor"'
    before = engine.ask(small(3, [["B", "B2"]], rules))
    after = engine.ask(small(3, [["B", "B2"], ["W", "pass"], ["B", "pass"]], rules))
    assert after["turnNumber"] == 3
    after["turnNumber"] = 1
    close_to(after, {"rootInfo": {k: v for k, v in before["rootInfo"].items()}, "turnNumber": before["turnNumber"]})  # 56
    reply = engine.ask(small(5, [["B", "C3"], ["W", "pass"], ["B", "pass"]], ',"rules":"japanese"'))
    passes = [info for info in reply["moveInfos"] if info["move"] == "pass"]
    assert len(passes) == 1 and passes[0]["pv"] == [] and passes[0]["edgeVisits"] == 1, passes  # 57


def check_human_net(engine):
    engine.send('{"id":"h","boardXSize":2,"boardYSize":2,"moves":[],"rules":"chinese","includePolicy":true}')
    line = engine.line()
    assert line.startswith('{"humanPolicy":['), line[:80]
    reply = json.loads(line)
    close_to(reply, {"humanPolicy": [0.122346759, 0.148764446, 0.128064081, 0.14152658, 0.459298134], "rootInfo": {  # 58
        "humanScoreMean": 3.73668504, "humanScoreStdev": 2.79267837, "humanStScoreError": 3.7736361,
        "humanStWrError": 0.0077969064, "humanWinrate": 0.995743752}})
    passes = [info for info in reply["moveInfos"] if info["move"] == "pass"]
    close_to(passes[0]["humanPrior"], 0.459298134)


def check_order_and_termination(engine):
    """A worker busy with a long query; others queue up behind it."""
    start = '"boardXSize":9,"boardYSize":9,"rules":"chinese","moves":[["B","C3"],["W","D4"]]'
    engine.send('{"id":"big","boardXSize":9,"boardYSize":9,"rules":"chinese","moves":[],"maxVisits":1000000000,'
                '"firstReportDuringSearchAfter":0.01}')
    assert json.loads(engine.line())["isDuringSearch"] is True  # so it has begun
    for name, more in [("lo", '"priority":-5'), ("n1", '"maxVisits":8'), ("n2", '"maxVisits":8'), ("hi", '"priority":10'),
                       ("multi", '"analyzeTurns":[2,1,0],"priorities":[1,2,100]'),
                       ("gone", '"analyzeTurns":[2,1,0],"priority":-9')]:
        engine.send('{"id":"%s",%s,%s}' % (name, start, more))
    engine.send('{"id":"t1","action":"terminate","terminateId":"gone","turnNumbers":[1,0]}')
    for turn in (0, 1):  # 60
        assert engine.line() == '{"id":"gone","isDuringSearch":false,"noResults":true,"turnNumber":%d}' % turn
    assert engine.line() == '{"action":"terminate","id":"t1","terminateId":"gone","turnNumbers":[1,0]}'
    time.sleep(0.3)
    engine.send('{"id":"t3","action":"terminate","terminateId":"big"}')
    line = engine.line()
    assert line == '{"action":"terminate","id":"t3","terminateId":"big"}', line  # 61
    big = json.loads(engine.line())
    assert big["id"] == "big" and big["isDuringSearch"] is False and big["rootInfo"]["visits"] >= 2
    order = []
    for _ in range(8):
        reply = json.loads(engine.line())
        order.append("%s/%d" % (reply["id"], reply["turnNumber"]))
    assert order == ["multi/0", "hi/2", "multi/1", "multi/2", "n1/2", "n2/2", "lo/2", "gone/2"], order


def check_partial_reports(engine):
    engine.send('{"id":"p","boardXSize":9,"boardYSize":9,"rules":"chinese","moves":[],"maxVisits":1000000000,'
                '"reportDuringSearchEvery":0.3,"firstReportDuringSearchAfter":0.05}')
    reports = []
    for _ in range(4):
        at, line = engine.timed_line()
        reply = json.loads(line)
        assert reply["isDuringSearch"] is True
        reports.append((at, reply["rootInfo"]["visits"]))
    assert reports[3][0] - reports[0][0] >= 0.8, reports  # 62; later on a busy machine, never earlier
    assert [v for _, v in reports] == sorted(v for _, v in reports)
    assert engine.ask('{"id":"t","action":"terminate_all"}') == {"action": "terminate_all", "id": "t"}
    lines = [json.loads(engine.line())]
    while lines[-1]["isDuringSearch"]:
        lines.append(json.loads(engine.line()))
    assert engine.ask('{"id":"u","action":"terminate_all"}') == {"action": "terminate_all", "id": "u"}


def check_quit_without_waiting(katago, folder):
    engine = Engine(katago, folder, "-model", NET, "-quit-without-waiting")
    for name in ("a", "b"):
        engine.send('{"id":"%s","boardXSize":19,"boardYSize":19,"rules":"chinese","moves":[],"maxVisits":1000000000}' % name)
    time.sleep(0.5)
    assert engine.close() == ([], 0)  # 63


def main():
    katago = sys.argv[1]
    shared = os.environ.get("KATAGO_SHARED_DIR", os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../shared"))
    models = os.path.join(os.path.abspath(shared), "models")
    if not os.path.exists(os.path.join(models, NET)):
        print("skipped: no nets in " + models + " (set KATAGO_SHARED_DIR)")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "a.cfg"), "w") as config:
            config.write(CONFIG)
        for name in (NET, HUMAN_NET, NET_17):
            os.symlink(os.path.join(models, name), os.path.join(folder, name))
        engine = Engine(katago, folder, "-model", NET)
        check_messages(engine)
        check_results(engine)
        check_order_and_termination(engine)
        check_partial_reports(engine)
        assert engine.close() == ([], 0)
        engine = Engine(katago, folder, "-model", NET, "-human-model", HUMAN_NET)
        check_human_net(engine)
        assert engine.close() == ([], 0)
        engine = Engine(katago, folder, "-model", NET_17)
        raw = engine.ask(CHINESE + '"maxVisits":1}')["rootInfo"]  # 59
        assert raw["rawStScoreError"] > 0 and raw["rawStWrError"] > 0 and raw["rawVarTimeLeft"] > 0, raw
        assert engine.close() == ([], 0)
        check_quit_without_waiting(katago, folder)
    print("63 examples answered as written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
