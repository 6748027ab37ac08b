#!/usr/bin/env python3
"""Lines meant to break the analysis engine: each is answered, and the process goes on and ends with status 0.

analysis_hostile.py KATAGO    (no net needed: evaluations are invented with -model /dev/null)
"""
import json
import subprocess
import sys
import tempfile

CONFIG = """numAnalysisThreads = 2
numSearchThreads = 1
maxVisits = 4
nnCacheSizePowerOfTwo = 10
maxBoardSizeForNNBuffer = 13
logToStderr = false
"""
MEGABYTES_10 = 10 << 20

QUERY = {"id": "x", "boardXSize": 5, "boardYSize": 5, "initialStones": [["B", "C3"]], "moves": [["W", "B2"]],
         "initialPlayer": "w", "analyzeTurns": [0, 1], "priorities": [1, 2], "rules": "chinese", "komi": 6.5,
         "whiteHandicapBonus": "0", "overrideSettings": {"maxTime": 1}, "maxVisits": 2, "analysisPVLen": 3,
         "rootFpuReductionMax": 0.1, "rootPolicyTemperature": 1.0, "includeMovesOwnership": True,
         "includeMovesOwnershipStdev": True, "includeOwnership": True, "includeOwnershipStdev": True,
         "includePolicy": True, "includePVVisits": True, "includeNoResultValue": True, "reportDuringSearchEvery": 10,
         "firstReportDuringSearchAfter": 5, "avoidMoves": [{"player": "b", "moves": ["A1"], "untilDepth": 2}]}

# For each field, values of which every one must be refused. What may be left out or has another valid form is so.
NULLS = [None]
NO_BOOLS = NULLS + [0, 1, 0.5, "true", [], {}]
NO_NUMBERS = NULLS + [True, "1", [], {}, -1e300, 1e300]
NO_INTEGERS = NO_NUMBERS + [1.5, 2.0, 10**30, -10**30]
NO_STRINGS = NULLS + [True, 1, 0.5, [], {}]
NO_LISTS = NULLS + [True, 1, 0.5, "x", {}, [1], [None], [[]], [{}], ["x"]]
WRONG = {
    "id": NO_STRINGS,
    "boardXSize": NO_INTEGERS + [1, 0, -5, 50, 14, 19], "boardYSize": NO_INTEGERS + [1, 0, -5, 50, 14, 19],
    "initialStones": NO_LISTS + [[["B", "pass"]], [["B", "Z9"]], [["B", "C3", 1]], [[None, "C3"]], [["B", None]]],
    "moves": NO_LISTS + [[["X", "C3"]], [["B", ""]], [["B", "(9,9)"]], [["B", "(0,-1)"]], [["B", "A0"]],
                         [["B", "A99999999999999999999"]], [["B", "\u0000"]], [["W", "C3"]], [["B"]]],
    "initialPlayer": NO_STRINGS + ["", "x", "blackwhite"],
    "analyzeTurns": NULLS + [True, 1, "x", {}, [None], ["0"], [[]], [{}], [-1], [2], [10**30], [-1e300]],
    "priorities": NULLS + [True, 1, "x", {}, [None, None], ["0", "1"], [1], [1, 2, 3], [10**30, 0], [True, False]],
    "rules": NULLS + [True, 1, [], "", "x", {"a": None}, {"ko": 5}, {"komi": "x"}, {"komi": 1e300}, "{" * 1000],
    "komi": NO_NUMBERS + [0.3, 400.5, -401],
    "whiteHandicapBonus": NO_STRINGS + ["", "2", "n"],
    "overrideSettings": NULLS + [True, 1, "x", [], {"maxVisits": []}, {"maxVisits": {}}, {"cpuctExploration": None},
                                 {"numSearchThreads": 1e300}, {"humanSLProfile": "nobody"}, {"useGraphSearch": "2"},
                                 {"rootNumSymmetriesToSample": 9}, {"playoutDoublingAdvantagePla": "nobody"}],
    "maxVisits": NO_INTEGERS + [0, -1, 2**51],
    "analysisPVLen": NO_INTEGERS + [0, 1001],
    "rootFpuReductionMax": NO_NUMBERS + [-0.1, 2.1],
    "rootPolicyTemperature": NO_NUMBERS + [0, 101],
    "includeMovesOwnership": NO_BOOLS, "includeMovesOwnershipStdev": NO_BOOLS, "includeOwnership": NO_BOOLS,
    "includeOwnershipStdev": NO_BOOLS, "includePolicy": NO_BOOLS, "includePVVisits": NO_BOOLS,
    "includeNoResultValue": NO_BOOLS,
    "reportDuringSearchEvery": NO_NUMBERS + [0, -1, 1e7], "firstReportDuringSearchAfter": NO_NUMBERS + [0, -1, 1e7],
    "avoidMoves": NO_LISTS + [[{"player": "b"}], [{"player": 1, "moves": [], "untilDepth": 1}],
                              [{"player": "b", "moves": "A1", "untilDepth": 1}],
                              [{"player": "b", "moves": [None], "untilDepth": 1}],
                              [{"player": "b", "moves": ["Z9"], "untilDepth": 1}],
                              [{"player": "b", "moves": [], "untilDepth": 1.0}],
                              [{"player": "b", "moves": [], "untilDepth": 10**30}]],
}
WITHOUT_PRIORITIES = {  # (fields that exclude some of QUERY)
    "priority": NO_INTEGERS + [2**62],
    "allowMoves": [[{"player": "b", "moves": [], "untilDepth": 1}] * 2, [{"player": "b", "moves": [], "untilDepth": 1}] * 3,
                   None, 1, "x", {}],
}


def raw_lines():
    """Lines that are no proper request at all, as bytes."""
    yield b'{"id":"\xc3\x28\xff"}'
    yield b"\xff\xfe\x80"
    yield b'\xed\xa0\x80'
    yield b'{"id":"x","rules":"\xf5","boardXSize":9,"boardYSize":9,"moves":[]}'
    yield b'{"id":"nul\x00"}'
    yield b"\x00"
    yield b"[" * 100000
    yield b'{"a":' * 100000
    yield b'{"id":"d","a":' + b"[" * 100000 + b"]" * 100000 + b"}"
    yield b'{"id":"d","action":"query_version","a":' + b'{"b":' * 100000 + b"1" + b"}" * 100000 + b"}"
    yield b'{"id":"r","boardXSize":9,"boardYSize":9,"moves":[],"rules":"' + b"{" * 200000 + b'"}'
    yield b"x" * MEGABYTES_10
    yield b'{"id":"long","junk":"' + b"y" * MEGABYTES_10 + b'"}'
    yield b'{"id":"' + b"z" * MEGABYTES_10 + b'","boardXSize":1}'
    yield b'"' + b"\\" * MEGABYTES_10
    yield b'{"id":"x","n":' + b"9" * 1000000 + b"}"
    for text in (b"{", b"}", b"[]", b"null", b"1", b'"', b'{"id"', b'{"id":1}', b'{"id":null}', b"{}", b"{'id':'x'}",
                 b'{"id":"x",}', b'{"id":"x"} {}', b"// comment", b'{"id":"x","y":NaN}', b'{"id":"x","y":1e999}',
                 b'{"id":"x","action":"fly"}', b'{"id":"x","action":"terminate"}',
                 b'{"id":"x","action":"terminate","terminateId":5}',
                 b'{"id":"x","action":"terminate_all","turnNumbers":[null]}',
                 b'{"id":"x","action":"terminate_all","turnNumbers":{}}', b'{"id":"x","action":{}}'):
        yield text


def field_lines():
    for field, values in WRONG.items():
        for value in values:
            yield field, json.dumps(dict(QUERY, **{field: value})).encode()
    for field, values in WITHOUT_PRIORITIES.items():
        for value in values:
            query = {k: v for k, v in QUERY.items() if k not in ("priorities", "avoidMoves")}
            yield field, json.dumps(dict(query, **{field: value})).encode()
    for field in ("boardXSize", "boardYSize", "moves", "rules", "id"):
        yield field, json.dumps({k: v for k, v in QUERY.items() if k != field}).encode()


class Engine:
    def __init__(self, katago, config):
        self.process = subprocess.Popen([katago, "analysis", "-config", config, "-model", "/dev/null"],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.sent = 0

    def ask(self, line):
        """The first reply; a marker shows that nothing else was lost or added."""
        self.sent += 1
        marker = "marker%d" % self.sent
        self.process.stdin.write(line + b"\n" + b'{"id":"%s","action":"clear_cache"}\n' % marker.encode())
        self.process.stdin.flush()
        replies = []
        while True:
            text = self.process.stdout.readline()
            assert text, "the engine ended on %r, status %s" % (line[:200], self.process.wait())
            reply = json.loads(text.decode("utf-8"))  # strict: replies are valid UTF-8
            if reply.get("id") == marker:
                return replies
            replies.append(reply)


def main():
    with tempfile.NamedTemporaryFile("w", suffix=".cfg") as config:
        config.write(CONFIG)
        config.flush()
        engine = Engine(sys.argv[1], config.name)
        for line in raw_lines():
            replies = engine.ask(line)
            assert len(replies) == 1 and "error" in replies[0], (line[:200], replies)
        fields = 0
        for field, line in field_lines():
            replies = [r for r in engine.ask(line) if "warning" not in r]
            assert len(replies) == 1 and "error" in replies[0], (field, line, replies)
            named = replies[0].get("field")
            assert named == field or field == "id" or named in ("player", "moves", "untilDepth", "priorities",
                                                                 "analyzeTurns"), (field, line, replies)
            fields += 1
        for line in (b"", b" \t\r\x0b\x0c", b"\r"):
            assert engine.ask(line) == []
        engine.process.stdin.write(json.dumps(dict(QUERY, reportDuringSearchEvery=1)).encode())  # last line without LF
        engine.process.stdin.close()
        last = [json.loads(line) for line in engine.process.stdout]
        assert sorted(r["turnNumber"] for r in last if r["isDuringSearch"] is False) == [0, 1], last
        assert engine.process.wait(timeout=60) == 0
    print("%d hostile lines answered, %d of them by field" % (engine.sent, fields))
    return 0


if __name__ == "__main__":
    sys.exit(main())
