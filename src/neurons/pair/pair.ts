/**
 * The pair of kernels that runs a layer of neurons over all T, one each way.
 *
 * @module
 */

import { neuron } from "../../../kernels/mod.ts";
import { denseBytes } from "../../core/dense.ts";
import { timeQuads, timeWords } from "../../core/time.ts";
import type { Gpu } from "../../gpu/gpu.ts";
import {
  type Dispatch,
  type Kernel,
  type Resource,
  type Slices,
  workgroupsFor,
} from "../../gpu/kernel.ts";
import { joinValues, type TemplateValues } from "../../gpu/template.ts";
import type { LearnedRange, NeuronModel } from "../neuron_model.ts";
import { neuronEquations } from "./equations.ts";

/** Simulations of at most these time steps are one segment, unrolled whole. */
const UNROLLED_STEPS = 128;
/** Longer ones run in segments of these quads of time steps: long text compiles too slowly in a loop. */
const SEGMENT_QUADS = 8;
/**
 * Quads of time steps from which on dense signals, one or several, are worth a copy into textures: those of
 * fewer lie close together, so that llvmpipe reads the buffers themselves as fast.
 */
const TEXTURE_QUADS = { one: 17, several: 7 };
/** A current of so many bytes is copied whole: the backward kernel finds the forward one's copy. */
const WHOLE_BYTES = 1 << 25;
/** Copies of a larger one have at most so many, which stay in the caches. */
const SLICE_BYTES = 1 << 22;
/** Lanes of a workgroup in the kernels of `kernels/neuron`. */
export const LANES = 64;

/** How a layer of neurons is run. */
export interface NeuronRun {
  /** How many neurons there are, samples times features. */
  readonly neurons: number;
  /**
   * Neurons of a sample.
   *
   * @default {NeuronRun.neurons}
   */
  readonly features?: number;
  /** T, the number of time steps. */
  readonly timeSteps: number;
  /** Whether the current is the same at each time step: f32 `[neurons]` instead of quads of steps. */
  readonly constantCurrent?: boolean;
  /** Whether each neuron has an initial state of its own, in a buffer. */
  readonly storedInitial?: boolean;
  /** Whether the state after the last step is kept. */
  readonly keepState?: boolean;
  /** Whether variables of the state besides the potential are kept after each step. */
  readonly storeOthers?: boolean;
}

/** Which gradients come in and go out of the backward kernel, apart from that of the current. */
export interface NeuronGradients {
  /** How the gradient of the spikes comes in, if there is one. */
  readonly spikes?: "constant" | "dense";
  /** How the gradient of the potentials comes in, if there is one. */
  readonly v?: "constant" | "dense";
  /** Whether the gradient of the initial state goes out. */
  readonly initial?: boolean;
}

/** Bytes of the buffers of a {@linkcode NeuronRun}, by their names in the kernels. */
export interface NeuronBytes {
  /** The current, over which its gradient is written. */
  readonly current: number;
  /** The spikes as bits. */
  readonly spikes: number;
  /** Spikes over T. */
  readonly counts: number;
  /** The state at the start of each segment but the first. */
  readonly checkpoints: number;
  /** A number for each neuron. */
  readonly each: number;
  /** The state of each neuron. */
  readonly state: number;
  /** Four numbers for each neuron and quad of time steps. */
  readonly quads: number;
}

/**
 * How large the buffers of a run are.
 *
 * @param run The run.
 * @param stateSize Variables of a neuron's state.
 * @returns Bytes.
 */
export function neuronBytes(run: NeuronRun, stateSize = 1): NeuronBytes {
  const { neurons, timeSteps } = run;
  const quads = denseBytes(timeSteps, neurons);
  // Three numbers of a vector take the room of four.
  const state = neurons * 4 * (stateSize === 3 ? 4 : stateSize);
  return {
    current: run.constantCurrent ? neurons * 4 : quads,
    spikes: timeWords(timeSteps) * neurons * 4,
    counts: neurons * 4,
    checkpoints: (segmentsOf(timeSteps).segments - 1) * state,
    each: neurons * 4,
    state,
    quads,
  };
}

function segmentsOf(timeSteps: number): { segments: number; segmentQuads: number } {
  const quads = timeQuads(timeSteps);
  const segmentQuads = timeSteps <= UNROLLED_STEPS ? quads : SEGMENT_QUADS;
  return { segments: Math.ceil(quads / segmentQuads), segmentQuads };
}

/** Whether a kernel had better read its signals through textures. */
function readsTextures(gpu: Gpu, run: NeuronRun, gradients: NeuronGradients): boolean {
  if (slicesOf(gpu, run)) return true;
  const signals = Number(!run.constantCurrent) + Number(gradients.spikes === "dense") +
    Number(gradients.v === "dense");
  const least = signals > 1 ? TEXTURE_QUADS.several : TEXTURE_QUADS.one;
  return timeQuads(run.timeSteps) >= least && gpu.readsTextures(neuronBytes(run).current);
}

/** How neurons are cut that read a large current through copies. */
function slicesOf(gpu: Gpu, run: NeuronRun): Slices | undefined {
  const { neurons, timeSteps, constantCurrent } = run;
  const bytes = neuronBytes(run).current;
  if (!gpu.preset.textureReads || constantCurrent || bytes <= WHOLE_BYTES) return undefined;
  const texels = timeQuads(timeSteps);
  const width = Math.max(1, Math.floor(SLICE_BYTES / (texels * 16 * LANES))) * LANES;
  return { count: neurons, width, texels };
}

function runValues(
  gpu: Gpu,
  model: NeuronModel,
  run: NeuronRun,
  gradients: NeuronGradients = {},
): TemplateValues {
  const { neurons, timeSteps } = run;
  const { segments, segmentQuads } = segmentsOf(timeSteps);
  const textureReads = readsTextures(gpu, run, gradients);
  return {
    neurons,
    steps: timeSteps,
    quads: timeQuads(timeSteps),
    segments,
    segmentQuads,
    ragged: segments > 1 && timeSteps % (4 * segmentQuads) !== 0,
    constantCurrent: run.constantCurrent ?? false,
    storedInitial: run.storedInitial ?? false,
    keepState: run.keepState ?? false,
    storeV: model.storeV,
    storeOthers: run.storeOthers ?? false,
    textureReads,
    sliced: slicesOf(gpu, run) !== undefined,
  };
}

/**
 * Compiles the forward kernel.
 *
 * @param gpu Where it will run.
 * @param model The neurons.
 * @param run How they are run.
 * @returns The kernel; `kernels/neuron/forward.wgsl` says what it binds.
 */
export function compileNeuronForward(
  gpu: Gpu,
  model: NeuronModel,
  run: NeuronRun,
): Promise<Kernel> {
  const { texts, values } = neuronEquations(model, run.features ?? run.neurons);
  return gpu.compile({
    name: `neuron/forward (${model.kind})`,
    texts: [...texts, neuron.forward],
    values: joinValues({ "the neurons": values, "the run": runValues(gpu, model, run) }),
  });
}

/**
 * Compiles the backward kernel.
 *
 * @param gpu Where it will run.
 * @param model The neurons.
 * @param run How they were run.
 * @param gradients What comes in and goes out.
 * @returns The kernel; `kernels/neuron/backward.wgsl` says what it binds.
 */
export function compileNeuronBackward(
  gpu: Gpu,
  model: NeuronModel,
  run: NeuronRun,
  gradients: NeuronGradients,
): Promise<Kernel> {
  const { texts, values } = neuronEquations(model, run.features ?? run.neurons);
  return gpu.compile({
    name: `neuron/backward (${model.kind})`,
    texts: [...texts, neuron.backward],
    values: joinValues({
      "the neurons": values,
      "the run": runValues(gpu, model, run, gradients),
      "the gradients": {
        constantSpikeGradient: gradients.spikes === "constant",
        denseSpikeGradient: gradients.spikes === "dense",
        vGradient: gradients.v === "dense",
        constantVGradient: gradients.v === "constant",
        initialGradient: gradients.initial ?? false,
      },
    }),
  });
}

/**
 * Compiles the kernel that adds up the neurons' shares in the gradient of a learned constant.
 *
 * @param gpu Where it will run.
 * @param run How they are run.
 * @param range Where the constant's numbers lie.
 * @param place Which of the learned constants it is.
 * @returns The kernel; `kernels/neuron/learned_gradient.wgsl` says what it binds.
 */
export function compileLearnedGradient(
  gpu: Gpu,
  { neurons, features = neurons }: NeuronRun,
  { first, length, by }: LearnedRange,
  place: number,
): Promise<Kernel> {
  return gpu.compile({
    name: "neuron/learned_gradient",
    texts: [neuron.learnedGradient],
    values: {
      neurons,
      features,
      first,
      firstShare: place * neurons,
      each: length > 1,
      sigmoid: by === "sigmoid",
      exponential: by === "exp",
    },
  });
}

/**
 * Binds a kernel of the pair.
 *
 * @param gpu Where it will run.
 * @param kernel The kernel.
 * @param resources What it binds.
 * @param run How the neurons are run.
 * @returns The dispatch.
 */
export function bindNeurons(
  gpu: Gpu,
  kernel: Kernel,
  resources: Readonly<Record<string, Resource>>,
  run: NeuronRun,
): Promise<Dispatch> {
  const slices = slicesOf(gpu, run);
  return kernel.bind(resources, workgroupsFor(slices?.width ?? run.neurons, LANES), slices);
}
