"""
Writes golden numbers of self-attention of spikes: SpikingJelly 2.0 on PyTorch, float64, multi-step.

    python tests/goldens/attention/make.py

`attention.safetensors`: `SpikingSelfAttention`, and `SpikformerBlock`, which has one of these and two
convolutions of a token after it, each beside a shortcut. Spikes are U8, other numbers F32; all that is given
is exact in float32. `metadata.cases` is a JSON list:

    name     what the case's tensors begin with
    layer    `type`, "SpikingSelfAttention" or "SpikformerBlock", `dim` and `heads`
    T, B     sizes
    shape    of the input: [dim, tokens], of a block [dim, H, W]
    kind     "spikes" or "numbers" (0, 1 and 2): what comes in
    over     "time"

    NAME.x           the input: [T, B, ...shape]
    NAME.y           the output
    NAME.grad_y      the gradient of sum(grad_y * y) for y
    NAME.grad_x      for x
    NAME.TENSOR      parameters and running statistics, by their names here; .grad_TENSOR, .TENSOR_after

No membrane potential comes nearer than 0.0001 to the threshold, so spikes must be equal, and some neurons
fire, but not always: another seed is taken until that is so. Neurons after the heads get eighths of whole
numbers, halved at each of four steps: these are exact, and may meet their threshold.
"""

import json
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file
from spikingjelly.activation_based import functional, layer, surrogate
from spikingjelly.activation_based.model import spikformer

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


# Names here, by SpikingJelly's. Before those of a block stand its two Flatten and Residual.
ATTENTION = {
    "qkv_conv_bn.0": "0", "qkv_conv_bn.1": "1", "proj_conv_bn.0": "5", "proj_conv_bn.1": "6",
}
MLP = {"fc1.0": "0", "fc1.1": "1", "fc2.0": "3", "fc2.1": "4"}
BLOCK = {f"attn.{name}": f"1.inner.{own}" for name, own in ATTENTION.items()} | {
    f"mlp.{name}": f"2.inner.{own}" for name, own in MLP.items()
}


def case(name, type, dim, heads, shape, kind="spikes"):
    layer = {"type": type, "dim": dim, "heads": heads}
    return dict(name=name, layer=layer, T=4, B=2, shape=[dim, *shape], kind=kind, over="time")


CASES = [
    case("attention", "SpikingSelfAttention", 8, 2, [5]),
    case("attention-of-sums", "SpikingSelfAttention", 6, 1, [9], "numbers"),
    case("block", "SpikformerBlock", 8, 4, [2, 3]),
]


def module_of(case):
    dim, heads = case["layer"]["dim"], case["layer"]["heads"]
    if case["layer"]["type"] == "SpikingSelfAttention":
        module = attention = layer.SpikingSelfAttention(dim, heads, surrogate_function=Watched())
    else:
        module = spikformer.SpikformerBlock(dim, heads, surrogate_function=Watched())
        attention = module.attn
    attention.attn_lif.surrogate_function = surrogate.ATan()
    functional.set_step_mode(module, "m")
    return module


def f32(tensor):
    return np.ascontiguousarray(tensor.detach().numpy().astype(np.float32))


def own_name(case, name):
    module, _, tensor = name.rpartition(".")
    names = ATTENTION if case["layer"]["type"] == "SpikingSelfAttention" else BLOCK
    return f"{names[module]}.{tensor}"


def run(case, seed):
    """What a layer makes of an input, and its gradients; nothing if a potential is near the threshold."""
    random = torch.Generator().manual_seed(seed)

    def normal(size, step):
        return torch.round(torch.randn(size, generator=random) / step) * step

    Watched.nearest = float("inf")
    size = [case["T"], case["B"], *case["shape"]]
    x = torch.randint(0, 2 if case["kind"] == "spikes" else 3, size, generator=random).double()
    module = module_of(case)
    tensors = {}
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            parameter.copy_(normal(parameter.shape, 1 / 256) / 2 + (parameter.dim() == 1) / 2)
            tensors[own_name(case, name)] = f32(parameter)
        for name, buffer in module.named_buffers():
            if not name.endswith("num_batches_tracked"):
                buffer.copy_(normal(buffer.shape, 1 / 64).abs() + name.endswith("var"))
                tensors[own_name(case, name)] = f32(buffer)
    x.requires_grad_()
    y = module(x)
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
    for name, parameter in module.named_parameters():
        tensors[f"grad_{own_name(case, name)}"] = f32(parameter.grad)
    for name, buffer in module.named_buffers():
        if not name.endswith("num_batches_tracked"):
            tensors[f"{own_name(case, name)}_after"] = f32(buffer)
    return {f"{case['name']}.{name}": tensor for name, tensor in tensors.items()}


def main():
    tensors = {}
    for index, each in enumerate(CASES):
        seeds = (1000 * index + k for k in range(1000))
        tensors |= next(made for made in (run(each, seed) for seed in seeds) if made)
    path = FOLDER / "attention.safetensors"
    made_with = "SpikingJelly 2.0.0, PyTorch " + torch.__version__.split("+")[0]
    metadata = {"made_with": made_with, "cases": json.dumps(CASES), "tolerance": json.dumps(TOLERANCE)}
    save_file(tensors, path, metadata)
    print(path.name, path.stat().st_size)


if __name__ == "__main__":
    main()
