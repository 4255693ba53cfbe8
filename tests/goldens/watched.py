"""
What the makers of golden layers share: float64, a surrogate gradient that watches how near the potentials come
to the threshold, and a file of cases, each from the first seed with which none comes too near.

A maker runs alone, `python tests/goldens/NAME/make.py`, and finds this beside its folder.
"""

import json

import numpy as np
import torch
from safetensors.numpy import save_file
from spikingjelly.activation_based import surrogate

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

MARGIN = 1e-4


def made_with(*others):
    """What numbers were made with: SpikingJelly and `others`, such as "snnTorch 1.0.0"."""
    return ", ".join(["SpikingJelly 2.0.0", *others, "PyTorch " + torch.__version__.split("+")[0]])


class Watched(surrogate.ATan):
    """An arc tangent that remembers how near to 0 it was asked."""

    nearest = float("inf")

    def forward(self, x):
        Watched.saw(x)
        return super().forward(x)

    @staticmethod
    def saw(x):
        Watched.nearest = min(Watched.nearest, x.detach().abs().min().item())


def f32(tensor):
    return np.ascontiguousarray(tensor.detach().numpy().astype(np.float32))


def u8(tensor):
    return tensor.detach().numpy().astype(np.uint8)


def run_module(case, seed, module, own_name):
    """What a module makes of an input, its gradients and running statistics; nothing if too few or too many fire."""
    random = torch.Generator().manual_seed(seed)

    def normal(size, step):
        return torch.round(torch.randn(size, generator=random) / step) * step

    spikes = case["kind"] == "spikes"
    size = [case["T"], case["B"], *case["shape"]]
    x = torch.randint(0, 2 if spikes else 3, size, generator=random).double()
    parameters = {own_name(name): parameter for name, parameter in module.named_parameters()}
    statistics = {
        own_name(name): buffer
        for name, buffer in module.named_buffers()
        if not name.endswith("num_batches_tracked")
    }
    with torch.no_grad():
        for parameter in parameters.values():
            parameter.copy_(normal(parameter.shape, 1 / 256) / 2 + (parameter.dim() == 1) / 2)
        for name, buffer in statistics.items():
            buffer.copy_(normal(buffer.shape, 1 / 64).abs() + name.endswith("var"))
    tensors = {name: f32(tensor) for name, tensor in (parameters | statistics).items()}
    x.requires_grad_()
    y = module(x)
    if not 0.1 < (y > 0).double().mean() < 0.9:
        return None
    grad_y = normal(y.shape, 1 / 64)
    (y * grad_y).sum().backward()
    tensors |= {"x": u8(x) if spikes else f32(x), "y": f32(y), "grad_y": f32(grad_y), "grad_x": f32(x.grad)}
    tensors |= {f"grad_{name}": f32(parameter.grad) for name, parameter in parameters.items()}
    return tensors | {f"{name}_after": f32(buffer) for name, buffer in statistics.items()}


def write_cases(path, cases, run, tolerance, *others):
    """
    Writes what `run(case, seed)` makes of each case: its tensors, or None where another seed is to be taken, as
    where a potential came near the threshold. `others` are programs that took part besides SpikingJelly.
    """
    tensors = {}
    for index, case in enumerate(cases):
        for seed in range(1000 * index, 1000 * index + 1000):
            Watched.nearest = float("inf")
            made = run(case, seed)
            if made and Watched.nearest >= MARGIN:
                break
        else:
            raise RuntimeError(f"no seed of 1000 will do for {case['name']}")
        tensors |= {f"{case['name']}.{name}": tensor for name, tensor in made.items()}
    metadata = {"made_with": made_with(*others), "cases": json.dumps(cases), "tolerance": json.dumps(tolerance)}
    save_file(tensors, path, metadata)
    print(path.name, path.stat().st_size)
