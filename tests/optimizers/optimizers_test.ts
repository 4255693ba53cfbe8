import { assertEquals, assertThrows } from "@std/assert";
import {
  Adam,
  AdamW,
  type Compilation,
  type Dispatch,
  Gpu,
  type Optimizer,
  optimizers,
  Recorder,
  Sgd,
} from "../../mod.ts";
import { assertClose } from "../support/close.ts";

const FOLDER = Deno.env.get("GALVANI_GOLDENS") ?? "tests/goldens";

/** A step's record: 32 bytes, of which the optimizer's four numbers begin at byte 16. */
const STEP = { stride: 256, size: 32, optimizer: 16 } as const;

/** What each copy holds of the gradient: rounding changes no sum, leaving one out changes it. */
const SHARES = { 1: [1], 3: [2, -2, 1] } as const;

interface Config {
  lr: number;
  betas: [number, number];
  eps: number;
  momentum: number;
  dampening: number;
  weight_decay: number;
  nesterov: boolean;
}

interface Case {
  name: string;
  optimizer: "Adam" | "AdamW" | "SGD";
  config: Config;
  param0: number[];
  grads: number[][];
  params: number[][];
}

const { cases, tolerance }: {
  cases: Case[];
  tolerance: { float32: { rtol: number; atol: number } };
} = JSON.parse(Deno.readTextFileSync(`${FOLDER}/optimizers.json`));

function create(name: Case["optimizer"], config: Config): Optimizer {
  const { lr: learningRate, weight_decay: weightDecay } = config;
  if (name === "SGD") {
    const { momentum, dampening, nesterov } = config;
    return new Sgd({ learningRate, momentum, dampening, weightDecay, nesterov });
  }
  const options = { learningRate, betas: config.betas, epsilon: config.eps, weightDecay };
  return name === "Adam" ? new Adam(options) : new AdamW(options);
}

/** Numbers, the first ones again after the last, up to a length. */
function repeat(values: number[], length: number): number[] {
  return Array.from({ length }, (_, i) => values[i % values.length]!);
}

/** Runs an optimizer over gradients; gives the parameters after each step, the padding left out. */
async function run(
  gpu: Gpu,
  optimizer: Optimizer,
  { initial, gradients, copies, rates }: {
    initial: number[];
    gradients: number[][];
    copies: 1 | 3;
    rates?: number[];
  },
): Promise<number[][]> {
  const dispatches: Dispatch[] = [];
  const size = initial.length;
  const padded = Math.ceil(size / 4) * 4;
  const steps = {
    buffer: gpu.createBuffer(gradients.length * STEP.stride, "steps"),
    stride: STEP.stride,
    size: STEP.size,
  };
  const compilation: Compilation = {
    storesV: false,
    gpu,
    batchSize: 1,
    timeSteps: 1,
    features: 1,
    steps,
    samples: steps,
    pixels: gpu.createTexture(1, "pixels"),
    metrics: steps.buffer,
    tiles: () => {
      throw new Error("there are no lists of pixels");
    },
    buffer: (bytes, label) => gpu.createBuffer(bytes, label),
    texture: (texels, label) => gpu.createTexture(texels, label),
    add: (phase, dispatch) => {
      assertEquals(phase, "update");
      dispatches.push(dispatch);
    },
  };
  const values = gpu.createBuffer(padded * 4, "values");
  const gradient = gpu.createBuffer(copies * padded * 4, "gradient");
  gpu.write(values, Float32Array.from(initial));
  await optimizer.compile(compilation, { size, values, gradient, copies });
  const after: number[][] = [];
  for (const [i, g] of gradients.entries()) {
    SHARES[copies].forEach((share, copy) =>
      gpu.write(gradient, Float32Array.from(g, (x) => share * x), copy * padded * 4)
    );
    const numbers = optimizer.stepValues(i + 1, rates?.[i] ?? optimizer.learningRate);
    gpu.write(steps.buffer, Float32Array.from(numbers), i * STEP.stride + STEP.optimizer);
    const recorder = new Recorder(gpu.device);
    for (const dispatch of dispatches) dispatch.encode(recorder, i);
    gpu.device.queue.submit([recorder.end().finish()]);
    after.push([...new Float32Array(await gpu.read(values)).subarray(0, size)]);
  }
  return after;
}

for (const { name, optimizer, config, param0, grads, params } of cases) {
  Deno.test(`an optimizer follows the golden case ${name}`, async () => {
    using gpu = await Gpu.request();
    for (const [size, copies] of [[6, 1], [6, 3], [13, 1], [13, 3]] as const) {
      const got = await run(gpu, create(optimizer, config), {
        initial: repeat(param0, size),
        gradients: grads.map((g) => repeat(g, size)),
        copies,
      });
      params.forEach((want, step) =>
        assertClose(got[step]!, repeat(want, size), tolerance.float32)
      );
    }
  });
}

Deno.test("a parameter of many workgroups is updated whole", async () => {
  using gpu = await Gpu.request();
  const size = 1021;
  const initial = Array.from({ length: size }, (_, i) => i / 1024);
  const gradient = Array.from({ length: size }, (_, i) => (i % 7 - 3) / 8);
  const [got] = await run(gpu, new Sgd({ learningRate: 0.5 }), {
    initial,
    gradients: [gradient],
    copies: 3,
  });
  assertEquals(got, initial.map((p, i) => p - 0.5 * gradient[i]!));
});

Deno.test("Sgd dampens from the second step on, and follows the rate of each step", async () => {
  using gpu = await Gpu.request();
  const { param0, grads } = cases[0]!;
  const rates = grads.map((_, step) => 0.1 / (1 + step));
  const options = { momentum: 0.8, dampening: 0.3, weightDecay: 0.05 };
  const got = await run(gpu, new Sgd(options), {
    initial: param0,
    gradients: grads,
    copies: 1,
    rates,
  });
  let p = param0;
  let velocity: number[] = [];
  grads.forEach((raw, step) => {
    const g = raw.map((x, i) => x + options.weightDecay * p[i]!);
    velocity = g.map((x, i) =>
      step === 0 ? x : options.momentum * velocity[i]! + (1 - options.dampening) * x
    );
    p = p.map((x, i) => x - rates[step]! * velocity[i]!);
    assertClose(got[step]!, p, tolerance.float32);
  });
});

Deno.test("AdamW decays by the rate of each step", async () => {
  using gpu = await Gpu.request();
  const rates = [0.5, 0.25, 0];
  const [first, second, third] = await run(gpu, new AdamW({ weightDecay: 0.5 }), {
    initial: [1, -2, 4],
    gradients: rates.map(() => [0, 0, 0]),
    copies: 1,
    rates,
  });
  assertEquals(first, [0.75, -1.5, 3]);
  assertEquals(second, first!.map((p) => p * 0.875));
  assertEquals(third, second);
});

Deno.test("optimizers have PyTorch's defaults", () => {
  const adam = { learningRate: 1e-3, betas: [0.9, 0.999], epsilon: 1e-8 };
  assertEquals({ ...new Adam() }, { name: "adam", ...adam, weightDecay: 0 });
  assertEquals({ ...new AdamW() }, { name: "adamw", ...adam, weightDecay: 0.01 });
  assertEquals({ ...new Sgd() }, {
    name: "sgd",
    learningRate: 1e-3,
    momentum: 0,
    dampening: 0,
    weightDecay: 0,
    nesterov: false,
  });
});

Deno.test("optimizers are found by their names", () => {
  for (const [name, Class] of Object.entries(optimizers)) {
    assertEquals(new Class({ learningRate: 0.5 }).name, name);
  }
});

for (
  const [create, message] of [
    [
      () => new Adam({ betas: [0.9, 1] }),
      "Cannot create the Adam optimizer as betas must be at least 0 and less than 1: current value is 1",
    ],
    [
      () => new Adam({ learningRate: 0 }),
      "Cannot create the Adam optimizer as learningRate must be a finite number greater than 0: current value is 0",
    ],
    [
      () => new Adam({ weightDecay: -1 }),
      "Cannot create the Adam optimizer as weightDecay must be a finite number of at least 0: current value is -1",
    ],
    [
      () => new AdamW({ epsilon: 0 }),
      "Cannot create the AdamW optimizer as epsilon must be a finite number greater than 0: current value is 0",
    ],
    [
      () => new AdamW({ weightDecay: NaN }),
      "Cannot create the AdamW optimizer as weightDecay must be a finite number of at least 0: current value is NaN",
    ],
    [
      () => new Sgd({ learningRate: Infinity }),
      "Cannot create the Sgd optimizer as learningRate must be a finite number greater than 0: current value is Infinity",
    ],
    [
      () => new Sgd({ momentum: -0.5 }),
      "Cannot create the Sgd optimizer as momentum must be a finite number of at least 0: current value is -0.5",
    ],
    [
      () => new Sgd({ dampening: NaN }),
      "Cannot create the Sgd optimizer as dampening must be a finite number: current value is NaN",
    ],
    [
      () => new Sgd({ weightDecay: -0.1 }),
      "Cannot create the Sgd optimizer as weightDecay must be a finite number of at least 0: current value is -0.1",
    ],
    [
      () => new Sgd({ nesterov: true }),
      "Cannot create the Sgd optimizer as momentum must be greater than 0 with nesterov: current value is 0",
    ],
    [
      () => new Sgd({ nesterov: true, momentum: 0.9, dampening: 0.5 }),
      "Cannot create the Sgd optimizer as dampening must be 0 with nesterov: current value is 0.5",
    ],
  ] as const
) {
  Deno.test(message, () => {
    const error = assertThrows(create, RangeError);
    assertEquals(error.message, message);
  });
}
