"""
Writes golden numbers of recurrent layers, synapse filters, adaptive and other neurons: SpikingJelly 2.0, snnTorch
and Norse on PyTorch, float64.

    python tests/goldens/recurrent/make.py

`recurrent.safetensors`: layers alone. Spikes are U8, other numbers F32; all that is given is exact in float32.
`metadata.cases` is a JSON list:

    name     what the case's tensors begin with
    layer    `type`, the class's name, and its arguments
    T, B     sizes
    shape    of a sample at one time step
    kind     "spikes" or "numbers": what comes in
    over     "time"

    NAME.x           the input: [T, B, ...shape]
    NAME.y           the output, likewise
    NAME.grad_y      the gradient of sum(grad_y * y) for y, likewise
    NAME.grad_x      for x
    NAME.TENSOR      what is learned, by its name in PyTorch; .grad_TENSOR

`rc`, the Linear layer of a LinearRecurrentContainer, is given as its two parts: the columns that read the
input, with the bias, and those that read what was fired before.

Norse's neurons are charged by what came in one time step before; so x[0] is their first current. A soft reset
of adaptive neurons is the equations of Bellec et al. (2018), written down here: Norse has none.

No membrane potential comes nearer than 0.0001 to the threshold, so spikes must be equal, and some neurons
fire, but not always: another seed is taken until that is so.
"""

import sys
from pathlib import Path

import snntorch
import torch
from norse.torch.functional.lsnn import LSNNFeedForwardState, LSNNParameters, lsnn_feed_forward_step
from spikingjelly.activation_based import functional, layer, neuron, surrogate

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER.parent))
from watched import Watched, f32, u8, write_cases

TOLERANCE = {"rtol": 1e-5, "atol": 1e-5}


def normal(random, size, step=1 / 256):
    """Rounded to multiples of a power of two, so exact in float32."""
    return torch.round(torch.randn(size, generator=random) / step) * step


def neurons(kind, **arguments):
    return getattr(neuron, kind)(surrogate_function=Watched(), step_mode="s", **arguments)


def linear_container(case, tensors, random):
    """SpikingJelly's container: one Linear layer for the input and for what was fired."""
    features = case["shape"][0]
    module = layer.LinearRecurrentContainer(
        neurons(**case["layer"]["neurons"]), features, features, step_mode="m"
    )
    with torch.no_grad():
        module.rc.weight.copy_(2 * normal(random, (features, 2 * features)) / features**0.5)
        module.rc.weight.copy_(torch.round(module.rc.weight * 4096) / 4096)
        module.rc.bias.copy_(normal(random, (features,)) / 4)

    def parts(weight, bias):
        return {
            "0.weight": weight[:, :features],
            "0.bias": bias,
            "1.recurrent.weight": weight[:, features:],
        }

    tensors |= parts(module.rc.weight, module.rc.bias)
    return module, lambda: parts(module.rc.weight.grad, module.rc.bias.grad)


def element_wise_container(case, tensors, random):
    return (
        layer.ElementWiseRecurrentContainer(
            neurons(**case["layer"]["neurons"]), lambda y, x: y + x, step_mode="m"
        ),
        lambda: {},
    )


class OverTime(torch.nn.Module):
    """snnTorch's neurons over all time steps; they take what they gave: spikes if they hear them, and their state."""

    def __init__(self, cell):
        super().__init__()
        self.cell = cell

    def forward(self, x_seq):
        hears, states = isinstance(self.cell, HEARING), 2 if hasattr(self.cell, "alpha") else 1
        spikes, *state = [torch.zeros_like(x_seq[0])] * (1 + states)
        fired = []
        for x in x_seq:
            # A potential that is above the threshold after its reset would fire by another rule.
            assert self.cell.reset_delay or (state[-1] < self.cell.threshold).all()
            spikes, *state = self.cell(x, *[spikes] * hears, *state)
            fired.append(spikes)
        return torch.stack(fired)


HEARING = (snntorch.RLeaky, snntorch.RSynaptic)


def snntorch_neurons(case, tensors, random):
    features = case["shape"][0]
    arguments = {k: v for k, v in case["layer"].items() if k != "type"}
    Class = getattr(snntorch, case["layer"]["type"])
    if Class not in HEARING:
        return OverTime(Class(spike_grad=Watched(), **arguments)), lambda: {}
    cell = Class(linear_features=features, spike_grad=Watched(), **arguments)
    with torch.no_grad():
        cell.recurrent.weight.copy_(torch.round(normal(random, (features, features)) * 32) / 256)
        cell.recurrent.bias.copy_(normal(random, (features,)) / 8)
    recurrent = {"recurrent.weight": cell.recurrent.weight, "recurrent.bias": cell.recurrent.bias}
    tensors |= recurrent
    return OverTime(cell), lambda: {name: tensor.grad for name, tensor in recurrent.items()}


def other_neurons(case, tensors, random):
    arguments = {k: v for k, v in case["layer"].items() if k != "type"}
    module = neurons(case["layer"]["type"], **arguments)
    functional.set_step_mode(module, "m")
    learned = dict(module.named_parameters())
    if learned:
        with torch.no_grad():
            module.k.fill_(1.25)
    tensors |= learned
    return module, lambda: {name: tensor.grad for name, tensor in learned.items()}


def synapse_filter(case, tensors, random):
    arguments = {k: v for k, v in case["layer"].items() if k != "type"}
    module = layer.SynapseFilter(**arguments, step_mode="m")
    learned = dict(module.named_parameters())
    tensors |= learned
    return module, lambda: {name: tensor.grad for name, tensor in learned.items()}


class Lsnn(torch.nn.Module):
    """Norse's adaptive neurons; their synapses keep nothing, so that the input charges them."""

    def __init__(self, tau, tau_adapt, beta):
        super().__init__()
        self.p = LSNNParameters(
            tau_syn_inv=torch.tensor(1.0),
            tau_mem_inv=torch.tensor(1 / tau),
            tau_adapt_inv=torch.tensor(1 / tau_adapt),
            v_th=torch.tensor(1.0),
            # Norse's beta is what a spike adds.
            beta=torch.tensor(beta / tau_adapt),
            alpha=torch.tensor(1.0),
        )

    def forward(self, x_seq):
        zeros = torch.zeros_like(x_seq[0])
        state, fired = LSNNFeedForwardState(v=zeros, i=x_seq[0], b=zeros + 1), []
        for x in [*x_seq[1:], zeros]:
            v = state.v + self.p.tau_mem_inv * (state.i - state.v)
            threshold = state.b + self.p.tau_adapt_inv * (1 - state.b)
            Watched.saw(v - threshold)
            spikes, state = lsnn_feed_forward_step(x, state, self.p, dt=1.0)
            fired.append(spikes)
        return torch.stack(fired)


class SoftAdaptive(torch.nn.Module):
    """Adaptive neurons from whose potential a spike takes the threshold."""

    def __init__(self, tau, tau_adapt, beta, detach_reset):
        super().__init__()
        self.tau, self.tau_adapt, self.beta, self.detach_reset = tau, tau_adapt, beta, detach_reset

    def forward(self, x_seq):
        v = a = torch.zeros_like(x_seq[0])
        fired, spike = [], Watched()
        for x in x_seq:
            h = v + (x - v) / self.tau
            a = a - a / self.tau_adapt
            spikes = spike(h - (1 + a))
            v = h - (spikes.detach() if self.detach_reset else spikes) * (1 + a)
            a = a + spikes * self.beta / self.tau_adapt
            fired.append(spikes)
        return torch.stack(fired)


def of_class(Module):
    def make(case, tensors, random):
        return Module(**{k: v for k, v in case["layer"].items() if k != "type"}), lambda: {}

    return make


MAKE = {
    "Lsnn": of_class(Lsnn),
    "SoftAdaptive": of_class(SoftAdaptive),
    "LinearRecurrentContainer": linear_container,
    "ElementWiseRecurrentContainer": element_wise_container,
    "Leaky": snntorch_neurons,
    "Synaptic": snntorch_neurons,
    "RLeaky": snntorch_neurons,
    "RSynaptic": snntorch_neurons,
    "QIFNode": other_neurons,
    "EIFNode": other_neurons,
    "IzhikevichNode": other_neurons,
    "KLIFNode": other_neurons,
    "SynapseFilter": synapse_filter,
}


def case(name, type, T, B, features, kind="numbers", **arguments):
    layer = {"type": type, **arguments}
    return dict(name=name, layer=layer, T=T, B=B, shape=[features], kind=kind, over="time")


def lif(**arguments):
    return {"kind": "LIFNode", "tau": 2.0, **arguments}


# How large the numbers that come in are: so that neurons fire, but not always.
SCALE = {
    "LinearRecurrentContainer": 1,
    "ElementWiseRecurrentContainer": 1,
    "Lsnn": 4,
    "SoftAdaptive": 4,
    "QIFNode": 2,
    "EIFNode": 3,
    "IzhikevichNode": 1.5,
    "KLIFNode": 1,
}

CASES = [
    case("container", "LinearRecurrentContainer", 28, 3, 12, neurons=lif()),
    case("container-if", "LinearRecurrentContainer", 33, 2, 9, neurons={"kind": "IFNode", "detach_reset": True}),
    case("container-soft", "LinearRecurrentContainer", 11, 2, 17, "spikes", neurons=lif(v_reset=None)),
    case("container-one", "LinearRecurrentContainer", 100, 1, 1, neurons=lif()),
    case("element-wise", "ElementWiseRecurrentContainer", 28, 3, 10, neurons=lif()),
    case("element-wise-soft", "ElementWiseRecurrentContainer", 35, 2, 5, neurons=lif(v_reset=None)),
    case("rleaky", "RLeaky", 28, 2, 12, beta=0.75, reset_delay=False),
    case("rleaky-long", "RLeaky", 100, 1, 6, beta=0.5, reset_delay=False),
    case("lsnn", "Lsnn", 28, 3, 6, tau=2.0, tau_adapt=20.0, beta=4.0),
    case("lsnn-long", "Lsnn", 135, 1, 4, tau=4.0, tau_adapt=50.0, beta=6.0),
    case("soft", "SoftAdaptive", 28, 3, 6, tau=2.0, tau_adapt=10.0, beta=3.0, detach_reset=False),
    case("soft-detached", "SoftAdaptive", 35, 2, 4, tau=2.0, tau_adapt=10.0, beta=3.0, detach_reset=True),
    case("filter", "SynapseFilter", 28, 3, 7, "spikes", tau=4.0),
    case("filter-learned", "SynapseFilter", 35, 2, 5, "spikes", tau=8.0, learnable=True),
    case("filter-numbers", "SynapseFilter", 9, 2, 3, "numbers", tau=2.0, learnable=True),
    # snnTorch's defaults: the threshold is subtracted in the next step.
    case("leaky-delayed", "Leaky", 28, 3, 6, beta=0.75),
    case("leaky-delayed-long", "Leaky", 135, 1, 5, beta=0.9375),
    case("synaptic-delayed", "Synaptic", 35, 2, 6, alpha=0.5, beta=0.75),
    case("rleaky-delayed", "RLeaky", 28, 2, 12, beta=0.75),
    case("rleaky-delayed-long", "RLeaky", 100, 1, 6, beta=0.5),
    case("rsynaptic-delayed", "RSynaptic", 33, 2, 9, alpha=0.5, beta=0.5),
    case("qif", "QIFNode", 28, 3, 6),
    case("qif-soft", "QIFNode", 35, 2, 5, tau=4.0, v_c=0.5, a0=1.5, v_rest=-0.25, v_reset=None, detach_reset=True),
    case("eif", "EIFNode", 28, 3, 6, tau=4.0, delta_T=0.5, theta_rh=0.75, v_rest=0.125),
    case("eif-long", "EIFNode", 131, 1, 4, tau=4.0, theta_rh=1.0, detach_reset=True),
    case("izhikevich", "IzhikevichNode", 28, 3, 6, tau_w=4.0, a=0.25, b=0.5, w_rest=0.125),
    case("izhikevich-soft", "IzhikevichNode", 35, 2, 5, v_c=0.5, tau_w=8.0, a=-0.25, b=0.75, v_reset=None, detach_reset=True),
    case("klif", "KLIFNode", 28, 3, 6),
    case("klif-soft", "KLIFNode", 35, 2, 5, tau=4.0, decay_input=False, v_reset=None),
]


def run(case, seed):
    """What a layer makes of an input, and its gradients; nothing if too few or too many fire."""
    random = torch.Generator().manual_seed(seed)
    size = [case["T"], case["B"], *case["shape"]]
    if case["kind"] == "spikes":
        x = (torch.rand(size, generator=random) < 0.3).double()
    else:
        x = normal(random, size) * SCALE.get(case["layer"]["type"], 0.5)
    tensors = {}
    module, gradients = MAKE[case["layer"]["type"]](case, tensors, random)
    tensors = {name: f32(tensor) for name, tensor in tensors.items()}
    x.requires_grad_()
    y = module(x)
    fires = case["layer"]["type"] != "SynapseFilter"
    if fires and not 0.05 < y.mean() < 0.8:
        return None
    grad_y = normal(random, y.shape, 1 / 64)
    (y * grad_y).sum().backward()
    functional.reset_net(module)
    tensors |= {
        "x": u8(x) if case["kind"] == "spikes" else f32(x),
        "y": u8(y) if fires else f32(y),
        "grad_y": f32(grad_y),
        "grad_x": f32(x.grad),
    }
    tensors |= {f"grad_{name}": f32(tensor) for name, tensor in gradients().items()}
    return tensors


if __name__ == "__main__":
    write_cases(FOLDER / "recurrent.safetensors", CASES, run, TOLERANCE, f"snnTorch {snntorch.__version__}")
