/**
 * Neurons between batch norm and max pool, as one kernel each way: what each neuron fires is never stored.
 *
 * @module
 */

import * as neuron from "../../kernels/neuron/mod.ts";
import * as sums from "../../kernels/sums/mod.ts";
import type { KernelRun, Phase, Scope } from "../core/scope.ts";
import type { Shape } from "../core/shape.ts";
import type { Gradient, NumberSignal, SpikeSignal } from "../core/signal.ts";
import { timeQuads } from "../core/time.ts";
import { workgroupsFor } from "../gpu/dispatch.ts";
import { joinValues, type TemplateValues } from "../gpu/template.ts";
import type { NeuronDescription } from "./model.ts";
import { fitsOneKernel } from "./pair/equations.ts";
import { equationsOf } from "./pair/compile.ts";
import { firstStateText } from "./pair/state.ts";

/** Lanes of a workgroup in `kernels/neuron/window_*.wgsl`. */
const LANES = 64;
/** States that a lane keeps in registers: time steps times neurons of a window. */
const MOST_STATES = 128;
/** Time steps whose spikes are in one word. */
const WORD_STEPS = 32;
/** Parts of the planes of a batch that lanes sum: enough for any device. */
const SUM_LANES = 1 << 14;

/** Neurons in planes, and the pool after them. */
export interface WindowShape {
  /** Planes of a sample. */
  readonly channels: number;
  /** Rows of a plane. */
  readonly height: number;
  /** Neurons of a row. */
  readonly width: number;
  /** Rows, and neurons of a row, of a window; 1 is no pool. */
  readonly pool: number;
  /** What a sample has that comes out. */
  readonly output: Shape;
}

/** How the current is normalised: vec4 of f32 `[channels]`, see `kernels/norm/merge.wgsl`. */
export interface WindowNorm {
  /** Scale, shift, mean and 1 / deviation. */
  readonly affine: GPUBuffer;
  /** Turns sums of gradients into the coefficients of the gradient of the current. */
  gradientsOf(partials: { buffer: GPUBuffer; parts: number }): Promise<GPUBuffer>;
}

/** Neurons of windows in a program. */
export interface CompiledWindow {
  /** What the windows fire. */
  readonly output: SpikeSignal;
  /** Adds the way back; the gradient is written over the current. */
  backward(gradient: Gradient): Promise<Gradient>;
}

/**
 * Whether neurons and a pool may run as one kernel.
 *
 * @param description The neurons.
 * @param pool Rows of a window.
 * @param timeSteps T.
 * @returns Whether they may.
 */
export function fitsWindow(
  description: NeuronDescription,
  pool: number,
  timeSteps: number,
): boolean {
  return fitsOneKernel(description) && timeSteps <= WORD_STEPS &&
    timeSteps * pool * pool <= MOST_STATES;
}

/**
 * Adds the kernels of neurons and their pool to a program.
 *
 * @param scope The neurons' view of the program.
 * @param description The neurons.
 * @param input Their current, or what it is the normalised form of.
 * @param options The planes and the pool, and the norm before the neurons, if there is one.
 * @returns What the windows fire.
 */
export async function compileWindow(
  scope: Scope,
  description: NeuronDescription,
  input: NumberSignal,
  { shape, norm }: { readonly shape: WindowShape; readonly norm?: WindowNorm },
): Promise<CompiledWindow> {
  const { gpu, batchSize, timeSteps } = scope;
  const { channels, height, width, pool } = shape;
  const planes = batchSize * channels;
  const windowsDown = Math.ceil(height / pool);
  const windowsAcross = Math.ceil(width / pool);
  const outHeight = Math.floor(height / pool);
  const outWidth = Math.floor(width / pool);
  const outputs = planes * outHeight * outWidth;
  const constantCurrent = input.over === "constant";
  const values = {
    ...{ batch: batchSize, planes, channels, height, width, pool },
    ...{ windowsDown, windowsAcross, outHeight, outWidth },
    steps: timeSteps,
    quads: timeQuads(timeSteps),
    constantCurrent,
    normalised: norm !== undefined,
    lanes: LANES,
    // Signals over time are read by both ways, and their gradients twice: one copy is read by all.
    textureReads: gpu.readsTextures(input.values.size),
  };
  // A lane takes a row of windows where lanes are few: what they share is then loaded once.
  const rowShare = gpu.preset.name === "software" ? windowsAcross : 1;
  const rows = { share: rowShare, parts: Math.ceil(windowsDown * windowsAcross / rowShare) };
  const lanes = planes * rows.parts;
  const equations = equationsOf(description, {
    neurons: planes * height * width,
    timeSteps,
    features: channels * height * width,
  });
  const run = (phase: Phase, work: {
    name: string;
    text: string;
    values: TemplateValues;
    resources: Record<string, GPUBuffer>;
    observed?: NonNullable<KernelRun["observed"]>;
    lanes: number;
  }) =>
    scope.run(phase, {
      name: `neuron/${work.name} (${description.kind})`,
      texts: [...equations.texts, firstStateText(description, false), work.text],
      values: joinValues({
        "the neurons": equations.values,
        "the window": { ...values, ...work.values },
      }),
      resources: {
        current: input.values,
        ...norm ? { affine: norm.affine } : {},
        ...work.resources,
      },
      ...work.observed ? { observed: work.observed } : {},
      workgroups: workgroupsFor(work.lanes, LANES),
    });
  const output: SpikeSignal = {
    kind: "spikes",
    shape: shape.output,
    over: "time",
    spikes: scope.buffer(outputs * 4, "spikes"),
    counts: scope.buffer(outputs * 4, "spike counts"),
  };
  const spikeSums = scope.buffer(channels * height * width * 4, "spike sums");
  // A byte says how often a neuron fired: WORD_STEPS fit.
  const grid = { windowsDown, windowsAcross, windowWords: Math.ceil(pool * pool / 4) };
  const words = planes * windowsDown * windowsAcross * grid.windowWords;
  const fired = scope.buffer(words * 4, "counted windows");
  const { spikes, counts } = output;
  await run("forward", {
    name: "window_forward",
    text: neuron.windowForward,
    values: { observes: false, windowWords: grid.windowWords, ...rows },
    resources: { spikes, counts },
    observed: { values: { observes: true }, resources: { fired } },
    lanes,
  });
  await scope.run("observe", {
    name: "sums/windows",
    texts: [sums.windows],
    values: { ...grid, windows: words / batchSize, height, width, pool },
    resources: { fired, spike_sums: spikeSums },
    workgroups: workgroupsFor(words / batchSize, LANES),
  });
  scope.observe({ kind: description.kind, shape: input.shape, spikeSums });
  return {
    output,
    async backward({ values: outer }) {
      if (!outer || outer.over === "summed") {
        throw new TypeError(
          `Cannot take the gradient of ${description.kind} and what is around them from that of ` +
            (outer ? "a constant signal" : "a potential"),
        );
      }
      const back = {
        name: "window_backward",
        text: neuron.windowBackward,
        resources: { output_gradient: outer.buffer },
      };
      const constantOutputGradient = outer.over === "constant";
      let coefficients: GPUBuffer | undefined;
      if (norm) {
        const most = Math.max(1, Math.ceil(SUM_LANES / planes));
        const share = Math.ceil(windowsDown * windowsAcross / most);
        const parts = Math.ceil(windowsDown * windowsAcross / share);
        const partials = scope.buffer(planes * parts * 16, "gradient sums");
        await run("backward", {
          ...back,
          values: { constantOutputGradient, sums: true, parts, share },
          resources: { ...back.resources, partials },
          lanes: planes * parts,
        });
        coefficients = await norm.gradientsOf({ buffer: partials, parts: batchSize * parts });
      }
      await run("backward", {
        ...back,
        values: { constantOutputGradient, sums: false, ...rows },
        resources: { ...back.resources, ...coefficients ? { coefficients } : {} },
        lanes,
      });
      return { values: { over: constantCurrent ? "summed" : "time", buffer: input.values } };
    },
  };
}
