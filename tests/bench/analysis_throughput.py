#!/usr/bin/env python3
"""Positions a second of `katago analysis` on a whole game: all turns in one query, and one query at a time.

Usage: analysis_throughput.py KATAGO [-model NET] [-sgf FILE] [-visits N] [-threads N] [-repeats N]
-threads: positions at once of the first form; the second searches its one position with that many threads, which is
how a program that waits for each answer would best be configured. Every run has a new engine.
"""
import argparse
import os
import pathlib
import re
import statistics
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
from query_analysis_engine import AnalysisEngine  # noqa: E402

LETTERS = "ABCDEFGHJKLMNOPQRST"


def read_game(path):
    """Moves of a 19x19 record without variations, and its komi."""
    text = pathlib.Path(path).read_text()
    komi = re.search(r"KM\[(-?[\d.]+)\]", text)
    if "SZ[19]" not in text or not komi:
        sys.exit(f"{path}: expected a record of a 19x19 game (SZ[19]) with a komi (KM[7.5])")
    vertex = lambda s: LETTERS[ord(s[0]) - 97] + str(19 - (ord(s[1]) - 97)) if s else "pass"  # noqa: E731
    moves = [(color.lower(), vertex(point)) for color, point in re.findall(r";([BW])\[(\w*)\]", text)]
    return moves, float(komi.group(1))


def engine(arguments, positions_at_once, threads_each):
    overrides = (f"numAnalysisThreads={positions_at_once},numSearchThreadsPerAnalysisThread={threads_each},"
                 f"nnMaxBatchSize={max(2, positions_at_once * threads_each)},logToStderr=false,logDir=")
    return AnalysisEngine(arguments.katago, model=arguments.model, more_options=["-override-config", overrides],
                          show_log=False)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("katago")
    parser.add_argument("-model")
    parser.add_argument("-sgf", default=str(ROOT / "docs" / "sample-game.sgf"))
    parser.add_argument("-visits", type=int, default=50)
    parser.add_argument("-threads", type=int, default=os.cpu_count())
    parser.add_argument("-repeats", type=int, default=3)
    arguments = parser.parse_args()
    moves, komi = read_game(arguments.sgf)
    common = {"komi": komi, "max_visits": arguments.visits}
    turns = list(range(len(moves) + 1))

    def at_once(katago):
        katago.receive(katago.send(moves, analyzeTurns=turns, **common))

    def one_by_one(katago):
        for turn in turns:
            katago.query(moves[:turn], **common)

    print(f"{len(turns)} positions, {arguments.visits} visits each\n")
    print("| queries | positions at once x threads | positions/s best | median |\n|---|---|---|---|")
    for name, run, at_a_time, threads in (("the whole game in one", at_once, arguments.threads, 1),
                                          ("the whole game in one", at_once, 2 * arguments.threads, 1),
                                          ("one by one", one_by_one, 1, arguments.threads),
                                          ("one by one", one_by_one, 1, 1)):
        rates = []
        for _ in range(arguments.repeats):
            with engine(arguments, at_a_time, threads) as katago:  # a new one: nothing is remembered
                katago.query([], **common)
                begin = time.perf_counter()
                run(katago)
                rates.append(len(turns) / (time.perf_counter() - begin))
        print(f"| {name} | {at_a_time} x {threads} | {max(rates):.1f} | {statistics.median(rates):.1f} |", flush=True)


if __name__ == "__main__":
    main()
