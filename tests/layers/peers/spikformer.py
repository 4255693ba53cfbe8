"""
SpikingJelly's Spikformer on random pictures: see spikformer.ts.

    python tests/layers/peers/spikformer.py FOLDER

writes FOLDER/spikformer.safetensors, a state dict, FOLDER/x.npy, the pictures, and FOLDER/spikformer.npy, the means
over T of what comes out. Needs SpikingJelly 2.0.0.
"""

import json
import logging
import sys
import warnings

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)

import numpy as np
import torch
from safetensors.torch import save_file
from spikingjelly.activation_based.model import spikformer

T = 4
folder = sys.argv[1]
torch.manual_seed(0)
torch.set_grad_enabled(False)
x = torch.rand(4, 3, 32, 32)
np.save(f"{folder}/x.npy", x.numpy())
network = spikformer.Spikformer(
    T, img_size_h=32, img_size_w=32, patch_size=4, num_classes=10, embed_dims=64, num_heads=4, depths=2
)
network.eval()
for module in network.modules():
    if hasattr(module, "running_mean"):
        # Such that neurons fire in all layers, and not always.
        module.running_mean.normal_(0, 0.01)
        module.running_var.uniform_(0.001, 0.01)
state = network.state_dict()
save_file({k: v for k, v in state.items() if "num_batches" not in k}, f"{folder}/spikformer.safetensors")
np.save(f"{folder}/spikformer.npy", network(x).mean(0).numpy())
print(json.dumps(None))
