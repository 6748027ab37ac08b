#!/usr/bin/env python3
"""Peak resident memory of a GTP engine over a game that it plays against itself.

    measure_memory.py [--moves 200] [--size 19] [--limit-mb 150] COMMAND

    measure_memory.py "build/katago gtp -config configs/rpi.cfg"

COMMAND is the engine as it is given to a GUI. If both sides pass before --moves, the next game begins. Prints one line
with the peak (VmHWM of the kernel, so Linux only); with --limit-mb (1 MB = 1,000,000 bytes) exits with 1 above it.
"""
import argparse
import shlex
import subprocess
import sys
import time


def peak_bytes(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        for line in file:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    raise SystemExit("measure_memory.py: this kernel does not report VmHWM in /proc/PID/status")


class Engine:
    def __init__(self, command):
        self.process = subprocess.Popen(shlex.split(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True)

    def ask(self, command):
        try:
            self.process.stdin.write(command + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass
        answer = self.process.stdout.readline()
        if not answer.startswith("="):
            raise SystemExit(f"measure_memory.py: '{command}' was answered with '{answer.strip()}'; expected '= ...'. "
                             "Try the command by hand: its messages on stderr say why.")
        self.process.stdout.readline()
        return answer[1:].strip()


def play(engine, size, moves):
    """The number of games begun."""
    engine.ask(f"boardsize {size}")
    engine.ask("clear_board")
    engine.ask("kata-set-param allowResignation false")
    games, last = 1, []
    for number in range(moves):
        if last[-2:] == ["pass", "pass"]:
            engine.ask("clear_board")
            games, last = games + 1, []
        last.append(engine.ask("genmove " + "bw"[len(last) % 2]).lower())
    return games


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command")
    parser.add_argument("--moves", type=int, default=200)
    parser.add_argument("--size", type=int, default=19)
    parser.add_argument("--limit-mb", type=float)
    options = parser.parse_args()
    engine = Engine(options.command)
    begin = time.time()
    games = play(engine, options.size, options.moves)
    peak = peak_bytes(engine.process.pid) / 1e6
    engine.ask("quit")
    engine.process.wait(timeout=30)
    print(f"peak resident memory {peak:.1f} MB over {options.moves} moves of {games} {options.size}x{options.size} "
          f"game{'s' if games > 1 else ''}, {time.time() - begin:.0f} s")
    if options.limit_mb and peak > options.limit_mb:
        print(f"measure_memory.py: more than the limit of {options.limit_mb:g} MB", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
