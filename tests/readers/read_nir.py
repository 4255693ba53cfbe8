"""Prints what NIR's package reads of NIR files, as JSON, and writes each again, compressed in several ways."""

import json
import sys

import nir
import numpy as np

files = []
for path in sys.argv[1:]:
    graph = nir.read(path)
    nodes = {}
    for name, node in graph.nodes.items():
        values = {"type": type(node).__name__}
        for key, value in node.to_dict().items():
            if isinstance(value, np.ndarray):
                values[key] = value.tolist()
        nodes[name] = values
    files.append({"edges": sorted(map(list, graph.edges)), "nodes": nodes})
    for compression in ("gzip", "lzf", None):
        nir.write(f"{path}.{compression}", graph, compression=compression)
print(json.dumps(files))
