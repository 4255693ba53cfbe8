"""Prints what NumPy reads of .npy files, as JSON."""

import json
import sys

import numpy as np

arrays = [np.load(path, allow_pickle=False) for path in sys.argv[1:]]
print(json.dumps([
    {"dtype": array.dtype.str, "shape": array.shape, "values": array.ravel().tolist()}
    for array in arrays
]))
