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

import sys
from pathlib import Path

import torch
from spikingjelly.activation_based import neuron, surrogate

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER.parent))
from watched import Watched, f32, u8, write_cases

TOLERANCE = {"rtol": 1e-5, "atol": 1e-6}


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


def run(case, seed):
    """What neurons make of an input, and its gradients; nothing if too few or too many fire."""
    random = torch.Generator().manual_seed(seed)

    def normal(size, step):
        return torch.round(torch.randn(size, generator=random) / step) * step

    size = [case["T"], case["B"], *case["shape"]]
    spikes = case["kind"] == "spikes"
    x = torch.randint(0, 2, size, generator=random).double() if spikes else normal(size, 1 / 64)
    module = module_of(case)
    with torch.no_grad():
        module.weight.copy_(normal(module.weight.shape, 1 / 256) / 2)
        module.bias.copy_(normal(module.bias.shape, 1 / 256) / 4 - 1 / 512)
    x.requires_grad_()
    y = module(x)
    if not 0.1 < y.mean() < 0.9:
        return None
    grad_y = normal(y.shape, 1 / 64)
    (y * grad_y).sum().backward()
    tensors = {
        "x": u8(x) if spikes else f32(x),
        "y": u8(y),
        "grad_y": f32(grad_y),
        "grad_x": f32(x.grad),
    }
    for name, parameter in module.named_parameters():
        tensors |= {name: f32(parameter), f"grad_{name}": f32(parameter.grad)}
    if case["layer"]["type"] == "MaskedPsn":
        tensors |= {"_lambda_": f32(module.lambda_), "_lambda__after": f32(module.lambda_)}
    return tensors


if __name__ == "__main__":
    write_cases(FOLDER / "parallel.safetensors", CASES, run, TOLERANCE)
