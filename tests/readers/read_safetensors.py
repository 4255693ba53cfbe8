"""Prints what safetensors reads of a file, as JSON."""

import json
import sys

from safetensors import safe_open
from safetensors.numpy import load_file

path = sys.argv[1]
with safe_open(path, framework="numpy") as file:
    metadata = file.metadata()
print(json.dumps({
    "metadata": metadata,
    "tensors": {
        name: {"dtype": array.dtype.str, "shape": array.shape, "values": array.ravel().tolist()}
        for name, array in load_file(path).items()
    },
}))
