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
    parser.add_argument("--item", required=True, help="what is timed: tutorial, JAX")
    parser.add_argument("--milliseconds", type=float, default=1000, help="how long a round takes")
    parser.add_argument("--rounds", type=int, default=3, help="how many rounds there are")
    args = parser.parse_args()
    if args.item != "tutorial, JAX":
        raise ValueError(f"unknown item {args.item!r}")

    keys = jax.random.split(jax.random.key(1), 5)
    lit = jax.random.uniform(keys[0], (BATCH, FEATURES)) < LIT
    images = jax.random.uniform(keys[1], (BATCH, FEATURES)) * lit
    target = jax.nn.one_hot(jax.random.randint(keys[2], (BATCH,), 0, CLASSES), CLASSES)
    bound = 1 / math.sqrt(FEATURES)
    weight = jax.random.uniform(keys[3], (FEATURES, CLASSES), minval=-bound, maxval=bound)
    state = (weight, jnp.zeros_like(weight), jnp.zeros_like(weight), jnp.float32(0), keys[4])

    def run(state, steps):
        start = time.perf_counter()
        for _ in range(steps):
            state = train(state, images, target)
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
