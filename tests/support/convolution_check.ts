import { assert, assertEquals } from "@std/assert";
import { Conv1d, Conv2d, type Gpu } from "../../mod.ts";
import { type Gradient, type Layer, Random, type Signal, sizeOf } from "../../src/extend.ts";
import type { WorkgroupTile } from "../../src/gpu/preset.ts";
import { conv1dProduct } from "../../src/layers/conv/conv1d.ts";
import { conv2dProduct } from "../../src/layers/conv/conv2d.ts";
import { compileProduct } from "../../src/layers/product/compile.ts";
import type { Product } from "../../src/layers/product/product.ts";
import { type ConvolutionCase, convolve } from "../reference/convolution.ts";
import { assertClose } from "./close.ts";
import { denseOf, valuesOf } from "./dense.ts";
import { readGradient } from "./program_reader.ts";
import { spikeWords } from "./spike_words.ts";
import { TestProgram } from "./test_program.ts";

/** A convolution of a signal. */
export interface ConvolutionRun extends ConvolutionCase {
  readonly kind: "spikes" | "dense" | "constant";
  readonly dimensions: 1 | 2;
  readonly timeSteps: number;
  readonly batch: number;
  /** What a spike counts in a step that learns. */
  readonly scale?: number;
  /** How the lanes of a workgroup share the product, whatever its size; else what is chosen for it. */
  readonly tile?: WorkgroupTile;
}

/** Draws a convolution, all of whose numbers are small. */
export function randomConvolution(random: Random): ConvolutionRun {
  const draw = (least: number, most: number) =>
    least + Math.floor(random.uniform(0, 1) * (most - least + 1));
  const pick = <const T extends readonly unknown[]>(...choices: T): T[number] =>
    choices[draw(0, choices.length - 1)];
  const dimensions = pick(1, 2, 2);
  const pair = (least: number, most: number): [number, number] =>
    dimensions === 1
      ? [Math.min(1, least), draw(least, most)]
      : [draw(least, most), draw(least, most)];
  const kernelSize = pair(1, 4);
  const dilation = pick(true, false) ? [1, 1] as [number, number] : pair(1, 2);
  const same = pick(true, false, false);
  const reach = (i: 0 | 1) => dilation[i] * (kernelSize[i] - 1) + 1;
  const size: [number, number] = [
    dimensions === 1 ? 1 : reach(0) + draw(0, 6),
    reach(1) + draw(0, 6),
  ];
  const groups = pick(1, 1, 1, 2, 3);
  const channels = pick(1, 2, 3, 4, 5, 12, 17, 33);
  const depthwise = pick(true, false, false, false, false);
  return {
    kind: pick("spikes", "dense", "constant"),
    dimensions,
    timeSteps: pick(1, 3, 4, 5, 8, 9, 13, 33),
    batch: pick(1, 2, 5),
    inChannels: depthwise ? 6 : groups * channels,
    outChannels: depthwise ? pick(6, 12) : groups * pick(1, 3, 4, 8, 10),
    groups: depthwise ? 6 : groups,
    size,
    kernelSize,
    stride: same || pick(true, false) ? [1, 1] : pair(1, 3),
    padding: same ? "same" : pick("valid", dimensions === 1 ? [0, draw(0, 3)] : pair(0, 3)),
    dilation,
    bias: pick(true, false),
    ...pick(true, false, false) ? { scale: 1.25 } : {},
  };
}

/**
 * Runs a convolution forward and back, and compares all that it gives with float64.
 *
 * @param gpu Where.
 * @param run The convolution.
 */
export async function checkConvolution(gpu: Gpu, run: ConvolutionRun): Promise<void> {
  try {
    await check(gpu, run);
  } catch (error) {
    throw new Error(`${JSON.stringify(run)}: ${(error as Error).message}`, { cause: error });
  }
}

/** The layer, and the dimensions of its pictures. */
function layerOf(run: ConvolutionRun): { layer: Layer; input: number[]; product: Product } {
  const { inChannels, outChannels, kernelSize, stride, padding, dilation, groups, bias } = run;
  if (run.dimensions === 2) {
    const options = { kernelSize, stride, padding, dilation, groups, bias };
    const layer = new Conv2d(inChannels, outChannels, options);
    const input = [inChannels, ...run.size];
    return { layer, input, product: conv2dProduct(layer, input) };
  }
  const layer = new Conv1d(inChannels, outChannels, {
    kernelSize: kernelSize[1],
    stride: stride[1],
    padding: typeof padding === "string" ? padding : padding[1],
    dilation: dilation[1],
    groups,
    bias,
  });
  const input = [inChannels, run.size[1]];
  return { layer, input, product: conv1dProduct(layer, input) };
}

async function check(gpu: Gpu, run: ConvolutionRun): Promise<void> {
  const { kind, timeSteps, batch, scale } = run;
  const constant = kind === "constant";
  const steps = constant ? 1 : timeSteps;
  const { layer, input, product } = layerOf(run);
  const size = sizeOf(input);
  const random = new Random(size, timeSteps, batch);
  const uniform = (length: number) =>
    Float64Array.from({ length }, () => Math.fround(random.uniform(-1, 1)));
  const drawn = uniform(steps * batch * size);
  const factor = kind === "spikes" ? scale ?? 1 : 1;
  const spikes = drawn.map((value) => Number(value > 0.4));
  const x = kind === "spikes" ? spikes.map((spike) => spike * factor) : drawn;
  const taps = run.kernelSize[0] * run.kernelSize[1];
  const weight = uniform(run.outChannels * run.inChannels / run.groups * taps);
  const bias = uniform(run.outChannels);
  const want = convolve(run, x, weight, bias, uniform);

  using program = new TestProgram(gpu, { timeSteps, batchSize: batch, layer, input });
  const { scope, store } = program;
  const signals: Record<ConvolutionRun["kind"], () => Signal> = {
    spikes: () => ({
      kind: "spikes",
      shape: input,
      over: "time",
      spikes: program.filled(spikeWords(spikes, batch * size)),
      counts: scope.buffer(4, "counts"),
      ...scale === undefined ? {} : { scale },
    }),
    dense: () => ({
      kind: "numbers",
      shape: input,
      over: "time",
      values: program.filled(denseOf(x, timeSteps, 7)),
    }),
    constant: () => ({
      kind: "numbers",
      shape: input,
      over: "constant",
      values: program.filled(Float32Array.from(x)),
    }),
  };
  const signal = signals[kind]();
  const { output, backward } = run.tile
    ? await compileProduct(scope, signal, product, run.tile)
    : await layer.compile(scope, signal);
  if (output.kind !== "numbers") throw new TypeError(output.kind);
  assertEquals(output.over, constant ? "constant" : "time");
  assertEquals(sizeOf(output.shape) * batch * steps, want.output.length);
  const [name] = store.blocks[0]!.tensors.map(({ name }) => name);
  store.load(
    new Map([
      [name!, { shape: store.blocks[0]!.tensors[0]!.spec.shape, data: Float32Array.from(weight) }],
      ...run.bias
        ? [
          [name!.replace(/weight$/, "bias"), {
            shape: [run.outChannels],
            data: Float32Array.from(bias),
          }] as const,
        ]
        : [],
    ]),
  );
  const parameter = scope.parameter("weight");
  const rubbish = (buffer: GPUBuffer) =>
    gpu.write(buffer, new Float32Array(buffer.size / 4).fill(1e30));
  rubbish(output.values);
  rubbish(parameter.gradient);
  const outputGradient: Gradient = {
    values: constant
      ? { over: "summed", buffer: program.filled(Float32Array.from(want.gradient)) }
      : { over: "time", buffer: program.filled(denseOf(want.gradient, timeSteps, 0)) },
  };
  const inputGradient = (await backward(outputGradient, true))!.values!;
  rubbish(inputGradient.buffer);
  for (const phase of ["forward", "backward"] as const) program.run(phase, { learns: true });
  const read = async (buffer: GPUBuffer, numbers: number) => {
    const data = new Float32Array(await gpu.read(buffer));
    assert(data.every(Number.isFinite), "a number isn't finite");
    return constant
      ? Float64Array.from(data.subarray(0, batch * numbers))
      : valuesOf(data, timeSteps, batch * numbers);
  };
  near("output", await read(output.values, sizeOf(output.shape)), want.output);
  const back = await read(inputGradient.buffer, size);
  near("input gradient", back, want.inputGradient.map((value) => value * factor));
  const sums = Float32Array.from(await readGradient(gpu, parameter));
  const [weights, biases] = store.tensorsOf(store.blocks[0]!, sums);
  near("weight gradient", Float64Array.from(weights![1].data as Float32Array), want.weightGradient);
  if (biases) {
    near("bias gradient", Float64Array.from(biases[1].data as Float32Array), want.biasGradient);
  }
}

/** Asserts that no number is further from the truth than 2e-6 of the largest. */
function near(what: string, got: Float64Array, want: Float64Array): void {
  const largest = want.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  try {
    assertClose(got, want, { rtol: 0, atol: 2e-6 * largest + 1e-12 });
  } catch (error) {
    throw new Error(`${what}: ${(error as Error).message}`);
  }
}
