import { assertEquals } from "@std/assert";
import { type Gpu, Linear } from "../../mod.ts";
import { type Gradient, Random, type Signal } from "../../src/extend.ts";
import type { WorkgroupTile } from "../../src/gpu/preset.ts";
import { linearProduct } from "../../src/layers/linear/stored.ts";
import { compileProduct } from "../../src/layers/product/compile.ts";
import { assertClose } from "./close.ts";
import { denseOf, valuesOf } from "./dense.ts";
import { readGradient } from "./program_reader.ts";
import { TestProgram } from "./test_program.ts";

/** A Linear layer on a signal. */
export interface LinearRun {
  kind: "spikes" | "dense" | "constant";
  timeSteps: number;
  batch: number;
  inputs: number;
  outputs: number;
  bias: boolean;
  scale?: number;
  learns?: boolean;
  /** How the lanes of a workgroup share the product, whatever its size; else what is chosen for it. */
  tile?: WorkgroupTile;
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

function numbersOf(run: LinearRun, steps: number): Numbers {
  const { kind, batch, inputs, outputs, bias } = run;
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
function solve(run: LinearRun, { x, parameters, gradient }: Numbers) {
  const { inputs, outputs, bias, scale = 1, learns = true } = run;
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

/**
 * Runs a Linear layer forward and back, and compares all that it gives with float64.
 *
 * @param gpu Where.
 * @param run The layer.
 */
export async function checkLinear(gpu: Gpu, run: LinearRun): Promise<void> {
  const { kind, timeSteps, batch, inputs, outputs, bias, scale, learns = true } = run;
  const constant = kind === "constant";
  const steps = constant ? 1 : timeSteps;
  const numbers = numbersOf(run, steps);
  const want = solve(run, numbers);
  const layer = new Linear(inputs, outputs, { bias });
  const input = [inputs];
  using program = new TestProgram(gpu, { timeSteps, batchSize: batch, layer, input });
  const neurons = batch * inputs;
  const signals: Record<LinearRun["kind"], () => Signal> = {
    spikes: () => ({
      kind: "spikes",
      shape: input,
      over: "time",
      spikes: program.filled(wordsOf(numbers.x, neurons)),
      counts: program.scope.buffer(4, "counts"),
      ...scale === undefined ? {} : { scale },
    }),
    dense: () => ({
      kind: "numbers",
      shape: input,
      over: "time",
      values: program.filled(denseOf(numbers.x, timeSteps, 7)),
    }),
    constant: () => ({
      kind: "numbers",
      shape: input,
      over: "constant",
      values: program.filled(Float32Array.from(numbers.x)),
    }),
  };
  const signal = signals[kind]();
  const { output, backward } = run.tile
    ? await compileProduct(program.scope, signal, linearProduct(layer), run.tile)
    : await layer.compile(program.scope, signal);
  const parameter = program.scope.parameter("weight");
  if (output.kind !== "numbers") throw new TypeError(output.kind);
  assertEquals(output.over, constant ? "constant" : "time");
  assertEquals(output.shape, [outputs]);
  assertEquals(parameter.size, numbers.parameters.length);
  gpu.write(parameter.values, Float32Array.from(numbers.parameters));
  // What is stored before doesn't matter.
  const rubbish = (buffer: GPUBuffer) =>
    gpu.write(buffer, new Float32Array(buffer.size / 4).fill(1e30));
  rubbish(output.values);
  rubbish(parameter.gradient);
  const outputGradient: Gradient = {
    values: constant
      ? { over: "summed", buffer: program.filled(Float32Array.from(numbers.gradient)) }
      : { over: "time", buffer: program.filled(denseOf(numbers.gradient, timeSteps, 0)) },
  };
  const inputGradient = (await backward(outputGradient, true))!.values!;
  assertEquals(inputGradient.over, constant ? "summed" : "time");
  rubbish(inputGradient.buffer);
  for (const phase of ["forward", "backward"] as const) program.run(phase, { learns });
  const read = async (buffer: GPUBuffer, features: number) => {
    const data = new Float32Array(await gpu.read(buffer));
    assertEquals(data.findIndex((value) => !Number.isFinite(value)), -1);
    return constant
      ? Float64Array.from(data.subarray(0, batch * features))
      : valuesOf(data, timeSteps, batch * features);
  };
  assertNear(await read(output.values, outputs), want.output);
  assertNear(await read(inputGradient.buffer, inputs), want.inputGradient);
  const sums = Float64Array.from(await readGradient(gpu, parameter));
  assertNear(sums, want.weightGradient);
}
