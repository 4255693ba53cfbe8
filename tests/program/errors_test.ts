import { assertEquals, assertInstanceOf, assertRejects, assertThrows } from "@std/assert";
import {
  Adam,
  AdamW,
  cosineAnnealingLr,
  crossEntropy,
  DirectEncoder,
  Dropout,
  exponentialLr,
  Gpu,
  IfNode,
  KernelError,
  LatencyEncoder,
  type Layer,
  LifNode,
  Linear,
  linearLr,
  ParametricLifNode,
  PoissonEncoder,
  potentialMse,
  rateMse,
  Sequential,
  Sgd,
  stepLr,
  type SummaryOptions,
  warmUp,
  WeightedPhaseEncoder,
} from "../../mod.ts";
import { Plan } from "../../src/network/plan.ts";
import { unfused } from "../support/losses.ts";

const OPTIONS: SummaryOptions = {
  encoder: new PoissonEncoder(),
  loss: rateMse(),
  optimizer: new Adam(),
  timeSteps: 4,
  batchSize: 2,
  features: 6,
};

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
  options: Partial<SummaryOptions>,
  Class: typeof TypeError | typeof RangeError,
  message: string,
])[] = [
  [
    () => [new Linear(6, 3), new LifNode(), new Linear(4, 2), new LifNode()],
    {},
    RangeError,
    "Cannot compile layer 2 (Linear 4 to 2) as it takes 4 features: it gets 3",
  ],
  [
    () => [new Linear(5, 3), new LifNode()],
    {},
    RangeError,
    "Cannot compile layer 0 (Linear 5 to 3) as it takes 5 features: it gets 6",
  ],
  [
    () => [new LifNode()],
    {},
    TypeError,
    "layer 0 (LifNode): Cannot compile LifNode neurons as they take a current, a dense or a " +
    "constant signal: got a signal of events",
  ],
  [
    () => [new LifNode()],
    { encoder: new DirectEncoder() },
    TypeError,
    "layer 0 (LifNode): Cannot compile LifNode neurons as they take a current, a dense or a " +
    "constant signal: got a signal of pixels",
  ],
  [
    () => [new Linear(6, 3), new LifNode(), new Dropout(), new IfNode()],
    {},
    TypeError,
    "layer 3 (IfNode): Cannot compile IfNode neurons as they take a current, a dense or a " +
    "constant signal: got a signal of spikes",
  ],
  [
    () => [new Dropout(), new Linear(6, 3)],
    {},
    TypeError,
    "layer 0 (Dropout): Cannot compile a Dropout layer as it can't read a signal of events",
  ],
  [
    () => [new Linear(6, 3)],
    {},
    TypeError,
    "Cannot compile a network that ends in dense: end it in neurons, or in values that are the " +
    "same at each time step",
  ],
  [
    () => [new Linear(6, 3)],
    { encoder: new DirectEncoder() },
    TypeError,
    "Cannot compile the loss rateMse as it reads spikes: got a signal of constant",
  ],
  [
    () => [new Linear(6, 3), new LifNode()],
    { loss: crossEntropy() },
    TypeError,
    "Cannot compile the loss crossEntropy as it reads values that are the same at each time step: " +
    "got a signal of spikes; rateCrossEntropy() and countCrossEntropy() read spikes",
  ],
  [
    () => [new Linear(6, 3), new LifNode()],
    { loss: potentialMse() },
    TypeError,
    "Cannot compile the loss potentialMse as it reads the output neurons' potential: got spikes " +
    "without it, which neurons such as new LifNode({ storeV: true }) store",
  ],
  ...(["timeSteps", "batchSize", "features"] as const).flatMap((name) =>
    [0, -1, 1.5, NaN, Infinity].map((value) =>
      [
        () => [new LifNode()],
        { [name]: value },
        RangeError,
        `Cannot compile a network as ${name} must be an integer of at least 1: current value is ` +
        `${value}`,
      ] as const
    )
  ),
];

Deno.test("a network that doesn't fit says where, and leaves nothing on the device", async (test) => {
  using gpu = await Gpu.request();
  const count = watch(gpu);
  for (const [layers, options, Class, message] of MISFITS) {
    await test.step(message, async () => {
      const network = new Sequential(layers());
      const error = await assertRejects(
        () => network.summary(gpu, { ...OPTIONS, ...options }),
        Class,
      );
      assertEquals(error.message, message);
      assertEquals(count, { alive: 0, submits: 0 });
    });
  }
});

Deno.test("an error in a layer's kernel names the layer and keeps its class", async () => {
  using gpu = await Gpu.request();
  const surrogate = { name: "none", parameters: {}, wgsl: "fn nothing() { }", gradient: () => 0 };
  const network = new Sequential([new Linear(6, 3), new LifNode({ surrogate })]);
  const error = await assertRejects(
    () => network.summary(gpu, { ...OPTIONS, loss: unfused(rateMse()) }),
    KernelError,
    'layer 1 (LifNode): Cannot compile kernel "neuron/forward (LifNode)": ',
  );
  assertInstanceOf(error.cause, KernelError);
});

Deno.test("a layer too large for the device is named", async () => {
  using gpu = await Gpu.request();
  const network = new Sequential([new Linear(6, 2 ** 40), new LifNode()]);
  await assertRejects(
    () => network.summary(gpu, { ...OPTIONS, loss: unfused(rateMse()) }),
    RangeError,
    'layer 0 (Linear): Cannot create the buffer "parameters"',
  );
});

Deno.test("an error of a user's own class comes as it is", async () => {
  using gpu = await Gpu.request();
  class OwnError extends Error {}
  const own = new OwnError("of a layer");
  const layer: Layer = {
    kind: "Own",
    outputFeatures: (input) => input,
    compile: () => Promise.reject(own),
  };
  const error = await assertRejects(() => new Sequential([layer]).summary(gpu, OPTIONS), OwnError);
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

Deno.test("a plan runs no more steps at once than a chunk holds", async () => {
  using gpu = await Gpu.request();
  using plan = await Plan.compile(gpu, {
    ...OPTIONS,
    network: new Sequential([new Linear(6, 2), new LifNode()]),
    batchSize: 4096,
    features: 6,
  });
  const lists = { count: 0, labels: [], lengthOf: () => 0, copy() {} };
  const steps = Array.from(
    { length: plan.chunkSteps + 1 },
    (_, key) => ({ key, lists, images: new Uint32Array(0) }),
  );
  const message = `Cannot run ${steps.length} steps at once as a chunk of this plan holds ` +
    `${plan.chunkSteps}`;
  await assertRejects(() => plan.run(steps), RangeError, message);
  assertThrows(() => plan.submit(steps), RangeError, message);
  assertEquals((await plan.run(steps.slice(1))).length, plan.chunkSteps);
});
