"""
Runs NIR files in SpikingJelly, snnTorch and Norse, and writes such of their own: see check.ts and mnist.ts.

    python tests/nir/peers/run.py run FOLDER      FOLDER/NAME.nir on FOLDER/in.npy, beside FOLDER/NAME.npy
    python tests/nir/peers/run.py write FOLDER    FOLDER/PROGRAM-N.nir and PROGRAM-N.npy, what comes out
    python tests/nir/peers/run.py braille FOLDER  FOLDER/braille.nir, Norse's own, braille-in.npy and braille.npy
    python tests/nir/peers/run.py mnist FOLDER    trains an epoch by FOLDER/train-*.npy: mnist.nir, and for test-images.npy
                                                  mnist-in.npy and how often each last neuron fired, mnist.npy

needs nir 1.0.8, SpikingJelly 2.0.0, snnTorch 1.0.0, Norse 1.1.0.
"""

import contextlib
import glob
import io
import json
import logging
import os
import shutil
import sys
import warnings

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)

import nir
import numpy as np
import torch
from torch import nn

torch.set_num_threads(1)
torch.set_grad_enabled(False)
DT = 1e-4
# Time steps of the network for MNIST.
STEPS = 8


def stepped(net, x):
    """The outputs over time, [samples, T, features], of a module that takes a step and its state."""
    state, out = None, []
    for step in x.transpose(0, 1):
        y, state = net(step, state)
        out.append(y)
    return torch.stack(out, 1)


def spikingjelly(path, x):
    from spikingjelly.activation_based.nir_exchange import import_from_nir

    net = import_from_nir(path, dt=DT, step_mode="m")
    y, _ = net(x.transpose(0, 1).contiguous(), None)
    return y.transpose(0, 1)


def snntorch(path, x):
    from snntorch.import_nir import import_from_nir

    with contextlib.redirect_stdout(io.StringIO()):
        net = import_from_nir(nir.read(path))
    return stepped(net, x)


def norse(path, x):
    import norse.torch

    return stepped(norse.torch.from_nir(nir.read(path), dt=DT), x)


def run(folder):
    x = torch.from_numpy(np.load(f"{folder}/in.npy")).float()
    result = {}
    for path in sorted(glob.glob(f"{folder}/*.nir")):
        wanted = np.load(path[:-4] + ".npy").reshape(len(x), -1)
        row = result[os.path.basename(path)[:-4]] = {}
        for program in (spikingjelly, snntorch, norse):
            try:
                y = program(path, x).numpy().reshape(len(x), -1)
                row[program.__name__] = int((y == wanted).all(1).sum())
            except Exception as error:
                row[program.__name__] = f"{type(error).__name__}: {error}"[:60]
    print(json.dumps(result))


def write(folder):
    x = torch.from_numpy(np.load(f"{folder}/in.npy")).float()
    samples, _, inputs = x.shape
    generator = torch.Generator().manual_seed(11)
    hidden, outputs = 32, 10

    def filled(layer, size):
        for tensor in (layer.weight, layer.bias):
            if tensor is not None:
                eighths = (torch.rand(tensor.shape, generator=generator) * 1.5 - 0.5) * size * 8
                tensor.data = eighths.round() / 8
        return layer

    def layers(first, second, size, bias):
        return [
            filled(nn.Linear(inputs, hidden, bias=bias), 0.35 * size), first,
            filled(nn.Linear(hidden, outputs, bias=bias), 0.55 * size), second,
        ]

    def save(name, y, graph):
        assert len(y) == samples
        nir.write(f"{folder}/{name}.nir", graph)
        np.save(f"{folder}/{name}.npy", y.numpy().astype("u1"))

    def from_spikingjelly():
        from spikingjelly.activation_based import functional, neuron
        from spikingjelly.activation_based.nir_exchange import export_to_nir

        kinds = [
            (lambda: neuron.IFNode(), 0.4),
            (lambda: neuron.LIFNode(tau=2.0), 1.2),
            (lambda: neuron.LIFNode(tau=2.0, decay_input=False, v_threshold=0.75), 0.7),
            (lambda: neuron.LIFNode(tau=4.0, v_reset=-0.25), 2.0),
        ]
        for i, (make, size) in enumerate(kinds):
            net = nn.Sequential(*layers(make(), make(), size, i % 2 == 1))
            functional.set_step_mode(net, "m")
            steps = x.transpose(0, 1).contiguous()
            y = net(steps)
            functional.reset_net(net)
            save(f"spikingjelly-{i}", y.transpose(0, 1), export_to_nir(net, steps, dt=DT))

    def from_snntorch():
        import snntorch
        from snntorch.export_nir import export_to_nir

        def leaky(size, **reset):
            return snntorch.Leaky(beta=torch.full((size,), 0.5), threshold=torch.ones(size),
                                  init_hidden=True, **reset)

        zero = {"reset_mechanism": "zero", "reset_delay": False}
        # "subtract", in the next step, is its default.
        for name, reset in (("snntorch", zero), ("snntorch_default", {})):
            for i, bias in enumerate((False, True)):
                neurons = leaky(hidden, **reset), leaky(outputs, **reset)
                net = nn.Sequential(*layers(*neurons, 0.7, bias))
                y = torch.stack([net(step) for step in x.transpose(0, 1)], 1)
                for each in neurons:
                    each.reset_mem()
                save(f"{name}-{i}", y, export_to_nir(net, x[0, 0]))

    def from_norse():
        import norse.torch as norse

        def lif(size):
            p = norse.LIFBoxParameters(
                tau_mem_inv=512 * torch.ones(size), v_leak=torch.zeros(size),
                v_th=torch.ones(size), v_reset=torch.zeros(size),
            )
            return norse.LIFBoxCell(p, dt=2**-10)

        for i, bias in enumerate((False, True)):
            net = norse.SequentialState(*layers(lif(hidden), lif(outputs), 1.2, bias))
            save(f"norse-{i}", stepped(net, x), norse.to_nir(net, x[0, 0], dt=2**-10))

    from_spikingjelly()
    from_snntorch()
    from_norse()
    print(json.dumps(None))


def braille(folder):
    from norse.torch.utils import test

    path = f"{next(iter(test.__path__))}/braille.nir"
    x = (torch.rand(20, 100, 12, generator=torch.Generator().manual_seed(0)) < 0.3).float()
    shutil.copyfile(path, f"{folder}/braille.nir")
    np.save(f"{folder}/braille-in.npy", x.numpy().astype("u1"))
    np.save(f"{folder}/braille.npy", norse(path, x).numpy().astype("u1"))
    print(json.dumps(None))


def mnist(folder):
    from spikingjelly.activation_based import functional, neuron, surrogate
    from spikingjelly.activation_based.nir_exchange import export_to_nir

    torch.set_num_threads(2)
    torch.manual_seed(0)
    images = torch.from_numpy(np.load(f"{folder}/train-images.npy"))
    labels = torch.from_numpy(np.load(f"{folder}/train-labels.npy")).long()

    def lif():
        return neuron.LIFNode(tau=2.0, surrogate_function=surrogate.ATan())

    def spikes(pictures):
        return (torch.rand(STEPS, *pictures.shape) < pictures / 255).float()

    net = nn.Sequential(nn.Linear(784, 100), lif(), nn.Linear(100, 10), lif())
    functional.set_step_mode(net, "m")
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
    with torch.enable_grad():
        for batch in torch.randperm(len(images)).split(128):
            optimizer.zero_grad()
            rates = net(spikes(images[batch])).mean(0)
            nn.functional.mse_loss(rates, nn.functional.one_hot(labels[batch], 10).float()).backward()
            optimizer.step()
            functional.reset_net(net)
    x = spikes(torch.from_numpy(np.load(f"{folder}/test-images.npy")))
    counts = net(x).sum(0)
    functional.reset_net(net)
    nir.write(f"{folder}/mnist.nir", export_to_nir(net, x[:, :1], dt=DT))
    np.save(f"{folder}/mnist-in.npy", x.transpose(0, 1).contiguous().numpy().astype("u1"))
    np.save(f"{folder}/mnist.npy", counts.numpy().astype("u1"))
    print(json.dumps(None))


{"run": run, "write": write, "braille": braille, "mnist": mnist}[sys.argv[1]](sys.argv[2])
