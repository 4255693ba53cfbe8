"""Times what galvani_step.ts times, done by snnTorch: a loop over the time steps, as its neurons are used.

Prints a line of JSON: {"name", "ms", "peakMemoryMb"}, "ms" having a number for each round.
"""

import argparse
import json

import snntorch as snn
import torch
import torch.nn as nn
import torch.nn.functional as F
from snntorch import surrogate, utils
from spikingjelly_step import (
    BATCH,
    CLASSES,
    FEATURES,
    LEARNING_RATE,
    ONM_BATCH,
    ONM_STEPS,
    TUTORIAL_STEPS,
    images,
    peak_memory_mb,
    rounds,
)

T = 50


def leaky(**options):
    return snn.Leaky(beta=0.5, spike_grad=surrogate.atan(), **options)


def tutorial():
    x, labels = images("cpu")
    target = F.one_hot(labels, CLASSES).float()
    linear, lif = nn.Linear(FEATURES, CLASSES, bias=False), leaky(reset_mechanism="zero")
    optimizer = torch.optim.Adam(linear.parameters(), lr=LEARNING_RATE)

    def step():
        v, fired = lif.init_leaky(), 0.0
        for _ in range(TUTORIAL_STEPS):
            spikes, v = lif(linear((torch.rand_like(x) < x).float()), v)
            fired = fired + spikes
        optimizer.zero_grad()
        F.mse_loss(fired / TUTORIAL_STEPS, target).backward()
        optimizer.step()

    return step


def onm(neurons):
    """A Linear layer and neurons, forward and back: the layer takes all time steps at once."""
    x = torch.rand(ONM_STEPS, ONM_BATCH, neurons)
    linear, lif = nn.Linear(neurons, neurons), leaky(reset_mechanism="zero")

    def step():
        linear.zero_grad()
        v, fired = lif.init_leaky(), 0.0
        for current in linear(x):
            spikes, v = lif(current, v)
            fired = fired + spikes
        fired.sum().backward()

    return step


def lif_alone(neurons, steps):
    x = (2.5 * torch.rand(steps, neurons)).requires_grad_()
    gradient = 2 * torch.rand(steps, neurons) - 1
    lif = leaky(reset_mechanism="zero")

    def step():
        x.grad = None
        v, fired = lif.init_leaky(), []
        for current in x:
            spikes, v = lif(current, v)
            fired.append(spikes)
        torch.stack(fired).backward(gradient)

    return step


def tutorial6():
    """12C5-MP2-64C5-MP2-10 at T 50 and batch 128: the network of snnTorch's tutorial 6."""
    x, labels = images("cpu")
    x = x.reshape(BATCH, 1, 28, 28)
    target = F.one_hot(labels, CLASSES).float()

    # The first layers give the same at each step: once is the fastest way.
    first = nn.Sequential(nn.Conv2d(1, 12, 5), nn.MaxPool2d(2))
    net = nn.Sequential(
        leaky(init_hidden=True),
        nn.Conv2d(12, 64, 5),
        nn.MaxPool2d(2),
        leaky(init_hidden=True),
        nn.Flatten(),
        nn.Linear(1024, CLASSES),
        leaky(init_hidden=True, output=True),
    )
    optimizer = torch.optim.Adam([*first.parameters(), *net.parameters()], lr=LEARNING_RATE)

    def step():
        utils.reset(net)
        current = first(x)
        fired = 0.0
        for _ in range(T):
            spikes, _ = net(current)
            fired = fired + spikes
        optimizer.zero_grad()
        F.mse_loss(fired / T, target).backward()
        optimizer.step()

    return step


def make(item):
    if item == "tutorial":
        return tutorial()
    if item == "12C5-MP2-64C5-MP2-10":
        return tutorial6()
    word, *sizes = item.split()
    if word == "onm":
        return onm(int(sizes[0]))
    if word == "lif":
        return lif_alone(int(sizes[0]), int(sizes[1]))
    raise ValueError(f"unknown item {item!r}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--item", required=True, help="what is timed")
    parser.add_argument("--milliseconds", type=float, default=1000, help="how long a round takes")
    parser.add_argument("--rounds", type=int, default=3, help="how many rounds there are")
    args = parser.parse_args()
    torch.manual_seed(1)
    ms = rounds(make(args.item), torch.device("cpu"), args.milliseconds, args.rounds)
    print(json.dumps({"name": args.item, "ms": ms, "peakMemoryMb": peak_memory_mb()}))


if __name__ == "__main__":
    main()
