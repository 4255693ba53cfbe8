import { assertEquals, assertRejects } from "@std/assert";
import { Gpu, Linear, Random, type Signal, type SignalGradient } from "../../mod.ts";
import { assertClose } from "../support/close.ts";
import { TestCompilation } from "../support/compilation.ts";
import { denseOf, valuesOf } from "../support/dense.ts";

interface Shape {
  kind: "spikes" | "dense" | "constant";
  timeSteps: number;
  batch: number;
  inputs: number;
  outputs: number;
  bias: boolean;
  scale?: number;
  learns?: boolean;
}

function bufferOf(gpu: Gpu, data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>): GPUBuffer {
  const buffer = gpu.createBuffer(data.byteLength, "test");
  gpu.write(buffer, data);
  return buffer;
}

/** u32 words [ceil(T / 32)][neurons] of spikes [T][neurons]. */
function wordsOf(spikes: Float64Array, neurons: number): Uint32Array<ArrayBuffer> {
  const timeSteps = spikes.length / neurons;
  const words = new Uint32Array(Math.ceil(timeSteps / 32) * neurons);
  spikes.forEach((spike, at) => {
    const t = Math.floor(at / neurons);
    if (spike) words[(t >> 5) * neurons + at % neurons]! |= 1 << (t & 31);
  });
  return words;
}

/** Numbers in a layer's stored form, `steps` of them a neuron: 1 where it is the same at each time step. */
interface Numbers {
  x: Float64Array;
  parameters: Float64Array;
  gradient: Float64Array;
}

function numbersOf(shape: Shape, steps: number): Numbers {
  const { kind, batch, inputs, outputs, bias } = shape;
  const random = new Random(steps, batch, inputs, outputs);
  const uniform = (length: number) =>
    Float64Array.from({ length }, () => Math.fround(random.uniform(-1, 1)));
  const x = uniform(steps * batch * inputs);
  return {
    x: kind === "spikes" ? x.map((value) => Number(value > 0.4)) : x,
    parameters: uniform((inputs + Number(bias)) * outputs),
    gradient: uniform(steps * batch * outputs),
  };
}

/** The layer in float64. */
function solve(shape: Shape, { x, parameters, gradient }: Numbers) {
  const { inputs, outputs, bias, scale = 1, learns = true } = shape;
  const factor = learns ? scale : 1;
  const rows = x.length / inputs;
  const output = new Float64Array(rows * outputs);
  const weightGradient = new Float64Array(parameters.length);
  const inputGradient = new Float64Array(x.length);
  for (let row = 0; row < rows; row++) {
    for (let o = 0; o < outputs; o++) {
      const g = gradient[row * outputs + o]!;
      let sum = bias ? parameters[inputs * outputs + o]! : 0;
      if (bias) weightGradient[inputs * outputs + o]! += g;
      for (let i = 0; i < inputs; i++) {
        const value = factor * x[row * inputs + i]!;
        sum += value * parameters[i * outputs + o]!;
        weightGradient[i * outputs + o]! += value * g;
        inputGradient[row * inputs + i]! += factor * parameters[i * outputs + o]! * g;
      }
      output[row * outputs + o] = sum;
    }
  }
  return { output, weightGradient, inputGradient };
}

/** Asserts that no number is further from the truth than 2e-6 of the largest. */
function assertNear(got: Float64Array, want: Float64Array): void {
  const largest = want.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  assertClose(got, want, { rtol: 0, atol: 2e-6 * largest + 1e-12 });
}

async function check(gpu: Gpu, shape: Shape): Promise<void> {
  const { kind, timeSteps, batch, inputs, outputs, bias, scale, learns = true } = shape;
  const constant = kind === "constant";
  const steps = constant ? 1 : timeSteps;
  const numbers = numbersOf(shape, steps);
  const want = solve(shape, numbers);
  const compilation = new TestCompilation(gpu, { timeSteps, batchSize: batch, features: inputs });
  const neurons = batch * inputs;
  const signals: Record<Shape["kind"], () => Signal> = {
    spikes: () => ({
      kind: "spikes",
      features: inputs,
      spikes: bufferOf(gpu, wordsOf(numbers.x, neurons)),
      counts: gpu.createBuffer(4, "counts"),
      ...scale === undefined ? {} : { scale },
    }),
    dense: () => ({
      kind: "dense",
      features: inputs,
      values: bufferOf(gpu, denseOf(numbers.x, timeSteps, 7)),
    }),
    constant: () => ({
      kind: "constant",
      features: inputs,
      values: bufferOf(gpu, Float32Array.from(numbers.x)),
    }),
  };
  const compiled = await new Linear(inputs, outputs, { bias }).compile(
    compilation,
    signals[kind](),
  );
  const { output } = compiled;
  const parameter = compiled.parameter!;
  if (output.kind !== "dense" && output.kind !== "constant") throw new TypeError(output.kind);
  assertEquals(output.kind, constant ? "constant" : "dense");
  assertEquals(output.features, outputs);
  assertEquals(parameter.size, numbers.parameters.length);
  gpu.write(parameter.values, Float32Array.from(numbers.parameters));
  // What is stored before doesn't matter.
  const rubbish = (buffer: GPUBuffer) =>
    gpu.write(buffer, new Float32Array(buffer.size / 4).fill(1e30));
  rubbish(output.values);
  rubbish(parameter.gradient);
  const outputGradient: SignalGradient = constant
    ? { kind: "total", values: bufferOf(gpu, Float32Array.from(numbers.gradient)) }
    : { kind: "dense", values: bufferOf(gpu, denseOf(numbers.gradient, timeSteps, 0)) };
  const inputGradient = await compiled.backward(outputGradient, true);
  assertEquals(inputGradient?.kind, constant ? "total" : "dense");
  rubbish(inputGradient!.values);
  for (const phase of ["forward", "backward"] as const) compilation.run(phase, { learns });
  const read = async (buffer: GPUBuffer, features: number) => {
    const data = new Float32Array(await gpu.read(buffer));
    assertEquals(data.findIndex((value) => !Number.isFinite(value)), -1);
    return constant
      ? Float64Array.from(data.subarray(0, batch * features))
      : valuesOf(data, timeSteps, batch * features);
  };
  assertNear(await read(output.values, outputs), want.output);
  assertNear(await read(inputGradient!.values, inputs), want.inputGradient);
  const copies = new Float32Array(await gpu.read(parameter.gradient));
  const stride = Math.ceil(parameter.size / 4) * 4;
  const sums = Float64Array.from({ length: parameter.size }, (_, i) => {
    let sum = 0;
    for (let copy = 0; copy < parameter.copies; copy++) sum += copies[copy * stride + i]!;
    return sum;
  });
  assertNear(sums, want.weightGradient);
}

for (const kind of ["spikes", "dense", "constant"] as const) {
  for (
    const [timeSteps, batch, inputs, outputs] of [
      [1, 1, 1, 1],
      [3, 5, 7, 3],
      [8, 9, 12, 10],
      [8, 3, 20, 12],
      [9, 130, 6, 4],
      [33, 2, 5, 11],
      [100, 4, 9, 5],
      [130, 3, 17, 13],
      [259, 2, 10, 6],
      [4, 2, 101, 97],
      [8, 67, 260, 72],
      [5, 67, 261, 71],
    ] as const
  ) {
    const bias = (timeSteps + batch) % 2 === 0;
    Deno.test(`a Linear layer equals float64: ${kind}, T ${timeSteps}, batch ${batch}, ${inputs} to ${outputs}`, async () => {
      using gpu = await Gpu.request();
      await check(gpu, { kind, timeSteps, batch, inputs, outputs, bias });
    });
  }
}

for (const learns of [true, false]) {
  Deno.test(`a spike counts its scale in a step that ${learns ? "learns" : "only classifies"}`, async () => {
    using gpu = await Gpu.request();
    const shape = { kind: "spikes", timeSteps: 10, batch: 6, inputs: 11, outputs: 7 } as const;
    await check(gpu, { ...shape, bias: true, scale: 1.25, learns });
  });
}

Deno.test("a Linear layer of many outputs keeps one copy of its gradient", async () => {
  using gpu = await Gpu.request();
  const compilation = new TestCompilation(gpu, { timeSteps: 8, batchSize: 128, features: 800 });
  const { parameter } = await new Linear(800, 800).compile(compilation, {
    kind: "spikes",
    features: 800,
    spikes: gpu.createBuffer(128 * 800 * 4, "spikes"),
    counts: gpu.createBuffer(4, "counts"),
  });
  assertEquals(parameter!.copies, gpu.preset.name === "software" ? 1 : parameter!.copies);
});

Deno.test("a Linear layer refuses a gradient of another kind", async () => {
  using gpu = await Gpu.request();
  const compilation = new TestCompilation(gpu, { timeSteps: 1, batchSize: 1, features: 1 });
  const values = gpu.createBuffer(16, "values");
  const message = (kind: string, needed: string, given: string) =>
    `Cannot compile the gradient of a Linear layer that reads a signal of ${kind} as it must be ` +
    `${needed}: it is ${given}`;
  for (
    const [kind, needed, given] of [
      ["dense", "dense", "total"],
      ["constant", "total", "constant"],
    ] as const
  ) {
    const compiled = await new Linear(1, 1).compile(compilation, { kind, features: 1, values });
    await assertRejects(
      () => compiled.backward({ kind: given, values }, false),
      TypeError,
      message(kind, needed, given),
    );
  }
});
