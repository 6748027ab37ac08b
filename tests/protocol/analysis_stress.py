#!/usr/bin/env python3
"""Mixed good, bad and cancelled queries at full speed: each gets exactly the replies the protocol promises.

analysis_stress.py KATAGO [QUERIES [SEED]]    (no net needed: evaluations are invented with -model /dev/null)

A third of the queries is bad, a third is cancelled at a random moment: before it starts, while it runs or after its
end, all turns or some. Ids are reused, also while the first query of that id is open.
"""
import collections
import json
import random
import subprocess
import sys
import tempfile
import threading
import time

CONFIG = """
numAnalysisThreads = 4
numSearchThreadsPerAnalysisThread = 2
maxVisits = 40
nnMaxBatchSize = 8
nnCacheSizePowerOfTwo = 12
nnMutexPoolSizePowerOfTwo = 8
logToStderr = false
"""

ENDLESS = 1000000000  # visits; ended by terminate only

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
    ({"includePolicy": "yes"}, "includePolicy"),
    ({"avoidMoves": [{"player": "B", "moves": ["C3"], "untilDepth": 0}]}, "untilDepth"),
]
NO_REQUESTS = ["{", "[]", "nonsense", '{"id":3}', '{"id":"u","action":"fly"}', '"\\ud800"', "[" * 1000]
# No two of these are neighbours, so no order of moves is suicide.
VERTICES = [c + str(r) for x, c in enumerate("ABCDEFGHJ") for r in range(1, 10) if (x + r) % 2 == 0]


class Script:
    """The lines to send, and what must come back."""

    def __init__(self, rng, count):
        self.rng = rng
        self.lines = []
        self.finals = collections.Counter()    # (id, turn) -> final lines
        self.errors = collections.Counter()    # (id, field) -> error lines; (None, None): without id
        self.warnings = collections.Counter()  # (id, field)
        self.echoes = collections.Counter()    # (id, action)
        self.reused = set()                    # ids of several queries
        self.later = []                        # (line number from which on to send, line)
        used = []
        for i in range(count):
            self._send_due(len(self.lines))
            name = "q%d" % i
            if used and rng.random() < 0.1:
                name = rng.choice(used[-5:])
                self.reused.add(name)
            elif i % 3 != 0:  # a bad query's id must stay its own, or replies could not be told apart
                used.append(name)
            self._query(i, "bad%d" % i if i % 3 == 0 else name)
            if rng.random() < 0.1:
                self.lines.append(rng.choice(NO_REQUESTS))
                self.errors[None, None] += 1
            if rng.random() < 0.02:
                self._action({"id": "a%d" % i, "action": rng.choice(["clear_cache", "query_models", "query_version"])})
            if rng.random() < 0.002:
                self._action({"id": "a%d" % i, "action": "terminate_all"})
        self._send_due(1 << 60)
        self._action({"id": "end", "action": "query_version"})

    def _send_due(self, now):
        due = [item for item in self.later if item[0] <= now]
        self.later = [item for item in self.later if item[0] > now]
        for _, action in due:
            self._action(action)

    def _action(self, action):
        self.lines.append(json.dumps(action))
        self.echoes[action["id"], action["action"]] += 1

    def _query(self, i, name):
        rng = self.rng
        points = rng.sample(VERTICES, rng.randrange(0, 12))
        moves = [["BW"[k % 2], p] for k, p in enumerate(points)]
        turns = sorted(rng.sample(range(len(moves) + 1), rng.randrange(1, len(moves) + 2)))
        query = {"id": name, "boardXSize": 9, "boardYSize": 9, "rules": rng.choice(["chinese", "japanese", "aga"]),
                 "moves": moves, "analyzeTurns": turns, "priority": rng.randrange(-3, 4)}
        if rng.random() < 0.3:
            query["includeOwnership"] = query["includePolicy"] = True
        if rng.random() < 0.2:
            query["reportDuringSearchEvery"] = 0.002
        if i % 3 == 0:
            change, field = rng.choice(BAD)
            query.update(change)
            if "moves" in change:
                query["analyzeTurns"] = [0]
            self.errors[name, field] += 1
        else:
            self.finals.update((name, turn) for turn in turns)
            if rng.random() < 0.05:
                query["typo"] = 1
                self.warnings[name, "typo"] += 1
        if i % 3 == 1:
            self._cancel_later(name, turns, query)
        self.lines.append(json.dumps(query))

    def _cancel_later(self, name, turns, query):
        rng = self.rng
        if rng.random() < 0.5:
            query["maxVisits"] = ENDLESS
        when = len(self.lines) + 1 + int(rng.expovariate(0.05))
        cancel = {"id": "t%d" % len(self.lines), "action": "terminate", "terminateId": name}
        if rng.random() < 0.3:  # first some turns, then all
            self.later.append((when, dict(cancel, id=cancel["id"] + "s", turnNumbers=turns[::2])))
            when += rng.randrange(0, 10)
        self.later.append((when, cancel))


def run(katago, script):
    with tempfile.NamedTemporaryFile("w", suffix=".cfg") as config:
        config.write(CONFIG)
        config.flush()
        process = subprocess.Popen([katago, "analysis", "-config", config.name, "-model", "/dev/null"], text=True,
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        complaints = []

        def feed():
            rng = random.Random(1)
            at = 0
            while at < len(script.lines):
                burst = rng.randrange(1, 30)
                process.stdin.write("\n".join(script.lines[at:at + burst]) + "\n")
                process.stdin.flush()
                at += burst
                time.sleep(rng.choice([0, 0.003, 0.02, 0.06]))
            process.stdin.close()

        threading.Thread(target=feed, daemon=True).start()
        threading.Thread(target=lambda: complaints.extend(process.stderr), daemon=True).start()
        replies = [json.loads(line) for line in process.stdout]
        return replies, process.wait(timeout=120), complaints


def differences(kind, got, expected):
    keys = [key for key in set(got) | set(expected) if got[key] != expected[key]]
    return ["%s %s: %d lines, expected %d" % (kind, key, got[key], expected[key]) for key in sorted(keys, key=str)]


def check(replies, script):
    finals, errors, warnings, echoes = (collections.Counter() for _ in range(4))
    problems, stopped, partial = [], 0, 0
    for reply in replies:
        name = reply.get("id")
        if "error" in reply:
            errors[name, reply.get("field")] += 1
        elif "warning" in reply:
            warnings[name, reply["field"]] += 1
        elif "action" in reply:
            echoes[name, reply["action"]] += 1
        elif reply["isDuringSearch"]:
            partial += 1
            if finals[name, reply["turnNumber"]] and name not in script.reused:
                problems.append("%s/%d: partial report after the final one" % (name, reply["turnNumber"]))
        else:
            finals[name, reply["turnNumber"]] += 1
            stopped += reply.get("noResults", False)
            if ("rootInfo" in reply) == reply.get("noResults", False):
                problems.append("%s/%d: results and noResults do not fit" % (name, reply["turnNumber"]))
    problems += differences("final", finals, script.finals) + differences("error", errors, script.errors)
    problems += differences("warning", warnings, script.warnings) + differences("echo", echoes, script.echoes)
    summary = "%d final lines (%d without results), %d partial, %d errors, %d warnings, %d echoes" % (
        sum(finals.values()), stopped, partial, sum(errors.values()), sum(warnings.values()), sum(echoes.values()))
    return problems, summary


def main():
    katago = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 300
    script = Script(random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 7), count)
    start = time.monotonic()
    replies, status, complaints = run(katago, script)
    problems, summary = check(replies, script)
    if status != 0:
        problems.append("exit status %s" % status)
    problems += ["stderr: " + line.strip() for line in complaints if "ThreadSanitizer" in line or "Sanitizer" in line]
    for problem in problems[:20]:
        print(problem)
    print("%d queries, %d lines sent in %.1f s: %s; %d problems" % (count, len(script.lines), time.monotonic() - start,
                                                                    summary, len(problems)))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
