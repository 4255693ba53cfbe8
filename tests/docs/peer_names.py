"""
What the pages for those who come from other programs don't name: classes and functions, and options of those
that have a counterpart.

    python tests/docs/peer_names.py

needs SpikingJelly 2.0.0, snnTorch 1.0.0, Norse 1.1.0. Prints nothing if all are named.
"""

import importlib
import inspect
import logging
import re
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {
    "from-spikingjelly.md": [
        f"spikingjelly.activation_based.{name}"
        for name in ("neuron", "layer", "surrogate", "encoding", "monitor", "learning", "rnn")
    ],
    "from-snntorch.md": [
        f"snntorch{name}"
        for name in ("", ".surrogate", ".functional.loss", ".functional.acc", ".functional.reg",
                     ".functional.quant", ".functional.probe", ".spikegen", ".backprop")
    ],
    "from-norse.md": ["norse.torch.module"],
}
# What there is for the programs' own use.
INNER = re.compile(r"^_|Base|(Parameters|State|Function)$|_backward$|^check_|^plot_")


def public(module):
    """What a user of a module calls."""
    for name, item in sorted(vars(importlib.import_module(module)).items()):
        ours = getattr(item, "__module__", "").startswith(module.split(".")[0])
        # Surrogates are there twice: SpikingJelly's as functions of lower case, snnTorch's as classes.
        if module.endswith("surrogate"):
            wanted = name[0].isupper() if "spikingjelly" in module else inspect.isfunction(item)
        else:
            wanted = inspect.isclass(item) or module.startswith("snntorch.") and inspect.isfunction(item)
        if ours and wanted and not INNER.search(name):
            yield name, item


def options(item):
    try:
        return [name for name in inspect.signature(item).parameters if name not in ("self", "args", "kwargs")]
    except ValueError:
        return []


for page, modules in PAGES.items():
    text = (DOCS / page).read_text()
    named = set(re.findall(r"\w+", " ".join(re.findall(r"`[^`]*`", text))))
    rows = [row.split(" | ") for row in text.splitlines() if row.startswith("|")]
    nothing = {name for row in rows if row[1].strip() == "nothing" for name in re.findall(r"\w+", row[0])}
    nothing.update(re.findall(r"\w+", text.partition("## Not here")[2]))
    for module in modules:
        for name, item in public(module):
            if name not in named:
                print(f"{page}: {module}.{name}")
            elif name not in nothing:
                missing = [option for option in options(item) if option not in named]
                if missing:
                    print(f"{page}: {name}({', '.join(missing)})")
