#!/usr/bin/env python3
"""Quantises nets and prints the tables of docs/quantization.md: accuracy and sizes, then speed for every instruction set.

Calibrates on one half of the positions and measures on the other.

    scripts/measure_quantization.py --positions POSITIONS.npz --random b18c384nbt NET.bin.gz ...

--goal smallest plans for other machines than this one; --no-speed and --no-accuracy leave a table out. Keeps the written
files in --output; those that are there already are taken as they are.
"""
import argparse
import json
import pathlib
import subprocess
import sys

FORMS = "float32", "half", "int8", "half, stored in 8 bits"


def run(*args, ok=(0,)):
    print(*args, file=sys.stderr)
    done = subprocess.run([str(a) for a in args], capture_output=True, text=True)
    if done.returncode not in ok:
        raise SystemExit(f"{' '.join(map(str, args))}\nfailed with {done.returncode}: {done.stderr or done.stdout}")
    print(done.stderr, end="", file=sys.stderr)
    return done.stdout


class Net:
    """The files that are made of one net; None for 8-bit layers where calibrate found none."""

    def __init__(self, options, net):
        self.options, self.net = options, net
        self.name = net.name.removesuffix(".bin.gz")
        self.sizes, self.layers = {"float32": 100.0}, ""
        self.files = {"float32": net, "half": net}
        self.write("half", "half", "-storage", "fp16")
        self.files["half, stored in 8 bits"] = self.write(
            "half, stored in 8 bits", "stored", "-storage", "int8", *self.positions())
        self.files["int8"] = self.write_int8()

    def positions(self):
        o = self.options
        return "-n", 0, "-positions", f"{o.positions}@1-{o.rows // 2}"

    def path(self, kind):
        return self.options.output / f"{self.name}.{kind}"

    def once(self, kind, *args, ok=(0,)):
        """What a command printed, from an earlier run if its file is there."""
        file, log = self.path(kind), self.path(kind + ".txt")
        if not (file.exists() and log.exists()):
            log.write_text(run(*args, "-output", file, ok=ok))
        return log.read_text()

    def write(self, form, kind, *args):
        text = self.once(kind + ".bin.gz", self.options.katago, "quantize", "-model", self.net, *args)
        self.sizes[form] = float(text.split("after (")[1].split("%")[0])
        return self.path(kind + ".bin.gz")

    def write_int8(self):
        text = self.once("calib", self.options.katago, "calibrate", "-model", self.net, *self.positions(),
                         "-goal", self.options.goal, ok=(0, 1))
        if not self.path("calib").exists():
            return None  # it said why; with --goal fastest perhaps that 8 bits make nothing faster here
        words = text.splitlines()[0].split(": ")[-1].split()  # N layers in 8 bits with P% of ..., M left ...
        left = text.splitlines()[0].split(", ")[-1].split()[0]
        self.layers = f"{words[0]} of {int(words[0]) + int(left)}, {words[6]}"
        return self.write("int8", "q8", "-calibration", self.path("calib"), *self.positions())

    def accuracy_rows(self):
        o = self.options
        for form in FORMS[1:]:
            if not self.files[form]:
                continue
            m = json.loads(run(o.katago, "compareprecision", "-model", self.files[form], "-reference", self.net, "-precision",
                               form.split(",")[0], "-n", 0, "-positions", f"{o.positions}@{o.rows // 2 + 1}-{o.rows}",
                               "-json", ok=(0, 1)))
            yield (self.name, form, self.layers if form == "int8" else "", f"{m['bestMoveAgreement']:.2f}%",
                   f"{m['policyKL']:.5f}", f"{m['winrateError']:.3f} / {m['winrateErrorMax']:.2f}",
                   f"{m['scoreError']:.3f}", f"{self.sizes[form]:.1f}%")

    def speed_rows(self):
        for form in FORMS[:3]:
            if not self.files[form]:
                continue
            precision = "fp32" if form == "float32" else form
            rows = json.loads(run(self.options.katago, "benchmark", "-nn", "-model", self.files[form], "-precision", precision,
                                  "-isa", "all", "-batch", 8, "-json"))
            for row in rows:
                yield (self.name, form, row["instructionSet"],
                       f"{row['evalsPerSecondBest']:.1f} ({row['evalsPerSecondMedian']:.1f})",
                       f"{row['evalsPerSecondByProcessorTime']:.1f}", f"{row['weightBytes'] / 1e6:.1f}")


def table(*lines):
    for i, line in enumerate(lines):
        print("|", " | ".join(line), "|")
        if i == 0:
            print("|---" * len(line) + "|")
    print()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--katago", default="build/katago")
    parser.add_argument("--positions", required=True, help=".npz file; the first half calibrates, the second measures")
    parser.add_argument("--rows", type=int, default=1024, help="rows of the file (default 1024)")
    parser.add_argument("--output", default=".", type=pathlib.Path)
    parser.add_argument("--goal", default="fastest", help="of katago calibrate: fastest or smallest")
    parser.add_argument("--random", action="append", default=[], help="an architecture, for a net with random weights")
    parser.add_argument("--no-speed", action="store_true")
    parser.add_argument("--no-accuracy", action="store_true")
    parser.add_argument("nets", nargs="*", type=pathlib.Path)
    o = parser.parse_args()
    o.output.mkdir(parents=True, exist_ok=True)
    for architecture in o.random:
        o.nets.append(o.output / f"{architecture}-random.bin.gz")
        if not o.nets[-1].exists():
            run(o.katago, "randomnet", "-architecture", architecture, "-output", o.nets[-1])
    nets = [Net(o, net) for net in o.nets]
    if not o.no_accuracy:
        table(("net", "arithmetic", "layers in 8 bits, share of the work", "same best move", "policy KL",
               "win-rate error mean / worst", "score", "size"),
              *(row for net in nets for row in net.accuracy_rows()))
    if not o.no_speed:
        table(("net", "arithmetic", "instructions", "evals/s best (median)", "by processor time", "MB of weights in memory"),
              *(row for net in nets for row in net.speed_rows()))


main()
