"""Times what galvani_step.ts times, done by Norse: a loop over the time steps, as its cells are used.

Prints a line of JSON: {"name", "ms", "peakMemoryMb"}, "ms" having a number for each round.
"""

import argparse
import json

import norse.torch as norse
import torch
import torch.nn as nn
import torch.nn.functional as F
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

# Half of the distance to the input in a step: tau 2.
CELL = dict(p=norse.LIFBoxParameters(tau_mem_inv=torch.as_tensor(500.0)), dt=1e-3)


def tutorial():
    x, labels = images("cpu")
    target = F.one_hot(labels, CLASSES).float()
    linear, cell = nn.Linear(FEATURES, CLASSES, bias=False), norse.LIFBoxCell(**CELL)
    optimizer = torch.optim.Adam(linear.parameters(), lr=LEARNING_RATE)

    def step():
        state, fired = None, 0.0
        for _ in range(TUTORIAL_STEPS):
            spikes, state = cell(linear((torch.rand_like(x) < x).float()), state)
            fired = fired + spikes
        optimizer.zero_grad()
        F.mse_loss(fired / TUTORIAL_STEPS, target).backward()
        optimizer.step()

    return step


def onm(neurons):
    """A Linear layer and neurons, forward and back: the layer takes all time steps at once."""
    x = torch.rand(ONM_STEPS, ONM_BATCH, neurons)
    linear, cell = nn.Linear(neurons, neurons), norse.LIFBoxCell(**CELL)

    def step():
        linear.zero_grad()
        state, fired = None, 0.0
        for current in linear(x):
            spikes, state = cell(current, state)
            fired = fired + spikes
        fired.sum().backward()

    return step


def lif_alone(neurons, steps):
    x = (2.5 * torch.rand(steps, neurons)).requires_grad_()
    gradient = 2 * torch.rand(steps, neurons) - 1
    cell = norse.LIFBoxCell(**CELL)

    def step():
        x.grad = None
        state, fired = None, []
        for current in x:
            spikes, state = cell(current, state)
            fired.append(spikes)
        torch.stack(fired).backward(gradient)

    return step


def make(item):
    if item == "tutorial":
        return tutorial()
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
