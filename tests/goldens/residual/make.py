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

import json
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file
from spikingjelly.activation_based import functional, layer, neuron, surrogate
from spikingjelly.activation_based.model import sew_resnet, spiking_resnet

FOLDER = Path(__file__).parent
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

MARGIN = 1e-4
TOLERANCE = {"rtol": 1e-5, "atol": 2e-5}


class Watched(surrogate.ATan):
    """An arc tangent that remembers how near to 0 it was asked."""

    nearest = float("inf")

    def forward(self, x):
        Watched.nearest = min(Watched.nearest, x.detach().abs().min().item())
        return super().forward(x)


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


def f32(tensor):
    return np.ascontiguousarray(tensor.detach().numpy().astype(np.float32))


def own_name(case, name):
    module, _, tensor = name.rpartition(".")
    return f"{(SEW if case['layer']['type'] == 'SewBlock' else SPIKING)[module]}.{tensor}"


def run(case, seed):
    """What a block makes of an input, and its gradients; nothing if a potential is near the threshold."""
    random = torch.Generator().manual_seed(seed)

    def normal(size, step):
        return torch.round(torch.randn(size, generator=random) / step) * step

    Watched.nearest = float("inf")
    size = [case["T"], case["B"], *case["shape"]]
    x = torch.randint(0, 2 if case["kind"] == "spikes" else 3, size, generator=random).double()
    block = block_of(case)
    tensors = {}
    with torch.no_grad():
        for name, parameter in block.named_parameters():
            parameter.copy_(normal(parameter.shape, 1 / 256) / 2 + (parameter.dim() == 1) / 2)
            tensors[own_name(case, name)] = f32(parameter)
        for name, buffer in block.named_buffers():
            if not name.endswith("num_batches_tracked"):
                buffer.copy_(normal(buffer.shape, 1 / 64).abs() + name.endswith("var"))
                tensors[own_name(case, name)] = f32(buffer)
    x.requires_grad_()
    y = block(x)
    if Watched.nearest < MARGIN or not 0.1 < (y > 0).double().mean() < 0.9:
        return None
    grad_y = normal(y.shape, 1 / 64)
    (y * grad_y).sum().backward()
    integers = case["kind"] == "spikes"
    tensors |= {
        "x": x.detach().numpy().astype(np.uint8) if integers else f32(x),
        "y": f32(y),
        "grad_y": f32(grad_y),
        "grad_x": f32(x.grad),
    }
    for name, parameter in block.named_parameters():
        tensors[f"grad_{own_name(case, name)}"] = f32(parameter.grad)
    for name, buffer in block.named_buffers():
        if not name.endswith("num_batches_tracked"):
            tensors[f"{own_name(case, name)}_after"] = f32(buffer)
    return {f"{case['name']}.{name}": tensor for name, tensor in tensors.items()}


def main():
    tensors = {}
    for index, each in enumerate(CASES):
        seeds = (1000 * index + k for k in range(1000))
        tensors |= next(made for made in (run(each, seed) for seed in seeds) if made)
    path = FOLDER / "residual.safetensors"
    made_with = "SpikingJelly 2.0.0, PyTorch " + torch.__version__.split("+")[0]
    metadata = {"made_with": made_with, "cases": json.dumps(CASES), "tolerance": json.dumps(TOLERANCE)}
    save_file(tensors, path, metadata)
    print(path.name, path.stat().st_size)


if __name__ == "__main__":
    main()
