#!/usr/bin/env python3
"""Drives `katago gtp` the way Sabaki, LizzieYzy and gtp2ogs do, over pipes and with their framing.

Called with the path of the program and perhaps names of tests. Exit code 77 = skipped: no small net found."""
import pathlib
import re
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent / "lib"))
from gtp_engine import Engine, run_tests  # noqa: E402

VERTEX = r"[A-HJ-Z]\d+|pass"


def check_info(line, dialect="kata"):
    """Reads a line as Sabaki does: pieces cut at `info`, strict pairs before the variation."""
    assert line.startswith("info "), line
    assert "  " not in line and line == line.strip(), line
    assert not re.search(r"[ -](nan|inf)\b", line), line
    for piece in line.split("info ")[1:]:
        words = piece.split(" ")
        words = words if words[-1] else words[:-1]
        start = words.index("pv")
        pairs = dict(zip(words[:start:2], words[1:start:2]))
        assert start % 2 == 0 and "move" in pairs and "winrate" in pairs, piece
        assert pairs["visits"].isdigit() and pairs["order"].isdigit(), piece
        if dialect == "kata":
            assert 0 <= float(pairs["winrate"]) <= 1 and "scoreLead" in pairs and "scoreMean" in pairs, piece
        else:
            assert 0 <= int(pairs["winrate"]) <= 10000, piece
        assert words[start + 1] == pairs["move"], piece
        assert all(re.fullmatch(VERTEX, w) for w in words[start + 1:]), piece


def analysis_lines(engine, dialect="kata"):
    """The rest of a running analysis, which something has ended."""
    lines = []
    while (line := engine.line()) != "":
        check_info(line, dialect)
        lines.append(line)
    return lines


def sabaki(program, model):
    engine = Engine(program, model)
    engine.write("name", "version", "protocol_version", "list_commands")  # before the net is loaded
    assert engine.response() == ["= KataGo"]
    assert re.match(r"= 1\.\d+\.\d+", engine.response()[0])
    assert engine.response() == ["= 2"]
    commands = engine.response()
    commands[0] = commands[0][2:]
    assert commands[0] == "protocol_version" and all(re.fullmatch(r"[\w-]+", c) for c in commands), commands
    assert not {"analyze", "genmove_analyze"} & set(commands)
    assert {"kata-analyze", "kata-genmove_analyze", "undo", "set_free_handicap"} <= set(commands)
    # The synchronisation of a position, komi first, then analysis, all in one burst.
    engine.write("komi 6.5", "boardsize 9", "clear_board", "play B E5", "play W C3", "kata-analyze B 10")
    for _ in range(5):
        assert engine.response() == ["= "]
    assert engine.line() == "="
    for _ in range(2):
        check_info(engine.line())
    engine.write("protocol_version")  # the interrupt
    analysis_lines(engine)
    assert engine.response() == ["= 2"]
    assert engine.ask("get_komi") == ["= 6.5"]
    answer = engine.ask("kata-genmove_analyze B 50")
    assert answer[0] == "=" and re.fullmatch(f"play ({VERTEX}|resign)", answer[-1])
    check_info(answer[-2])
    engine.expect_ok("undo", "undo", "play W D4", "rectangular_boardsize 9 13", "clear_board",
                     "set_free_handicap C3 G7", "play W E5")
    engine.quit()


def sabaki_steps_through_a_game(program, model):
    """Analysis started and stopped at speed: every step is one burst, read only afterwards."""
    engine = Engine(program, model)
    engine.expect_ok("boardsize 9", "clear_board")
    moves = ["E5", "C3", "G7", "C7", "G3", "E3", "E7", "C5"]
    for repeat in range(3):
        for i, vertex in enumerate(moves):
            color, other = "BW"[i % 2], "WB"[i % 2]
            engine.write("protocol_version", f"play {color} {vertex}", f"kata-analyze {other} 1")
        for _ in range(len(moves)):
            engine.write("protocol_version", "undo", "kata-analyze B 1")
        first = repeat == 0
        for i in range(2 * len(moves)):
            if not (first and i == 0):
                analysis_lines(engine)
            assert engine.response() == ["= 2"]
            assert engine.response() == ["= "]
            assert engine.line() == "="
    engine.write("stop")
    analysis_lines(engine)
    assert engine.response() == ["= "]
    assert "MoveNum: 0" in engine.ask("showboard")[0]
    engine.quit()


def sabaki_recorder(program, model):
    """All commands before the engine is up, `stop` and `quit` in one write after the first info line."""
    engine = Engine(program, model)
    engine.write("boardsize 9", "clear_board", "komi 7", "play B E5", "play W pass", "lz-analyze B 5")
    for _ in range(5):
        assert engine.response() == ["= "]
    assert engine.line() == "="
    check_info(engine.line(), "lz")
    engine.write("stop", "quit")
    analysis_lines(engine, "lz")
    assert engine.response() == ["= "]
    assert engine.response() == ["= "]
    assert engine.process.wait(timeout=10) == 0
    assert engine.rest() == []
    engine.close()


def lizzie(program, model):
    engine = Engine(program, model)
    engine.write("name", "version", "list_commands", "komi 7.5", "boardsize 9",
                 "kata-get-param playoutDoublingAdvantage", "kata-get-param analysisWideRootNoise", "kata-get-rules")
    assert engine.response() == ["= KataGo"]
    engine.response()
    assert engine.response()[0] == "= protocol_version"
    for _ in range(2):
        assert engine.response() == ["= "]
    assert engine.response() == ["= 0.0"]
    assert engine.response() == ["= 0.04"]
    rules = engine.response()
    assert len(rules) == 1 and rules[0].startswith("= {")
    for key in ("scoring", "ko", "tax", "suicide", "hasButton", "whiteHandicapBonus"):
        assert f'"{key}"' in rules[0]
    engine.expect_ok('kata-set-rules {"scoring":"AREA","ko":"SIMPLE","tax":"NONE","suicide":false,"hasButton":false,'
                     '"whiteHandicapBonus":"N"}', "kata-set-rules chinese")
    assert engine.ask("komi 1000") == ["? unacceptable komi"]
    engine.write("kata-analyze B 10 ownership true pvVisits true ownership true movesOwnership true")
    assert engine.line() == "="
    line = engine.line()
    ownership = line[line.rindex(" ownership ") + 11:].split()
    assert len(ownership) == 81 and all(-1 <= float(v) <= 1 for v in ownership)
    for move in line[:line.rindex(" ownership ")].split(" info "):
        words = move.split()
        pv, visits, owner = words.index("pv"), words.index("pvVisits"), words.index("movesOwnership")
        assert pv < visits < owner and visits - pv == owner - visits and len(words) == owner + 82, move
    engine.write("stop", "kata-analyze B 10 allow b D4,F6 50 allow w D4,F6 50 ownership true pvVisits true")
    while engine.line() != "":
        pass
    assert engine.response() == ["= "]
    assert engine.line() == "="
    first = engine.line().split(" ownership ")[0]
    assert all(p.split()[1] in ("D4", "F6") for p in first.split("info ")[1:]), first
    engine.write("kata-genmove_analyze B 2147483647")
    while engine.line() != "":
        pass
    answer = engine.response()
    assert len(answer) == 3 and answer[1].startswith("info ") and answer[2].startswith("play "), answer
    raw = engine.ask("kata-raw-nn 5")
    policy, owner = raw.index("policy"), raw.index("whiteOwnership")
    assert raw[0] == "= symmetry 5" and len(raw) == owner + 10 and all(len(r.split()) == 9 for r in raw[owner + 1:])
    assert all(len(r.split()) == 9 for r in raw[policy + 1:policy + 10])
    engine.expect_ok("clear_board", "kata-set-param maxVisits 1125899906842624", "kata-set-param maxPlayouts 1125899906842624",
                     "kata-set-param maxVisits 5", "kata-set-param numSearchThreads 1", "clear_cache",
                     "kata-set-param analysisWideRootNoise 0.1", "kata-set-param playoutDoublingAdvantage 1.5")
    stones = engine.ask("place_free_handicap 3")[0].split()
    assert len(stones) == 4 and "Next player: White" in engine.ask("showboard")
    engine.quit()


def lizzie_clocks(program, model):
    engine = Engine(program, model)
    for command in ("time_settings 0 10 1", "kata-time_settings byoyomi 600 5 3", "time_left B 30.50 2",
                    "kata-time_settings fischer 600 5", "kata-time_settings absolute 600",
                    "kata-time_settings canadian 600 30 5", "kata-time_settings fischer-capped 300 30 600 -1",
                    "kata-time_settings none"):
        engine.expect_ok(command)
    # Sent while the engine thinks, answered after the move.
    engine.expect_ok("boardsize 9", "kata-set-param maxVisits 300", "kata-time_settings byoyomi 600 5 3")
    engine.write("genmove B", "time_left B 29.00 2", "name")
    assert re.fullmatch(f"= ({VERTEX})", engine.response()[0])
    assert engine.response() == ["= "]
    assert engine.response() == ["= KataGo"]
    engine.quit()


def lizzie_kills_at_once(program, model):
    engine = Engine(program, model)
    engine.write("name", "kata-analyze B 1")
    engine.response()
    engine.line()
    engine.write("quit")
    engine.process.kill()
    assert engine.process.wait(timeout=5) == -9
    engine.close()


def lizzie_estimate(program, model):
    """stderr merged into stdout; only the ownership block is read."""
    engine = Engine(program, model, merge_stderr=True)
    engine.write("kata-set-rules japanese", "clear_board", "boardsize 7", "play b C3", "kata-raw-nn 0")
    for _ in range(3):
        while engine.line() != "whiteOwnership":
            pass
        rows = [engine.line().split() for _ in range(7)]
        assert all(len(r) == 7 and all(-1 <= float(v) <= 1 for v in r) for r in rows)
        engine.write("play w D4", "undo", "kata-raw-nn 0")
    engine.process.terminate()
    assert engine.process.wait(timeout=5) != 0
    engine.close()


CHAT = (r"MALKOVICH:Visits \d+ Winrate \d+\.\d\d% ScoreLead -?\d+\.\d ScoreStdev -?\d+\.\d"
        r"( \(PDA -?\d+\.\d\d\))? PV( ([A-HJ-T]\d+|pass))+")


def gtp2ogs(program, model):
    engine = Engine(program, model, overrides="ogsChatToStderr=true,ponderingEnabled=true", newline="\r\n")
    assert "KataGo" in engine.error_line("KataGo")
    assert "kata-list_time_settings" in engine.ask("list_commands")
    assert "fischer-capped" in engine.ask("kata-list_time_settings")[0]
    engine.write("boardsize 9 13", "boardsize 9", "clear_board", "komi 7.5", "set_free_handicap d4 e5",
                 "play white c3", "kata-time_settings fischer-capped 300 30 600 -1", "time_left black 300 0",
                 "time_left white 29 0", "genmove black")
    for _ in range(9):
        assert engine.response() == ["= "]
    move = engine.response()
    assert re.fullmatch(r"= ([A-J]\d|pass)", move[0]), move
    chat = engine.error_line("MALKOVICH:", 1)
    assert re.fullmatch(CHAT, chat), chat
    assert chat.split(" PV ")[1].split()[0] == move[0][2:], (chat, move)
    engine.silent_for(0.2)  # pondering
    begin = time.perf_counter()
    assert engine.ask("play white g7") == ["= "]  # it yields at once
    assert time.perf_counter() - begin < 2
    engine.expect_ok("clear_board")
    assert len(engine.ask("place_free_handicap 4")[0].split()) == 5
    for command in ("kgs-time_settings byoyomi 600 30 5", "kgs-time_settings canadian 600 180 10", "time_settings 0 20 1",
                    "time_left white 0 0", "time_left black 20 1"):
        engine.expect_ok(command)
    assert re.fullmatch(r"= ([BW]\+\d+\.\d|0)", engine.ask("final_score")[0])
    assert "" not in engine.ask("showboard")
    engine.quit()


def gtp2ogs_pool(program, model):
    """One process, many games: the position is loaded anew before each move, all in one write."""
    engine = Engine(program, model, overrides="ponderingEnabled=true", newline="\r\n")
    for game in range(6):
        size, moves = (9, 13)[game % 2], ["d4", "f6", "f4", "d6"][:game]
        load = [f"boardsize {size}", "clear_board", f"komi {game - 3}.5"]
        load += [f"play {('black', 'white')[i % 2]} {m}" for i, m in enumerate(moves)]
        color = ("black", "white")[len(moves) % 2]
        engine.write(*load, "kata-time_settings byoyomi 100 10 5", f"time_left {color} 10 3", f"genmove {color}")
        for _ in range(len(load) + 2):
            assert engine.response() == ["= "]
        assert re.fullmatch(r"= ([A-O]\d+|pass)", engine.response()[0])
    engine.quit()


def gtp2ogs_quits_in_the_middle(program, model):
    """`quit` falls into a running genmove, then SIGTERM."""
    engine = Engine(program, model, overrides="maxVisits=1000000000")
    engine.write("name", "genmove black", "quit")
    engine.response()
    engine.silent_for(0.5)
    begin = time.perf_counter()
    engine.process.terminate()
    engine.process.wait(timeout=5)
    assert time.perf_counter() - begin < 2
    assert engine.rest() == []
    engine.close()


TESTS = (sabaki, sabaki_steps_through_a_game, sabaki_recorder, lizzie, lizzie_clocks, lizzie_kills_at_once,
         lizzie_estimate, gtp2ogs, gtp2ogs_pool, gtp2ogs_quits_in_the_middle)

if __name__ == "__main__":
    sys.exit(run_tests(TESTS, sys.argv))
