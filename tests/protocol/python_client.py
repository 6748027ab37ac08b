#!/usr/bin/env python3
"""The example client of scripts/ against the executable, with nothing but the standard library.

python_client.py KATAGO    (no net needed: evaluations are invented with -model /dev/null)
"""
import os
import subprocess
import sys
import tempfile

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../scripts/query_analysis_engine.py")
CONFIG = "numAnalysisThreads = 2\nnumSearchThreads = 1\nmaxVisits = 20\nnnCacheSizePowerOfTwo = 10\n"

PROGRAM = """
import sys, time
sys.path.insert(0, sys.argv[1])
from query_analysis_engine import AnalysisEngine, EngineError

engine = AnalysisEngine(sys.argv[2], sys.argv[3], "/dev/null", show_log=False)
reply = engine.query([("b", "D4"), ("w", "Q16"), ("b", "pass")], max_visits=30)
assert reply["turnNumber"] == 3 and reply["rootInfo"]["visits"] == 30 and len(reply["policy"]) == 362
assert reply["moveInfos"][0]["order"] == 0 and reply["moveInfos"][0]["pv"]

games = [{"moves": [("b", v)], "size": 9} for v in ("A1", "B1", "C1", "D1", "E1", "F1")]
hashes = [reply["rootInfo"]["thisHash"] for reply in engine.query_many(games)]
again = [engine.query(**game)["rootInfo"]["thisHash"] for game in games]
assert hashes == again and len(set(hashes)) == 6  # each answer went to its own query

turns = engine.receive(engine.send([("b", "D4"), ("w", "Q16")], analyzeTurns=[2, 0]))
assert [reply["turnNumber"] for reply in turns] == [0, 2]

endless = engine.send([], max_visits=10**9)
time.sleep(0.2)
engine.terminate(endless)
assert len(engine.receive(endless)) == 1

try:
    engine.query([("b", "D4"), ("w", "D4")])
    raise SystemExit("an illegal move was accepted")
except EngineError as error:
    assert "Illegal move 1: D4" in str(error), error
assert engine.close() == 0

engine = AnalysisEngine(sys.argv[2], sys.argv[3], "no-such-net.bin.gz", show_log=False)
try:
    engine.query([])
    raise SystemExit("an engine without a net answered")
except EngineError as error:
    assert "no-such-net.bin.gz" in str(error), error
"""


def main():
    katago = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        config = os.path.join(folder, "a.cfg")
        with open(config, "w") as file:
            file.write(CONFIG)
        python = [sys.executable, "-I", "-S"]  # no installed packages
        subprocess.run(python + ["-c", PROGRAM, os.path.dirname(SCRIPT), katago, config], check=True, timeout=120)
        shown = subprocess.run(python + [SCRIPT, "-katago-path", katago, "-config-path", config, "-model-path",
                                         "/dev/null", "-visits", "20", "D4", "Q16"], check=True, timeout=120,
                               stdout=subprocess.PIPE, text=True).stdout
        assert shown.startswith("Turn 2, B to move: win rate") and "visits" in shown, shown
        failed = subprocess.run(python + [SCRIPT, "-katago-path", katago, "-config-path", config, "-model-path",
                                          os.path.join(folder, "no-such-net.bin.gz")], timeout=120,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert failed.returncode != 0 and "no-such-net.bin.gz" in failed.stderr, failed
    return 0


if __name__ == "__main__":
    sys.exit(main())
