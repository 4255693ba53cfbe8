"""Times what galvani_step.ts times, done by snnTorch: a loop over the time steps, as its neurons are used.

Prints a line of JSON: {"name", "ms", "peakMemoryMb"}, "ms" having a number for each round.
"""

import snntorch as snn
import stepwise
import torch
import torch.nn as nn
import torch.nn.functional as F
from snntorch import surrogate, utils
from spikingjelly_step import BATCH, CLASSES, LEARNING_RATE, images

T = 50


def leaky(**options):
    return snn.Leaky(beta=0.5, spike_grad=surrogate.atan(), **options)


def neurons():
    layer = leaky(reset_mechanism="zero")
    return layer, layer.init_leaky()


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


if __name__ == "__main__":
    stepwise.main(__doc__, neurons, {"12C5-MP2-64C5-MP2-10": tutorial6})
