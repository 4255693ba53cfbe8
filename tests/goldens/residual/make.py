"""
Writes golden numbers of blocks of residual networks: SpikingJelly 2.0 on PyTorch, float64, multi-step.

    python tests/goldens/residual/make.py

`residual.safetensors`: blocks of `sew_resnet` and `spiking_resnet`, the first of a stage, whose shortcut has a
convolution, and a later one. Spikes are U8, other numbers F32; all that is given is exact in float32.
`metadata.cases` is a JSON list:

    name     what the case's tensors begin with
    layer    `type`, "SewBlock" or "SpikingBlock", `channels` in and out, `stride`, and `connect` of the first
    T, B     sizes
    shape    of the input: [C, H, W]
    kind     "spikes" or "numbers" (0, 1 and 2): what comes in
    over     "time"

    NAME.x           the input: [T, B, ...shape]
    NAME.y           the output
    NAME.grad_y      the gradient of sum(grad_y * y) for y
    NAME.grad_x      for x
    NAME.TENSOR      parameters and running statistics, by their names here; .grad_TENSOR, .TENSOR_after

No membrane potential comes nearer than 0.0001 to the threshold, so spikes must be equal, and some neurons
fire, but not always: another seed is taken until that is so.
"""

import sys
from pathlib import Path

import torch
from spikingjelly.activation_based import functional, layer, neuron, surrogate
from spikingjelly.activation_based.model import sew_resnet, spiking_resnet

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER.parent))
from watched import Watched, run_module, write_cases

TOLERANCE = {"rtol": 1e-5, "atol": 2e-5}


# Names here, by SpikingJelly's. A block's last neurons stand after a SpikingBlock's sum.
SEW = {
    "conv1": "inner.0", "bn1": "inner.1", "conv2": "inner.3", "bn2": "inner.4",
    "downsample.0": "shortcut.0", "downsample.1": "shortcut.1",
}
SPIKING = {name: f"0.{own}" for name, own in SEW.items()}


def case(name, type, channels, stride, kind="spikes", **arguments):
    layer = {"type": type, "channels": channels, "stride": stride, **arguments}
    return dict(name=name, layer=layer, T=4, B=2, shape=[channels[0], 7, 6], kind=kind, over="time")


CASES = [
    case("sew-first", "SewBlock", [4, 6], 2, connect="ADD"),
    case("sew-first-iand", "SewBlock", [4, 6], 2, connect="IAND"),
    case("sew-later", "SewBlock", [5, 5], 1, "numbers", connect="ADD"),
    case("spiking-first", "SpikingBlock", [4, 6], 2),
    case("spiking-later", "SpikingBlock", [5, 5], 1),
]


def block_of(case):
    inputs, outputs = case["layer"]["channels"]
    stride = case["layer"]["stride"]
    downsample = None
    if stride != 1:
        convolution = sew_resnet.conv1x1(inputs, outputs, stride)
        downsample = torch.nn.Sequential(convolution, layer.BatchNorm2d(outputs))
    arguments = dict(spiking_neuron=neuron.IFNode, surrogate_function=Watched(), detach_reset=True)
    if case["layer"]["type"] == "SewBlock":
        arguments["cnf"] = case["layer"]["connect"]
    module = sew_resnet if case["layer"]["type"] == "SewBlock" else spiking_resnet
    block = module.BasicBlock(inputs, outputs, stride, downsample, **arguments)
    functional.set_step_mode(block, "m")
    return block


def own_name(case, name):
    module, _, tensor = name.rpartition(".")
    return f"{(SEW if case['layer']['type'] == 'SewBlock' else SPIKING)[module]}.{tensor}"


def run(case, seed):
    return run_module(case, seed, block_of(case), lambda name: own_name(case, name))


if __name__ == "__main__":
    write_cases(FOLDER / "residual.safetensors", CASES, run, TOLERANCE)
