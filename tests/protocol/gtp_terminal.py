#!/usr/bin/env python3
"""GTP typed by a person: `katago gtp` at a pseudo-terminal, with colours, hints, help, editing and history.

Called with the path of the program and perhaps names of tests. Exit code 77 = skipped: no net, or no pseudo-terminals."""
import os
import pathlib
import re
import select
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent / "lib"))
from gtp_engine import CONFIG, SKIPPED, run_tests  # noqa: E402

try:
    import pty
except ImportError:
    print("skipped: this system has no pseudo-terminals")
    sys.exit(SKIPPED)

ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\r|\a")


class Terminal:
    def __init__(self, program, model, stdout_is_terminal=True, **environment):
        self.folder = tempfile.TemporaryDirectory()
        config = pathlib.Path(self.folder.name) / "test.cfg"
        config.write_text(CONFIG)
        self.master, slave = pty.openpty()
        env = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "200", "LINES": "50", **environment}
        if "NO_COLOR" not in environment:
            env.pop("NO_COLOR", None)
        self.process = subprocess.Popen([program, "gtp", "-model", model, "-config", str(config)], stdin=slave,
                                        stdout=slave if stdout_is_terminal else subprocess.PIPE,
                                        stderr=subprocess.PIPE, env=env, start_new_session=True)
        os.close(slave)
        self.seen = ""
        if stdout_is_terminal:
            self.until("> ")

    def type(self, text):
        os.write(self.master, text.encode())

    def until(self, text, timeout=60):
        """All output up to and with the text, as it came."""
        deadline = time.time() + timeout
        while text not in self.seen:
            ready, _, _ = select.select([self.master], [], [], max(0, deadline - time.time()))
            assert ready, f"{text!r} did not come, but {self.seen[-500:]!r}"
            self.seen += os.read(self.master, 65536).decode("utf-8", "replace")
        at = self.seen.index(text) + len(text)
        result, self.seen = self.seen[:at], self.seen[at:]
        return result

    def answer(self, command):
        """The coloured text of an answer, with the `=` or `?`. Returns at the next prompt: what is typed earlier may meet
        the terminal in another mode, where keys mean other things."""
        self.type(command + "\n")
        text = self.until("\r\n\r\n")
        self.until("> ")
        return text[re.search(r"^(?:> |\r)*([=?])", text, re.M).start(1):]  # the prompt may come after the echo

    def end(self, keys="quit\n"):
        self.type(keys)
        for _ in range(30):  # Ctrl-D means the end at an empty line only; typed ahead it becomes a letter of the line
            try:
                assert self.process.wait(timeout=2) == 0
                break
            except subprocess.TimeoutExpired:
                self.type("\x15" + keys)  # Ctrl-U empties the line
        assert self.process.poll() == 0, "it did not end"
        self.folder.cleanup()
        os.close(self.master)


def has_line_editing(program):
    found = subprocess.run(["ldd", program], capture_output=True, text=True, check=False).stdout
    return "libedit" in found or "libreadline" in found


def colours_and_help(program, model):
    terminal = Terminal(program, model)
    terminal.answer("boardsize 9")
    terminal.answer("play b E5")
    terminal.answer("play w C3")
    board = terminal.answer("showboard")
    rows = [line for line in board.split("\n") if re.match(r" \d ", line)]
    assert len(rows) == 9 and all("\x1b[48;5;" in row and "\x1b[0m" in row for row in rows), rows
    plain = ESCAPE.sub("", board)
    assert " 5 . . . . X1. . . .\n" in plain and " 3 . . O2. . . . . .\n" in plain, plain
    assert "\x1b" not in board.split("\n")[0]
    lines = ESCAPE.sub("", terminal.answer("help")).split("\n")
    commands = [line.split()[0 if i else 1] for i, line in enumerate(lines) if line.strip()]
    assert commands[0] == "protocol_version" and {"genmove", "kata-analyze", "showboard", "help"} <= set(commands)
    assert len(commands) == 60 and len(set(commands)) == 60, commands
    assert all(line.rstrip().endswith(".") for line in lines if line.strip()), lines
    assert "play COLOR VERTEX" in terminal.answer("help play")
    terminal.end()


def readable_errors(program, model):
    terminal = Terminal(program, model)
    assert "? unknown command. Did you mean showboard? help lists all commands." in terminal.answer("showbaord")
    answer = ESCAPE.sub("", terminal.answer("play"))
    assert answer.startswith("? Expected two arguments for play but got ''\nusage: play COLOR VERTEX\n"), answer
    assert "Could not parse vertex: 'Z99'" in terminal.answer("play b Z99")
    terminal.end()


def editing_and_history(program, model):
    if not has_line_editing(program):
        print("  built without line editing: only the plain terminal is tested")
        return
    terminal = Terminal(program, model)
    assert "= KataGo" in terminal.answer("ame\x01n")                  # Ctrl-A, n
    assert "= KataGo" in terminal.answer("names\x7f")                 # backspace
    assert "= KataGo" in terminal.answer("\x1b[A")                    # arrow up: the last line again
    assert "= 2" in terminal.answer("protocol_v\t")                   # completion of a command
    assert "= KataGo" in terminal.answer("\x1b[A\x1b[A")
    terminal.end()


def analysis(program, model):
    terminal = Terminal(program, model)
    terminal.answer("boardsize 9")
    terminal.type("kata-analyze 10\n")
    terminal.until("info move ")
    terminal.type("\n")
    terminal.until("\r\n> ")
    assert "= KataGo" in terminal.answer("name")
    terminal.end("\x04")  # Ctrl-D


def without_colours(program, model):
    for environment in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        terminal = Terminal(program, model, **environment)
        assert "\x1b[48" not in terminal.answer("showboard")
        terminal.end()


def output_into_a_pipe(program, model):
    """Then a program reads: no prompt, no colours, no hints, though a person types."""
    terminal = Terminal(program, model, stdout_is_terminal=False)
    terminal.type("shwboard\nboardsize 5\nshowboard\nhelp\nquit\n")
    out, _ = terminal.process.communicate(timeout=60)
    text = out.decode()
    assert text.startswith("? unknown command\n\n= \n\n= MoveNum: 0 "), text
    assert "\x1b" not in text and text.endswith("? unknown command\n\n= \n\n"), text
    assert terminal.process.returncode == 0


TESTS = (colours_and_help, readable_errors, editing_and_history, analysis, without_colours, output_into_a_pipe)

if __name__ == "__main__":
    sys.exit(run_tests(TESTS, sys.argv))
