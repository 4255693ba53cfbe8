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

import sys
from pathlib import Path

import torch
from spikingjelly.activation_based import functional, layer, surrogate
from spikingjelly.activation_based.model import spikformer

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER.parent))
from watched import Watched, run_module, write_cases

TOLERANCE = {"rtol": 1e-5, "atol": 2e-5}


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


def own_name(case, name):
    module, _, tensor = name.rpartition(".")
    names = ATTENTION if case["layer"]["type"] == "SpikingSelfAttention" else BLOCK
    return f"{names[module]}.{tensor}"


def run(case, seed):
    return run_module(case, seed, module_of(case), lambda name: own_name(case, name))


if __name__ == "__main__":
    write_cases(FOLDER / "attention.safetensors", CASES, run, TOLERANCE)
