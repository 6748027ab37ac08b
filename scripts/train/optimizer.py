"""Muon for the 3x3 kernels, Adam for the rest: fewer samples are needed than with Adam alone.

A kernel's momentum is made nearly orthogonal by five Newton-Schulz steps, then scaled so that its steps are as large
as Adam's (https://kellerjordan.github.io/posts/muon, https://arxiv.org/abs/2502.16982).
"""
import torch

MOMENTUM, DECAY = 0.95, 0.02
# What turns means over the board into scores needs large weights, which must come from small ones.
FASTER = {"linear2.": 5.0, "linear_misc.": 3.0, "linear_value.": 3.0, "conv1v.": 2.0, "linear_global.": 2.0}
BETA1, BETA2, EPSILON = 0.9, 0.99, 1e-8


def orthogonal(matrix, steps=5):
    a, b, c = 3.4445, -4.7750, 2.0315
    x = matrix / (matrix.norm() + 1e-7)
    tall = x.shape[0] > x.shape[1]
    x = x.T if tall else x
    for _ in range(steps):
        s = x @ x.T
        x = a * x + (b * s + c * s @ s) @ x
    return x.T if tall else x


class MuonAdam:
    def __init__(self, net):
        self.named = dict(net.named_parameters())
        self.muon = {n for n, p in self.named.items() if n.startswith("blocks.") and p.ndim == 4}
        self.first = {n: torch.zeros_like(p) for n, p in self.named.items()}
        self.second = {n: torch.zeros_like(p) for n, p in self.named.items() if n not in self.muon}
        self.faster = {n: max([f for start, f in FASTER.items() if n.startswith(start)], default=1.0) for n in self.named}
        self.steps = 0

    def state_dict(self):
        return dict(first=self.first, second=self.second, steps=self.steps)

    def load_state_dict(self, state):
        self.first, self.second, self.steps = state["first"], state["second"], state["steps"]

    def zero_grad(self):
        for p in self.named.values():
            p.grad = None

    @torch.no_grad()
    def step(self, rate):
        self.steps += 1
        for name, p in self.named.items():
            g = p.grad
            if g is None:
                continue
            m = self.first[name]
            if name in self.muon:
                m.mul_(MOMENTUM).add_(g)
                matrix = g.add(m, alpha=MOMENTUM).flatten(1).float()
                update = orthogonal(matrix) * (0.2 * max(matrix.shape) ** 0.5)
                p.mul_(1 - rate * DECAY).add_(update.view_as(p), alpha=-rate)
            else:
                v = self.second[name]
                m.lerp_(g, 1 - BETA1)
                v.lerp_(g * g, 1 - BETA2)
                fixed = (m / (1 - BETA1 ** self.steps)) / ((v / (1 - BETA2 ** self.steps)).sqrt() + EPSILON)
                p.add_(fixed, alpha=-rate * self.faster[name])
