"""What frameworks do alike that loop over the time steps. Their neurons are given as a function that makes
a layer of them and the state before the first step: layer(current, state) gives spikes and the next state.
"""

import argparse
import json

import torch
import torch.nn as nn
import torch.nn.functional as F
from spikingjelly_step import (
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


def tutorial(neurons):
    x, labels = images("cpu")
    target = F.one_hot(labels, CLASSES).float()
    linear, (lif, start) = nn.Linear(FEATURES, CLASSES, bias=False), neurons()
    optimizer = torch.optim.Adam(linear.parameters(), lr=LEARNING_RATE)

    def step():
        state, fired = start, 0.0
        for _ in range(TUTORIAL_STEPS):
            spikes, state = lif(linear((torch.rand_like(x) < x).float()), state)
            fired = fired + spikes
        optimizer.zero_grad()
        F.mse_loss(fired / TUTORIAL_STEPS, target).backward()
        optimizer.step()

    return step


def onm(neurons, count):
    """A Linear layer and neurons, forward and back: the layer takes all time steps at once."""
    x = torch.rand(ONM_STEPS, ONM_BATCH, count)
    linear, (lif, start) = nn.Linear(count, count), neurons()

    def step():
        linear.zero_grad()
        state, fired = start, 0.0
        for current in linear(x):
            spikes, state = lif(current, state)
            fired = fired + spikes
        fired.sum().backward()

    return step


def lif_alone(neurons, count, steps):
    x = (2.5 * torch.rand(steps, count)).requires_grad_()
    gradient = 2 * torch.rand(steps, count) - 1
    lif, start = neurons()

    def step():
        x.grad = None
        state, fired = start, []
        for current in x:
            spikes, state = lif(current, state)
            fired.append(spikes)
        torch.stack(fired).backward(gradient)

    return step


def make(item, neurons, networks):
    """The step of an item: a name of `networks`, or one that is the same for all."""
    if item in networks:
        return networks[item]()
    if item == "tutorial":
        return tutorial(neurons)
    word, *sizes = item.split()
    if word == "onm":
        return onm(neurons, int(sizes[0]))
    if word == "lif":
        return lif_alone(neurons, int(sizes[0]), int(sizes[1]))
    raise ValueError(f"unknown item {item!r}")


def main(doc, neurons, networks={}):
    """Times the item that the command line names, and prints what it took."""
    parser = argparse.ArgumentParser(description=doc.splitlines()[0])
    parser.add_argument("--item", required=True, help="what is timed")
    parser.add_argument("--milliseconds", type=float, default=1000, help="how long a round takes")
    parser.add_argument("--rounds", type=int, default=3, help="how many rounds there are")
    args = parser.parse_args()
    torch.manual_seed(1)
    step = make(args.item, neurons, networks)
    ms = rounds(step, torch.device("cpu"), args.milliseconds, args.rounds)
    print(json.dumps({"name": args.item, "ms": ms, "peakMemoryMb": peak_memory_mb()}))
