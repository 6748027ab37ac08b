"""Drives `katago gtp` over pipes, as a client does. Shared by the gtp_*.py tests; no test itself."""
import os
import pathlib
import queue
import subprocess
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
SKIPPED = 77
CONFIG = """logAllGTPCommunication = false
logSearchInfo = false
rules = tromp-taylor
allowResignation = false
resignThreshold = -0.9
maxVisits = 20
numSearchThreads = 2
nnMaxBatchSize = 2
"""


def shared_folder():
    return pathlib.Path(os.environ.get("KATAGO_SHARED_DIR", ROOT.parent / "shared"))


def find_model(names=("g170-b6c96-s175395328-d26788732.bin.gz", "b1c6nbt-mish.bin.gz")):
    if os.environ.get("KATAGO_MODEL"):
        return os.environ["KATAGO_MODEL"]
    for name in names:
        for folder in (ROOT / "models", shared_folder() / "models"):
            if (folder / name).exists():
                return str(folder / name)
    return None


def run_tests(tests, argv):
    """Calls each test with the program and the small net. Returns the exit code."""
    model = find_model()
    if model is None:
        print("skipped: no net in models/ or the shared folder; set KATAGO_MODEL")
        return SKIPPED
    wanted = argv[2:]
    for test in tests:
        if wanted and test.__name__ not in wanted:
            continue
        begin = time.time()
        test(argv[1], model)
        print(f"{test.__name__} passed ({time.time() - begin:.1f} s)", flush=True)
    return 0


class Engine:
    """A running engine. Output is read by threads, so that a test can wait with a limit."""

    def __init__(self, program, model, overrides="", options=(), config=CONFIG, merge_stderr=False, newline="\n"):
        self.folder = tempfile.TemporaryDirectory()
        path = pathlib.Path(self.folder.name) / "test.cfg"
        path.write_text(config)
        command = [os.path.abspath(program), "gtp", "-model", os.path.abspath(model), "-config", str(path), *options]
        if overrides:
            command += ["-override-config", overrides]
        self.newline = newline
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0,
                                        cwd=self.folder.name,
                                        stderr=subprocess.STDOUT if merge_stderr else subprocess.PIPE)
        self.lines = queue.Queue()   # (line, time of arrival); None at the end
        self.errors = queue.Queue()
        self.reading = threading.Event()  # cleared: a client that does not read its pipe
        self.reading.set()
        threading.Thread(target=self._pump, args=(self.process.stdout, self.lines), daemon=True).start()
        if not merge_stderr:
            threading.Thread(target=self._pump, args=(self.process.stderr, self.errors), daemon=True).start()

    def _pump(self, stream, out):
        pending = b""
        while True:
            self.reading.wait()
            data = stream.read(1 << 16)
            if not data:
                break
            now = time.perf_counter()
            pieces = (pending + data).split(b"\n")
            pending = pieces.pop()
            for piece in pieces:
                out.put((piece.decode("utf-8", "replace"), now))
        if pending:
            out.put((pending.decode("utf-8", "replace") + "<no newline>", time.perf_counter()))
        out.put(None)

    def write_bytes(self, data):
        self.process.stdin.write(data)

    def write(self, *commands):
        """All in one write, without waiting for answers."""
        self.write_bytes("".join(c + self.newline for c in commands).encode())

    def timed_line(self, timeout=60):
        item = self.lines.get(timeout=timeout)
        assert item is not None, "the engine closed its output"
        return item

    def line(self, timeout=60):
        return self.timed_line(timeout)[0]

    def response(self, timeout=60):
        """All lines of one response up to its empty line, which must not come first."""
        lines = [self.line(timeout)]
        assert lines[0][:1] in ("=", "?"), lines
        while True:
            line = self.line(timeout)
            if line == "":
                return lines
            assert line[:1] not in ("=", "?"), line
            lines.append(line)

    def ask(self, command, timeout=60):
        self.write(command)
        return self.response(timeout)

    def expect_ok(self, *commands):
        self.write(*commands)
        for command in commands:
            answer = self.response()
            assert answer == ["= "], (command, answer)

    def silent_for(self, seconds):
        try:
            line = self.lines.get(timeout=seconds)
        except queue.Empty:
            return
        raise AssertionError(f"unexpected output {line!r}")

    def error_line(self, start, timeout=10):
        """The next line of stderr that begins so."""
        deadline = time.time() + timeout
        while True:
            item = self.errors.get(timeout=max(0.1, deadline - time.time()))
            assert item is not None, f"no line {start!r} on stderr"
            if item[0].startswith(start):
                return item[0]

    def rest(self):
        """All further output, after the process has been told to end."""
        lines = []
        while (item := self.lines.get(timeout=20)) is not None:
            lines.append(item[0])
        return lines

    def rss_mb(self):
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) // 1024
        return 0

    def quit(self, limit=20):
        self.write("quit")
        assert self.response() == ["= "]
        assert self.process.wait(timeout=limit) == 0
        assert self.rest() == []
        self.close()

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.folder.cleanup()
