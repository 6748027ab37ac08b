#!/usr/bin/env python3
"""The transcripts printed in spec/gtp.md of the shared folder: input in, answers and stderr as printed there.

Called with the path of the program and perhaps names of transcripts (T5). Exit code 77 = skipped: no shared folder."""
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent / "lib"))
import gtp_engine  # noqa: E402

NET = "g170-b6c96-s175395328-d26788732.bin.gz"
SGF = {
    "a": "(;GM[1]SZ[9]KM[6.5]RU[Japanese];B[ee];W[gc];B[cg];W[gg](;B[fh];W[gh])(;B[cc]))",
    "b": "(;GM[1]SZ[13:9]KM[5.5]RU[Foo]HA[2]AB[dd][jd];W[ee];B[])",
    "c": "(;GM[1]SZ[9];B[dd];W[dd])",
    "d": "hello",
    "g": "(;GM[1]SZ[9];B[dd];AB[ee];W[ff])",
    "h2": "(;GM[1]SZ[9]KM[0]RU[AGA];B[dd];B[ee];W[ff];B[tt])",
}
WALL = [f"play {c} {column}{n}" for n in range(1, 10) for c, column in (("b", "E"), ("w", "F"))]
NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$")
TOLERANCE = 2e-3


def same(want, got):
    """Word by word; numbers of a search may differ in the last digits, hash values in all."""
    def words(text):
        return [w for word in re.sub(r"HASH: [0-9A-F]+", "HASH: *", text).split() for w in re.split(r"(%$)", word) if w]

    a, b = words(want), words(got)
    return len(a) == len(b) and all(
        p == q or (NUMBER.match(p) and NUMBER.match(q) and
                   abs(float(p) - float(q)) <= TOLERANCE * max(1.0, abs(float(p)))) for p, q in zip(a, b))


class Runner:
    def __init__(self, program, shared, spec):
        self.program = program
        text = spec.read_text()
        self.text = text[text.index("\n## 13. "):text.index("\n## 14. ")]
        self.sections = {s.split()[1].rstrip("."): s for s in re.split(r"\n(?=### T)", self.text)[1:]}
        self.folder = tempfile.TemporaryDirectory()
        path = pathlib.Path(self.folder.name)
        (path / "det.cfg").write_text(re.search(r"```\n(.*?)```", self.text, re.S).group(1))
        (path / "MODEL.bin.gz").symlink_to(shared / "models" / NET)
        for name, content in SGF.items():
            (path / f"{name}.sgf").write_text(content)
        self.problems = []
        self.checked = 0

    def run(self, data, overrides="", options=()):
        command = [self.program, "gtp", "-model", "MODEL.bin.gz", "-config", "det.cfg", *options]
        if overrides:
            command += ["-override-config", overrides]
        return subprocess.run(command, input=data, cwd=self.folder.name, capture_output=True, timeout=300, check=False)

    def answers(self, commands, overrides="", options=()):
        done = self.run("\n".join(commands + ["quit"]).encode() + b"\n", overrides, options)
        self.check("exit status", 0, done.returncode, commands)
        text = done.stdout.decode().strip("\n")
        return [a.strip("\n") for a in re.split(r"\n\n+", text)], done.stderr.decode().splitlines()

    def check(self, what, want, got, where=""):
        self.checked += 1
        if want != got:
            self.problems.append(f"{where} {what}: want {want!r}, got {got!r}"[:800])

    def play(self, name, block, overrides):
        """A block of `> command` lines with the answers below them; `>>` lines are answered by success alone."""
        commands, wanted = [], []
        for line in block.split("\n"):
            if line.startswith(">> "):
                for command in filter(None, (c.strip() for c in line[3:].split("|"))):
                    commands.append(command)
                    wanted.append(["= "])
            elif line.startswith("> "):
                commands.append(line[2:])
                wanted.append([])
            elif line.startswith("(then"):
                commands += WALL
                wanted += [["= "]] * len(WALL)
            elif line.strip():
                wanted[-1].append(line)
        if commands[-1] == "quit":
            commands.pop()
            wanted.pop()
        got, stderr = self.answers(commands, overrides)
        self.check("answers", len(wanted) + 1, len(got), name)
        for command, want, answer in zip(commands, wanted, got):
            self.checked += 1
            if not same("\n".join(want), answer):
                self.problems.append(f"{name} [{overrides}] {command}: want {want!r}, got {answer!r}"[:1500])
        return stderr

    def standard(self, name, overrides=None):
        """All blocks of a section, each with the overrides of the heading or of the text just before it."""
        section = self.sections[name]
        heading = re.search(r"`([^`]*=[^`]*)`", section.split("\n")[0])
        common = heading.group(1) if heading else ""
        errors, at = [], 0
        for i, block in enumerate(re.finditer(r"```\n(.*?)```", section, re.S)):
            named = [m for m in re.findall(r"`([a-zA-Z]+=[^`]*)`", section[at:block.start()]) if m != common]
            at = block.end()
            here = overrides[i] if overrides else ",".join(named[-1:] or ([common] if common else []))
            errors.append(self.play(name, block.group(1), here))
        return errors


START_LINES = 7  # of stderr, as printed with default settings


def framing(runner):
    """T2: bytes to bytes."""
    rows = re.findall(r"^\| (`.*?) \| (.*?) \|$", runner.sections["T2"], re.M)
    bytes_of = lambda text: re.sub(rb"<([0-9A-F ]+)>", lambda m: bytes.fromhex(m.group(1).decode()),
                                   text.replace("\\n", "\n").replace("\\r", "\r").replace("\\t", "\t").encode())
    for inputs, output in rows:
        wanted = b"" if output == "nothing" else bytes_of(re.match(r"`(.*?)`", output).group(1))
        for given in re.findall(r"`(.*?)`", inputs):
            if not given.endswith("\\n") and given != "name":
                continue
            if "D4x" in output:
                wanted = b"? Could not parse vertex: '" + given.split()[2].replace("\\n", "").encode() + b"'\n\n"
            runner.check("bytes", wanted, runner.run(bytes_of(given)).stdout, f"T2 {given}")


def rules_stderr(runner):
    lines = runner.standard("T6")[0][START_LINES:]
    text = runner.sections["T6"].split("stderr after")[1]
    runner.check("stderr", re.findall(r"`(Changed rules[^`]*)`", text), lines, "T6")


def perspective_stderr(runner):
    common = "maxVisits=12,ogsChatToStderr=true,reportAnalysisWinratesAs="
    errors = runner.standard("T12", [common + "WHITE", common + "BLACK"])
    chat = re.findall(r"`[^`]*(Winrate [^`]*)`", runner.sections["T12"])
    got = [line[line.index("Winrate"):] for block in errors for line in block if line.startswith("MALKOVICH:")]
    runner.check("chat lines", len(chat), len(got), "T12")
    for want, line in zip(chat, got):
        if not same(want, line):
            runner.problems.append(f"T12 chat: want {want!r}, got {line!r}")


def sgf_stderr(runner):
    lines = [l for l in runner.standard("T19")[0][START_LINES:]]
    starts = ["Changing rules to {", "Changing komi to 6.5", "Initializing board with boardXSize 9 boardYSize 9",
              "WARNING: using default rules koSIMPLEscoreTERRITORYtaxSEKIsui0komi5.5 because could not parse sgf rules: "
              "Could not parse rules in sgf: Foo", "Changing komi to 5.5",
              "Initializing board with boardXSize 13 boardYSize 9"] + [
              "Sgf has no rules or komi, using default rules: koSIMPLEscoreTERRITORYtaxSEKIsui0komi5.5"] * 2 + [
              "Initializing board with boardXSize 9 boardYSize 9", "Changing rules to {", "Changing komi to 0"]
    runner.check("stderr", starts, [l[:len(s)] for l, s in zip(lines, starts)], "T19")
    runner.check("stderr lines", len(starts), len(lines), "T19")


def times(runner):
    base = "lagBuffer=1.0"
    runner.standard("T14", [base, "", "maxVisits="])


def handicap_points(runner):
    """T10: the table of fixed handicap."""
    sizes = {"19": "19", "13": "13", "9": "9", "12": "12", "7": "7", "9 wide × 13 high": "9 13"}
    for row in re.findall(r"^\| (\S.*) \|$", runner.sections["T10"], re.M):
        cells = [c.strip() for c in row.split("|")]
        if cells[0] not in sizes:
            continue
        size = sizes[cells[0]]
        even = "? Fixed handicap > 4 is not allowed on boards with even dimensions, try place_free_handicap"
        seven = "? Fixed handicap > 4 is not allowed on boards with size 7, try place_free_handicap"
        too_many = "? Fixed handicap > 9 is not allowed, try place_free_handicap"
        special = {"12": even, "7": seven}.get(size)
        commands, wanted = [f"boardsize {size}"] if size != "19" else [], []
        for n, points in zip(range(2, 10), cells[1:]):
            commands += [f"fixed_handicap {n}", "clear_board"]
            wanted.append("= " + points if points and "error" not in points else special)
        got, _ = runner.answers(commands + ["fixed_handicap 10"])
        runner.check("points", wanted, got[(size != "19")::2][:8], f"T10 {size}")
        runner.check("ten", special or too_many, got[-2], f"T10 {size}")


def settled_game(runner):
    """T16: cleanup before pass."""
    stones = " ".join(f"b {column}{n}" for column in "BDF" for n in range(1, 8))
    setup = ["boardsize 7", f"set_position {stones} w C4", "play b pass", "play w pass"]
    for overrides, move, score, dead in re.findall(r"^\| `([^`]*)` \| `([^`]*)` \| `([^`]*)`.*? \| `([^`]*)` \|$",
                                                   runner.sections["T16"], re.M):
        got, _ = runner.answers(setup + ["kata-search b", "final_score", "final_status_list dead"],
                                "maxVisits=50," + overrides)
        runner.check("answers", ["= " + move, "= " + score, "= " + dead], got[4:7], f"T16 {overrides}")


def friendly_pass(runner):
    """T17."""
    commands = ["boardsize 9"] + WALL + ["play b C7", "play w C3", "play b B3", "play w H5", "play b pass", "kata-search w"]
    for overrides, move in re.findall(r"^\| `([^`]*)` \| `([^`]*)` \|$", runner.sections["T17"], re.M):
        if "=" not in overrides:
            continue
        got, _ = runner.answers(commands, "maxVisits=60,allowResignation=false," + overrides)
        runner.check("move", "= " + move, got[-2], f"T17 {overrides}")


def resignation_chat(runner):
    lines = runner.standard("T22")[0]
    got = [line for line in lines if line.startswith("MALKOVICH:")]
    for start, line in zip(("Visits 8 Winrate 8.49% ScoreLead -56.8", "Visits 8 Winrate 99.82%",
                            "Visits 8 Winrate 0.06% ScoreLead -62.5"), got):
        runner.checked += 1
        if not same(start, " ".join(line[10:].split()[:len(start.split())])):
            runner.problems.append(f"T22 chat: want {start!r}, got {line!r}")


SPECIAL = {"T2": framing, "T6": rules_stderr, "T10": handicap_points, "T12": perspective_stderr, "T14": times,
           "T16": settled_game, "T17": friendly_pass, "T19": sgf_stderr, "T22": resignation_chat}
ELSEWHERE = {"T23", "T24", "T25"}  # by time and by start-up: gtp_clients.py, gtp_startup.py


def main():
    shared = gtp_engine.shared_folder().resolve()
    spec = shared / "spec" / "gtp.md"
    if not spec.exists() or not (shared / "models" / NET).exists():
        print(f"skipped: {spec} or the net {NET} is not there; set KATAGO_SHARED_DIR")
        return gtp_engine.SKIPPED
    runner = Runner(str(pathlib.Path(sys.argv[1]).resolve()), shared, spec)
    for name in runner.sections:
        if name in ELSEWHERE or (sys.argv[2:] and name not in sys.argv[2:]):
            continue
        before, checked = len(runner.problems), runner.checked
        if name in SPECIAL:
            SPECIAL[name](runner)
        else:
            runner.standard(name)
        failed = len(runner.problems) - before
        print(f"{name}: {runner.checked - checked} checks, {failed} failed", flush=True)
    for problem in runner.problems:
        print(problem)
    return 1 if runner.problems else 0


if __name__ == "__main__":
    sys.exit(main())
