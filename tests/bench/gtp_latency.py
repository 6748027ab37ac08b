#!/usr/bin/env python3
"""How fast an analysis begins and ends: from `kata-analyze interval 1` to the first info line, and from a newline to the
closing blank line, while all threads search; and the reply to the command after clear_board when the tree is big.
Usage: gtp_latency.py KATAGO [NET] [-n TIMES] [-t THREADS] [-tree NODES]"""
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


def measure_big_tree(katago, nodes, threads, times):
    """Grows a tree of invented evaluations, then clears the board and asks for a name and for a move at once."""
    overrides = f"numSearchThreads={threads},maxVisits={nodes},nnCacheSizePowerOfTwo=10,maxTreeMemoryMB=8192"
    engine = Engine(katago, os.devnull, overrides=overrides)
    clears, names = [], []
    for _ in range(times):
        engine.ask("kata-search B", timeout=600)  # plays no move: the whole tree stays
        for command, times_taken in (("clear_board", clears), ("name", names)):
            begin = time.perf_counter()
            engine.write(command)
            while True:
                line, arrived = engine.timed_line()
                if line == "":
                    break
            times_taken.append(arrived - begin)
    engine.quit()
    good = row(f"clear_board with a tree of {nodes} visits", clears, 50)
    return row("the reply after it", names, 50) and good


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("katago")
    parser.add_argument("net", nargs="?", default=find_model())
    parser.add_argument("-n", type=int, default=100)
    parser.add_argument("-t", type=int, default=os.cpu_count())
    parser.add_argument("-tree", type=int, help="measure clear_board after so many visits instead")
    args = parser.parse_args()
    if args.tree:
        return 0 if measure_big_tree(args.katago, args.tree, args.t, min(args.n, 10)) else 1
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
