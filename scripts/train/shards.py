"""Reads the training rows that `katago gendata` writes (layout: cpp/engine/training_shard.h)."""
import glob
import gzip
import os

import numpy as np

SCALARS = ("win", "loss", "noResult", "scoreMean", "scoreStdev", "lead", "shorttermWinloss", "shorttermLead",
           "shorttermWeight", "varianceTime", "varianceTimeWeight", "outcome", "finalScore", "outcomeKnown", "turn",
           "phase")
SPATIAL, GLOBAL = 22, 19
UNEQUAL = 15  # global input that says: the players get unequal numbers of playouts


def row_type(area):
    return np.dtype([("scalars", "<f4", len(SCALARS)), ("global", "<f4", GLOBAL), ("policy", "<u2", area + 1),
                     ("ownership", "i1", area), ("bits", "u1", (SPATIAL * area + 7) // 8)])


def read_shard(path):
    """((xSize, ySize), rows) of one file."""
    with gzip.open(path, "rb") as file:
        words = file.readline().decode().split()
        if words[:2] != ["ponnuki-training-data", "1"]:
            raise ValueError(f"{path}: not a training file of version 1")
        fields = dict(zip(words[2::2], words[3::2]))
        size = int(fields["x"]), int(fields["y"])
        rows = np.frombuffer(file.read(), dtype=row_type(size[0] * size[1]))
    if len(rows) != int(fields["rows"]):
        raise ValueError(f"{path}: {len(rows)} rows instead of {fields['rows']}")
    return size, rows


class Pool:
    """All rows of some folders by board size. take() hands out every row once before any a second time."""

    def __init__(self, folders, seed):
        self.folders = folders
        self.random = np.random.default_rng(seed)
        self.seen = set()
        self.rows = {}    # size -> list of arrays
        self.queue = {}   # size -> list of (array number, row number) still to hand out
        self.refresh()

    def refresh(self):
        """Takes in files that appeared since; sorted by name, so that the same files give the same order."""
        paths = [p for f in self.folders for p in sorted(glob.glob(os.path.join(f, "*.train.gz")))]
        for path in paths:
            if path in self.seen:
                continue
            self.seen.add(path)
            size, rows = read_shard(path)
            arrays = self.rows.setdefault(size, [])
            fresh = [(len(arrays), i) for i in range(len(rows))]
            arrays.append(rows)
            queue = self.queue.setdefault(size, [])
            queue.extend(fresh)
            self.random.shuffle(queue)

    def total(self):
        return sum(len(a) for arrays in self.rows.values() for a in arrays)

    def sizes(self, least=1):
        """Board sizes with at least that many rows, and how many each has."""
        counts = {s: sum(map(len, arrays)) for s, arrays in self.rows.items()}
        return {s: c for s, c in sorted(counts.items()) if c >= least}

    def take(self, size, count):
        queue = self.queue[size]
        while len(queue) < count:
            again = [(a, i) for a, rows in enumerate(self.rows[size]) for i in range(len(rows))]
            self.random.shuffle(again)
            queue[:0] = again
        picked, self.queue[size] = queue[-count:], queue[:-count]
        return np.array([self.rows[size][a][i] for a, i in picked], dtype=self.rows[size][0].dtype)


SYMMETRIES = 8


def apply_symmetry(planes, symmetry):
    """planes [..., y, x]; bits: 1 flips y, 2 flips x, 4 transposes (square boards)."""
    if symmetry & 1:
        planes = planes[..., ::-1, :]
    if symmetry & 2:
        planes = planes[..., ::-1]
    if symmetry & 4 and planes.shape[-1] == planes.shape[-2]:
        planes = np.swapaxes(planes, -1, -2)
    return planes


def decode(rows, size, symmetry=0):
    """Arrays for one batch: spatial [n,22,y,x], global [n,19], policy [n,area+1], ownership [n,y,x], scalars."""
    x, y = size
    n, area = len(rows), x * y
    bits = np.unpackbits(rows["bits"], axis=1)[:, :SPATIAL * area].reshape(n, SPATIAL, y, x)
    spatial = np.ascontiguousarray(apply_symmetry(bits, symmetry)).astype(np.float32)
    policy = rows["policy"].astype(np.float32)
    board = apply_symmetry(policy[:, :area].reshape(n, y, x), symmetry).reshape(n, area)
    policy = np.concatenate([board, policy[:, area:]], axis=1)
    policy /= policy.sum(axis=1, keepdims=True)
    ownership = np.ascontiguousarray(apply_symmetry(rows["ownership"].reshape(n, y, x), symmetry))
    scalars = {name: rows["scalars"][:, i].copy() for i, name in enumerate(SCALARS)}
    scalars["unequal"] = rows["global"][:, UNEQUAL].copy()
    return spatial, rows["global"].copy(), policy, ownership.astype(np.float32) / 127, scalars
