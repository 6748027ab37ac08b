"""Model files (version 15) of the nets in net.py: writing them, and reading them to go on with their training.

One walk over a net in the order of the file serves both: it hands every array to a Writer or to a Reader.
"""
import gzip

import numpy as np
import torch

from net import ARCHITECTURES, LEAD, SCORE, SCORE_ERROR, TIME, VALUE_ERROR, Net, Residual

MULTIPLIERS = SCORE, SCORE, LEAD, LEAD, TIME, VALUE_ERROR, SCORE_ERROR
STORED_FORM = "1000"  # in the place of the version: half-size storage, see cpp/model/stored_form.h


class Writer:
    def __init__(self, name):
        self.out = bytearray()
        self.tokens(name)

    def tokens(self, *words):
        for word in words:
            self.out += f"{word}\n".encode()

    def array(self, parameter, to_file):
        values = np.ascontiguousarray(to_file(parameter.detach().float().cpu().numpy()), dtype="<f4")
        if not np.isfinite(values).all():
            raise ValueError("the net has values that are not finite")
        self.out += b"@BIN@" + values.tobytes() + b"\n"

    def constant(self, values):
        self.array(torch.from_numpy(values), lambda v: v)


class Reader:
    """Fills a net from a file, float32 or half; ValueError where the file is of another net."""

    def __init__(self, data):
        self.data, self.at = data, 0
        self.word()  # the name
        if self.data[self.at:].startswith(STORED_FORM.encode()):
            while self.word() != "end":
                pass

    def word(self):
        end = self.data.index(b"\n", self.at)
        word, self.at = self.data[self.at:end].decode(), end + 1
        return word

    def tokens(self, *words):
        for wanted in words:
            found = self.word()
            if found != str(wanted):
                raise ValueError(f"byte {self.at}: found {found}, expected {wanted}: is the file of this architecture?")

    def block(self, count):
        kind, self.at = self.data[self.at:self.at + 5], self.at + 5
        types = {b"@BIN@": "<f4", b"@F16@": "<f2"}
        if kind not in types:
            raise ValueError(f"byte {self.at}: a block {kind!r}; float32 and half files can be read")
        values = np.frombuffer(self.data, types[kind], count, self.at).astype(np.float32)
        self.at += count * np.dtype(types[kind]).itemsize + 1
        return values

    def array(self, parameter, to_file):
        # Where each of the parameter's values stands in the file: the walk only moves and repeats them.
        places = to_file(np.arange(parameter.numel()).reshape(parameter.shape)).ravel()
        values = np.empty(parameter.numel(), np.float32)
        values[places] = self.block(len(places))
        with torch.no_grad():
            parameter.copy_(torch.from_numpy(values).view(parameter.shape))

    def constant(self, values):
        if not np.array_equal(self.block(values.size), values.ravel()):
            raise ValueError(f"byte {self.at}: a norm that a net of this kind does not have")


def conv(file, name, layer, copies=1):
    out_c, in_c, y, x = layer.weight.shape
    file.tokens(name, y, x, in_c, out_c * copies, 1, 1)
    file.array(layer.weight, lambda w: np.repeat(w.transpose(2, 3, 1, 0), copies, axis=3))


def act(file, name):
    file.tokens(name + ".act", "ACTIVATION_RELU")


def norm(file, name, layer):
    channels = layer.bias.numel()
    file.tokens(name, channels, "1e-20", 0, 1)
    file.constant(np.zeros(channels, np.float32))
    file.constant(np.ones(channels, np.float32))
    file.array(layer.bias, lambda b: b)
    act(file, name)


def matmul(file, name, layer, copies=1):
    out_c, in_c = layer.weight.shape
    file.tokens(name, in_c, out_c * copies)
    file.array(layer.weight, lambda w: np.repeat(w.transpose(1, 0), copies, axis=1))


def bias(file, name, layer):
    file.tokens(name, layer.bias.numel())
    file.array(layer.bias, lambda b: b)


def walk_block(file, block, name):
    if isinstance(block, Residual):
        file.tokens("ordinary_block", name)
        norm(file, name + ".norm1", block.norm1)
        conv(file, name + ".conv1", block.conv1)
    else:
        file.tokens("gpool_block", name)
        norm(file, name + ".norm1", block.norm1)
        conv(file, name + ".conv1r", block.conv1r)
        conv(file, name + ".conv1g", block.conv1g)
        norm(file, name + ".normg", block.normg)
        matmul(file, name + ".linear_g", block.linear_g)
    norm(file, name + ".norm2", block.norm2)
    conv(file, name + ".conv2", block.conv2)


def walk(file, net):
    """Everything behind the name. Both policy channels are the one this net has."""
    a = net.a
    file.tokens(15, 22, 19, *MULTIPLIERS, *[0] * 8)
    file.tokens("trunk", len(net.blocks), a["channels"], a["mid"], a["mid"] - a["gpool"], a["gpool"], a["gpool"], *[0] * 6)
    conv(file, "conv_spatial", net.stem)
    matmul(file, "linear_global", net.linear_global)
    for i, block in enumerate(net.blocks):
        walk_block(file, block, f"blocks.{i}")
    norm(file, "norm_trunkfinal", net.tip)
    file.tokens("policy_head")
    conv(file, "conv1p", net.conv1p)
    conv(file, "conv1g", net.conv1g)
    norm(file, "biasg", net.biasg)
    matmul(file, "linear_g", net.linear_g)
    norm(file, "bias2", net.bias2)
    conv(file, "conv2p", net.conv2p, copies=2)
    matmul(file, "linear_pass", net.linear_pass)
    bias(file, "linear_pass_bias", net.linear_pass)
    act(file, "act_pass")
    matmul(file, "linear_pass2", net.linear_pass2, copies=2)
    file.tokens("value_head")
    conv(file, "conv1", net.conv1v)
    norm(file, "bias1", net.bias1v)
    matmul(file, "linear2", net.linear2)
    bias(file, "bias2", net.linear2)
    act(file, "act2")
    matmul(file, "linear_valuehead", net.linear_value)
    bias(file, "bias_valuehead", net.linear_value)
    matmul(file, "linear_miscvaluehead", net.linear_misc)
    bias(file, "bias_miscvaluehead", net.linear_misc)
    conv(file, "conv_ownership", net.conv_ownership)


def write_model(net, path, name):
    file = Writer(name)
    walk(file, net)
    with open(path, "wb") as raw, gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=9, mtime=0) as out:
        out.write(file.out)


def read_model(path, int8=False):
    """The net of a file that write_model made, also after `katago quantize -storage fp16`; int8: with Int8Conv."""
    with gzip.open(path, "rb") as file:
        data = file.read()
    errors = []
    for architecture in ARCHITECTURES:
        net = Net(architecture, int8)
        try:
            walk(Reader(data), net)
            return net
        except ValueError as error:
            errors.append(f"{architecture}: {error}")
    raise ValueError(f"{path} is of none of the architectures of net.py:\n" + "\n".join(errors))
