import { assertEquals, assertInstanceOf, assertRejects, assertThrows } from "@std/assert";
import {
  Adam,
  AdamW,
  crossEntropy,
  DirectEncoder,
  Dropout,
  EventEncoder,
  Flatten,
  type Gpu,
  IfNode,
  imageDataset,
  KernelError,
  LatencyEncoder,
  LifNode,
  Linear,
  Model,
  type ModelOptions,
  ParametricLifNode,
  PoissonEncoder,
  potentialMse,
  rateMse,
  Residual,
  schedulers,
  Sequential,
  Sgd,
  type SummaryOptions,
  valueMse,
  WeightedPhaseEncoder,
} from "../../mod.ts";
import { type BatchStep, type Layer, Source } from "../../src/extend.ts";
import { CompiledNetwork } from "../support/compiled_network.ts";
import { sharedGpu } from "../support/gpu.ts";
import { unfused } from "../support/losses.ts";

const { cosineAnnealingLr, exponentialLr, linearLr, stepLr, warmUp } = schedulers;

const OPTIONS: ModelOptions & SummaryOptions = {
  input: [6],
  encoder: new PoissonEncoder(),
  loss: rateMse(),
  optimizer: new Adam(),
  timeSteps: 4,
  batchSize: 2,
};

/** Compiles all of a network that trains. */
async function compile(
  gpu: Gpu,
  network: Layer,
  options: Partial<ModelOptions & SummaryOptions> = {},
): Promise<void> {
  using model = await Model.compile(gpu, network, { ...OPTIONS, ...options });
  await model.summary({ ...OPTIONS, ...options });
}

/** Counts what is alive of the buffers and textures that a device makes, and what runs on it. */
function watch({ device }: Gpu): { alive: number; submits: number } {
  const count = { alive: 0, submits: 0 };
  const track = <R extends GPUBuffer | GPUTexture>(resource: R): R => {
    count.alive++;
    const destroy = resource.destroy.bind(resource);
    resource.destroy = () => {
      count.alive--;
      destroy();
    };
    return resource;
  };
  const createBuffer = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) => track(createBuffer(descriptor));
  const createTexture = device.createTexture.bind(device);
  // What kernels copy into stays for others.
  device.createTexture = (descriptor) =>
    descriptor.label === "scratch" ? createTexture(descriptor) : track(createTexture(descriptor));
  const { queue } = device;
  const submit = queue.submit.bind(queue);
  queue.submit = (commands) => {
    count.submits++;
    submit(commands);
  };
  return count;
}

/** What doesn't fit, and what the message says of it. */
const MISFITS: readonly (readonly [
  layers: () => Layer[],
  options: Partial<ModelOptions & SummaryOptions>,
  Class: typeof TypeError | typeof RangeError,
  message: string,
])[] = [
  [
    () => [new Linear(6, 3), new LifNode(), new Linear(4, 2), new LifNode()],
    {},
    RangeError,
    "layer 2 (Linear): Cannot compile Linear 4 to 2 as it takes samples of [4]: it gets [3]",
  ],
  [
    () => [new Linear(5, 3), new LifNode()],
    {},
    RangeError,
    "layer 0 (Linear): Cannot compile Linear 5 to 3 as it takes samples of [5]: it gets [6]",
  ],
  [
    () => [new Linear(6, 3), new LifNode()],
    { input: [1, 2, 3] },
    RangeError,
    "layer 0 (Linear): Cannot compile Linear 6 to 3 as it takes samples of [6]: it gets " +
    "[1, 2, 3], which Flatten would turn into that",
  ],
  [
    () => [new Residual(new Linear(6, 3))],
    {},
    RangeError,
    "layer 0 (Residual): Cannot compile a Residual layer as what is inside must give the shape it " +
    "gets, [6]: it gives [3]",
  ],
  [
    () => [new Flatten()],
    {},
    TypeError,
    "Cannot compile a network that ends in events: end it in neurons, or in numbers",
  ],
  [
    () => [new Flatten()],
    { encoder: new DirectEncoder() },
    TypeError,
    "Cannot compile a network that ends in bytes: end it in neurons, or in numbers",
  ],
  [
    () => [new Linear(6, 3)],
    {},
    TypeError,
    "Cannot compile the loss rateMse as it reads spikes: got a signal of numbers over time",
  ],
  [
    () => [new Linear(6, 3)],
    { encoder: new DirectEncoder() },
    TypeError,
    "Cannot compile the loss rateMse as it reads spikes: got a signal of numbers that are the same " +
    "at each time step",
  ],
  [
    () => [new Linear(6, 3), new LifNode()],
    { loss: crossEntropy() },
    TypeError,
    "Cannot compile the loss crossEntropy as it reads numbers: got a signal of spikes; " +
    "rateCrossEntropy() and countCrossEntropy() read spikes",
  ],
  [
    () => [new Linear(6, 3), new LifNode()],
    { loss: potentialMse() },
    TypeError,
    "Cannot compile the loss potentialMse as it reads the output neurons' potential: got spikes " +
    "without it, which neurons such as new LifNode({ storeV: true }) store",
  ],
  ...[0, -1, 1.5, NaN, Infinity].flatMap((value) => [
    ...(["timeSteps", "batchSize"] as const).map((name) =>
      [
        () => [new LifNode()],
        { [name]: value },
        RangeError,
        `Cannot compile a model as ${name} must be an integer of at least 1: current value is ` +
        `${value}`,
      ] as const
    ),
    [
      () => [new LifNode()],
      { input: [value] },
      RangeError,
      `Cannot compile a model as the sizes of input must be integers of at least 1: current value ` +
      `is [${value}]`,
    ] as const,
  ]),
];

Deno.test("a network that doesn't fit says where, and leaves nothing on the device", async (test) => {
  const gpu = await sharedGpu();
  const count = watch(gpu);
  for (const [layers, options, Class, message] of MISFITS) {
    await test.step(message, async () => {
      const error = await assertRejects(
        () => compile(gpu, new Sequential(layers()), options),
        Class,
      );
      assertEquals(error.message, message);
      assertEquals(count, { alive: 0, submits: 0 });
    });
  }
});

Deno.test("an error in a layer's kernel names the layer and keeps its class", async () => {
  const gpu = await sharedGpu();
  const surrogate = { name: "none", parameters: {}, wgsl: "fn nothing() { }", gradient: () => 0 };
  const network = new Sequential([new Linear(6, 3), new LifNode({ surrogate })]);
  const error = await assertRejects(
    () => compile(gpu, network, { loss: unfused(rateMse()) }),
    KernelError,
    'layer.1 (LifNode): Cannot compile kernel "neuron/forward (LifNode)": ',
  );
  assertInstanceOf(error.cause, KernelError);
});

Deno.test("a layer too large for the device is named", async () => {
  const gpu = await sharedGpu();
  const network = new Sequential([new Linear(6, 2 ** 40), new LifNode()]);
  await assertRejects(
    () => compile(gpu, network, { loss: unfused(rateMse()) }),
    RangeError,
    'layer 0 (Linear): Cannot create the buffer "parameters"',
  );
});

Deno.test("an error of a user's own class comes as it is", async () => {
  const gpu = await sharedGpu();
  class OwnError extends Error {}
  const own = new OwnError("of a layer");
  const layer: Layer = {
    kind: "Own",
    outputShape: (input) => input,
    compile: () => Promise.reject(own),
    toJSON: () => ({ kind: "Own" }),
  };
  const error = await assertRejects(() => compile(gpu, new Sequential([layer])), OwnError);
  assertEquals(error, own);
});

Deno.test("a network is made of layers, one at least", () => {
  assertThrows(() => new Sequential([]), RangeError, "Cannot create a network without layers");
  for (const wrong of [undefined, null, 3, LifNode, { kind: "LifNode" }]) {
    assertThrows(
      () => new Sequential([new Linear(2, 2), wrong as unknown as Layer]),
      TypeError,
      "Cannot create a network as layer 1 must be a layer, such as new LifNode(): current value is ",
    );
  }
});

/** What each factory takes, a number by its name. Surrogates have tests of their own. */
type Make = (options: Readonly<Record<string, number>>) => unknown;

const NUMBERS: readonly (readonly [string, Make, readonly string[]])[] = [
  ["Linear", ({ inputs = 1, outputs = 1 }) => new Linear(inputs, outputs), ["inputs", "outputs"]],
  ["Dropout", ({ p = 0 }) => new Dropout(p), ["p"]],
  ["LifNode", (options) => new LifNode(options), ["tau", "vThreshold", "vReset", "vInit"]],
  ["IfNode", (options) => new IfNode(options), ["vThreshold", "vReset", "vInit"]],
  [
    "ParametricLifNode",
    (options) => new ParametricLifNode(options),
    ["tau", "vThreshold", "vReset", "vInit"],
  ],
  ["LatencyEncoder", (options) => new LatencyEncoder(options as never), ["kind"]],
  ["WeightedPhaseEncoder", (options) => new WeightedPhaseEncoder(options), ["phases"]],
  ["EventEncoder", (options) => new EventEncoder(options), ["stepDuration"]],
  ["valueMse", (options) => valueMse(options), ["correct", "wrong"]],
  ["rateMse", (options) => rateMse(options), ["correctRate", "wrongRate"]],
  ["potentialMse", (options) => potentialMse(options), ["correct", "wrong"]],
  ["Adam", (options) => new Adam(options), ["learningRate", "epsilon", "weightDecay"]],
  ["AdamW", (options) => new AdamW(options), ["learningRate", "epsilon", "weightDecay"]],
  ["Adam's betas", ({ beta = 0 }) => new Adam({ betas: [0.9, beta] }), ["beta"]],
  [
    "Sgd",
    (options) => new Sgd(options),
    ["learningRate", "momentum", "dampening", "weightDecay"],
  ],
  [
    "cosineAnnealingLr",
    ({ tMax = 1, ...options }) => cosineAnnealingLr({ tMax, ...options }),
    ["tMax", "etaMin"],
  ],
  ["exponentialLr", ({ gamma = 1 }) => exponentialLr({ gamma }), ["gamma"]],
  ["linearLr", (options) => linearLr(options), ["startFactor", "endFactor", "totalIters"]],
  ["stepLr", ({ stepSize = 1, ...options }) => stepLr({ stepSize, ...options }), [
    "stepSize",
    "gamma",
  ]],
  ["warmUp", ({ epochs = 1, ...options }) => warmUp(epochs, undefined, options), [
    "epochs",
    "startFactor",
  ]],
];

for (const [what, make, names] of NUMBERS) {
  for (const name of names) {
    Deno.test(`${what} takes no NaN for ${name}`, () => {
      const { message } = assertThrows(() => make({ [name]: NaN }), RangeError);
      assertEquals(message.includes("NaN"), true, message);
    });
  }
}

Deno.test("a program runs no more steps at once than a chunk holds", async () => {
  const gpu = await sharedGpu();
  const layers = [new Linear(6, 2), new LifNode()];
  using network = await CompiledNetwork.compile(gpu, new Sequential(layers), {
    ...OPTIONS,
    loss: rateMse(),
    batchSize: 4096,
  });
  const { program } = network;
  const source = new Source(imageDataset(new Uint8Array(6), { shape: [6], labels: [0] }));
  await program.open(source);
  const most = gpu.preset.name === "software" ? 64 : 256;
  assertEquals(program.stepsOf(source), most);
  const steps = Array.from(
    { length: most + 1 },
    (_, key): BatchStep => ({ key, source, samples: new Uint32Array(0) }),
  );
  const message =
    `Cannot run ${steps.length} steps at once as a chunk of this program holds ${most}`;
  await assertRejects(() => program.run(steps), RangeError, message);
  assertThrows(() => program.submit(steps), RangeError, message);
  assertEquals((await program.run(steps.slice(1))).length, most);
});
