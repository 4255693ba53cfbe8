"""Times what galvani_step.ts times, done by SpikingJelly.

Prints a line of JSON for each item: {"name", "ms", "peakMemoryMb"}, "ms" having a number for each round.
The peak is the process's, so for the memory of one item run that item alone (--item).
"""

import argparse
import json
import time

import torch
import torch.nn as nn
import torch.nn.functional as F
from spikingjelly.activation_based import encoding, functional, layer, neuron, surrogate
from spikingjelly.activation_based.model import spikformer

BATCH = 128
FEATURES = 784
CLASSES = 10
LEARNING_RATE = 1e-3
# The share of lit pixels of MNIST.
LIT = 0.19

TUTORIAL_STEPS = 100
HIDDEN = 800
HIDDEN_STEPS = 8
WIDE_STEPS = 16

# Open Neuromorphic's benchmark.
ONM_BATCH = 16
ONM_STEPS = 500

# What simulates neurons in multi-step mode.
backend = "torch"


def images(device):
    """A batch of pictures as light as those of MNIST, and their labels."""
    x = torch.rand(BATCH, FEATURES, device=device)
    x = x * (torch.rand(BATCH, FEATURES, device=device) < LIT)
    return x, torch.randint(CLASSES, (BATCH,), device=device)


def lif(step_mode, **arguments):
    arctangent = surrogate.ATan()
    node = neuron.LIFNode(2.0, surrogate_function=arctangent, step_mode=step_mode, **arguments)
    if step_mode == "m":
        # The others simulate all T in one kernel.
        node.backend = backend
    return node


def training_step(net, rates, labels, classes=CLASSES):
    """A step as the tutorial has it: Adam on the mean squared error of the rates."""
    optimizer = torch.optim.Adam(net.parameters(), lr=LEARNING_RATE)
    target = F.one_hot(labels, classes).float()

    def step():
        optimizer.zero_grad()
        F.mse_loss(rates(), target).backward()
        optimizer.step()
        functional.reset_net(net)

    return step


def tutorial_single_step(device):
    x, labels = images(device)
    net = nn.Sequential(layer.Linear(FEATURES, CLASSES, bias=False), lif("s")).to(device)
    encoder = encoding.PoissonEncoder()

    def rates():
        fired = 0.0
        for _ in range(TUTORIAL_STEPS):
            fired = fired + net(encoder(x))
        return fired / TUTORIAL_STEPS

    return training_step(net, rates, labels)


def tutorial_multi_step(device):
    x, labels = images(device)
    net = nn.Sequential(
        layer.Linear(FEATURES, CLASSES, bias=False, step_mode="m"), lif("m")
    ).to(device)
    encoder = encoding.PoissonEncoder()
    return training_step(
        net, lambda: net(encoder(x.expand(TUTORIAL_STEPS, -1, -1))).mean(0), labels
    )


def two_layers_as_usual(device):
    """The picture is repeated, so the first layer multiplies it at each time step."""
    x, labels = images(device)
    net = nn.Sequential(
        layer.Linear(FEATURES, HIDDEN, step_mode="m"),
        lif("m"),
        layer.Linear(HIDDEN, CLASSES, step_mode="m"),
        lif("m"),
    ).to(device)
    return training_step(net, lambda: net(x.repeat(HIDDEN_STEPS, 1, 1)).mean(0), labels)


def two_layers_once(device):
    """The first layer multiplies a picture once, and its current is repeated."""
    x, labels = images(device)
    first = layer.Linear(FEATURES, HIDDEN)
    rest = nn.Sequential(lif("m"), layer.Linear(HIDDEN, CLASSES, step_mode="m"), lif("m"))
    net = nn.ModuleList([first, rest]).to(device)
    return training_step(net, lambda: rest(first(x).repeat(HIDDEN_STEPS, 1, 1)).mean(0), labels)


def three_layers_once(device, hidden):
    """784-hidden-hidden-10; the first layer multiplies a picture once."""
    x, labels = images(device)
    first = layer.Linear(FEATURES, hidden)
    rest = nn.Sequential(
        lif("m"),
        layer.Linear(hidden, hidden, step_mode="m"),
        lif("m"),
        layer.Linear(hidden, CLASSES, step_mode="m"),
        lif("m"),
    )
    net = nn.ModuleList([first, rest]).to(device)
    return training_step(
        net, lambda: rest(first(x).expand(WIDE_STEPS, -1, -1)).mean(0), labels
    )


def onm(device, neurons):
    """A Linear layer and neurons, forward and back: the layer takes all time steps at once."""
    x = torch.rand(ONM_STEPS, ONM_BATCH, neurons, device=device)
    net = nn.Sequential(layer.Linear(neurons, neurons, step_mode="m"), lif("m")).to(device)

    def step():
        net.zero_grad()
        net(x).sum().backward()
        functional.reset_net(net)

    return step


def if_node(**arguments):
    node = neuron.IFNode(surrogate_function=surrogate.ATan(), step_mode="m", **arguments)
    node.backend = backend
    return node


class SewBlock(nn.Module):
    """Two convolutions beside a shortcut, which halves the picture where they do."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.inner = nn.Sequential(*sew_conv(inputs, outputs, 3, stride), *sew_conv(outputs, outputs, 3, 1))
        self.shortcut = nn.Sequential(*sew_conv(inputs, outputs, 1, stride)) if stride > 1 else nn.Identity()

    def forward(self, x):
        return self.shortcut(x) + self.inner(x)


def sew_conv(inputs, outputs, kernel, stride):
    convolution = layer.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)
    return convolution, layer.BatchNorm2d(outputs), if_node(detach_reset=True)


def sew_layers(channels):
    return nn.Sequential(
        *sew_conv(1, channels, 3, 1),
        SewBlock(channels, channels, 1),
        SewBlock(channels, 2 * channels, 2),
        SewBlock(2 * channels, 4 * channels, 2),
        layer.AdaptiveAvgPool2d(1),
        layer.Flatten(),
        layer.Linear(4 * channels, CLASSES),
        if_node(detach_reset=True),
    )


def spikformer_layers(dim):
    """Its own blocks, after two convolutions that halve the picture and one beside a shortcut."""

    def conv(inputs, outputs):
        return layer.Conv2d(inputs, outputs, 3, padding=1, bias=False), layer.BatchNorm2d(outputs)

    def neurons():
        return lif("m", detach_reset=True)

    def halved():
        return layer.MaxPool2d(3, 2, 1), neurons()

    def block():
        made = spikformer.SpikformerBlock(dim, 4, surrogate_function=surrogate.ATan())
        for node in made.modules():
            if isinstance(node, neuron.BaseNode):
                node.backend = backend
        return made

    return nn.Sequential(
        *conv(1, dim // 2),
        *halved(),
        *conv(dim // 2, dim),
        *halved(),
        Beside(nn.Sequential(*conv(dim, dim), neurons())),
        block(),
        block(),
        layer.AdaptiveAvgPool2d(1),
        layer.Flatten(),
        layer.Linear(dim, CLASSES),
        neurons(),
    )


class Beside(nn.Module):
    """Layers beside a shortcut."""

    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def forward(self, x):
        return x + self.inner(x)


def csnn_layers(channels):
    def block(inputs):
        convolution = layer.Conv2d(inputs, channels, 3, padding=1, bias=False)
        return convolution, layer.BatchNorm2d(channels), if_node(), layer.MaxPool2d(2, 2)

    return nn.Sequential(
        *block(1),
        *block(channels),
        layer.Flatten(),
        layer.Linear(channels * 49, channels * 16, bias=False),
        if_node(),
        layer.Linear(channels * 16, CLASSES, bias=False),
        if_node(),
    )


def convolutions(device, whole, steps):
    """A convolutional network as it trains fastest: the picture is convolved and normalised once."""
    x = images(device)[0].reshape(BATCH, 1, 28, 28)
    labels = torch.randint(CLASSES, (BATCH,), device=device)
    first, rest = whole[:2], whole[2:]
    functional.set_step_mode(first, "s")
    functional.set_step_mode(rest, "m")
    net = nn.ModuleList([first, rest]).to(device)

    def rates():
        return net[1](net[0](x).expand(steps, -1, -1, -1, -1)).mean(0)

    return training_step(net, rates, labels)


def lif_alone(device, neurons, steps, kind):
    """T steps of N neurons forward, and back from a gradient of the spikes."""
    node = lif("m").to(device)
    x = (2.5 * torch.rand(steps, neurons, device=device)).requires_grad_()
    shape = (neurons,) if kind == "constant" else (steps, neurons)
    gradient = (2 * torch.rand(*shape, device=device) - 1).expand(steps, neurons)

    def step():
        x.grad = None
        node(x).backward(gradient)
        functional.reset_net(node)

    return step


def psn(device, neurons, steps):
    """T steps of N parallel neurons forward, and back to weights and input from a gradient of the spikes."""
    node = neuron.PSN(steps, surrogate.ATan()).to(device)
    x = torch.rand(steps, neurons, device=device).requires_grad_()
    gradient = torch.ones(steps, neurons, device=device)

    def step():
        x.grad = None
        node.zero_grad()
        node(x).backward(gradient)

    return step


def feedback(device):
    """The network with feedback of SpikingJelly's tutorial on recurrent connections: a column at each step."""
    images, hidden, classes, batch = 28, 32, 10, 256
    x = torch.rand(images, batch, images, device=device)
    x = x * (torch.rand(images, batch, images, device=device) < LIT)
    labels = torch.randint(classes, (batch,), device=device)

    def spiking(step_mode):
        return neuron.IFNode(
            surrogate_function=surrogate.ATan(), detach_reset=True, step_mode=step_mode
        )

    net = nn.Sequential(
        layer.Linear(images, hidden, step_mode="m"),
        layer.LinearRecurrentContainer(spiking("s"), hidden, hidden, step_mode="m"),
        layer.Linear(hidden, classes, step_mode="m"),
        spiking("m"),
    ).to(device)
    return training_step(net, lambda: net(x).mean(0), labels, classes)


class Hears(nn.Module):
    """Neurons, and what they fired one time step before through learned weights."""

    def __init__(self, neurons, features):
        super().__init__()
        self.neurons = neurons
        self.recurrent = nn.Linear(features, features, bias=False)

    def forward(self, x_seq):
        spikes, fired = torch.zeros_like(x_seq[0]), []
        for x in x_seq:
            spikes = self.neurons(x + self.recurrent(spikes))
            fired.append(spikes)
        return torch.stack(fired)


def spoken(device):
    """Current-based neurons that hear each other, on spikes at 2 %: the input is multiplied once for all T."""
    features, hidden, classes, steps, batch = 700, 256, 20, 100, 64
    x = (torch.rand(steps, batch, features, device=device) < 0.02).float()
    labels = torch.randint(classes, (batch,), device=device)
    neurons = neuron.CUBALIFNode(0.9, 0.95, 1.0, 0.0, surrogate.ATan())
    readout = neuron.LIFNode(tau=20.0, surrogate_function=surrogate.ATan(), step_mode="m")
    net = nn.Sequential(
        layer.Linear(features, hidden, step_mode="m"),
        Hears(neurons, hidden),
        layer.Linear(hidden, classes, step_mode="m"),
        readout,
    ).to(device)
    return training_step(net, lambda: net(x).mean(0), labels, classes)


STEPS = {
    "28-32-10 feedback": feedback,
    "700-256-20 recurrent": spoken,
    "tutorial, single-step": tutorial_single_step,
    "tutorial, multi-step": tutorial_multi_step,
    "784-800-10, as usual": two_layers_as_usual,
    "784-800-10, first layer once": two_layers_once,
}


def make(item, device):
    """The step of an item: a name of STEPS, or as "lif 65536 16 dense" for N, T and gradient."""
    if item in STEPS:
        return STEPS[item](device)
    if item.startswith("csnn "):
        _, channels, steps = item.split()
        return convolutions(device, csnn_layers(int(channels)), int(steps))
    if item.startswith("sew "):
        _, channels, steps = item.split()
        return convolutions(device, sew_layers(int(channels)), int(steps))
    if item.startswith("spikformer "):
        _, dim, steps = item.split()
        return convolutions(device, spikformer_layers(int(dim)), int(steps))
    if item.startswith("psn "):
        _, neurons, steps = item.split()
        return psn(device, int(neurons), int(steps))
    if item.startswith("onm "):
        return onm(device, int(item.split()[1]))
    if item.startswith("784-"):
        return three_layers_once(device, int(item.split("-")[1]))
    word, neurons, steps, kind = item.split()
    if word != "lif" or kind not in ("constant", "dense"):
        raise ValueError(f"unknown item {item!r}")
    return lif_alone(device, int(neurons), int(steps), kind)


def rounds(step, device, milliseconds, count):
    """Milliseconds of a step: a number for each round of as many steps as fill it."""

    def run(steps):
        start = time.perf_counter()
        for _ in range(steps):
            step()
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        return 1000 * (time.perf_counter() - start)

    for _ in range(3):
        once = run(1)
    steps = max(1, round(milliseconds / once))
    return [run(steps) / steps for _ in range(count)]


def peak_memory_mb():
    """The peak of the process's memory; None where the system doesn't say."""
    try:
        with open("/proc/self/status") as status:
            for line in status:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) / 1024
    except OSError:
        pass
    return None


def main():
    global backend
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--item", action="append", required=True, help="what is timed")
    parser.add_argument("--torch-device", default="cpu", help="as cpu or cuda:0")
    parser.add_argument(
        "--backend",
        default=backend,
        help="what simulates neurons in multi-step mode: torch, or on a GPU cupy or triton",
    )
    parser.add_argument("--milliseconds", type=float, default=1000, help="how long a round takes")
    parser.add_argument("--rounds", type=int, default=3, help="how many rounds there are")
    args = parser.parse_args()
    device = torch.device(args.torch_device)
    backend = args.backend
    torch.manual_seed(1)
    for item in args.item:
        ms = rounds(make(item, device), device, args.milliseconds, args.rounds)
        line = {"name": item, "ms": ms, "peakMemoryMb": peak_memory_mb()}
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
