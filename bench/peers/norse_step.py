"""Times what galvani_step.ts times, done by Norse: a loop over the time steps, as its cells are used.

Prints a line of JSON: {"name", "ms", "peakMemoryMb"}, "ms" having a number for each round.
"""

import norse.torch as norse
import stepwise
import torch


def neurons():
    # Half of the distance to the input in a step: tau 2.
    parameters = norse.LIFBoxParameters(tau_mem_inv=torch.as_tensor(500.0))
    return norse.LIFBoxCell(p=parameters, dt=1e-3), None


if __name__ == "__main__":
    stepwise.main(__doc__, neurons)
