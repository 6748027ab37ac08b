#!/usr/bin/env python3
"""Mixed good, bad and cancelled queries at full speed: each gets exactly the replies the protocol promises.

analysis_stress.py KATAGO [QUERIES]    (no net needed: evaluations are invented with -model /dev/null)
"""
import json
import random
import subprocess
import sys
import tempfile
import threading

CONFIG = """
numAnalysisThreads = 4
numSearchThreadsPerAnalysisThread = 2
maxVisits = 40
nnMaxBatchSize = 8
nnCacheSizePowerOfTwo = 12
nnMutexPoolSizePowerOfTwo = 8
logToStderr = false
"""

BAD = [  # (what is wrong, field of the error)
    ({"boardXSize": 1}, "boardXSize"),
    ({"boardYSize": 9.0}, "boardYSize"),
    ({"moves": [["B", "Z99"]]}, "moves"),
    ({"moves": [["B", "C3"], ["W", "C3"]]}, "moves"),
    ({"rules": "nonsense"}, "rules"),
    ({"komi": 0.3}, "komi"),
    ({"maxVisits": 0}, "maxVisits"),
    ({"overrideSettings": {"cpuctExploration": "x"}}, "overrideSettings"),
    ({"analyzeTurns": [999]}, "analyzeTurns"),
]
VERTICES = [c + str(r) for c in "ABCDEFGHJ" for r in range(1, 10)]


def good_query(rng, name):
    points = rng.sample(VERTICES, rng.randrange(0, 12))
    moves = [["BW"[i % 2], p] for i, p in enumerate(points)]
    turns = sorted(rng.sample(range(len(moves) + 1), rng.randrange(1, len(moves) + 2)))
    query = {"id": name, "boardXSize": 9, "boardYSize": 9, "rules": rng.choice(["chinese", "japanese", "aga"]),
             "moves": moves, "analyzeTurns": turns, "priority": rng.randrange(-3, 4)}
    if rng.random() < 0.3:
        query["includeOwnership"] = query["includePolicy"] = True
    if rng.random() < 0.2:
        query["reportDuringSearchEvery"] = 0.01
    return query


def script(rng, count):
    """Lines to send; what each id must get: sets of turns (finals), or the field of its error."""
    lines, finals, errors = [], {}, {}
    for i in range(count):
        name = "q%d" % i
        query = good_query(rng, name)
        if i % 3 == 0:
            change, field = rng.choice(BAD)
            query.update(change)
            if "moves" in change:
                query["analyzeTurns"] = [0]
            errors[name] = field
        else:
            finals[name] = set(query["analyzeTurns"])
            if i % 3 == 1:
                query["maxVisits"] = 100000000  # ended by terminate only
        lines.append(json.dumps(query))
        if i % 3 == 1:
            lines.append(json.dumps({"id": "t" + name, "action": "terminate", "terminateId": name}))
        if rng.random() < 0.1:
            lines.append(rng.choice(["{", "[]", "nonsense", '{"id":3}', '{"id":"u","action":"fly"}']))
    lines.append(json.dumps({"id": "end", "action": "query_version"}))
    return lines, finals, errors


def run(katago, lines):
    with tempfile.NamedTemporaryFile("w", suffix=".cfg") as config:
        config.write(CONFIG)
        config.flush()
        process = subprocess.Popen([katago, "analysis", "-config", config.name, "-model", "/dev/null"], text=True,
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

        def feed():
            process.stdin.write("\n".join(lines))
            process.stdin.close()

        threading.Thread(target=feed, daemon=True).start()
        replies = [json.loads(line) for line in process.stdout]
        return replies, process.wait(timeout=60)


def check(replies, finals, errors):
    problems = []
    seen_finals, seen_errors = {}, {}
    for reply in replies:
        name = reply.get("id")
        if "error" in reply:
            seen_errors.setdefault(name, []).append(reply.get("field"))
        elif reply.get("isDuringSearch") is False:
            turns = seen_finals.setdefault(name, [])
            if reply["turnNumber"] in turns:
                problems.append("%s turn %d answered twice" % (name, reply["turnNumber"]))
            turns.append(reply["turnNumber"])
            if not reply.get("noResults") and "rootInfo" not in reply:
                problems.append("%s has neither results nor noResults" % name)
        elif reply.get("isDuringSearch") is True and reply["turnNumber"] in seen_finals.get(name, []):
            problems.append("%s: partial report after the final one" % name)
    for name, turns in finals.items():
        if set(seen_finals.get(name, [])) != turns:
            problems.append("%s: turns %s answered, expected %s" % (name, seen_finals.get(name), turns))
        if name in seen_errors:
            problems.append("%s: unexpected error %s" % (name, seen_errors[name]))
    for name, field in errors.items():
        if seen_errors.get(name) != [field]:
            problems.append("%s: errors %s, expected %s" % (name, seen_errors.get(name), field))
        if name in seen_finals:
            problems.append("%s: refused and answered" % name)
    if not any(reply.get("id") == "end" and reply.get("action") == "query_version" for reply in replies):
        problems.append("no answer to the last action")
    return problems


def main():
    katago = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 150
    lines, finals, errors = script(random.Random(7), count)
    replies, status = run(katago, lines)
    problems = check(replies, finals, errors)
    if status != 0:
        problems.append("exit status %s" % status)
    for problem in problems[:20]:
        print(problem)
    print("%d lines sent, %d replies, %d problems" % (len(lines), len(replies), len(problems)))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
