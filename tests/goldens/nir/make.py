"""
Writes NIR files with the programs that exchange them, and what those programs' networks do.

    python tests/goldens/nir/make.py

needs nir 1.0.8, h5py, SpikingJelly 2.0.0, snnTorch 1.0.0, Norse 1.1.0. Files of older versions of nir are
written with those, one by one:

    PYTHONPATH=FOLDER_OF_NIR_0.2.0 python tests/goldens/nir/make.py nir-0.2.0

    nir-VERSION.nir         Input [3], Affine 3 to 2, LIF, Output, written by that version
    dense.nir               12 layers and metadata in HDF5's newest layout, compressed by LZF, shuffled
    contains-itself.nir     a graph whose node "2" is the graph
    external-link.nir       weights that are said to lie in another file
    PROGRAM.nir             a network that the program's own exporter wrote
    spikes.safetensors      U8: PROGRAM.x [T, B, ...], the spikes in, and PROGRAM.y [T, B, features], out

Weights are multiples of 1/8, so that potentials meet thresholds: whether a neuron fires at its threshold or
above it decides.
"""

import logging
import os
import sys
import warnings

import h5py
import nir
import numpy as np

warnings.filterwarnings("ignore")
HERE = os.path.dirname(os.path.abspath(__file__))
T, B = 24, 5


def path(name):
    return os.path.join(HERE, f"{name}.nir")


def small_graph():
    full = lambda value: np.full(2, value)
    lif = dict(tau=full(2e-4), r=full(1.0), v_leak=full(0.0), v_threshold=full(1.0))
    weight = np.arange(6, dtype="f4").reshape(2, 3) / 8
    nodes = {
        "input": nir.Input(np.array([3])),
        "1": nir.Affine(weight=weight, bias=np.array([0.5, -0.25], "f4")),
        "2": nir.LIF(**lif),
        "output": nir.Output(np.array([2])),
    }
    return nir.NIRGraph(nodes, [("input", "1"), ("1", "2"), ("2", "output")])


def write(name, graph):
    newest = "compression" in nir.write.__code__.co_varnames
    # Uncompressed, files are a third as large.
    options = {"compression": None} if newest and name != "nir-1.0.8" else {}
    nir.write(path(name), graph, **options)


def write_hdf5():
    write("contains-itself", small_graph())
    with h5py.File(path("contains-itself"), "r+") as file:
        node = file["node/nodes/2"]
        for name in list(node):
            del node[name]
        node["type"] = "NIRGraph"
        node["nodes"], node["edges"] = file["node/nodes"], file["node/edges"]
    write("external-link", small_graph())
    with h5py.File(path("external-link"), "r+") as file:
        del file["node/nodes/1/weight"]
        file["node/nodes/1/weight"] = h5py.ExternalLink("other.h5", "/weight")
    with h5py.File(path("dense"), "w", libver="latest") as file:
        file["version"] = "1.0.8"
        graph = file.create_group("node")
        graph["type"] = "NIRGraph"
        graph["metadata/dt"], graph["metadata/made"] = 1e-3, "by hand: é"
        names = [f"layer {i}" for i in range(12)]
        for i, name in enumerate(names):
            node = graph.create_group(f"nodes/{name}")
            node["type"] = "Linear"
            weight = (np.arange(900).reshape(30, 30) % (i + 5)).astype(["<f4", ">f8", "<i2"][i % 3])
            node.create_dataset("weight", data=weight, compression="lzf", shuffle=True, chunks=(16, 7))
        graph["edges"] = np.array(list(zip(names, names[1:])), dtype=h5py.string_dtype())


def programs():
    import torch
    from torch import nn

    torch.set_grad_enabled(False)
    generator = torch.Generator().manual_seed(5)

    def eighths(*shape, size):
        weight = (torch.rand(*shape, generator=generator) * 1.5 - 0.5) * size
        return (weight * 8).round() / 8

    def fill(layer, size):
        layer.weight.data = eighths(*layer.weight.shape, size=size)
        if layer.bias is not None:
            layer.bias.data = eighths(*layer.bias.shape, size=size / 4)
        return layer

    def spikes(*shape):
        return (torch.rand(T, B, *shape, generator=generator) < 0.4).float()

    def spikingjelly():
        from spikingjelly.activation_based import functional, layer, neuron
        from spikingjelly.activation_based.nir_exchange import export_to_nir

        def run(name, net, x):
            functional.set_step_mode(net, "m")
            y = net(x)
            functional.reset_net(net)
            write(name, export_to_nir(net, x, dt=1e-4))
            return x, y

        flat = nn.Sequential(
            fill(layer.Linear(6, 8, bias=False), 0.5),
            neuron.IFNode(v_threshold=0.75, v_reset=-0.25),
            fill(layer.Linear(8, 4), 1.5),
            neuron.LIFNode(tau=2.0),
        )
        yield "spikingjelly", *run("spikingjelly", flat, spikes(6))
        conv = nn.Sequential(
            fill(layer.Conv2d(2, 3, 3, padding=1), 0.5),
            neuron.LIFNode(tau=3.0, decay_input=False),
            layer.AvgPool2d(2),
            layer.Flatten(),
            fill(layer.Linear(12, 4, bias=False), 1.5),
            neuron.CUBALIFNode(c_decay=0.5, v_decay=0.75),
        )
        yield "spikingjelly-conv", *run("spikingjelly-conv", conv, spikes(2, 4, 4))

    def snntorch():
        import snntorch
        from snntorch.export_nir import export_to_nir

        def leaky(size):
            return snntorch.Leaky(
                beta=torch.full((size,), 0.5), threshold=torch.ones(size), init_hidden=True,
                reset_mechanism="zero", reset_delay=False,
            )

        net = nn.Sequential(fill(nn.Linear(6, 8, bias=False), 0.5), leaky(8),
                            fill(nn.Linear(8, 4), 0.75), leaky(4))
        x = spikes(6)
        y = torch.stack([net(step) for step in x])
        for neurons in (net[1], net[3]):
            neurons.reset_mem()
        write("snntorch", export_to_nir(net, x[0][0]))
        return x, y

    def norse():
        import norse.torch as norse

        def lif(size):
            ones = torch.ones(size)
            p = norse.LIFBoxParameters(tau_mem_inv=512 * ones, v_leak=0 * ones, v_th=ones, v_reset=0 * ones)
            return norse.LIFBoxCell(p, dt=2**-10)

        net = norse.SequentialState(fill(nn.Linear(6, 8), 2.0), lif(8), fill(nn.Linear(8, 4), 2.0), lif(4))
        x, state, y = spikes(6), None, []
        for step in x:
            out, state = net(step, state)
            y.append(out)
        write("norse", norse.to_nir(net, x[0][0], dt=2**-10))
        return x, torch.stack(y)

    yield from spikingjelly()
    yield "snntorch", *snntorch()
    yield "norse", *norse()


def main():
    if len(sys.argv) > 1:
        return write(sys.argv[1], small_graph())
    from safetensors.numpy import save_file

    logging.disable(logging.WARNING)
    write("nir-1.0.8", small_graph())
    write_hdf5()
    tensors = {}
    for name, x, y in programs():
        tensors[f"{name}.x"] = x.numpy().astype("u1")
        tensors[f"{name}.y"] = y.numpy().astype("u1")
        print(name, int(x.sum()), "spikes in,", int(y.sum()), "out")
    save_file(tensors, os.path.join(HERE, "spikes.safetensors"))


main()
