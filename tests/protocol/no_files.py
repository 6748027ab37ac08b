#!/usr/bin/env python3
"""The program alone, in an empty folder: it plays and analyses with its own net and settings.

Called with the path of the program. Exit code 77 = skipped: the program was built without a net."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile


class Alone:
    def __init__(self, program):
        self.scratch = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self.scratch.name)
        shutil.copy2(program, self.path / "katago")
        self.env = {"HOME": str(self.path), "PATH": "/nowhere"}

    def run(self, *arguments, data=""):
        return subprocess.run(["./katago", *arguments], cwd=self.path, env=self.env, input=data, capture_output=True,
                              text=True, timeout=300, check=False)


def plays_a_game(alone):
    """9x9 against itself until both pass: it ends, and nobody fills the board."""
    process = subprocess.Popen(["./katago", "gtp", "-override-config", "maxVisits=16,numSearchThreads=1"], cwd=alone.path,
                               env=alone.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def ask(command):
        process.stdin.write(command + "\n")
        process.stdin.flush()
        answer = process.stdout.readline().strip()
        process.stdout.readline()
        assert answer.startswith("="), (command, answer)
        return answer[1:].strip()

    ask("boardsize 9")
    ask("komi 7")
    ask("kata-set-rules chinese")
    moves = []
    while moves[-2:] != ["pass", "pass"] and moves[-1:] != ["resign"]:
        moves.append(ask("genmove " + "bw"[len(moves) % 2]))
        assert len(moves) < 150, "the game does not end: " + " ".join(moves)
    assert len(moves) > 20, moves
    ask("quit")
    process.wait(timeout=30)
    assert process.stderr.read().count("built-in") >= 2, "says what it runs with"


def analyses(alone):
    query = dict(id="x", moves=[["B", "Q4"], ["W", "D16"]], rules="japanese", komi=6.5, boardXSize=19, boardYSize=19,
                 maxVisits=30, includeOwnership=True)
    done = alone.run("analysis", data=json.dumps(query) + "\n")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["id"] == "x" and answer["rootInfo"]["visits"] >= 30, answer
    assert len(answer["ownership"]) == 361
    assert 0.2 < answer["rootInfo"]["winrate"] < 0.8, answer["rootInfo"]
    done = alone.run("analysis", "-analysis-threads", "1", data=json.dumps(query) + "\n")
    assert done.returncode == 0 and json.loads(done.stdout)["id"] == "x", done.stderr


def leaves_nothing_behind(alone):
    assert sorted(os.listdir(alone.path)) == ["katago"], os.listdir(alone.path)


def main():
    alone = Alone(sys.argv[1])
    done = alone.run("gtp", data="name\n")
    if "default was not found" in done.stderr:
        print("skipped: no built-in net")
        return 77
    assert done.stdout == "= KataGo\n\n", (done.stdout, done.stderr)
    for test in (plays_a_game, analyses, leaves_nothing_behind):
        test(alone)
        print(test.__name__ + " passed", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
