#!/usr/bin/env python3
"""Games between two GTP engines, one after the other, with colours in turn.

    gtp_match.py --games 20 --size 9 --komi 7 --rules chinese --sgf-folder games \\
        "build/katago gtp -override-config maxTime=1" "/usr/games/gnugo --mode gtp --level 10"

The first engine's wins are counted. A game ends when both pass, one resigns, or after --moves; who won then is what
the judge says (by default: the first engine's final_score; give --judge COMMAND for a third engine that is fed the moves).
An illegal move or a dead engine loses. Prints one line a game and a summary with an error margin.
"""
import argparse
import math
import os
import random
import shlex
import subprocess
import sys
import time


class EngineDied(Exception):
    pass


class Gtp:
    def __init__(self, command):
        self.command = command
        self.process = subprocess.Popen(shlex.split(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True)

    def ask(self, text):
        """(succeeded, answer)"""
        try:
            self.process.stdin.write(text + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            raise EngineDied(self.command) from None
        lines = []
        for line in self.process.stdout:
            if line.strip() == "" and lines:
                break
            if line.strip():
                lines.append(line.rstrip("\n"))
        if not lines:
            raise EngineDied(self.command)
        return lines[0].startswith("="), "\n".join([lines[0][1:].strip()] + lines[1:])

    def must(self, text):
        good, answer = self.ask(text)
        if not good:
            raise EngineDied(f"{self.command}: {text}: {answer}")
        return answer

    def close(self):
        try:
            self.ask("quit")
            self.process.wait(timeout=20)
        except (EngineDied, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()


def sgf_point(vertex, size):
    if vertex.lower() == "pass":
        return ""
    column = "ABCDEFGHJKLMNOPQRSTUVWXYZ".index(vertex[0].upper())
    return chr(97 + column) + chr(97 + size - int(vertex[1:]))


def sgf_of(moves, options, names, result):
    text = f"(;GM[1]FF[4]SZ[{options.size}]KM[{options.komi}]RU[{options.rules}]PB[{names[0]}]PW[{names[1]}]RE[{result}]"
    return text + "".join(f";{'BW'[i % 2]}[{sgf_point(v, options.size)}]" for i, v in enumerate(moves)) + ")\n"


def opening(options, number):
    """The same two random first moves for a pair of games, so that deterministic engines do not repeat a game."""
    if options.random_moves == 0:
        return []
    chosen = random.Random(f"{options.seed} {number // 2}")
    letters = "ABCDEFGHJKLMNOPQRSTUVWXYZ"[:options.size]
    edge = 3 if options.size >= 13 else 2
    points = [letters[x] + str(y + 1) for x in range(edge - 1, options.size - edge + 1)
              for y in range(edge - 1, options.size - edge + 1)]
    return chosen.sample(points, options.random_moves)


def play(engines, judge, options, number):
    """Moves, and the result as in an SGF file."""
    everyone = [*engines, judge] if judge else engines
    for engine in everyone:
        engine.must(f"boardsize {options.size}")
        engine.must("clear_board")
        engine.must(f"komi {options.komi}")
        engine.ask(f"kata-set-rules {options.rules}")
    moves = []
    for vertex in opening(options, number):
        for engine in everyone:
            engine.must(f"play {'bw'[len(moves) % 2]} {vertex}")
        moves.append(vertex)
    while moves[-2:] != ["pass", "pass"] and len(moves) < options.moves:
        color = "bw"[len(moves) % 2]
        mover = engines[len(moves) % 2]
        good, vertex = mover.ask(f"genmove {color}")
        vertex = vertex.strip().lower()
        if not good or vertex == "resign":
            return moves, ("W" if color == "b" else "B") + "+R"
        for engine in everyone:
            if engine is not mover and not engine.ask(f"play {color} {vertex}")[0]:
                return moves, ("W" if color == "b" else "B") + "+F"
        moves.append(vertex)
    referee = judge or engines[0 if options.first_is_black else 1]
    return moves, referee.must("final_score").split()[0].upper()


def interval(wins, games):
    """95% interval (Wilson) of a share, in percent."""
    z, p = 1.96, wins / games
    center = (p + z * z / (2 * games)) / (1 + z * z / games)
    half = z * math.sqrt(p * (1 - p) / games + z * z / (4 * games * games)) / (1 + z * z / games)
    return 100 * (center - half), 100 * (center + half)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("first")
    parser.add_argument("second")
    parser.add_argument("--judge", help="a third engine that scores finished games")
    parser.add_argument("--games", type=int, default=10)
    parser.add_argument("--size", type=int, default=19)
    parser.add_argument("--komi", type=float, default=7)
    parser.add_argument("--rules", default="chinese")
    parser.add_argument("--moves", type=int, default=600, help="a game longer than this is scored as it stands")
    parser.add_argument("--random-moves", type=int, default=2, help="random moves at the start, the same for two games")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--sgf-folder")
    options = parser.parse_args()
    wins = draws = 0
    length = 0
    for number in range(options.games):
        options.first_is_black = number % 2 == 0
        engines = [Gtp(options.first), Gtp(options.second)]
        judge = Gtp(options.judge) if options.judge else None
        ordered = engines if options.first_is_black else engines[::-1]
        begin = time.time()
        try:
            moves, result = play(ordered, judge, options, number)
        finally:
            for engine in filter(None, [*engines, judge]):
                engine.close()
        won = result[0] == ("B" if options.first_is_black else "W")
        wins += won
        draws += result[0] not in "BW"
        length += len(moves)
        print(f"game {number + 1}: first engine {'Black' if options.first_is_black else 'White'}, {len(moves)} moves, {result}, "
              f"{'won' if won else 'not won'}, {time.time() - begin:.0f} s", flush=True)
        if options.sgf_folder:
            os.makedirs(options.sgf_folder, exist_ok=True)
            names = ["first", "second"] if options.first_is_black else ["second", "first"]
            with open(os.path.join(options.sgf_folder, f"game{number + 1:03d}.sgf"), "w", encoding="ascii") as file:
                file.write(sgf_of(moves, options, names, result))
    low, high = interval(wins, options.games)
    print(f"first engine won {wins} of {options.games} games ({100 * wins / options.games:.0f}%, 95% interval {low:.0f} to "
          f"{high:.0f}%), {draws} drawn, {length / options.games:.0f} moves a game")
    return 0


if __name__ == "__main__":
    sys.exit(main())
