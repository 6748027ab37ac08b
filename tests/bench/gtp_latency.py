#!/usr/bin/env python3
"""How fast an analysis begins and ends: from `kata-analyze interval 1` to the first info line, and from a newline to the
closing blank line, while all threads search. Usage: gtp_latency.py KATAGO [NET] [-n TIMES] [-t THREADS]"""
import argparse
import os
import pathlib
import statistics
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "protocol" / "lib"))
from gtp_engine import Engine, find_model  # noqa: E402


def measure(engine, times, prepare):
    begins, ends = [], []
    for i in range(times):
        if prepare:
            engine.expect_ok(prepare)
        begin = time.perf_counter()
        engine.write("kata-analyze interval 1")
        assert engine.timed_line()[0] == "="
        begins.append(engine.timed_line()[1] - begin)
        time.sleep(0.05 + 0.003 * (i % 40))  # stop it at any moment between two lines
        begin = time.perf_counter()
        engine.write("")
        while True:
            line, arrived = engine.timed_line()
            if line == "":
                break
        ends.append(arrived - begin)
    return begins, ends


def row(what, seconds, limit):
    milliseconds = sorted(1000 * s for s in seconds)
    worst = milliseconds[-1]
    print(f"{what:58} median {statistics.median(milliseconds):6.1f} ms  worst {worst:6.1f} ms  (limit {limit} ms)")
    return worst < limit


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("katago")
    parser.add_argument("net", nargs="?", default=find_model())
    parser.add_argument("-n", type=int, default=100)
    parser.add_argument("-t", type=int, default=os.cpu_count())
    args = parser.parse_args()
    if args.net is None:
        print("no net found: name one")
        return 2
    good = True
    engine = Engine(args.katago, args.net, overrides=f"numSearchThreads={args.t},nnMaxBatchSize={max(2, args.t)}")
    engine.ask("name")
    print(f"{pathlib.Path(args.net).name}, 19x19, {args.t} threads, {args.n} times each")
    for name, prepare in (("nothing known", "clear_cache"), ("the tree is there already", None)):
        begins, ends = measure(engine, args.n, prepare)
        good &= row(f"kata-analyze interval 1 to the first line, {name}", begins, 100)
        good &= row(f"newline to the blank line, {name}", ends, 20)
    engine.quit()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
