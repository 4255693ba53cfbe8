"""Times training steps as one jitted function of JAX: the tutorial's, and those of recurrent networks.

The way that libraries on JAX take: a scan over the time steps, and a surrogate gradient by custom_vjp;
XLA compiles the whole step, with Adam, once. Prints a line of JSON as spikingjelly_step.py does.
"""

import argparse
import json
import math
import time

import jax
import jax.numpy as jnp

BATCH = 128
FEATURES = 784
CLASSES = 10
STEPS = 100
TAU = 2.0
THRESHOLD = 1.0
ALPHA = 2.0
LEARNING_RATE = 1e-3
# The share of lit pixels of MNIST.
LIT = 0.19


@jax.custom_vjp
def spike(x):
    return (x >= 0).astype(jnp.float32)


def spike_backward(x, gradient):
    """The derivative of an arc tangent in the place of that of a step."""
    return (gradient * ALPHA / 2 / (1 + (math.pi / 2 * ALPHA * x) ** 2),)


spike.defvjp(lambda x: (spike(x), x), spike_backward)


def loss(weight, images, target, key):
    def step(carry, key):
        v, fired = carry
        spikes = (jax.random.uniform(key, images.shape) < images).astype(jnp.float32)
        h = v + (spikes @ weight - v) / TAU
        s = spike(h - THRESHOLD)
        return ((1 - s) * h, fired + s), None

    zeros = jnp.zeros((BATCH, CLASSES))
    (_, fired), _ = jax.lax.scan(step, (zeros, zeros), jax.random.split(key, STEPS))
    return jnp.mean((fired / STEPS - target) ** 2)


@jax.jit
def train(state, images, target):
    """A step of Adam."""
    weight, first, second, count, key = state
    key, now = jax.random.split(key)
    gradient = jax.grad(loss)(weight, images, target, now)
    count = count + 1
    first = 0.9 * first + 0.1 * gradient
    second = 0.999 * second + 0.001 * gradient**2
    mean, square = first / (1 - 0.9**count), second / (1 - 0.999**count)
    return weight - LEARNING_RATE * mean / (jnp.sqrt(square) + 1e-8), first, second, count, key


def scan_network(parameters, current, charge, zeros, readout_tau):
    """Neurons that hear each other, then a layer that reads what they fire: rates [batch, classes]."""
    recurrent, weight, bias = parameters

    def step(carry, x):
        state, spikes, v, fired = carry
        h, state = charge(state, x + spikes @ recurrent)
        spikes = spike(h - THRESHOLD)
        # A detached reset, or one that lets gradients through, takes as long.
        state = (state[0] * (1 - spikes), *state[1:])
        u = v + (spikes @ weight + bias - v * (readout_tau > 1)) / readout_tau
        s = spike(u - THRESHOLD)
        return (state, spikes, (1 - s) * u, fired + s), None

    rates = jnp.zeros((current.shape[1], bias.shape[0]))
    carry = (charge.start(zeros), zeros, rates, rates)
    return jax.lax.scan(step, carry, current)[0][3] / current.shape[0]


class If:
    """Neurons without a leak: the state is (v,)."""

    def start(self, zeros):
        return (zeros,)

    def __call__(self, state, x):
        h = state[0] + x
        return h, (h,)


class CubaLif:
    """Current-based neurons: the state is (v, i)."""

    def start(self, zeros):
        return zeros, zeros

    def __call__(self, state, x):
        i = 0.9 * state[1] + x
        h = 0.95 * state[0] + i
        return h, (h, i)


def uniform(key, inputs, outputs):
    bound = 1 / math.sqrt(inputs)
    keys = jax.random.split(key)
    return (
        jax.random.uniform(keys[0], (inputs, outputs), minval=-bound, maxval=bound),
        jax.random.uniform(keys[1], (outputs,), minval=-bound, maxval=bound),
    )


def feedback(key):
    """28-32-10, T 28, batch 256: a layer of each step's column, neurons that hear each other."""
    keys = jax.random.split(key, 7)
    lit = jax.random.uniform(keys[0], (28, 256, 28)) < LIT
    x = jax.random.uniform(keys[1], (28, 256, 28)) * lit
    layers = [uniform(keys[2], 28, 32), uniform(keys[3], 32, 32), uniform(keys[4], 32, 10)]
    recurrent = uniform(keys[5], 32, 32)[0]

    def rates(parameters, x):
        (first, second, last), recurrent = parameters
        # All time steps at once, before the scan.
        current = (x @ first[0] + first[1]) @ second[0] + second[1]
        return scan_network((recurrent, *last), current, If(), jnp.zeros((256, 32)), 1.0)

    return (layers, recurrent), rates, x, jax.random.randint(keys[6], (256,), 0, 10), 10


def spoken(key):
    """700-256-20, T 100, batch 64, spikes at 2 %: current-based neurons that hear each other."""
    keys = jax.random.split(key, 5)
    x = (jax.random.uniform(keys[0], (100, 64, 700)) < 0.02).astype(jnp.float32)
    layers = [uniform(keys[1], 700, 256), uniform(keys[2], 256, 20)]
    recurrent = uniform(keys[3], 256, 256)[0]

    def rates(parameters, x):
        (first, last), recurrent = parameters
        current = x @ first[0] + first[1]
        return scan_network((recurrent, *last), current, CubaLif(), jnp.zeros((64, 256)), 20.0)

    return (layers, recurrent), rates, x, jax.random.randint(keys[4], (64,), 0, 20), 20


def recurrent_step(make):
    """A step of Adam of a recurrent network: what it changes, and the step."""
    parameters, rates, x, labels, classes = make(jax.random.key(1))
    target = jax.nn.one_hot(labels, classes)
    zeros = jax.tree.map(jnp.zeros_like, parameters)

    def error(parameters):
        return jnp.mean((rates(parameters, x) - target) ** 2)

    @jax.jit
    def train(state):
        parameters, first, second, count = state
        gradient = jax.grad(error)(parameters)
        count = count + 1
        first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, first, gradient)
        second = jax.tree.map(lambda m, g: 0.999 * m + 0.001 * g**2, second, gradient)
        scale = LEARNING_RATE / (1 - 0.9**count)

        def update(p, m, s):
            return p - scale * m / (jnp.sqrt(s / (1 - 0.999**count)) + 1e-8)

        return jax.tree.map(update, parameters, first, second), first, second, count

    return (parameters, zeros, zeros, jnp.float32(0)), train


def tutorial_step():
    keys = jax.random.split(jax.random.key(1), 5)
    lit = jax.random.uniform(keys[0], (BATCH, FEATURES)) < LIT
    images = jax.random.uniform(keys[1], (BATCH, FEATURES)) * lit
    target = jax.nn.one_hot(jax.random.randint(keys[2], (BATCH,), 0, CLASSES), CLASSES)
    bound = 1 / math.sqrt(FEATURES)
    weight = jax.random.uniform(keys[3], (FEATURES, CLASSES), minval=-bound, maxval=bound)
    state = (weight, jnp.zeros_like(weight), jnp.zeros_like(weight), jnp.float32(0), keys[4])
    return state, lambda state: train(state, images, target)


STEPS = {
    "tutorial, JAX": tutorial_step,
    "28-32-10 feedback, JAX": lambda: recurrent_step(feedback),
    "700-256-20 recurrent, JAX": lambda: recurrent_step(spoken),
}


def peak_memory_mb():
    """The peak of the process's memory; None where the system doesn't say."""
    try:
        with open("/proc/self/status") as status:
            lines = [line for line in status if line.startswith("VmHWM:")]
    except OSError:
        return None
    return int(lines[0].split()[1]) / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--item", required=True, help="what is timed, as tutorial, JAX")
    parser.add_argument("--milliseconds", type=float, default=1000, help="how long a round takes")
    parser.add_argument("--rounds", type=int, default=3, help="how many rounds there are")
    args = parser.parse_args()
    if args.item not in STEPS:
        raise ValueError(f"unknown item {args.item!r}")
    state, step = STEPS[args.item]()

    def run(state, steps):
        start = time.perf_counter()
        for _ in range(steps):
            state = step(state)
        jax.block_until_ready(state)
        return state, 1000 * (time.perf_counter() - start)

    for _ in range(3):
        state, once = run(state, 1)
    steps = max(1, round(args.milliseconds / once))
    ms = []
    for _ in range(args.rounds):
        state, total = run(state, steps)
        ms.append(total / steps)
    line = {"name": args.item, "ms": ms, "peakMemoryMb": peak_memory_mb()}
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
