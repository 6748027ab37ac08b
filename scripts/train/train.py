#!/usr/bin/env python3
"""Trains a small net on the files of `katago gendata`. See README.md beside this file.

Checkpoints hold everything: --resume goes on. `touch OUT/finish` ends the training early: the learning rate falls
to zero over the next few minutes. SIGTERM saves and stops.
"""
import argparse
import datetime
import os
import random
import signal
import sys
import time

import numpy as np
import torch

from losses import losses, measures
from model_file import read_model, write_model
from net import ARCHITECTURES, Net
from optimizer import MuonAdam
from shards import SYMMETRIES, Pool, decode


def parse():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", action="append", required=True, help="folder of training files; more than once")
    p.add_argument("--heldout", help="folder of files to measure on, never trained on")
    p.add_argument("--out", required=True, help="folder for checkpoints and model files")
    p.add_argument("--name", default="ponnuki", help="name inside the model file")
    p.add_argument("--arch", default="b6c64", choices=sorted(ARCHITECTURES))
    p.add_argument("--start", metavar="FILE", help="begin with the weights of this model file instead of random ones")
    p.add_argument("--int8", action="store_true", help="round weights and inputs of the blocks as 8 bits will")
    p.add_argument("--batch", type=int, default=64)
    p.add_argument("--lr", type=float, default=2e-3)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=1, help="more than 1 helps on idle cores only: threads that wait spin")
    p.add_argument("--device", default="cpu", help="cpu or cuda")
    p.add_argument("--float32", action="store_true", help="no bfloat16 (slower on CPUs that have it)")
    length = p.add_mutually_exclusive_group(required=True)
    length.add_argument("--samples", type=int, help="length of the schedule in samples: the same result every time")
    length.add_argument("--until", help="HH:MM in UTC when the schedule ends: as far as one gets")
    p.add_argument("--follow", action="store_true", help="take in files that appear while training")
    p.add_argument("--save-minutes", type=float, default=5)
    p.add_argument("--resume", action="store_true", help="go on from OUT/checkpoint.pt if it is there")
    return p.parse_args()


def until_time(text):
    now = datetime.datetime.now(datetime.timezone.utc)
    hour, minute = map(int, text.split(":"))
    end = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return (end if end > now else end + datetime.timedelta(days=1)).timestamp()


class Trainer:
    WARM_UP = 100          # steps
    DECAY = 0.45           # last share of the schedule, in which the rate falls to zero
    FINISH_SECONDS = 240   # of a finish on demand

    def __init__(self, args):
        self.args = args
        torch.manual_seed(args.seed)
        random.seed(args.seed)
        torch.set_num_threads(args.threads)
        net = read_model(args.start, args.int8) if args.start else Net(args.arch, args.int8)
        args.arch = net.architecture
        self.net = net.to(args.device, memory_format=torch.channels_last)
        self.average = {k: v.detach().clone() for k, v in self.net.state_dict().items()}
        self.optimizer = MuonAdam(self.net)
        self.pool = Pool(args.data, args.seed)
        self.steps = self.samples = 0
        self.start = self.position = 0.0
        self.sums, self.stop = {}, False
        self.finish_from = None
        os.makedirs(args.out, exist_ok=True)
        if args.resume and os.path.exists(self.path("checkpoint.pt")):
            self.load()
        self.start = time.time()
        self.end = until_time(args.until) if args.until else None
        self.begin = self.begin if hasattr(self, "begin") else self.start

    def path(self, name):
        return os.path.join(self.args.out, name)

    def load(self):
        state = torch.load(self.path("checkpoint.pt"), map_location=self.args.device, weights_only=False)
        self.net.load_state_dict(state["net"])
        self.average = state["average"]
        self.optimizer.load_state_dict(state["optimizer"])
        self.steps, self.samples, self.begin = state["steps"], state["samples"], state["begin"]
        random.setstate(state["random"])
        self.pool.random.bit_generator.state = state["numpy"]

    def save(self):
        state = dict(net=self.net.state_dict(), average=self.average, optimizer=self.optimizer.state_dict(),
                     steps=self.steps, samples=self.samples, begin=self.begin, random=random.getstate(),
                     numpy=self.pool.random.bit_generator.state, arch=self.args.arch, int8=self.args.int8)
        torch.save(state, self.path("checkpoint.part"))
        os.replace(self.path("checkpoint.part"), self.path("checkpoint.pt"))
        self.export()

    def averaged_net(self):
        net = Net(self.args.arch, self.args.int8).to(self.args.device)
        net.load_state_dict(self.average)
        return net

    def export(self):
        name = f"{self.args.name}-{self.args.arch}-s{self.samples}"
        write_model(self.averaged_net(), self.path("latest.part"), name)
        os.replace(self.path("latest.part"), self.path("latest.bin.gz"))

    def progress(self):
        """Share of the schedule that is done."""
        if self.end is None:
            done = self.samples / self.args.samples
        else:
            done = (time.time() - self.begin) / max(1.0, self.end - self.begin)
        if self.finish_from is None and os.path.exists(self.path("finish")):
            self.finish_from = (time.time(), min(done, 1.0))
        if self.finish_from is not None:
            since, at = self.finish_from
            at = max(at, 1 - self.DECAY)
            done = max(done, at + (1 - at) * (time.time() - since) / self.FINISH_SECONDS)
        return done

    def rate(self, done):
        return self.args.lr * min(1.0, (self.steps + 1) / self.WARM_UP, max(0.0, 1 - done) / self.DECAY)

    def tensors(self, rows, size, symmetry):
        device = self.args.device
        spatial, global_in, policy, ownership, scalars = decode(rows, size, symmetry)
        to = lambda array: torch.from_numpy(array).to(device)
        return (to(spatial).contiguous(memory_format=torch.channels_last), to(global_in), to(policy), to(ownership),
                {k: to(v) for k, v in scalars.items()})

    def step(self, rate):
        sizes = self.pool.sizes(least=self.args.batch)
        # Small boards teach shapes for less work, so they come somewhat more often than their share of the rows.
        weights = [count / (x * y) ** 0.5 for (x, y), count in sizes.items()]
        size = random.choices(list(sizes), weights=weights)[0]
        rows = self.pool.take(size, self.args.batch)
        spatial, global_in, policy, ownership, scalars = self.tensors(rows, size, random.randrange(SYMMETRIES))
        with torch.autocast(self.args.device, dtype=torch.bfloat16, enabled=not self.args.float32):
            outputs = self.net(spatial, global_in)
        parts = losses(outputs, policy, ownership, scalars)
        loss = sum(parts.values())
        if not torch.isfinite(loss):
            raise SystemExit("The loss is not finite; use a smaller --lr and --resume")
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step(rate)
        self.steps += 1
        self.samples += len(rows)
        decay = min(0.998, 1 - 5 / (self.steps + 5))
        with torch.no_grad():
            for k, v in self.net.state_dict().items():
                self.average[k].lerp_(v, 1 - decay)
        for k, v in {**{k: v.item() * len(rows) for k, v in parts.items()},
                     **measures(outputs, policy, ownership, scalars)}.items():
            self.sums[k] = self.sums.get(k, 0.0) + v

    def report(self, done, rate):
        rows = self.sums.pop("rows", 0)
        if not rows:
            return
        text = " ".join(f"{k} {v / rows:.4g}" for k, v in self.sums.items())
        self.sums = {}
        speed = self.samples_since / max(1e-9, time.time() - self.reported)
        print(f"{datetime.datetime.now(datetime.timezone.utc):%H:%M:%S} {100 * done:.1f}% step {self.steps} samples {self.samples} pool "
              f"{self.pool.total()} rate {rate:.2g} {speed:.0f}/s {text}", flush=True)

    def run(self):
        signal.signal(signal.SIGTERM, lambda *_: setattr(self, "stop", True))
        signal.signal(signal.SIGINT, lambda *_: setattr(self, "stop", True))
        saved = refreshed = self.reported = time.time()
        at_report = self.samples
        while not self.stop:
            done = self.progress()
            if done >= 1:
                break
            if not self.pool.sizes(least=self.args.batch):
                if not self.args.follow:
                    raise SystemExit(f"No board size has {self.args.batch} rows in {self.args.data}")
                time.sleep(5)
            now = time.time()
            if self.args.follow and now - refreshed > 60 or not self.pool.rows:
                self.pool.refresh()
                refreshed = now
            if not self.pool.sizes(least=self.args.batch):
                continue
            rate = self.rate(done)
            self.step(rate)
            if self.steps % 100 == 0:
                self.samples_since = self.samples - at_report
                self.report(done, rate)
                self.reported, at_report = time.time(), self.samples
            if time.time() - saved > 60 * self.args.save_minutes:
                self.save()
                saved = time.time()
        self.save()
        print("stopped; --resume goes on" if self.stop else "finished", flush=True)
        if self.args.heldout and not self.stop:
            from evaluate import evaluate
            evaluate(self.averaged_net(), self.args.heldout, self.args.device)


if __name__ == "__main__":
    Trainer(parse()).run()
