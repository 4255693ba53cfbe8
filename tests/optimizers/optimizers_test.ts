import { assert, assertEquals, assertThrows } from "@std/assert";
import { Adam, AdamW, type Gpu, optimizers, Sgd } from "../../mod.ts";
import type { Optimizer } from "../../src/extend.ts";
import { assertClose } from "../support/close.ts";
import { sharedGpu } from "../support/gpu.ts";
import { readValues } from "../support/program_reader.ts";
import { TestProgram } from "../support/test_program.ts";

const FOLDER = Deno.env.get("GALVANI_GOLDENS") ?? "tests/goldens";

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
  { initial, gradients, copies, rates, decays = true }: {
    initial: number[];
    gradients: number[][];
    copies: 1 | 3;
    rates?: number[];
    decays?: boolean;
  },
): Promise<number[][]> {
  using program = new TestProgram(gpu, { batchSize: 1, timeSteps: 1 });
  const size = initial.length;
  const padded = Math.ceil(size / 4) * 4;
  const parameter = {
    size,
    values: program.scope.buffer(padded * 4, "values"),
    gradient: program.scope.buffer(copies * padded * 4, "gradient"),
    copies,
    decays,
  };
  const { values, gradient } = parameter;
  gpu.write(values, Float32Array.from(initial));
  await optimizer.compile(program.scope, parameter);
  for (const phase of ["forward", "observe", "backward", "reduce"] as const) {
    assertEquals(program.count(phase), 0);
  }
  const after: number[][] = [];
  for (const [step, g] of gradients.entries()) {
    SHARES[copies].forEach((share, copy) =>
      gpu.write(gradient, Float32Array.from(g, (x) => share * x), copy * padded * 4)
    );
    const update = optimizer.stepValues(step + 1, rates?.[step] ?? optimizer.learningRate);
    program.run("update", { step, update });
    after.push(await readValues(gpu, parameter));
  }
  return after;
}

for (const { name, optimizer, config, param0, grads, params } of cases) {
  Deno.test(`an optimizer follows the golden case ${name}`, async () => {
    const gpu = await sharedGpu();
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
  const gpu = await sharedGpu();
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

Deno.test("a large parameter is updated whole, in one run or part by part", async () => {
  const gpu = await sharedGpu();
  // Two parts and a piece of 256 KiB each, where they are copied.
  const size = 2 * (1 << 16) + 77;
  const initial = Array.from({ length: size }, (_, i) => (i % 1000) / 1024);
  const gradients = [0, 1].map((step) =>
    Array.from({ length: size }, (_, i) => (i % 89 - 44 + step) / 64)
  );
  const options = { learningRate: 0.125, momentum: 0.5 };
  const got = await run(gpu, new Sgd(options), { initial, gradients, copies: 1 });
  const first = initial.map((p, i) => p - 0.125 * gradients[0]![i]!);
  assertClose(got[0]!, first, { rtol: 0, atol: 1e-7 });
  const velocity = gradients[0]!.map((g, i) => 0.5 * g + gradients[1]![i]!);
  assertClose(got[1]!, first.map((p, i) => p - 0.125 * velocity[i]!), { rtol: 0, atol: 1e-7 });
});

Deno.test("Sgd dampens from the second step on, and follows the rate of each step", async () => {
  const gpu = await sharedGpu();
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
  const gpu = await sharedGpu();
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

for (
  const [name, optimizer] of [
    ["Adam", (weightDecay: number) => new Adam({ weightDecay })],
    ["AdamW", (weightDecay: number) => new AdamW({ weightDecay })],
    ["Sgd", (weightDecay: number) => new Sgd({ weightDecay })],
  ] as const
) {
  Deno.test(`${name} leaves a parameter that doesn't decay without weight decay`, async () => {
    const gpu = await sharedGpu();
    const options = {
      initial: [1, -2, 4],
      gradients: [[0.5, -1, 2], [1, 1, -1]],
      copies: 1,
    } as const;
    const runOf = (weightDecay: number, decays: boolean) =>
      run(gpu, optimizer(weightDecay), {
        ...options,
        initial: [...options.initial],
        gradients: options.gradients.map((g) => [...g]),
        decays,
      });
    const without = await runOf(0, true);
    assertEquals(await runOf(0.5, false), without);
    assert(JSON.stringify(await runOf(0.5, true)) !== JSON.stringify(without));
  });
}

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
