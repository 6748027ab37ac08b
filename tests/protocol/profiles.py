#!/usr/bin/env python3
"""Every profile in configs/ starts every command that reads it, without a warning, and obeys it.

Called with the path of the program. No net needed: evaluations are invented with -model /dev/null."""
import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROFILES = ("rpi", "jetson", "desktop", "server")


def keys_of(path):
    lines = [line.split("#")[0].strip() for line in path.read_text().splitlines()]
    return dict(map(str.strip, line.split("=", 1)) for line in lines if line)


def run(program, folder, *arguments, data=""):
    done = subprocess.run([program, *arguments], cwd=folder, input=data, capture_output=True, text=True, timeout=120,
                          check=False)
    assert done.returncode == 0, (arguments, done.returncode, done.stderr)
    assert "WARNING" not in done.stderr and "Unused" not in done.stderr, (arguments, done.stderr)
    return done.stdout


def every_key_says_why(path):
    comment = False
    for line in path.read_text().splitlines():
        comment = line.startswith("#") or comment and line != ""
        assert comment or not line, f"{path.name}: no comment above '{line}'"


def check(program, path, folder):
    keys = keys_of(path)
    common = ["-config", str(path), "-model", "/dev/null"]
    out = run(program, folder, "gtp", *common, "-override-config", "maxVisits=20", data=
              "genmove b\nkata-get-param numSearchThreads\nkata-get-param maxTime\n")
    assert out.split("\n\n")[1] == "= " + keys["numSearchThreads"], out
    query = dict(id="a", moves=[], rules="chinese", komi=7.5, boardXSize=9, boardYSize=9, maxVisits=10)
    answer = json.loads(run(program, folder, "analysis", *common, data=json.dumps(query) + "\n"))
    assert answer["id"] == "a" and answer["rootInfo"]["visits"] >= 10, answer
    run(program, folder, "benchmark", *common, "-visits", "5", "-numpositions", "1", "-threads", "1")
    run(program, folder, "evalsgf", *common, "-m", "3", "-v", "5", str(ROOT / "docs" / "sample-game.sgf"))
    run(program, folder, "analyzesgf", *common, "-visits", "2", str(ROOT / "docs" / "sample-game.sgf"))


def main():
    for name in PROFILES:
        path = ROOT / "configs" / (name + ".cfg")
        every_key_says_why(path)
        with tempfile.TemporaryDirectory() as folder:
            check(str(pathlib.Path(sys.argv[1]).resolve()), path, folder)
            assert not list(pathlib.Path(folder).iterdir()), "profiles write no files"
        print(name + " passed", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
