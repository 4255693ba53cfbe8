"""Times what galvani_step.ts times, done by JAX: each step is one jitted function.

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
HIDDEN = 800
HIDDEN_STEPS = 8
ONM_BATCH = 16
ONM_STEPS = 500
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


def lif(v, current):
    h = v + (current - v) / TAU
    s = spike(h - THRESHOLD)
    return (1 - s) * h, s


def tutorial(weight, images, target, key):
    def step(carry, key):
        v, fired = carry
        spikes = (jax.random.uniform(key, images.shape) < images).astype(jnp.float32)
        v, s = lif(v, spikes @ weight)
        return (v, fired + s), None

    zeros = jnp.zeros((BATCH, CLASSES))
    (_, fired), _ = jax.lax.scan(step, (zeros, zeros), jax.random.split(key, STEPS))
    return jnp.mean((fired / STEPS - target) ** 2)


def two_layers(parameters, images, target, _):
    """784-800-10, the picture at each time step: the first layer multiplies it once."""
    first, bias, second, other = parameters
    current = images @ first + bias

    def step(carry, _):
        v, u, fired = carry
        v, s = lif(v, current)
        u, s = lif(u, s @ second + other)
        return (v, u, fired + s), None

    zeros = jnp.zeros((BATCH, CLASSES))
    carry = (jnp.zeros((BATCH, HIDDEN)), zeros, zeros)
    (_, _, fired), _ = jax.lax.scan(step, carry, length=HIDDEN_STEPS)
    return jnp.mean((fired / HIDDEN_STEPS - target) ** 2)


def onm(parameters, x):
    """A Linear layer on all time steps at once and neurons; the sum of their spikes."""
    weight, bias = parameters
    _, spikes = jax.lax.scan(lif, jnp.zeros(x.shape[1:]), x @ weight + bias)
    return jnp.sum(spikes)


def lif_alone(x, gradient):
    _, spikes = jax.lax.scan(lif, jnp.zeros(x.shape[1:]), x)
    return jnp.sum(spikes * gradient)


def adam(loss):
    """A training step, jitted."""

    @jax.jit
    def train(state, images, target):
        weights, first, second, count, key = state
        key, now = jax.random.split(key)
        gradient = jax.grad(loss)(weights, images, target, now)
        count = count + 1
        each = jax.tree_util.tree_map
        first = each(lambda m, g: 0.9 * m + 0.1 * g, first, gradient)
        second = each(lambda v, g: 0.999 * v + 0.001 * g**2, second, gradient)

        def moved(w, m, v):
            mean, square = m / (1 - 0.9**count), v / (1 - 0.999**count)
            return w - LEARNING_RATE * mean / (jnp.sqrt(square) + 1e-8)

        return each(moved, weights, first, second), first, second, count, key

    return train


def training(loss, shapes):
    """What runs steps of a training from random weights; a batch is as light as those of MNIST."""
    keys = jax.random.split(jax.random.key(1), 4 + len(shapes))
    lit = jax.random.uniform(keys[0], (BATCH, FEATURES)) < LIT
    images = jax.random.uniform(keys[1], (BATCH, FEATURES)) * lit
    target = jax.nn.one_hot(jax.random.randint(keys[2], (BATCH,), 0, CLASSES), CLASSES)
    weights = tuple(
        jax.random.uniform(key, shape, minval=-bound, maxval=bound)
        for key, (shape, inputs) in zip(keys[4:], shapes)
        for bound in [1 / math.sqrt(inputs)]
    )
    zeros = jax.tree_util.tree_map(jnp.zeros_like, weights)
    train = adam(loss)

    def step(state):
        return train(state, images, target)

    return step, (weights, zeros, zeros, jnp.float32(0), keys[3])


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
    """A step of Adam of a recurrent network, and what it changes."""
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

    return train, (parameters, zeros, zeros, jnp.float32(0))


RECURRENT = {"28-32-10 feedback": feedback, "700-256-20 recurrent": spoken}


def make(item):
    """What runs a step from a state, and the first state."""
    if item == "tutorial":
        def loss(weights, *others):
            return tutorial(weights[0], *others)

        return training(loss, [((FEATURES, CLASSES), FEATURES)])
    if item == "784-800-10":
        shapes = [
            ((FEATURES, HIDDEN), FEATURES), ((HIDDEN,), FEATURES),
            ((HIDDEN, CLASSES), HIDDEN), ((CLASSES,), HIDDEN),
        ]
        return training(two_layers, shapes)
    if item in RECURRENT:
        return recurrent_step(RECURRENT[item])
    keys = jax.random.split(jax.random.key(1), 2)
    word, *sizes = item.split()
    if word == "onm":
        neurons = int(sizes[0])
        bound = 1 / math.sqrt(neurons)
        weight = jax.random.uniform(keys[0], (neurons, neurons), minval=-bound, maxval=bound)
        x = jax.random.uniform(keys[1], (ONM_STEPS, ONM_BATCH, neurons))
        gradient = jax.jit(jax.grad(onm))
        parameters = (weight, jnp.zeros(neurons))
        return (lambda _: gradient(parameters, x)), None
    if word == "lif":
        shape = (int(sizes[1]), int(sizes[0]))
        x = 2.5 * jax.random.uniform(keys[0], shape)
        seed = 2 * jax.random.uniform(keys[1], shape) - 1
        gradient = jax.jit(jax.grad(lif_alone))
        return (lambda _: gradient(x, seed)), None
    raise ValueError(f"unknown item {item!r}")


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
    parser.add_argument("--item", required=True, help="what is timed")
    parser.add_argument("--milliseconds", type=float, default=1000, help="how long a round takes")
    parser.add_argument("--rounds", type=int, default=3, help="how many rounds there are")
    args = parser.parse_args()
    step, state = make(args.item)

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
