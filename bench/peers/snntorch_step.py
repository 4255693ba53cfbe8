"""Times a step of snnTorch's tutorial 6, 12C5-MP2-64C5-MP2-10 at T 50 and batch 128, as galvani_step.ts does.

Prints a line of JSON: {"name", "ms", "peakMemoryMb"}, "ms" having a number for each round.
"""

import argparse
import json

import snntorch as snn
import torch
import torch.nn as nn
import torch.nn.functional as F
from snntorch import surrogate, utils
from spikingjelly_step import BATCH, CLASSES, LEARNING_RATE, images, peak_memory_mb, rounds

T = 50


def tutorial6():
    x, labels = images("cpu")
    x = x.reshape(BATCH, 1, 28, 28)
    target = F.one_hot(labels, CLASSES).float()

    def leaky(**options):
        gradient = surrogate.atan()
        return snn.Leaky(beta=0.5, spike_grad=gradient, init_hidden=True, **options)

    # The first layers give the same at each step: once is the fastest way.
    first = nn.Sequential(nn.Conv2d(1, 12, 5), nn.MaxPool2d(2))
    net = nn.Sequential(
        leaky(),
        nn.Conv2d(12, 64, 5),
        nn.MaxPool2d(2),
        leaky(),
        nn.Flatten(),
        nn.Linear(1024, CLASSES),
        leaky(output=True),
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


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--item", required=True, choices=["12C5-MP2-64C5-MP2-10"])
    parser.add_argument("--milliseconds", type=float, default=1000, help="how long a round takes")
    parser.add_argument("--rounds", type=int, default=3, help="how many rounds there are")
    args = parser.parse_args()
    torch.manual_seed(1)
    ms = rounds(tutorial6(), torch.device("cpu"), args.milliseconds, args.rounds)
    print(json.dumps({"name": args.item, "ms": ms, "peakMemoryMb": peak_memory_mb()}))


if __name__ == "__main__":
    main()
