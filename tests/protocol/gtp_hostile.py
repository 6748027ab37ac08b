#!/usr/bin/env python3
"""Every GTP command with arguments nobody should send: each line gets one answer, the next command is answered, nothing
hangs, memory stays bounded.

Called with the path of the program and perhaps names of tests. Exit code 77 = skipped: no small net found."""
import os
import pathlib
import random
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent / "lib"))
from gtp_engine import Engine, run_tests  # noqa: E402

MEGA = 1_000_000
ANSWER_SECONDS = 20     # for any line; a search of some visits is among them
MAX_RSS_MB = 1000       # AddressSanitizer included

# What is appended to a command's name.
ARGUMENTS = {
    "nothing": b"",
    "a blank": b" ",
    "many": b" a b c d e f g h i j",
    "empty ones": b"  a   b ",
    "huge integer": b" 99999999999999999999",
    "largest int64": b" 9223372036854775807",
    "negative": b" -1",
    "negative huge": b" -99999999999999999999",
    "three negative": b" -1 -1 -1",
    "nan": b" nan",
    "three nan": b" nan nan nan",
    "inf": b" inf -inf inf",
    "overflow": b" 1e400",
    "color and nan": b" b nan",
    "color and huge": b" b 1e24 minmoves 99999999999",
    "non-UTF-8": b" \xff\xfe\x80\xc3\x28",
    "NUL": b" a\0b\0",
    "only NUL": b" \0\0\0",
    "controls": b" \x01\x1b[31m\x7f\x08",
    "format": b" %s%n%x",
    "megabyte": b" " + b"x" * MEGA,
    "megabyte of digits": b" " + b"9" * MEGA,
    "megabyte of blanks": b" a" + b" " * MEGA + b"b",
    "megabyte of stones": b" b D4" * (MEGA // 5),
    "megabyte of commas": b" b avoid b " + b"," * MEGA + b" 1",
    "megabyte of brackets": b" " + b"[" * MEGA,
    "megabyte of braces": b" " + b'{"a":' * (MEGA // 5),
    "broken JSON": b' {"maxVisits":',
    "wrong JSON": b' [1,2,{"a":null}]',
    "deep value": b' {"maxVisits":{"a":[1]}}',
    "pair": b" (1,2",
    "pair outside": b" b (99999,-3)",
    "path": b" /nonexistent/x",
}

# Commands that look at no arguments: they succeed whatever comes (kata-get-rules complains as a success).
CAREFREE = set("""protocol_version name version list_commands clear_board get_komi kata-get-rules kata-get-models
    kata-list-params kata-get-params clear_cache showboard kata-list_time_settings final_score cputime gomill-cpu_time
    kata-debug-print-tc stop""".split())
# The rest fail, except for these meanings.
ONE_WORD = {"huge integer", "largest int64", "negative", "negative huge", "nan", "overflow", "non-UTF-8", "NUL", "controls",
            "format", "megabyte", "megabyte of digits", "megabyte of brackets", "megabyte of braces", "broken JSON",
            "wrong JSON", "deep value", "pair", "path"}
NO_WORD = {"nothing", "a blank", "only NUL"}
TOO_LONG_FOR_A_FILE = {"megabyte", "megabyte of digits", "megabyte of brackets", "megabyte of braces", "path"}
LEGAL = {
    "known_command": ONE_WORD,
    "komi": {"negative"},
    "set_position": NO_WORD,
    "set_free_handicap": NO_WORD,
    "debug_moves": NO_WORD,
    "printsgf": NO_WORD | ONE_WORD - TOO_LONG_FOR_A_FILE,
    "kata-set-param": ONE_WORD,  # a key without a value is deleted, even one that was never there
    "kata-analyze": NO_WORD | {"huge integer", "largest int64", "megabyte of commas"},
    "kata-benchmark": ONE_WORD,  # what is no number counts as 0 visits
}
for alias in ("lz-analyze", "analyze", "lz-genmove_analyze", "genmove_analyze", "kata-genmove_analyze",
              "kata-search_analyze", "kata-search_analyze_cancellable"):
    LEGAL[alias] = LEGAL["kata-analyze"]
LINE = b"7 name\n"


def exchange(engine, line):
    """Sends the line and `7 name`; returns what was answered to the line, of which there must be exactly one."""
    begin = time.perf_counter()
    engine.write_bytes(line + b"\n" + LINE)
    lines = []
    while True:
        text = engine.line(timeout=ANSWER_SECONDS)
        if text == "=7 KataGo":
            break
        lines.append(text)
    assert engine.line() == ""
    shown = line[:80]
    assert [text[:1] for text in lines if text[:1] in ("=", "?")] in (["="], ["?"]), (shown, [t[:200] for t in lines])
    assert lines[0][:1] in "=?" and lines[-1] == "", (shown, [t[:200] for t in lines])
    assert time.perf_counter() - begin < ANSWER_SECONDS, shown
    return lines


def bounded(engine, what):
    rss = engine.rss_mb()
    assert rss < MAX_RSS_MB, f"{rss} MB after {what!r}"


def start(program, model):
    engine = Engine(program, model, overrides="maxVisits=8,numSearchThreads=2,defaultBoardSize=7,nnCacheSizePowerOfTwo=14")
    engine.ask("name")
    return engine


def every_command(program, model):
    engine = start(program, model)
    listed = engine.ask("list_commands")
    commands = [listed[0][2:]] + listed[1:] + ["analyze", "genmove_analyze", "kata-get-params", "kata-set-params"]
    assert len(commands) == 59
    count, wrong = 0, []
    for command in commands:
        if command == "quit":
            continue
        for meaning, arguments in ARGUMENTS.items():
            engine.expect_ok("clear_board")
            succeeded = exchange(engine, command.encode() + arguments)[0].startswith("=")
            legal = command in CAREFREE or meaning in LEGAL.get(command, ())
            if succeeded != legal:
                wrong.append(f"{command} with {meaning}: {'success' if succeeded else 'failure'}")
            count += 1
        bounded(engine, command)
    print(f"  {count} lines, {engine.rss_mb()} MB at the end")
    assert not wrong, "\n".join(wrong)
    engine.quit()


def odd_commands(program, model):
    engine = start(program, model)
    for line in (b"x" * MEGA, b"\xff\xff\xff x", b"{}", b"genmove\x00b\x00b", b"%s", b"NAME", b"quit2", b"help", b"= name"):
        assert exchange(engine, line)[0].startswith("? unknown command"), line[:40]
    engine.write_bytes(b"\0\0\n\xff\n\x01 \x02\n" + LINE)  # nothing is left of these lines
    assert engine.response() == ["=7 KataGo"]
    engine.write_bytes(b"x" * (64 * MEGA) + b"\n" + LINE)
    assert engine.response()[0].startswith("? unknown command")
    assert engine.response() == ["=7 KataGo"]
    engine.write_bytes(b"set_position" + b" b" * (20 * MEGA) + b"\n" + LINE)
    assert engine.response()[0].startswith("?")
    assert engine.response() == ["=7 KataGo"]
    bounded(engine, "very long lines")
    engine.quit()


def numbers_at_their_limits(program, model):
    engine = start(program, model)
    for line in ("boardsize 1", "boardsize 20", "boardsize 0 9", "boardsize 9:-9", "boardsize 9:9:9", "boardsize 9.0",
                 "boardsize 2147483648", "komi 400.5", "komi 1e39", "komi 7.25", "komi -inf", "fixed_handicap 2147483648",
                 "fixed_handicap 1", "place_free_handicap -2", "time_settings nan 1 1", "time_settings 1 1 2147483648",
                 "time_settings 1 1 1.5", "time_left b nan 1", "time_left b 1e26 0", "time_left b -11 0", "time_left x 1 0",
                 "time_left b 1 -1", "kgs-time_settings byoyomi 1 1 1000001", "kata-time_settings fischer -1 1",
                 "kata-time_settings fischer-capped 10 1 5 1", "kata-time_settings fischer-capped 10 1 -1e26 1",
                 "kata-analyze interval -1", "kata-analyze interval 1e25", "kata-analyze minmoves 1000000000",
                 "kata-analyze maxmoves -1", "kata-analyze avoid b D4 0", "kata-analyze avoid b Z4 1",
                 "kata-analyze avoid b D4 99999999999", "kata-analyze allow b D4 1 allow b E5 1", "kata-raw-nn 8",
                 "kata-raw-nn -1", "kata-raw-nn 0 1.5", "kata-raw-nn 0 nan", "kata-raw-nn all 0.5 x",
                 "kata-set-param maxVisits 0", "kata-set-param maxVisits 1e3", "kata-set-param maxTime nan",
                 "kata-set-param numSearchThreads 4097", "kata-set-param cpuctExploration -1",
                 "kata-set-param nnPolicyTemperature inf", "loadsgf x.sgf 0", "loadsgf x.sgf 99999999999",
                 "final_status_list ALIVE", "debug_moves D4 Z9", "kata-set-rule scoring 5", "kata-benchmark 1 1"):
        assert exchange(engine, line.encode())[0].startswith("?"), line
    for line in ("boardsize 19 2", "boardsize 2", "boardsize 7", "komi -400", "komi 400", "time_settings 1e25 1e25 1000000",
                 "kata-time_settings none", "kata-set-param numSearchThreads 4096", "kata-search b",
                 "kata-set-param maxVisits 1125899906842624", "kata-set-param maxTime 0", "kata-search b",
                 "kata-set-param maxVisits 3", "kata-set-param numSearchThreads 2", "kata-set-param maxTime",
                 "kata-analyze avoid b D4 2147483647 interval 1e24", "kata-analyze minmoves 999999999 interval 1",
                 "kata-genmove_analyze b maxmoves 0", "kata-search_analyze_cancellable w 0 minmoves 400 ownership true"):
        assert exchange(engine, line.encode())[0].startswith("="), line
    bounded(engine, "limits")
    engine.quit()


def files(program, model):
    engine = start(program, model)
    folder = pathlib.Path(engine.folder.name)
    (folder / "folder.sgf").mkdir()
    os.mkfifo(folder / "pipe.sgf")
    (folder / "binary.sgf").write_bytes(random.Random(1).randbytes(100000))
    # Every byte at the start of a line of the quoted text.
    (folder / "lines.sgf").write_bytes(b"".join(b"\n" + bytes([byte]) for byte in range(1, 256)))
    (folder / "deep.sgf").write_bytes(b"(;" * 300000)
    (folder / "value.sgf").write_bytes(b"(;GM[1]SZ[9]C[" + b"x" * MEGA)
    (folder / "fake.sgf").write_bytes(b"no record\n\n\n= fake answer\n\n? another\n")
    (folder / "nul.sgf").write_bytes(b"\0" * 1000)
    (folder / "size.sgf").write_bytes(b"(;GM[1]SZ[99999999999999])")
    (folder / "size2.sgf").write_bytes(b"(;GM[1]SZ[-3])")
    (folder / "komi.sgf").write_bytes(b"(;GM[1]SZ[9]KM[nan]RU[{\"ko\":[]}]AB[zz])")
    (folder / "stones.sgf").write_bytes(b"(;GM[1]SZ[9]AB[aa:ii]AW[aa:ii])")
    (folder / "bomb.sgf").write_bytes(b"")
    with open(folder / "huge.sgf", "wb") as huge:
        huge.truncate(1 << 34)
    (folder / "long.sgf").write_bytes(b"(;GM[1]SZ[9]" + b";B[];W[]" * 100000 + b")")
    for name in ("nofile.sgf", ".", "folder.sgf", "pipe.sgf", "binary.sgf", "lines.sgf", "deep.sgf", "value.sgf", "fake.sgf", "nul.sgf",
                 "size.sgf", "size2.sgf", "komi.sgf", "stones.sgf", "bomb.sgf", "huge.sgf", "/dev/null", "/dev/zero",
                 "/dev/stdin", "/proc/self/mem", "/root/../etc/shadow", "x" * 5000):
        answer = exchange(engine, b"loadsgf " + name.encode())
        assert answer[0].startswith("?"), (name[:40], answer[0][:100])
        assert sum(len(line) for line in answer) < 3000 + len(name), name[:40]
        bounded(engine, name)
    assert exchange(engine, b"loadsgf long.sgf 1000")[0] == "= "
    assert exchange(engine, b"undo")[0] == "= "
    for name in ("folder.sgf", "pipe.sgf", "/nonexistent/x.sgf", "/dev/full", "/", "x" * 5000):
        assert exchange(engine, b"printsgf " + name.encode())[0].startswith("? Could not open or write to file"), name[:40]
    for name in ("out.sgf", "/dev/null", "-"):
        assert exchange(engine, b"printsgf " + name.encode())[0].startswith("= "), name
    assert (folder / "out.sgf").read_text().startswith("(;FF[4]GM[1]SZ[9]")
    engine.quit()


def long_games(program, model):
    """A record of thousands of moves, and lines of play of a hundred thousand."""
    engine = start(program, model)
    passes = 3000
    engine.write(*["play b pass", "play w pass"] * passes)
    for _ in range(2 * passes):
        assert engine.response() == ["= "]
    for line in (b"undo", b"kata-set-rules japanese", b"printsgf", b"showboard", b"kata-search w", b"final_score",
                 b"debug_moves" + b" pass" * 100000, b"debug_moves rawstats" + b" pass" * 1000):
        assert exchange(engine, line)[0].startswith("="), line[:40]
        bounded(engine, line[:40])
    engine.quit()


if __name__ == "__main__":
    sys.exit(run_tests((every_command, odd_commands, numbers_at_their_limits, files, long_games), sys.argv))
