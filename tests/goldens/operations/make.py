"""
Writes operations.json: how many operations SpikingJelly's `op_counter` and sinabs' hooks count in the
layers of three small networks.

    python tests/goldens/operations/make.py

T time steps, B samples. For each network, `layers` in order, `residual` a list of those that a shortcut
(SEW, ADD) leads around. Weights are eighths, values quarters: sums are exact, and spikes the same everywhere.

    shape      of a sample
    kind       "spikes": input [T][B][...shape] of 0 and 1; "values": [B][...shape], the same at each step
    weights    of each layer that has some, by its path in Galvani: PyTorch's order, times 8
    counts     by path: `synops` and `macs` of SpikingJelly, `sinabs` synaptic operations
"""

import json
from pathlib import Path

import sinabs
import sinabs.hooks as hooks
import torch
from spikingjelly.activation_based import functional, layer, neuron
from spikingjelly.activation_based.op_counter import (
    DispatchCounterMode,
    MACCounter,
    SynOpCounter,
)

T, B = 6, 3


def conv(inputs, outputs, **options):
    return {"kind": "Conv2d", "inChannels": inputs, "outChannels": outputs, **options}


IF, FLAT = {"kind": "IfNode"}, {"kind": "Flatten"}

NETWORKS = [
    {
        "name": "spikes", "kind": "spikes", "shape": [2, 9, 9],
        "layers": [
            conv(2, 4, kernelSize=3, stride=2, padding=1, groups=2), IF,
            conv(4, 4, kernelSize=3, padding=2, dilation=2), IF,
            {"kind": "MaxPool2d", "kernelSize": 2}, FLAT,
            {"kind": "Linear", "inputs": 16, "outputs": 3}, IF,
        ],
    },
    {
        "name": "residual", "kind": "spikes", "shape": [2, 8, 8],
        "layers": [
            conv(2, 4, kernelSize=3, padding=1), IF,
            {"kind": "Residual", "layers": [conv(4, 4, kernelSize=3, padding=1), IF]},
            conv(4, 4, kernelSize=3, stride=2), IF,
            FLAT, {"kind": "Linear", "inputs": 36, "outputs": 3}, IF,
        ],
    },
    {
        "name": "values", "kind": "values", "shape": [1, 8, 8],
        "layers": [
            conv(1, 4, kernelSize=3), IF,
            {"kind": "AvgPool2d", "kernelSize": 2},
            conv(4, 4, kernelSize=3, padding=1), IF,
            FLAT, {"kind": "Linear", "inputs": 36, "outputs": 3}, IF,
        ],
    },
]


def make(described):
    kind = described["kind"]
    if kind == "Conv2d":
        names = {"kernelSize": "kernel_size"}
        options = {
            names.get(name, name): value for name, value in described.items()
            if name not in ("kind", "inChannels", "outChannels")
        }
        return layer.Conv2d(
            described["inChannels"], described["outChannels"], bias=False, step_mode="m", **options
        )
    return {
        "Linear": lambda: layer.Linear(
            described["inputs"], described["outputs"], bias=False, step_mode="m"
        ),
        "IfNode": lambda: neuron.IFNode(step_mode="m"),
        "MaxPool2d": lambda: layer.MaxPool2d(described["kernelSize"], step_mode="m"),
        "AvgPool2d": lambda: layer.AvgPool2d(described["kernelSize"], step_mode="m"),
        "Flatten": lambda: layer.Flatten(step_mode="m"),
    }[kind]()


def run(described, path, x, result):
    if described["kind"] == "Residual":
        y = x
        for i, inner in enumerate(described["layers"]):
            y = run(inner, f"{path}.inner.{i}", y, result)
        return x + y
    module = make(described)
    weight = getattr(module, "weight", None)
    if weight is not None:
        bound = 3.0 / weight[0].numel() ** 0.5
        eighths = torch.randint(-int(8 * bound) - 1, int(9 * bound) + 3, weight.shape)
        weight.data = eighths / 8
        result["weights"][path] = eighths.flatten().tolist()
    synops, macs = SynOpCounter(), MACCounter()
    with torch.no_grad(), DispatchCounterMode([synops, macs]):
        y = module(x)
    if weight is None:
        return y
    # sinabs takes batches and time steps as one.
    hook = hooks.conv_layer_synops_hook if weight.dim() == 4 else hooks.linear_layer_synops_hook
    single = make(described)
    single.step_mode = "s"
    hook(single, [x.flatten(0, 1)], y.flatten(0, 1))
    sinabs_count = single.hook_data["layer_synops_per_timestep"].item() * T * B
    result["counts"][path] = {
        "synops": synops.get_total(),
        "macs": macs.get_total(),
        "sinabs": round(sinabs_count),
    }
    return y


def run_all(network, seed):
    torch.manual_seed(seed)
    shape = network["shape"]
    result = {**network, "weights": {}, "counts": {}}
    if network["kind"] == "spikes":
        x = (torch.rand(T, B, *shape) < 0.3).float()
        result["input"] = x.int().flatten().tolist()
    else:
        once = torch.randint(0, 5, (B, *shape)) / 4
        x = once.expand(T, *once.shape)
        result["input"] = once.flatten().tolist()
    rates = []
    for i, described in enumerate(network["layers"]):
        x = run(described, f"layer.{i}", x, result)
        if described["kind"] == "IfNode":
            rates.append(x.mean().item())
    return result, rates


networks = []
for network in NETWORKS:
    # The first seed with which each layer fires, and none always.
    for seed in range(1000):
        result, rates = run_all(network, seed)
        if all(0.05 < rate < 0.9 for rate in rates):
            break
    networks.append(result)

made_with = (
    f"SpikingJelly 2.0.0, sinabs {sinabs.__version__}, PyTorch {torch.__version__.split('+')[0]}"
)
document = {"made_with": made_with, "T": T, "B": B, "networks": networks}
(Path(__file__).parent / "operations.json").write_text(json.dumps(document) + "\n")
for network in networks:
    print(network["name"], json.dumps(network["counts"], indent=1))
