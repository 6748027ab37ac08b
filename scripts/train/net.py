"""The small residual net with global pooling."""
import torch
import torch.nn.functional as F
from torch import nn

# width, middle width, pooled channels, one letter a block (r residual, g with global pooling), head widths
ARCHITECTURES = {
    "b6c64": dict(channels=64, mid=64, gpool=16, blocks="rgrrgr", p1=32, g1=32, v1=32, v2=64),
    "b5c48": dict(channels=48, mid=48, gpool=16, blocks="rgrgr", p1=24, g1=24, v1=24, v2=48),
    "b8c80": dict(channels=80, mid=80, gpool=16, blocks="rrgrrgrr", p1=32, g1=32, v1=32, v2=64),
    "tiny": dict(channels=16, mid=16, gpool=8, blocks="rg", p1=8, g1=8, v1=8, v2=16),
}
# What the raw outputs are multiplied by; model files carry them.
SCORE, LEAD, TIME, VALUE_ERROR, SCORE_ERROR = 20.0, 20.0, 40.0, 0.25, 150.0


def same(rounded, x):
    """`rounded` going forward, the gradient of x."""
    return x + (rounded - x).detach()


class Int8Conv(nn.Conv2d):
    """A convolution whose inputs, never negative here, and weights are rounded as 8 bits round them
    (cpp/graph/quantization.h): a net that is trained so loses little when `katago quantize` does it."""

    def __init__(self, *args, **named):
        super().__init__(*args, **named)
        self.register_buffer("most", torch.zeros(()))  # of the inputs, averaged over batches

    def forward(self, x):
        x = x.float()
        if self.training:
            most = x.detach().amax()
            self.most.copy_(torch.where(self.most > 0, self.most.lerp(most, 0.02), most))
        scale = self.most.clamp(min=1e-6) / 255
        x = same((x / scale).round().clamp(0, 255) * scale, x.minimum(self.most))
        scales = self.weight.detach().abs().amax(dim=(1, 2, 3), keepdim=True).clamp(min=1e-20) / 127
        return F.conv2d(x, same((self.weight / scales).round() * scales, self.weight), padding=self.padding)


def conv(in_c, out_c, size, gain, kind=nn.Conv2d):
    layer = kind(in_c, out_c, size, padding=size // 2, bias=False)
    nn.init.normal_(layer.weight, std=gain / (in_c * size * size) ** 0.5)
    return layer


def linear(in_c, out_c, gain, bias=False):
    layer = nn.Linear(in_c, out_c, bias=bias)
    nn.init.normal_(layer.weight, std=gain / in_c ** 0.5)
    if bias:
        nn.init.zeros_(layer.bias)
    return layer


class Bias(nn.Module):
    """x + bias for each channel, then ReLU: the norm record of the file without statistics or scale."""

    def __init__(self, channels):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, x):
        return F.relu(x + self.bias.to(x.dtype).view(-1, 1, 1))


def size_term(x):
    return ((x.shape[-1] * x.shape[-2]) ** 0.5 - 14) * 0.1


# Means in full precision: a score is a small difference of them, times the area of the board.
def pool(x):
    mean = x.mean(dim=(2, 3), dtype=torch.float32)
    return torch.cat([mean, mean * size_term(x), x.amax(dim=(2, 3)).float()], dim=1)


def value_pool(x):
    mean = x.mean(dim=(2, 3), dtype=torch.float32)
    return torch.cat([mean, mean * size_term(x), mean * (size_term(x) ** 2 - 0.1)], dim=1)


class Residual(nn.Module):
    def __init__(self, a, index, kind):
        super().__init__()
        self.norm1 = Bias(a["channels"])
        self.conv1 = conv(a["channels"], a["mid"], 3, 1.4 / (index + 1) ** 0.5, kind)
        self.norm2 = Bias(a["mid"])
        self.conv2 = conv(a["mid"], a["channels"], 3, 0.7, kind)

    def forward(self, x):
        return x + self.conv2(self.norm2(self.conv1(self.norm1(x))))


class Pooling(nn.Module):
    def __init__(self, a, index, kind):
        super().__init__()
        regular = a["mid"] - a["gpool"]
        self.norm1 = Bias(a["channels"])
        self.conv1r = conv(a["channels"], regular, 3, 1.2 / (index + 1) ** 0.5, kind)
        self.conv1g = conv(a["channels"], a["gpool"], 3, 1.4 / (index + 1) ** 0.5)
        self.normg = Bias(a["gpool"])
        self.linear_g = linear(3 * a["gpool"], regular, 0.6)
        self.norm2 = Bias(regular)
        self.conv2 = conv(regular, a["channels"], 3, 0.7, kind)

    def forward(self, x):
        t = self.norm1(x)
        g = self.linear_g(pool(self.normg(self.conv1g(t))))
        return x + self.conv2(self.norm2(self.conv1r(t) + g[:, :, None, None]))


class Net(nn.Module):
    def __init__(self, architecture, int8=False):
        super().__init__()
        self.architecture, self.int8 = architecture, int8
        kind = Int8Conv if int8 else nn.Conv2d
        a = self.a = ARCHITECTURES[architecture]
        c = a["channels"]
        self.stem = conv(22, c, 3, 1.5)
        self.linear_global = linear(19, c, 0.6)
        self.blocks = nn.ModuleList([(Residual if b == "r" else Pooling)(a, i, kind) for i, b in enumerate(a["blocks"])])
        self.tip = Bias(c)
        tip_gain = 1 / len(a["blocks"]) ** 0.5
        self.conv1p = conv(c, a["p1"], 1, 1.2 * tip_gain)
        self.conv1g = conv(c, a["g1"], 1, 1.4 * tip_gain)
        self.biasg = Bias(a["g1"])
        self.linear_g = linear(3 * a["g1"], a["p1"], 0.6)
        self.bias2 = Bias(a["p1"])
        self.conv2p = conv(a["p1"], 1, 1, 0.6)
        self.linear_pass = linear(3 * a["g1"], a["p1"], 1.0, bias=True)
        self.linear_pass2 = linear(a["p1"], 1, 0.3)
        self.conv1v = conv(c, a["v1"], 1, 1.4 * tip_gain)
        self.bias1v = Bias(a["v1"])
        self.linear2 = linear(3 * a["v1"], a["v2"], 1.4, bias=True)
        self.linear_value = linear(a["v2"], 3, 0.5, bias=True)
        self.linear_misc = linear(a["v2"], 6, 0.3, bias=True)
        self.conv_ownership = conv(a["v1"], 1, 1, 0.3)

    def forward(self, spatial, global_in):
        """policy [n, area+1], value [n,3], misc [n,6], ownership [n,y,x]: raw, as the engine's backend gives them."""
        x = self.stem(spatial) + self.linear_global(global_in)[:, :, None, None]
        for block in self.blocks:
            x = block(x)
        x = self.tip(x)
        g = pool(self.biasg(self.conv1g(x)))
        p = self.conv2p(self.bias2(self.conv1p(x) + self.linear_g(g)[:, :, None, None]))
        pass_logit = self.linear_pass2(F.relu(self.linear_pass(g)))
        policy = torch.cat([p.flatten(1), pass_logit], dim=1)
        u = self.bias1v(self.conv1v(x))
        with torch.autocast(x.device.type, enabled=False):
            h = F.relu(self.linear2(value_pool(u)))
            value, misc = self.linear_value(h), self.linear_misc(h)
        return policy.float(), value, misc, self.conv_ownership(u)[:, 0].float()
