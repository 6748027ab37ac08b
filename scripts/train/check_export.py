#!/usr/bin/env python3
"""Does the engine compute what PyTorch computes? Exports a checkpoint (or a fresh net), lets `katago gendata` evaluate
positions with it, and evaluates the same inputs here.

    check_export.py KATAGO [--checkpoint FILE | --arch NAME] [--positions N]
"""
import argparse
import os
import subprocess
import sys
import tempfile

import torch
import torch.nn.functional as F

from model_file import write_model
from net import ARCHITECTURES, LEAD, SCORE, Net
from shards import Pool, decode

PROBABILITY, POINTS, OWNERSHIP = 1e-4, 2e-3, 1 / 127  # what the two may differ by; ownership is stored in 1/127


def make_net(args):
    torch.manual_seed(1)
    if args.checkpoint:
        state = torch.load(args.checkpoint, map_location="cpu", weights_only=False)
        net = Net(state["arch"], state.get("int8", False))
        net.load_state_dict(state["average"])
    else:
        net = Net(args.arch)
        for name, p in net.named_parameters():
            if "bias" in name:
                torch.nn.init.normal_(p, std=0.1)
    return net.eval()


@torch.no_grad()
def differences(net, rows, size, symmetry):
    """For each row the largest differences, if the engine had used that symmetry."""
    spatial, global_in, policy, ownership, t = decode(rows, size, symmetry)
    policy_out, value_out, misc, ownership_out = net(torch.from_numpy(spatial), torch.from_numpy(global_in))
    policy, t = torch.from_numpy(policy), {k: torch.from_numpy(v) for k, v in t.items()}
    impossible = t["noResult"] == 0
    value_out[:, 2] = torch.where(impossible, -1e9, value_out[:, 2])
    value = F.softmax(value_out, dim=1)
    best = policy.argmax(1, keepdim=True)
    ratio = (policy_out - policy_out.gather(1, best)).exp().clamp(max=1e6)
    wanted = policy / policy.gather(1, best)
    counts = (policy > 0) & (best != policy.shape[1] - 1)  # the engine limits the pass
    resolution = 1 / (65535 * policy.gather(1, best))
    policy_miss = ((ratio - wanted).abs() - resolution).masked_fill(~counts, 0).amax(1)
    with_result = 1 - t["noResult"]
    return torch.stack([
        policy_miss,
        (value[:, 0] - t["win"]).abs(),
        (misc[:, 2] * LEAD * with_result - t["lead"]).abs(),
        (misc[:, 0] * SCORE * with_result - t["scoreMean"]).abs(),
        (torch.tanh(ownership_out) - torch.from_numpy(ownership)).abs().amax((1, 2)),
    ], dim=1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("katago")
    parser.add_argument("--checkpoint")
    parser.add_argument("--arch", default="tiny", choices=sorted(ARCHITECTURES))
    parser.add_argument("--positions", type=int, default=200)
    args = parser.parse_args()
    net = make_net(args)
    worst = torch.zeros(5)
    with tempfile.TemporaryDirectory() as folder:
        model = os.path.join(folder, "net.bin.gz")
        write_model(net, model, "check")
        subprocess.run([args.katago, "gendata", "-model", model, "-output", os.path.join(folder, "rows"), "-positions",
                        str(args.positions), "-sizes", "9,13,19", "-keep", "0.1", "-precision", "fp32"], check=True, stderr=subprocess.DEVNULL)
        pool = Pool([os.path.join(folder, "rows")], 1)
        for size, arrays in pool.rows.items():
            for rows in arrays:
                by_symmetry = torch.stack([differences(net, rows, size, s) for s in range(8)])
                used = (by_symmetry[:, :, 0] + by_symmetry[:, :, 1] + by_symmetry[:, :, 2]).argmin(0)
                found = by_symmetry[used, torch.arange(len(rows))]
                worst = torch.maximum(worst, found.amax(0))
    limits = torch.tensor([PROBABILITY, PROBABILITY, POINTS, POINTS, OWNERSHIP])
    for name, value, limit in zip(("policy", "win rate", "lead", "score mean", "ownership"), worst, limits):
        print(f"{name:10s} largest difference {value:.6f}, allowed {limit:.6f}")
    print(f"{pool.total()} positions: " + ("the same" if (worst <= limits).all() else "DIFFERENT"))
    return 0 if (worst <= limits).all() else 1


if __name__ == "__main__":
    sys.exit(main())
