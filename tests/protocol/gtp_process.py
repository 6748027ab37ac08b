#!/usr/bin/env python3
"""`katago gtp` as a process: input that ends, stalls or comes late, output nobody reads, signals, clocks; and the
transcripts T23 and T24 of the specification, which depend on time.

Called with the path of the program and perhaps names of tests. Exit code 77 = skipped: no small net found."""
import os
import pathlib
import re
import signal
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent / "lib"))
from gtp_engine import Engine, run_tests  # noqa: E402

ENDLESS = "maxVisits=100000000"
VERTEX = r"([A-HJ-T]\d+|pass)"


def transcript_analysis(program, model):
    """T23: shape of the lines, and who prints which blank line."""
    engine = Engine(program, model)
    engine.expect_ok("boardsize 9")
    engine.write("lz-analyze b interval 10 maxmoves 2")
    assert engine.line() == "="
    for _ in range(2):
        assert re.fullmatch(r"(info move \w\d visits \d+ winrate \d+ prior \d+ lcb -?\d+ order [01] pv( \w+)+ ?){2}", engine.line())
    engine.write("")
    while (line := engine.line()) != "":
        assert line.startswith("info move ")
    engine.write("5 kata-analyze w 10 maxmoves 1")
    assert engine.line() == "=5"
    number = r"-?\d+(\.\d+)?(e-\d+)?"
    fields = "".join(f" {key} {number}" for key in (
        "edgeVisits", "utility", "winrate", "scoreMean", "scoreStdev", "scoreLead", "scoreSelfplay", "prior", "lcb",
        "utilityLcb", "weight"))
    line = engine.line()
    assert re.fullmatch(rf"info move \w\d visits \d+{fields} order 0 pv( \w+)+", line), line
    engine.write("6 name")
    while engine.line() != "":
        pass
    assert engine.response() == ["=6 KataGo"]
    engine.write("kata-analyze")
    assert engine.line() == "="
    engine.silent_for(0.5)  # no interval, no lines
    engine.write("")
    assert engine.line() == ""
    engine.write("analyze 10 maxmoves 1")
    assert engine.line() == "="
    assert re.search(r" scoreLead -?\d+\.\d{4,} .* weight \d+\.\d+ order 0 pv", engine.line())
    engine.write("stop")
    while engine.line() != "":
        pass
    assert engine.response() == ["= "]
    engine.quit()


def transcript_cancellable(program, model):
    """T24."""
    engine = Engine(program, model, overrides=ENDLESS)
    engine.expect_ok("boardsize 9")
    engine.write("1 kata-search_cancellable b")
    engine.silent_for(0.3)
    engine.write("")
    assert engine.response() == ["=1 cancelled"]
    engine.write("2 kata-search_cancellable b", "3 name")
    assert engine.response() == ["=2 cancelled"]
    assert engine.response() == ["=3 KataGo"]
    engine.write("4 kata-search_analyze_cancellable b 20 maxmoves 1 rootInfo true")
    assert engine.line() == "=4"
    first = int(re.search(r"rootInfo visits (\d+) ", engine.line()).group(1))
    engine.write("# a comment is enough")
    lines = []
    while (line := engine.line()) != "":
        lines.append(line)
    assert lines[-1] == "play cancelled" and lines[-2].startswith("info "), lines
    last = int(re.search(r"rootInfo visits (\d+) ", lines[-2]).group(1))
    engine.write("5 kata-search_analyze_cancellable b 20 maxmoves 1 rootInfo true")
    assert engine.line() == "=5"
    again = int(re.search(r"rootInfo visits (\d+) ", engine.line()).group(1))
    assert first <= last <= again  # the tree is used further
    engine.write("6 play b E5")
    lines = []
    while (line := engine.line()) != "":
        lines.append(line)
    assert lines[-1] == "play cancelled", lines
    assert engine.response() == ["=6 "]
    engine.expect_ok("kata-set-param maxVisits 5")
    engine.write("8 kata-search_cancellable w")
    assert re.fullmatch(f"=8 {VERTEX}", engine.response()[0])  # by itself
    engine.write("9 name")
    assert engine.response() == ["=9 KataGo"]
    for _ in range(30):  # the race of a search that ends as its cancellation arrives
        engine.write("kata-search_cancellable w", "7 name")
        assert re.fullmatch(f"= (cancelled|{VERTEX})", engine.response()[0])
        assert engine.response() == ["=7 KataGo"]
    engine.quit()


def closed_input(program, model):
    for command, last in (("kata-analyze 5", ""), ("kata-search_cancellable b", "= cancelled"), ("name", "= KataGo")):
        engine = Engine(program, model, overrides=ENDLESS)
        engine.write("boardsize 9", command)
        engine.response()
        time.sleep(0.3)
        engine.process.stdin.close()
        assert engine.process.wait(timeout=20) == 0, command
        lines = engine.rest()
        assert lines[-1] == "" and (last == "" or lines[-2] == last), (command, lines[-3:])
        engine.close()


def last_line_without_newline(program, model):
    engine = Engine(program, model)
    engine.write_bytes(b"3 protocol_version")
    engine.process.stdin.close()
    assert engine.process.wait(timeout=20) == 0
    assert engine.rest() == ["=3 2", ""]
    engine.close()


def closed_before_the_first_command(program, model):
    engine = Engine(program, model)
    engine.process.stdin.close()
    assert engine.process.wait(timeout=20) == 0
    assert engine.rest() == []
    engine.close()


def stalls_in_the_middle_of_a_line(program, model):
    engine = Engine(program, model)
    engine.write_bytes(b"boa")
    engine.silent_for(0.5)
    engine.write_bytes(b"rdsize 9\nkata-analyze 5\nproto")
    assert engine.response() == ["= "]
    assert engine.line() == "="
    for _ in range(20):  # half a line does not stop the analysis
        assert engine.line(10).startswith("info ")
    engine.write_bytes(b"col_version\r")
    for _ in range(5):
        assert engine.line(10).startswith("info ")
    engine.write_bytes(b"\n")
    while engine.line() != "":
        pass
    assert engine.response() == ["= 2"]
    for byte in b"12 get_komi\n":
        engine.write_bytes(bytes([byte]))
    assert engine.response() == ["=12 7.5"]
    engine.quit()


def output_nobody_reads(program, model):
    """A full pipe stops the analysis lines; nothing is lost and nothing locks up when reading goes on."""
    engine = Engine(program, model)
    engine.expect_ok("boardsize 19")
    engine.reading.clear()
    engine.write("kata-analyze interval 0 movesOwnership true ownership true")
    time.sleep(1)
    engine.write("name", "showboard")
    time.sleep(0.5)
    engine.reading.set()
    assert engine.line() == "="
    while (line := engine.line()) != "":
        assert line.startswith("info "), line[:80]
    assert engine.response() == ["= KataGo"]
    assert engine.response()[0].startswith("= MoveNum: 0")
    engine.quit()


def signals(program, model):
    for name, command in ((signal.SIGTERM, "kata-analyze 1"), (signal.SIGTERM, "genmove b"), (signal.SIGKILL, "genmove b"),
                          (signal.SIGINT, "name"), (signal.SIGTERM, "kata-search_cancellable b")):
        engine = Engine(program, model, overrides=ENDLESS)
        engine.write("boardsize 9", command)
        engine.response()
        time.sleep(0.2)
        begin = time.perf_counter()
        engine.process.send_signal(name)
        assert engine.process.wait(timeout=5) == -name
        engine.rest()  # both streams are closed
        assert time.perf_counter() - begin < 2
        engine.close()


def quits_promptly(program, model):
    """In the middle of an analysis, of pondering and of a cancellable search."""
    for overrides, command in ((ENDLESS, "kata-analyze 1"), (ENDLESS, "kata-search_cancellable b"),
                               ("ponderingEnabled=true,maxVisits=10", "play b D4")):
        engine = Engine(program, model, overrides=overrides)
        engine.write("boardsize 9", command)
        engine.response()
        time.sleep(0.3)
        begin = time.perf_counter()
        engine.write("quit")
        assert engine.process.wait(timeout=10) == 0
        assert time.perf_counter() - begin < 2, command
        lines = engine.rest()
        assert lines[-2:] == ["= ", ""], lines[-4:]
        engine.close()


def clocks_are_obeyed(program, model):
    """Without a limit of visits a move takes about as long as the clock allows, and never longer."""
    cases = (  # commands; the longest a move may take; the shortest that makes sense
        (["kata-time_settings byoyomi 0 1 5", "time_left b 1 5"], 1.0, 0.3),
        (["kgs-time_settings byoyomi 10 1 1", "time_left b 0.8 1"], 0.8, 0.3),
        (["kgs-time_settings canadian 0 3 3", "time_left b 3 3"], 2.0, 0.3),
        (["time_settings 0 1 1", "time_left b 1 1"], 1.0, 0.3),
        (["time_settings 20 0 0", "time_left b 5 0"], 1.0, 0.02),
        (["kata-time_settings fischer 5 0.5", "time_left b 0.9 0"], 0.9, 0.1),
        (["kata-time_settings fischer-capped 100 50 200 0.5", "time_left b 100 0"], 0.5, 0.2),
        (["kata-time_settings absolute 300", "time_left b 0.5 0"], 0.3, 0.0),
        (["kata-time_settings none", "kata-set-param maxTime 0.5"], 0.5, 0.3),
    )
    for commands, longest, shortest in cases:
        engine = Engine(program, model, overrides="maxVisits=,lagBuffer=0.1")
        engine.expect_ok("boardsize 9", *commands)
        engine.write("genmove b", "cputime")
        begin = time.perf_counter()
        engine.response()
        seconds = time.perf_counter() - begin
        assert seconds < longest + 1.0, (commands, seconds)  # one second for a machine with other work
        spent = float(engine.response()[0][2:])
        assert shortest <= spent <= longest + 0.3, (commands, spent)
        engine.quit()


def pondering(program, model):
    """Silent, goes on over commands that do not touch the search, and speeds the answer up."""
    del model  # invented evaluations, so that half a second is enough on any machine
    engine = Engine(program, os.devnull, overrides="ponderingEnabled=true,maxVisits=20")
    engine.expect_ok("boardsize 9", "play b E5")
    engine.silent_for(0.5)
    for command in ("name", "get_komi", "kata-get-rules", "showboard", "kata-raw-nn 0", "printsgf", "kata-list-params",
                    "time_settings 1000 0 0", "kata-get-param maxVisits"):
        assert engine.ask(command)[0].startswith("= "), command
    answer = engine.ask("kata-genmove_analyze w maxmoves 1 rootInfo true")
    visits = int(re.search(r"rootInfo visits (\d+)", answer[-2]).group(1))
    assert visits > 20, visits  # more than the limit: it came from pondering
    engine.expect_ok("stop")
    engine.quit()


TESTS = (transcript_analysis, transcript_cancellable, closed_input, last_line_without_newline,
         closed_before_the_first_command, stalls_in_the_middle_of_a_line, output_nobody_reads, signals, quits_promptly,
         clocks_are_obeyed, pondering)

if __name__ == "__main__":
    sys.exit(run_tests(TESTS, sys.argv))
