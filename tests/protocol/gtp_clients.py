#!/usr/bin/env python3
"""Drives `katago gtp` the way Sabaki, LizzieYzy and gtp2ogs do, over pipes and with their framing.

Called with the path of the program. Exit code 77 = skipped: no small net found (see find_model)."""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import time
import queue

ROOT = pathlib.Path(__file__).resolve().parents[2]
CONFIG = """logAllGTPCommunication = false
logSearchInfo = false
rules = tromp-taylor
allowResignation = false
resignThreshold = -0.9
maxVisits = 20
numSearchThreads = 2
nnMaxBatchSize = 2
"""


def find_model():
    if os.environ.get("KATAGO_MODEL"):
        return os.environ["KATAGO_MODEL"]
    shared = pathlib.Path(os.environ.get("KATAGO_SHARED_DIR", ROOT.parent / "shared"))
    for name in ("g170-b6c96-s175395328-d26788732.bin.gz", "b1c6nbt-mish.bin.gz"):
        for folder in (ROOT / "models", shared / "models"):
            if (folder / name).exists():
                return str(folder / name)
    return None


class Engine:
    def __init__(self, program, model, overrides="", merge_stderr=False, newline="\n"):
        self.folder = tempfile.TemporaryDirectory()
        config = pathlib.Path(self.folder.name) / "test.cfg"
        config.write_text(CONFIG)
        command = [program, "gtp", "-model", model, "-config", str(config)]
        if overrides:
            command += ["-override-config", overrides]
        self.newline = newline
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT if merge_stderr else subprocess.PIPE)
        self.lines = queue.Queue()
        self.errors = queue.Queue()
        threading.Thread(target=self._pump, args=(self.process.stdout, self.lines), daemon=True).start()
        if not merge_stderr:
            threading.Thread(target=self._pump, args=(self.process.stderr, self.errors), daemon=True).start()

    @staticmethod
    def _pump(stream, out):
        for line in stream:
            out.put(line.decode())
        out.put(None)

    def write(self, *commands):
        self.process.stdin.write("".join(c + self.newline for c in commands).encode())
        self.process.stdin.flush()

    def line(self, timeout=60):
        line = self.lines.get(timeout=timeout)
        assert line is not None, "the engine closed its output"
        return line.rstrip("\n")

    def response(self):
        """All lines of one response up to its empty line, which must not come first."""
        lines = [self.line()]
        assert lines[0][:1] in ("=", "?"), lines
        while True:
            line = self.line()
            if line == "":
                return lines
            assert line[:1] not in ("=", "?"), line
            lines.append(line)

    def ask(self, command):
        self.write(command)
        return self.response()

    def quit(self):
        self.write("quit")
        assert self.response() == ["= "]
        assert self.process.wait(timeout=20) == 0
        self.folder.cleanup()


def check_info(line, dialect="kata"):
    """Reads a line as Sabaki does: pieces cut at `info`, strict pairs before the variation."""
    assert line.startswith("info "), line
    assert "  " not in line and "nan" not in line and "inf " not in line.replace("info ", ""), line
    for piece in line.split("info ")[1:]:
        words = piece.split()
        start = words.index("pv")
        pairs = dict(zip(words[:start:2], words[1:start:2]))
        assert start % 2 == 0 and "move" in pairs and "winrate" in pairs, piece
        if dialect == "kata":
            assert 0 <= float(pairs["winrate"]) <= 1 and "scoreLead" in pairs and "scoreMean" in pairs, piece
        else:
            int(pairs["winrate"])
        assert all(re.fullmatch(r"[A-HJ-Z]\d+|pass", w) for w in words[start + 1:] if not w.startswith("rootInfo")), piece


def sabaki(program, model):
    engine = Engine(program, model)
    engine.write("name", "version", "protocol_version", "list_commands")  # before the net is loaded
    assert engine.response() == ["= KataGo"]
    assert re.match(r"= 1\.\d+\.\d+", engine.response()[0])
    assert engine.response() == ["= 2"]
    commands = engine.response()
    commands[0] = commands[0][2:]
    assert commands[0] == "protocol_version" and "kata-analyze" in commands and "analyze" not in commands
    engine.write("komi 6.5", "boardsize 9", "clear_board", "play B E5", "play W C3", "kata-analyze B 10")
    for _ in range(5):
        assert engine.response() == ["= "]
    assert engine.line() == "="
    for _ in range(2):
        check_info(engine.line())
    engine.write("protocol_version")  # the interrupt
    while True:
        line = engine.line()
        if line == "":
            break
        check_info(line)
    assert engine.response() == ["= 2"]
    assert engine.ask("get_komi") == ["= 6.5"]
    answer = engine.ask("kata-genmove_analyze B 50")
    assert answer[0] == "=" and answer[-1].startswith("play ")
    check_info(answer[-2])
    engine.write("undo", "undo", "play W D4")
    for _ in range(3):
        assert engine.response() == ["= "]
    engine.quit()


def lizzie(program, model):
    engine = Engine(program, model)
    engine.write("name", "version", "list_commands", "komi 7.5", "boardsize 9",
                 "kata-get-param playoutDoublingAdvantage", "kata-get-param analysisWideRootNoise", "kata-get-rules")
    for _ in range(2):
        engine.response()
    assert engine.response()[0] == "= protocol_version"
    for _ in range(2):
        assert engine.response() == ["= "]
    assert engine.response() == ["= 0.0"]
    assert engine.response() == ["= 0.04"]
    assert engine.response()[0].startswith('= {')
    engine.write("kata-analyze B 10 ownership true pvVisits true ownership true movesOwnership true")
    assert engine.line() == "="
    line = engine.line()
    ownership = line[line.rindex(" ownership ") + 11:].split()
    assert len(ownership) == 81 and all(-1 <= float(v) <= 1 for v in ownership)
    moves = line[:line.rindex(" ownership ")].split(" info ")
    assert all(len(m[m.index("movesOwnership ") + 15:].split()) == 81 for m in moves)
    engine.write("stop", "kata-analyze B 10 allow b D4,F6 50 allow w D4,F6 50")
    while engine.line() != "":
        pass
    assert engine.response() == ["= "]
    assert engine.line() == "="
    first = engine.line()
    assert all(p.split()[1] in ("D4", "F6") for p in first.split("info ")[1:]), first
    engine.write("kata-genmove_analyze B 2147483647")
    while engine.line() != "":
        pass
    answer = engine.response()
    assert len(answer) == 3 and answer[1].startswith("info ") and answer[2].startswith("play "), answer
    raw = engine.ask("kata-raw-nn 5")
    at = raw.index("whiteOwnership")
    assert raw[0] == "= symmetry 5" and len(raw) == at + 10 and all(len(r.split()) == 9 for r in raw[at + 1:])
    for command in ("time_settings 0 10 1", "kata-time_settings byoyomi 600 5 3", "time_left B 30.50 2",
                    "kata-set-param maxVisits 1125899906842624", "kata-set-param maxVisits 5", "clear_cache"):
        assert engine.ask(command) == ["= "], command
    engine.quit()


def lizzie_estimate(program, model):
    """stderr merged into stdout; only the ownership block is read."""
    engine = Engine(program, model, merge_stderr=True)
    engine.write("kata-set-rules chinese", "clear_board", "boardsize 7", "play b C3", "kata-raw-nn 0")
    while engine.line() != "whiteOwnership":
        pass
    rows = [engine.line().split() for _ in range(7)]
    assert all(len(r) == 7 for r in rows)
    engine.process.terminate()
    assert engine.process.wait(timeout=10) != 0


def gtp2ogs(program, model):
    engine = Engine(program, model, overrides="ogsChatToStderr=true,ponderingEnabled=true", newline="\r\n")
    assert "kata-list_time_settings" in engine.ask("list_commands")
    assert "fischer-capped" in engine.ask("kata-list_time_settings")[0]
    engine.write("boardsize 9 13", "boardsize 9", "clear_board", "komi 7.5", "set_free_handicap d4 e5",
                 "play white c3", "kata-time_settings fischer-capped 300 30 600 -1", "time_left black 300 0",
                 "time_left white 29 0", "genmove black")
    for _ in range(9):
        assert engine.response() == ["= "]
    assert re.fullmatch(r"= ([A-J]\d|pass)", engine.response()[0])
    deadline = time.time() + 5
    while True:
        line = engine.errors.get(timeout=max(0.1, deadline - time.time()))
        if line.startswith("MALKOVICH:"):
            break
    assert re.fullmatch(r"MALKOVICH:Visits \d+ Winrate \d+\.\d\d% ScoreLead -?\d+\.\d ScoreStdev \d+\.\d"
                        r"( \(PDA -?\d+\.\d\d\))? PV( ([A-J]\d|pass))+\n", line), line
    time.sleep(0.2)  # pondering must be silent
    assert engine.lines.empty()
    assert engine.ask("play white g7") == ["= "]
    assert engine.ask("clear_board") == ["= "]
    assert len(engine.ask("place_free_handicap 4")[0].split()) == 5
    assert re.fullmatch(r"= ([BW]\+\d+\.\d|0)", engine.ask("final_score")[0])
    assert "" not in engine.ask("showboard")
    engine.quit()


def closed_input(program, model):
    for command, last in (("kata-analyze 5", "\n"), ("kata-search_cancellable b", "= cancelled\n\n"), ("name", "= KataGo\n\n")):
        engine = Engine(program, model, overrides="maxVisits=100000000")
        engine.write(command)
        time.sleep(0.3)
        engine.process.stdin.close()
        assert engine.process.wait(timeout=20) == 0, command
        text = ""
        while (line := engine.lines.get(timeout=5)) is not None:
            text += line
        assert text.endswith(last), (command, text[-200:])


def main():
    model = find_model()
    if model is None:
        print("skipped: no net in models/ or the shared folder; set KATAGO_MODEL")
        return 77
    for client in (sabaki, lizzie, lizzie_estimate, gtp2ogs, closed_input):
        client(sys.argv[1], model)
        print(client.__name__, "passed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
