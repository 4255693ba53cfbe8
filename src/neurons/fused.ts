/**
 * The fused pair of kernels: a layer of neurons over all T in one kernel each way.
 *
 * @module
 */

import { neuron } from "../../kernels/mod.ts";
import type { Gpu } from "../gpu/gpu.ts";
import {
  type Dispatch,
  type Kernel,
  type Resource,
  type Slices,
  workgroupsFor,
} from "../gpu/kernel.ts";
import { joinValues, type TemplateValues } from "../gpu/template.ts";
import { denseBytes } from "../core/dense.ts";
import { timeQuads, timeWords } from "../core/time.ts";
import type { Surrogate } from "../surrogate/surrogate.ts";

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
/** Lanes of a workgroup in `kernels/neuron/forward.wgsl` and `backward.wgsl`. */
const LANES = 64;

/** What tells one kind of neuron from another. */
export interface NeuronDescription {
  /** The kind, in messages. */
  readonly kind: string;
  /** WGSL with `prepare`, `charge`, `input_gradient` and `potential_gradient`. */
  readonly charge: string;
  /** Values for the WGSL of `charge`. */
  readonly values: TemplateValues;
  /** The threshold. */
  readonly vThreshold: number;
  /** The potential after a spike; null for a soft reset. */
  readonly vReset: number | null;
  /** The potential before the first step. */
  readonly vInit: number;
  /** Whether gradients stop at the reset. */
  readonly detachReset: boolean;
  /** Whether the potential after each step is kept. */
  readonly storeV: boolean;
  /** The surrogate gradient of a spike. */
  readonly surrogate: Surrogate;
  /** Where the decay is learned: the initial w, 1 / tau = sigmoid(w). */
  readonly initialW?: number;
}

/** How a layer of neurons is run. */
export interface NeuronRun {
  /** How many neurons there are, samples times features. */
  readonly neurons: number;
  /** T, the number of time steps. */
  readonly timeSteps: number;
  /** Whether the current is the same at each time step: f32 `[neurons]` instead of quads of steps. */
  readonly constantCurrent?: boolean;
  /** Whether each neuron has an initial potential of its own, in a buffer. */
  readonly storedInitial?: boolean;
  /** Whether the potential after the last step is kept. */
  readonly keepState?: boolean;
}

/** Which gradients come in and go out of the backward kernel, apart from that of the current. */
export interface NeuronGradients {
  /** How the gradient of the spikes comes in, if there is one. */
  readonly spikes?: "constant" | "dense";
  /** Whether a gradient of the potentials comes in. */
  readonly v?: boolean;
  /** Whether the gradient of the initial potentials goes out. */
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
  /** The potential at the start of each segment but the first. */
  readonly checkpoints: number;
  /** A number for each neuron. */
  readonly each: number;
  /** Four numbers for each neuron and quad of time steps. */
  readonly quads: number;
}

/**
 * The WGSL of neurons, and the values that it takes.
 *
 * @param description The neurons.
 * @returns `charge`, `reset`, `fire_gradient` and what goes with them.
 * @throws {TypeError} If the surrogate has a value of a name that the neurons have.
 */
export function neuronEquations(
  description: NeuronDescription,
): { texts: string[]; values: TemplateValues } {
  const { kind, surrogate, vThreshold, vReset, detachReset, initialW } = description;
  return {
    texts: [surrogate.wgsl, description.charge, neuron.reset],
    values: joinValues({
      [`the surrogate "${surrogate.name}"`]: surrogate.parameters,
      [kind]: description.values,
      "neurons": {
        vThreshold,
        vReset: vReset ?? 0,
        rest: vReset ?? 0,
        initial: description.vInit,
        softReset: vReset === null,
        detachReset,
        learnedDecay: initialW !== undefined,
      },
    }),
  };
}

/**
 * How large the buffers of a run are.
 *
 * @param run The run.
 * @returns Bytes.
 */
export function neuronBytes(run: NeuronRun): NeuronBytes {
  const { neurons, timeSteps } = run;
  const quads = denseBytes(timeSteps, neurons);
  return {
    current: run.constantCurrent ? neurons * 4 : quads,
    spikes: timeWords(timeSteps) * neurons * 4,
    counts: neurons * 4,
    checkpoints: (segmentsOf(timeSteps).segments - 1) * neurons * 4,
    each: neurons * 4,
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
    Number(gradients.v ?? false);
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
  description: NeuronDescription,
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
    storeV: description.storeV,
    textureReads,
    sliced: slicesOf(gpu, run) !== undefined,
  };
}

/**
 * Compiles the forward kernel.
 *
 * @param gpu Where it will run.
 * @param description The neurons.
 * @param run How they are run.
 * @returns The kernel; `kernels/neuron/forward.wgsl` says what it binds.
 */
export function compileNeuronForward(
  gpu: Gpu,
  description: NeuronDescription,
  run: NeuronRun,
): Promise<Kernel> {
  const { texts, values } = neuronEquations(description);
  return gpu.compile({
    name: `neuron/forward (${description.kind})`,
    texts: [...texts, neuron.forward],
    values: joinValues({ "the neurons": values, "the run": runValues(gpu, description, run) }),
  });
}

/**
 * Compiles the backward kernel.
 *
 * @param gpu Where it will run.
 * @param description The neurons.
 * @param run How they were run.
 * @param gradients What comes in and goes out.
 * @returns The kernel; `kernels/neuron/backward.wgsl` says what it binds.
 */
export function compileNeuronBackward(
  gpu: Gpu,
  description: NeuronDescription,
  run: NeuronRun,
  gradients: NeuronGradients,
): Promise<Kernel> {
  const { texts, values } = neuronEquations(description);
  return gpu.compile({
    name: `neuron/backward (${description.kind})`,
    texts: [...texts, neuron.backward],
    values: joinValues({
      "the neurons": values,
      "the run": runValues(gpu, description, run, gradients),
      "the gradients": {
        constantSpikeGradient: gradients.spikes === "constant",
        denseSpikeGradient: gradients.spikes === "dense",
        vGradient: gradients.v ?? false,
        initialGradient: gradients.initial ?? false,
      },
    }),
  });
}

/**
 * Compiles the kernel that adds up the neurons' shares in the gradient of a learned decay.
 *
 * @param gpu Where it will run.
 * @param neurons How many neurons there are.
 * @returns The kernel; `kernels/neuron/decay_gradient.wgsl` says what it binds. It is one workgroup.
 */
export function compileDecayGradient(gpu: Gpu, neurons: number): Promise<Kernel> {
  const texts = [neuron.decayGradient];
  return gpu.compile({ name: "neuron/decay_gradient", texts, values: { neurons } });
}

/**
 * Binds a kernel of the fused pair.
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
