#!/usr/bin/env python3
"""Quantises nets and prints the tables of docs/quantization.md: accuracy, size and speed.

Calibrates on one half of the positions and measures on the other.

    scripts/measure_quantization.py --katago build/katago --positions POSITIONS.npz NET.bin.gz ...

--precisions half,int8 chooses what is measured, --no-speed leaves out the speed, --goal smallest plans for other machines
than this one. Keeps the written files in --output.
"""
import argparse
import json
import pathlib
import subprocess


def run(*args, ok=(0,)):
    done = subprocess.run([str(a) for a in args], capture_output=True, text=True)
    if done.returncode not in ok:
        raise SystemExit(f"{' '.join(map(str, args))}\nfailed with {done.returncode}: {done.stderr or done.stdout}")
    return done.stdout


def stem(net):
    return net.name.removesuffix(".bin.gz")


def quantize(katago, net, output, calibrating, goal):
    table, small = output / (stem(net) + ".calib"), output / (stem(net) + ".q8.bin.gz")
    print(run(katago, "calibrate", "-model", net, "-output", table, "-n", 0, "-positions", calibrating, "-goal", goal)
          .split("\n\n")[0])
    text = run(katago, "quantize", "-model", net, "-calibration", table, "-output", small, "-n", 0, "-positions", calibrating)
    return small, text.split("after (")[1].split("%")[0]


def accuracy(katago, tested, reference, precision, positions):
    out = run(katago, "compareprecision", "-model", tested, "-reference", reference, "-precision", precision, "-n", 0,
              "-positions", positions, "-json", ok=(0, 1))
    return json.loads(out)


def speed(katago, net, precision):
    rows = json.loads(run(katago, "benchmark", "-nn", "-model", net, "-precision", precision, "-batch", 8, "-json"))
    return f"{rows[0]['evalsPerSecondBest']:.0f} ({rows[0]['evalsPerSecondMedian']:.0f})"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--katago", default="build/katago")
    parser.add_argument("--positions", required=True, help=".npz file; the first half calibrates, the second measures")
    parser.add_argument("--rows", type=int, default=1024, help="rows of the file (default 1024)")
    parser.add_argument("--output", default=".", type=pathlib.Path)
    parser.add_argument("--precisions", default="half,int8")
    parser.add_argument("--goal", default="fastest", help="of katago calibrate: fastest or smallest")
    parser.add_argument("--no-speed", action="store_true")
    parser.add_argument("nets", nargs="+", type=pathlib.Path)
    o = parser.parse_args()
    half = o.rows // 2
    calibrating, measuring = f"{o.positions}@1-{half}", f"{o.positions}@{half + 1}-{o.rows}"
    lines = []
    for net in o.nets:
        small, size = quantize(o.katago, net, o.output, calibrating, o.goal)
        for precision in o.precisions.split(","):
            tested = small if precision == "int8" else net
            m = accuracy(o.katago, tested, net, precision, measuring)
            rate = "" if o.no_speed else speed(o.katago, tested, precision)
            lines.append(f"| {stem(net)} | {m['arithmetic']} | {m['bestMoveAgreement']:.2f}% | {m['policyKL']:.5f} | "
                         f"{m['winrateError']:.3f} / {m['winrateErrorMax']:.2f} | {m['scoreError']:.3f} | "
                         f"{m['ownershipError']:.4f} | {size if precision == 'int8' else 100}% | {rate} | "
                         f"{'yes' if m['passed'] else 'no'} |")
    print("\n| net | arithmetic | same best move | policy KL | win-rate error mean / worst | score | ownership | size of "
          "weights | evals/s best (median) | within bounds |\n" + "|---" * 10 + "|")
    print("\n".join(lines))


main()
