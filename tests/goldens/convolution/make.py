"""
Writes golden numbers of convolutional networks: SpikingJelly 2.0 on PyTorch, float64, multi-step.

    python tests/goldens/convolution/make.py

Two kinds of files, both safetensors. Spikes are U8, other numbers F32; all that is given is exact in
float32. T time steps, B samples; `shape` is that of a sample at one time step, channels first.

`conv.safetensors`, `norm.safetensors`, `pool.safetensors`: layers alone. `metadata.cases` is a JSON list:

    name     what the case's tensors begin with
    layer    `type`, the class's name, and the arguments that aren't PyTorch's defaults
    T, B     sizes
    shape    of the input: [C, H, W], [C, L] or [C]
    kind     "spikes" or "numbers"
    over     "time", or "constant": the same at each time step

    NAME.x                  the input: [T, B, ...shape]; constant: [B, ...shape]
    NAME.y                  the output, likewise
    NAME.grad_y             [T, B, ...]: the gradient of sum(grad_y * y) for y
    NAME.grad_x             for x; summed over T if it is constant
    NAME.weight, .bias      parameters of convolutions and norms; .grad_weight, .grad_bias; those of
                            threshold-dependent norms are the first values
    NAME.running_mean, .running_var                  of a norm before
    NAME.running_mean_after, .running_var_after      and after the step that learns
    NAME.y_answer           what a norm then gives for x in a step that doesn't learn

`csnn-*.safetensors`: three steps of training. `metadata.config` is JSON: `layers` in order (arguments as
above), `T`, `B`, `shape`, `steps`, `optimizer`. The loss is the mean of (rate - one_hot(label))^2. With S
steps and i the index of a layer:

    images                  F32 [S, B, ...shape], the same at each time step
    labels                  U8 [S, B]
    init.i.NAME             parameters; grad.i.NAME, param.i.NAME: [S, ...], after each step
    state.i.NAME            [S, ...]: running_mean and running_var after each step
    counts.i                U8 [S, B, ...]: how often each neuron of layer i spiked
    loss                    F32 [S]

No membrane potential comes nearer than 0.001 to the threshold, so spikes must be equal: images are
changed until none does. With Adam no gradient but 0 is below 1e-6, else rounding would decide the
direction of an update.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file
from spikingjelly.activation_based import functional, layer, neuron, surrogate

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER.parent))
from watched import f32, made_with, u8

MARGIN = 1e-3
SMALLEST = 1e-6
TOLERANCE = {
    "layers": {"rtol": 1e-5, "atol": 1e-5},
    "loss": {"rtol": 1e-5, "atol": 1e-7},
    "grad": {"rtol": 1e-4, "atol": 2e-7},
    "param": {"rtol": 1e-5, "atol": 5e-6},
    "state": {"rtol": 1e-5, "atol": 1e-6},
}


def on_grid(tensor, step):
    """Rounded to multiples of a power of two, so exact in float32."""
    return torch.round(tensor / step) * step


def case(name, kind, over, T, B, shape, type, levels=None, **arguments):
    layer = {"type": type, **arguments}
    return dict(
        name=name, layer=layer, T=T, B=B, shape=shape, kind=kind, over=over, levels=levels
    )


def conv(name, kind, over, T, B, shape, out, kernel, type="Conv2d", **more):
    sizes = dict(in_channels=shape[0], out_channels=out, kernel_size=kernel)
    return case(name, kind, over, T, B, shape, type, **sizes, **more)


CASES = {
    "conv": [
        conv("same-size", "spikes", "time", 5, 2, [3, 6, 7], 5, 3, padding=1),
        conv("same-size-batch-1", "numbers", "time", 4, 1, [3, 6, 5], 6, 3, padding=1),
        conv("image", "numbers", "constant", 4, 3, [1, 7, 5], 6, 3, padding=1, bias=False),
        conv("image-valid", "numbers", "constant", 5, 2, [3, 7, 6], 5, [5, 3], stride=[2, 1]),
        conv("stride-2", "spikes", "time", 4, 2, [5, 7, 7], 6, 3, stride=2, padding=1, bias=False),
        conv("stride-2-even", "numbers", "time", 5, 2, [3, 6, 6], 5, 3, stride=2, padding=1),
        conv("same-even-kernel", "spikes", "time", 5, 2, [3, 5, 6], 5, [4, 2], padding="same"),
        conv(
            "same-dilated", "numbers", "time", 5, 2, [3, 7, 6], 5, [4, 2],
            padding="same", dilation=[1, 3],
        ),
        conv("dilated", "spikes", "time", 4, 2, [3, 7, 6], 6, 3, padding=[2, 1], dilation=2),
        conv("groups", "spikes", "time", 5, 2, [6, 5, 6], 6, 3, padding=1, groups=3),
        conv("groups-odd", "numbers", "time", 4, 2, [6, 5, 4], 10, 3, groups=2, bias=False),
        conv("depthwise", "spikes", "time", 4, 2, [6, 6, 5], 6, 3, padding=1, groups=6),
        conv("depthwise-twice", "numbers", "time", 5, 2, [3, 5, 5], 6, 3, padding=1, groups=3),
        conv("pointwise", "spikes", "time", 5, 3, [6, 5, 5], 3, 1, bias=False),
        conv("pointwise-stride-2", "numbers", "time", 4, 2, [5, 5, 6], 6, 1, stride=2),
        conv("line", "spikes", "time", 5, 2, [3, 9], 5, 3, type="Conv1d", padding=1),
        conv(
            "line-groups", "numbers", "time", 4, 2, [6, 13], 6, 4, type="Conv1d",
            stride=2, dilation=2, groups=2, bias=False,
        ),
        conv("line-constant", "numbers", "constant", 5, 2, [1, 11], 3, 5, type="Conv1d"),
    ],
    "norm": [
        case("planes", "numbers", "time", 5, 3, [3, 5, 4], "BatchNorm2d", num_features=3),
        case("planes-spikes", "spikes", "time", 5, 2, [5, 4, 5], "BatchNorm2d", num_features=5),
        case(
            "planes-plain", "numbers", "time", 4, 2, [6, 3, 5], "BatchNorm2d",
            num_features=6, affine=False, momentum=0.25, eps=0.001,
        ),
        case("planes-constant", "numbers", "constant", 4, 3, [3, 5, 5], "BatchNorm2d", num_features=3),
        case("line", "numbers", "time", 4, 3, [5, 7], "BatchNorm1d", num_features=5),
        case("features", "numbers", "time", 5, 4, [6], "BatchNorm1d", num_features=6),
        case("features-spikes", "spikes", "time", 4, 5, [6], "BatchNorm1d", num_features=6),
        case("features-constant", "numbers", "constant", 5, 6, [5], "BatchNorm1d", num_features=5),
        case("features-batch-1", "numbers", "time", 5, 1, [3], "BatchNorm1d", num_features=3),
        case(
            "threshold-planes", "numbers", "time", 4, 2, [3, 2, 3], "ThresholdDependentBatchNorm2d",
            alpha=0.5, v_th=0.75, num_features=3,
        ),
        case(
            "threshold-features", "spikes", "time", 5, 3, [4], "ThresholdDependentBatchNorm1d",
            alpha=1, v_th=0.25, num_features=4, momentum=0.25, eps=0.001,
        ),
    ],
    "pool": [
        case("max", "numbers", "time", 5, 2, [3, 6, 7], "MaxPool2d", kernel_size=2),
        case("max-spikes", "spikes", "time", 5, 2, [3, 6, 7], "MaxPool2d", kernel_size=2),
        case("max-constant", "numbers", "constant", 5, 2, [3, 6, 7], "MaxPool2d", kernel_size=2),
        case(
            "max-ties", "numbers", "time", 4, 2, [5, 6, 6], "MaxPool2d", levels=2, kernel_size=2
        ),
        case(
            "max-overlap", "numbers", "time", 5, 2, [3, 7, 6], "MaxPool2d",
            kernel_size=3, stride=2, padding=1,
        ),
        case(
            "max-overlap-spikes", "spikes", "time", 4, 3, [3, 7, 6], "MaxPool2d",
            kernel_size=3, stride=2, padding=1,
        ),
        case(
            "max-overlap-ties", "numbers", "time", 5, 2, [3, 5, 7], "MaxPool2d", levels=2,
            kernel_size=3, stride=2, padding=1,
        ),
        case(
            "max-ceil", "numbers", "time", 4, 2, [3, 7, 6], "MaxPool2d",
            kernel_size=[3, 2], stride=[2, 3], padding=[1, 0], ceil_mode=True,
        ),
        case(
            "max-ceil-spikes", "spikes", "time", 5, 2, [3, 8, 8], "MaxPool2d",
            kernel_size=2, stride=3, padding=1, ceil_mode=True,
        ),
        case("avg", "numbers", "time", 5, 2, [3, 6, 7], "AvgPool2d", kernel_size=2),
        case("avg-spikes", "spikes", "time", 4, 2, [5, 6, 7], "AvgPool2d", kernel_size=2),
        case("avg-constant", "numbers", "constant", 5, 2, [3, 6, 7], "AvgPool2d", kernel_size=2),
        case(
            "avg-overlap", "numbers", "time", 5, 2, [3, 7, 6], "AvgPool2d",
            kernel_size=3, stride=2, padding=1,
        ),
        case(
            "avg-overlap-inside", "numbers", "time", 4, 2, [3, 7, 6], "AvgPool2d",
            kernel_size=3, stride=2, padding=1, count_include_pad=False,
        ),
        case(
            "avg-overlap-inside-spikes", "spikes", "time", 5, 2, [3, 7, 6], "AvgPool2d",
            kernel_size=3, stride=2, padding=1, count_include_pad=False,
        ),
        case(
            "avg-ceil", "numbers", "time", 4, 2, [3, 8, 7], "AvgPool2d",
            kernel_size=[3, 2], stride=[2, 2], padding=1, ceil_mode=True,
        ),
        case(
            "avg-ceil-inside", "spikes", "time", 5, 2, [3, 8, 8], "AvgPool2d",
            kernel_size=3, stride=2, padding=1, ceil_mode=True, count_include_pad=False,
        ),
        case("whole", "numbers", "time", 5, 2, [6, 3, 5], "AdaptiveAvgPool2d", output_size=1),
        case("whole-spikes", "spikes", "time", 4, 3, [5, 5, 3], "AdaptiveAvgPool2d", output_size=1),
        case("whole-constant", "numbers", "constant", 5, 2, [6, 3, 5], "AdaptiveAvgPool2d", output_size=1),
        case("parts", "numbers", "time", 5, 2, [3, 6, 4], "AdaptiveAvgPool2d", output_size=[3, 2]),
        case("line-max", "spikes", "time", 5, 2, [3, 9], "MaxPool1d", kernel_size=2),
        case(
            "line-avg", "numbers", "time", 4, 2, [5, 9], "AvgPool1d",
            kernel_size=3, stride=2, padding=1,
        ),
    ],
}


def run_layer(case, random):
    """What a layer makes of an input, and its gradients."""
    T, B, shape = case["T"], case["B"], case["shape"]
    constant = case["over"] == "constant"
    leading = [B] if constant else [T, B]

    def normal(size, step):
        return on_grid(torch.randn(size, generator=random), step)

    if case["kind"] == "spikes":
        x = (torch.rand(leading + shape, generator=random) < 0.3).double()
    else:
        x = normal(leading + shape, 1 / 64 if case["levels"] is None else 1 / case["levels"])
    arguments = dict(case["layer"])
    module = getattr(layer, arguments.pop("type"))(**arguments)
    functional.set_step_mode(module, "m")
    tensors = {}
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            # What tells threshold-dependent norms from others is their first weight.
            if not case["layer"]["type"].startswith("Threshold"):
                parameter.copy_(normal(parameter.shape, 1 / 256))
            tensors[name] = f32(parameter)
        for name, buffer in module.named_buffers():
            if name == "num_batches_tracked":
                continue
            buffer.copy_(normal(buffer.shape, 1 / 64).abs() + (name == "running_var"))
            tensors[name] = f32(buffer)
    x.requires_grad_()
    x_seq = x.expand(T, *x.shape) if constant else x
    y = module(x_seq)
    grad_y = normal(y.shape, 1 / 64)
    (y * grad_y).sum().backward()
    tensors |= {
        "x": u8(x) if case["kind"] == "spikes" else f32(x),
        "y": f32(y[0] if constant else y),
        "grad_y": f32(grad_y),
        "grad_x": f32(x.grad),
    }
    for name, parameter in module.named_parameters():
        tensors[f"grad_{name}"] = f32(parameter.grad)
    if "Norm" in case["layer"]["type"]:
        tensors["running_mean_after"] = f32(module.running_mean)
        tensors["running_var_after"] = f32(module.running_var)
        module.eval()
        answer = module(x_seq)
        tensors["y_answer"] = f32(answer[0] if constant else answer)
    return {f"{case['name']}.{name}": tensor for name, tensor in tensors.items()}


def write(name, tensors, **metadata):
    path = FOLDER / f"{name}.safetensors"
    save_file(tensors, path, {"made_with": made_with()} | {k: json.dumps(v) for k, v in metadata.items()})
    print(path.name, path.stat().st_size)


def write_layers(file, cases):
    tensors = {}
    for index, case in enumerate(cases):
        tensors |= run_layer(case, torch.Generator().manual_seed(1000 + index))
    described = [{key: c[key] for key in c if key != "levels"} for c in cases]
    write(file, tensors, cases=described, tolerance=TOLERANCE["layers"])


CLASSES = 3
RUNS = {
    "csnn-adam": dict(T=5, norm=False, optimizer="Adam", seed=1),
    "csnn-sgd": dict(T=4, norm=False, optimizer="SGD", seed=2),
    "csnn-norm-adam": dict(T=4, norm=True, optimizer="Adam", seed=3),
    "csnn-norm-sgd": dict(T=5, norm=True, optimizer="SGD", seed=4),
}


def layers_of(norm):
    def block(inputs):
        convolution = dict(
            type="Conv2d", in_channels=inputs, out_channels=6, kernel_size=3, padding=1, bias=False
        )
        norms = [dict(type="BatchNorm2d", num_features=6)] if norm else []
        return [convolution, *norms, dict(type="IFNode"), dict(type="MaxPool2d", kernel_size=2)]

    return [
        *block(1),
        *block(6),
        dict(type="Flatten"),
        dict(type="Linear", in_features=54, out_features=8, bias=False),
        dict(type="IFNode"),
        dict(type="Linear", in_features=8, out_features=CLASSES, bias=False),
        dict(type="IFNode"),
    ]


def build(config):
    arguments = dict(config)
    type = arguments.pop("type")
    if type == "IFNode":
        return neuron.IFNode(surrogate_function=surrogate.ATan(), step_mode="m")
    return getattr(layer, type)(**arguments, step_mode="m")


def nearest(x_seq, spikes, threshold=1.0):
    """Potentials before the reset that are too near to the threshold, while the spikes are checked."""
    v = torch.zeros_like(x_seq[0])
    near = torch.zeros(x_seq.shape[1], dtype=torch.long)
    for x, s in zip(x_seq, spikes):
        h = v + x
        assert torch.equal((h >= threshold).double(), s)
        near += ((h - threshold).abs() < MARGIN).flatten(1).sum(1)
        v = h * (1 - s)
    return near


def forward(net, images, T):
    """Spikes of each layer of neurons, and how many potentials of each sample are too near."""
    functional.reset_net(net)
    signal = images.expand(T, *images.shape)
    fired, near = {}, 0
    for index, module in enumerate(net):
        output = module(signal)
        if isinstance(module, neuron.IFNode):
            fired[index] = output
            near = near + nearest(signal.detach(), output.detach())
        signal = output
    return fired, near


def images_without_near(net, T, B, shape, random, small_gradients):
    """Images that bring no potential near to the threshold: pixels are changed while that helps."""
    pick = np.random.default_rng(int(torch.randint(2**31, (1,), generator=random)))
    images = torch.rand([B, *shape], generator=random)
    images = on_grid(torch.where(images < 0.5, torch.zeros(()), 2 * images - 1), 1 / 256)
    norms = {k: v.clone() for k, v in net.state_dict().items()}

    def judge(images):
        with torch.no_grad():
            near = forward(net, images, T)[1]
        net.load_state_dict(norms)
        return near

    near = judge(images)
    while True:
        if near.sum() == 0 and not small_gradients(images):
            return images
        sample = pick.choice(np.flatnonzero(near)) if near.sum() else pick.integers(B)
        changed = images.clone()
        pixels = pick.integers(shape[-1], size=[2, 2])
        changed[sample, 0, pixels[0], pixels[1]] = torch.tensor(pick.integers(257, size=2) / 256)
        after = judge(changed)
        if after.sum() <= near.sum():
            images, near = changed, after


def write_run(name, run, B=6, shape=(1, 12, 12), steps=3):
    random = torch.Generator().manual_seed(run["seed"])
    T = run["T"]
    layers = layers_of(run["norm"])
    net = torch.nn.Sequential(*map(build, layers))
    with torch.no_grad():
        for key, parameter in net.named_parameters():
            # So large that all layers fire; a norm's own weights are near 1.
            scale = {1: 0.2, 2: 1.6 / parameter[0].numel() ** 0.5, 4: 1.2 / parameter[0].numel() ** 0.5}
            drawn = torch.randn(parameter.shape, generator=random) * scale[parameter.dim()]
            one = parameter.dim() == 1 and key.endswith("weight")
            parameter.copy_(on_grid(drawn + one, 1 / 1024))
    optimizer = {
        "Adam": lambda: torch.optim.Adam(net.parameters(), lr=0.01),
        "SGD": lambda: torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9),
    }[run["optimizer"]]()
    tensors = {f"init.{key}": f32(parameter) for key, parameter in net.named_parameters()}
    kept = {}

    def keep(key, tensor):
        kept.setdefault(key, []).append(tensor)

    def loss_of(images, labels):
        fired, _ = forward(net, images, T)
        one_hot = torch.nn.functional.one_hot(labels, CLASSES).double()
        loss = torch.nn.functional.mse_loss(fired[len(layers) - 1].mean(0), one_hot)
        optimizer.zero_grad()
        loss.backward()
        return fired, loss

    for _ in range(steps):
        labels = torch.randint(CLASSES, [B], generator=random)
        state = {k: v.clone() for k, v in net.state_dict().items()}

        def small_gradients(images):
            loss_of(images, labels)
            net.load_state_dict(state)
            grads = torch.cat([p.grad.flatten().abs() for p in net.parameters()])
            return run["optimizer"] == "Adam" and ((grads > 0) & (grads < SMALLEST)).any()

        images = images_without_near(net, T, B, list(shape), random, small_gradients)
        fired, loss = loss_of(images, labels)
        keep("images", f32(images))
        keep("labels", u8(labels))
        keep("loss", f32(loss)[0])
        for index, spikes in fired.items():
            keep(f"counts.{index}", u8(spikes.sum(0)))
        for key, parameter in net.named_parameters():
            keep(f"grad.{key}", f32(parameter.grad))
        optimizer.step()
        for key, parameter in net.named_parameters():
            keep(f"param.{key}", f32(parameter))
        for key, buffer in net.named_buffers():
            if "running" in key:
                keep(f"state.{key}", f32(buffer))
        rates = [f"{spikes.mean().item():.2f}" for spikes in fired.values()]
        print(name, "loss", f"{loss.item():.4f}", "rates", *rates, flush=True)
    group = optimizer.param_groups[0]
    names = {
        "Adam": ["lr", "betas", "eps", "weight_decay"],
        "SGD": ["lr", "momentum", "dampening", "weight_decay", "nesterov"],
    }[run["optimizer"]]
    config = dict(
        layers=layers, T=T, B=B, shape=list(shape), steps=steps, loss="mse_one_hot",
        optimizer={"name": run["optimizer"]} | {key: group[key] for key in names},
    )
    tensors |= {key: np.stack(values) for key, values in kept.items()}
    tolerance = {key: TOLERANCE[key] for key in ["loss", "grad", "param", "state"]}
    write(name, tensors, config=config, tolerance=tolerance)


if __name__ == "__main__":
    for file, cases in CASES.items():
        write_layers(file, cases)
    for name, run in RUNS.items():
        write_run(name, run)
