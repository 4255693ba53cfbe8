"""
Writes golden numbers of parallel spiking neurons: SpikingJelly 2.0 on PyTorch, float64, multi-step.

    python tests/goldens/parallel/make.py

`parallel.safetensors`: `PSN`, `MaskedPSN` and `SlidingPSN` alone, with an arc tangent's surrogate gradient.
Spikes are U8, other numbers F32; all that is given is exact in float32. `metadata.cases` is a JSON list:

    name     what the case's tensors begin with
    layer    `type`, "Psn", "MaskedPsn" or "SlidingPsn"; `k`, but of a Psn; `lambda` of a MaskedPsn
    T, B     sizes
    shape    of the input
    kind     "spikes" or "numbers": what comes in
    over     "time"

    NAME.x              the input: [T, B, ...shape]
    NAME.y              the spikes
    NAME.grad_y         the gradient of sum(grad_y * y) for y
    NAME.grad_x         for x
    NAME.weight, .bias  the parameters; .grad_weight, .grad_bias
    NAME._lambda_       of a MaskedPsn, and ._lambda__after

No charge comes nearer than 0.0001 to 0, so spikes must be equal, and some neurons fire, but not always: another
seed is taken until that is so.
"""

import json
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file
from spikingjelly.activation_based import neuron, surrogate

FOLDER = Path(__file__).parent
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

MARGIN = 1e-4
TOLERANCE = {"rtol": 1e-5, "atol": 1e-6}


class Watched(surrogate.ATan):
    """An arc tangent that remembers how near to 0 it was asked."""

    nearest = float("inf")

    def forward(self, x):
        Watched.nearest = min(Watched.nearest, x.detach().abs().min().item())
        return super().forward(x)


# All of a size: they share kernels.
def case(name, T, kind, layer):
    return dict(name=name, layer=layer, T=T, B=2, shape=[5], kind=kind, over="time")


def masked(k, share):
    return {"type": "MaskedPsn", "k": k, "lambda": share}


CASES = [
    case("psn-4", 4, "spikes", {"type": "Psn"}),
    case("psn-4-numbers", 4, "numbers", {"type": "Psn"}),
    case("psn-33", 33, "spikes", {"type": "Psn"}),
    case("psn-33-numbers", 33, "numbers", {"type": "Psn"}),
    case("masked-4", 4, "spikes", masked(2, 1)),
    case("masked-4-numbers", 4, "numbers", masked(3, 0.25)),
    case("masked-33", 33, "spikes", masked(6, 0.5)),
    case("masked-33-numbers", 33, "numbers", masked(9, 1)),
    case("sliding-4", 4, "spikes", {"type": "SlidingPsn", "k": 2}),
    case("sliding-4-numbers", 4, "numbers", {"type": "SlidingPsn", "k": 6}),
    case("sliding-33", 33, "spikes", {"type": "SlidingPsn", "k": 7}),
    case("sliding-33-numbers", 33, "numbers", {"type": "SlidingPsn", "k": 7}),
]


def module_of(case):
    T, layer, watched = case["T"], case["layer"], Watched()
    if layer["type"] == "Psn":
        return neuron.PSN(T, watched)
    if layer["type"] == "MaskedPsn":
        return neuron.MaskedPSN(layer["k"], T, layer["lambda"], watched, step_mode="m")
    return neuron.SlidingPSN(layer["k"], True, watched, step_mode="m")


def f32(tensor):
    return np.ascontiguousarray(tensor.detach().numpy().astype(np.float32))


def run(case, seed):
    """What neurons make of an input, and its gradients; nothing if a charge is near 0."""
    random = torch.Generator().manual_seed(seed)

    def normal(size, step):
        return torch.round(torch.randn(size, generator=random) / step) * step

    Watched.nearest = float("inf")
    size = [case["T"], case["B"], *case["shape"]]
    spikes = case["kind"] == "spikes"
    x = torch.randint(0, 2, size, generator=random).double() if spikes else normal(size, 1 / 64)
    module = module_of(case)
    with torch.no_grad():
        module.weight.copy_(normal(module.weight.shape, 1 / 256) / 2)
        module.bias.copy_(normal(module.bias.shape, 1 / 256) / 4 - 1 / 512)
    x.requires_grad_()
    y = module(x)
    if Watched.nearest < MARGIN or not 0.1 < y.mean() < 0.9:
        return None
    grad_y = normal(y.shape, 1 / 64)
    (y * grad_y).sum().backward()
    tensors = {
        "x": x.detach().numpy().astype(np.uint8) if spikes else f32(x),
        "y": y.detach().numpy().astype(np.uint8),
        "grad_y": f32(grad_y),
        "grad_x": f32(x.grad),
    }
    for name, parameter in module.named_parameters():
        tensors |= {name: f32(parameter), f"grad_{name}": f32(parameter.grad)}
    if case["layer"]["type"] == "MaskedPsn":
        tensors |= {"_lambda_": f32(module.lambda_), "_lambda__after": f32(module.lambda_)}
    return {f"{case['name']}.{name}": tensor for name, tensor in tensors.items()}


def main():
    tensors = {}
    for index, each in enumerate(CASES):
        seeds = (1000 * index + k for k in range(1000))
        tensors |= next(made for made in (run(each, seed) for seed in seeds) if made)
    path = FOLDER / "parallel.safetensors"
    made_with = "SpikingJelly 2.0.0, PyTorch " + torch.__version__.split("+")[0]
    metadata = {"made_with": made_with, "cases": json.dumps(CASES), "tolerance": json.dumps(TOLERANCE)}
    save_file(tensors, path, metadata)
    print(path.name, path.stat().st_size)


if __name__ == "__main__":
    main()
