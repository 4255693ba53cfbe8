"""
Writes golden numbers of losses: SpikingJelly 2.0 on PyTorch, float64; snnTorch 1.0 says the same.

    python tests/goldens/losses/make.py

`temporal_cross_entropy.safetensors`: spikes are U8, other numbers F32, and what is given is exact in float32.
T time steps, B samples, C classes. `metadata.cases` is a JSON list of `name`, `T`, `B`, `C` and `kind`, "spikes"
or "numbers"; the tensors of each begin with its name:

    NAME.x          [T, B, C]: what the network gives
    NAME.labels     U8 [B]
    NAME.losses     [B]: the loss of each sample alone
    NAME.gradient   [T, B, C]: that of the batch's loss for x
"""

import json
import sys
from pathlib import Path

import torch
from safetensors.numpy import save_file
from snntorch.functional import ce_rate_loss
from spikingjelly.activation_based.functional import temporal_efficient_training_cross_entropy

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER.parent))
from watched import f32, made_with, u8


def case(name, kind, T, B, C, largest=4):
    return dict(name=name, kind=kind, T=T, B=B, C=C, largest=largest)


CASES = [
    case(f"{kind}-{T}", kind, T, B, C)
    for kind in ["spikes", "numbers"]
    for T, B, C in [(1, 66, 3), (4, 3, 65), (33, 5, 10)]
] + [case("numbers-far", "numbers", 4, 3, 10, largest=10000)]


def run(case, random):
    T, B, C, largest = case["T"], case["B"], case["C"], case["largest"]
    drawn = torch.rand([T, B, C], generator=random)
    spiking = case["kind"] == "spikes"
    x = (drawn < 0.3).double() if spiking else torch.round((2 * drawn - 1) * largest * 64) / 64
    labels = torch.randint(C, [B], generator=random)
    x.requires_grad_()
    loss = temporal_efficient_training_cross_entropy(x, labels)
    loss.backward()
    # It adds up in float32.
    torch.testing.assert_close(ce_rate_loss()(x, labels).double().squeeze(), loss, rtol=1e-6, atol=0)
    with torch.no_grad():
        own = [
            temporal_efficient_training_cross_entropy(x[:, b : b + 1], labels[b : b + 1])
            for b in range(B)
        ]
    return {
        "x": u8(x) if spiking else f32(x),
        "labels": u8(labels),
        "losses": f32(torch.stack(own)),
        "gradient": f32(x.grad),
    }


if __name__ == "__main__":
    tensors = {}
    for index, config in enumerate(CASES):
        made = run(config, torch.Generator().manual_seed(index))
        tensors |= {f"{config['name']}.{name}": tensor for name, tensor in made.items()}
    described = [{key: c[key] for key in c if key != "largest"} for c in CASES]
    path = FOLDER / "temporal_cross_entropy.safetensors"
    metadata = dict(
        made_with=made_with("snnTorch 1.0.0"), cases=json.dumps(described), tolerance=json.dumps(dict(rtol=1e-5, atol=1e-6))
    )
    save_file(tensors, path, metadata)
    print(path.name, path.stat().st_size)
