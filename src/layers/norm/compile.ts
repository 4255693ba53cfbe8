import * as kernels from "../../../kernels/norm/mod.ts";
import * as lib from "../../../kernels/lib/mod.ts";
import { denseBytes } from "../../core/dense.ts";
import type { CompiledLayer } from "../../core/layer.ts";
import { reader, writer } from "../../core/readers.ts";
import type { Scope } from "../../core/scope.ts";
import { sizeOf } from "../../core/shape.ts";
import type { NumberSignal, Signal, StoredSignal } from "../../core/signal.ts";
import { timeQuads } from "../../core/time.ts";
import { READER_STEP, scaleGradient, stored } from "../../feeds/stored.ts";
import { workgroupsFor } from "../../gpu/dispatch.ts";
import { LOOP_ROUNDS } from "../../gpu/rounds.ts";
import { gradientOverTime } from "../gradient.ts";
import { mergeGradients, mergeStatistics, type Norm, type Partials } from "./statistics.ts";

/** Lanes of a workgroup in `kernels/norm/{sums,apply}.wgsl`. */
const LANES = 64;
/** Lanes that sum the channels of a batch: enough for any device. */
const SUM_LANES = 1 << 12;

/**
 * Adds a batch norm to a program, as kernels of its own.
 *
 * @param scope The layer's view of the program.
 * @param layer The layer.
 * @param signal The signal that comes in.
 * @returns Numbers of the same shape: the same at each time step if the input is.
 */
export async function compileNorm(
  scope: Scope,
  layer: Norm,
  signal: Signal,
): Promise<CompiledLayer> {
  const input = await stored(scope, signal);
  const partials = scope.mode === "train" ? await sumNumbers(scope, layer, input) : undefined;
  const affine = await mergeStatistics(scope, layer, partials);
  const output: NumberSignal = {
    kind: "numbers",
    shape: input.shape,
    over: input.over,
    values: numbersBuffer(scope, input, "normalised"),
  };
  await apply(scope, layer, { input, output, resources: { affine } });
  return {
    output,
    async backward(outer, needed) {
      const values = await gradientOverTime(scope, outer, output);
      const gradient: NumberSignal = { ...output, values };
      const sums = await sumNumbers(scope, layer, input, { gradient, affine });
      const coefficients = await mergeGradients(scope, layer, sums, affine);
      if (!needed) return undefined;
      const back: NumberSignal = {
        ...output,
        values: numbersBuffer(scope, input, "input gradient"),
      };
      await apply(scope, layer, { input, output: back, gradient, resources: { coefficients } });
      await scaleGradient(scope, input, back.values);
      return {
        values: { over: output.over === "constant" ? "summed" : "time", buffer: back.values },
      };
    },
  };
}

function numbersBuffer(scope: Scope, { shape, over }: StoredSignal, label: string): GPUBuffer {
  const numbers = scope.batchSize * sizeOf(shape);
  return scope.buffer(
    over === "constant" ? numbers * 4 : denseBytes(scope.timeSteps, numbers),
    label,
  );
}

/**
 * Adds the kernel that sums the numbers of each channel; of a gradient, it and its products with the
 * normalised numbers.
 *
 * @param scope The layer's view of the program.
 * @param layer The layer.
 * @param input The numbers.
 * @param back The gradient, and what the numbers were normalised by.
 * @returns The sums.
 */
export async function sumNumbers(
  scope: Scope,
  { channels, places }: Norm,
  input: StoredSignal,
  back?: { readonly gradient: NumberSignal; readonly affine: GPUBuffer },
): Promise<Partials> {
  const { batchSize, timeSteps, lengths } = scope;
  const all = batchSize * places;
  const constant = input.over === "constant";
  const quads = constant ? 1 : timeQuads(timeSteps);
  const share = Math.min(
    Math.ceil(all / Math.min(all, Math.max(1, Math.ceil(SUM_LANES / channels)))),
    // It goes over them twice: for their mean, and for what they deviate from it.
    Math.max(1, Math.floor(LOOP_ROUNDS / (2 * (quads + 1)))),
  );
  const parts = Math.ceil(all / share);
  const buffer = scope.buffer(parts * channels * 16, back ? "gradient sums" : "sums");
  const pieces = [
    reader("x", input, scope),
    ...back ? [reader("gradient", back.gradient, scope)] : [],
  ];
  await scope.run(back ? "backward" : "forward", {
    name: back ? "norm/sum_gradients" : "norm/sums",
    texts: [
      lib.batch,
      READER_STEP,
      ...pieces.map(({ text }) => text),
      lengths ? kernels.sumsByLengths : kernels.sums,
    ],
    values: {
      channels,
      places,
      parts,
      share,
      steps: constant ? 1 : timeSteps,
      quads,
      constant,
      gradients: back !== undefined,
    },
    resources: Object.assign(
      { partials: buffer, ...back ? { affine: back.affine } : {} },
      ...pieces.map(({ resources }) => resources),
    ),
    workgroups: workgroupsFor(parts * channels, LANES),
  });
  return { buffer, parts };
}

/** Normalises the numbers, or turns their gradients into those of what comes in. */
async function apply(
  scope: Scope,
  { places }: Norm,
  { input, output, gradient, resources }: {
    readonly input: StoredSignal;
    readonly output: NumberSignal;
    readonly gradient?: NumberSignal;
    readonly resources: Readonly<Record<string, GPUBuffer>>;
  },
): Promise<void> {
  const { batchSize, timeSteps } = scope;
  const size = sizeOf(input.shape);
  const constant = input.over === "constant";
  const quads = constant ? 1 : timeQuads(timeSteps);
  const pieces = [
    reader("x", input, scope),
    ...gradient ? [reader("gradient", gradient, scope)] : [],
    writer("result", output, scope),
  ];
  await scope.run(gradient ? "backward" : "forward", {
    name: gradient ? "norm/apply_gradient" : "norm/apply",
    texts: [lib.batch, READER_STEP, ...pieces.map(({ text }) => text), kernels.apply],
    values: {
      numbers: batchSize * size,
      size,
      places,
      quads,
      steps: timeSteps,
      constant,
      gradients: gradient !== undefined,
    },
    resources: Object.assign({ ...resources }, ...pieces.map(({ resources }) => resources)),
    workgroups: workgroupsFor(batchSize * size * quads, LANES),
  });
}
