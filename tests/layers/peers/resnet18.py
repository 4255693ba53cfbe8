"""
SpikingJelly's residual networks of 18 layers on random pictures: see resnet18.ts.

    python tests/layers/peers/resnet18.py FOLDER

writes FOLDER/{sew,spiking}.safetensors, state dicts, FOLDER/x.npy, the pictures, and FOLDER/{sew,spiking}.npy, the
means over T of what comes out. Needs SpikingJelly 2.0.0.
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
from spikingjelly.activation_based import functional, neuron
from spikingjelly.activation_based.model import sew_resnet, spiking_resnet

T = 4
folder = sys.argv[1]
torch.manual_seed(0)
torch.set_grad_enabled(False)
x = torch.rand(4, 3, 64, 64)
np.save(f"{folder}/x.npy", x.numpy())
networks = {
    "sew": sew_resnet.sew_resnet18(spiking_neuron=neuron.IFNode, num_classes=10, cnf="ADD"),
    "spiking": spiking_resnet.spiking_resnet18(spiking_neuron=neuron.IFNode, num_classes=10),
}
for name, network in networks.items():
    functional.set_step_mode(network, "m")
    network.eval()
    for module in network.modules():
        if hasattr(module, "running_mean"):
            module.running_mean.normal_(0, 0.1)
            # Such that neurons fire in all layers.
            module.running_var.uniform_(0.3, 0.8)
    state = network.state_dict()
    save_file({k: v for k, v in state.items() if "num_batches" not in k}, f"{folder}/{name}.safetensors")
    np.save(f"{folder}/{name}.npy", network(x.expand(T, *x.shape)).mean(0).numpy())
print(json.dumps(None))
