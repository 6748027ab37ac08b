#!/usr/bin/env python3
"""Measures a checkpoint or a model file on files it was not trained on: agreement with the labelling net, win-rate error and so on."""
import argparse

import torch

from losses import measures
from model_file import read_model
from net import Net
from shards import Pool, decode


@torch.no_grad()
def evaluate(net, folder, device="cpu", batch=256):
    pool, total = Pool([folder], 0), {}
    net.eval()
    for size, arrays in sorted(pool.rows.items()):
        sums = {}
        for rows in arrays:
            for at in range(0, len(rows), batch):
                spatial, global_in, policy, ownership, scalars = decode(rows[at:at + batch], size)
                to = lambda array: torch.from_numpy(array).to(device)
                outputs = net(to(spatial), to(global_in))
                for k, v in measures(outputs, to(policy), to(ownership), {k: to(s) for k, s in scalars.items()}).items():
                    sums[k] = sums.get(k, 0.0) + v
        show(f"{size[0]}x{size[1]}", sums)
        for k, v in sums.items():
            total[k] = total.get(k, 0.0) + v
    show("all", total)
    return total


def show(label, sums):
    rows = sums["rows"]
    print(f"{label:>6} {int(rows):6d} rows  best move {sums['agreement'] / rows:5.1f}%  win rate off by "
          f"{sums['winrateError'] / rows:5.2f} points  lead {sums['leadError'] / rows:5.2f}  ownership "
          f"{sums['ownershipError'] / rows:.3f}", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("net", help="checkpoint.pt or a model file (.bin.gz) of train.py")
    parser.add_argument("folder")
    parser.add_argument("--last", action="store_true", help="the last weights instead of their average")
    args = parser.parse_args()
    if args.net.endswith(".bin.gz"):
        evaluate(read_model(args.net), args.folder)
    else:
        state = torch.load(args.net, map_location="cpu", weights_only=False)
        net = Net(state["arch"], state.get("int8", False))
        net.load_state_dict(state["net" if args.last else "average"])
        evaluate(net, args.folder)
