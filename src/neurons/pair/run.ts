import type { StepBuffer } from "../../gpu/bindings.ts";
import type { Gpu } from "../../gpu/gpu.ts";
import type { TemplateValues } from "../../gpu/template.ts";
import { denseBytes } from "../../core/dense.ts";
import { timeQuads, timeWords } from "../../core/time.ts";
import { cutSlices, type Slices } from "./slices.ts";
import { stateBytes } from "./state.ts";

/** Simulations of at most these time steps are one segment, unrolled whole. */
const UNROLLED_STEPS = 128;
/** Longer ones run in segments of these quads of time steps: long text compiles too slowly in a loop. */
const SEGMENT_QUADS = 8;
/**
 * Quads of time steps from which on dense signals, one or several, are worth a copy into textures: those of
 * fewer lie close together, so that llvmpipe reads the buffers themselves as fast, with AVX-512.
 */
const TEXTURE_QUADS = { one: 17, several: 7 };
/** Lanes of a workgroup in `kernels/neuron/forward.wgsl` and `backward.wgsl`. */
export const LANES = 64;

/** How a layer of neurons is run. */
export interface NeuronRun {
  /** How many neurons there are, samples times features. */
  readonly neurons: number;
  /** T, the number of time steps. */
  readonly timeSteps: number;
  /**
   * Neurons of a sample, where a constant differs from neuron to neuron.
   *
   * @default {neurons}
   */
  readonly features?: number;
  /**
   * Which of a sample's neurons the first one is.
   *
   * @default {0}
   */
  readonly firstFeature?: number;
  /** Whether the current is the same at each time step: f32 `[neurons]` instead of quads of steps. */
  readonly constantCurrent?: boolean;
  /** Whether the states before the first step and after the last are in a buffer, one for each neuron. */
  readonly keepState?: boolean;
  /** Whether a neuron that fires adds 1 to its own current at the next time step. */
  readonly feedback?: boolean;
  /** The state's variables that are kept after each step; of neurons that don't fire, the potential is. */
  readonly traces?: readonly string[];
  /** Time steps of each sample, `[batch]`, where they may be fewer than T: after its end nothing happens. */
  readonly lengths?: StepBuffer | undefined;
}

/** Which gradients come in and go out of the backward kernel, apart from that of the current. */
export interface NeuronGradients {
  /** How the gradient of the output (spikes, or potentials of neurons that don't fire) comes in, if it does. */
  readonly output?: "constant" | "dense";
  /** The state's variables whose gradients after each step come in. */
  readonly traces?: readonly string[];
  /** Whether the gradient of the initial state goes out. */
  readonly initial?: boolean;
  /** Whether the gradient of what is learned goes out. */
  readonly learned?: boolean;
}

/** Bytes of the buffers of a {@linkcode NeuronRun}. */
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
  /** A state for each neuron. */
  readonly states: number;
  /** Four numbers for each neuron and quad of time steps. */
  readonly quads: number;
}

/**
 * How large the buffers of a run are.
 *
 * @param run The run.
 * @param variables How many variables a neuron's state has.
 * @returns Bytes.
 */
export function neuronBytes(run: NeuronRun, variables = 1): NeuronBytes {
  const { neurons, timeSteps } = run;
  const quads = denseBytes(timeSteps, neurons);
  const states = neurons * stateBytes(variables);
  return {
    current: run.constantCurrent ? neurons * 4 : quads,
    spikes: timeWords(timeSteps) * neurons * 4,
    counts: neurons * 4,
    checkpoints: (segmentsOf(timeSteps).segments - 1) * states,
    each: neurons * 4,
    states,
    quads,
  };
}

function segmentsOf(timeSteps: number): { segments: number; segmentQuads: number } {
  const quads = timeQuads(timeSteps);
  const segmentQuads = timeSteps <= UNROLLED_STEPS ? quads : SEGMENT_QUADS;
  return { segments: Math.ceil(quads / segmentQuads), segmentQuads };
}

/** How a kernel reads its signals: through textures or not, and of which neurons at a time. */
export interface NeuronReads {
  /** Whether through textures. */
  readonly textures: boolean;
  /** Slices of the neurons, if they are cut. */
  readonly slices?: Slices | undefined;
}

/**
 * How a kernel of neurons reads its signals.
 *
 * @param gpu Where it will run.
 * @param run How the neurons are run.
 * @param gradients Of the backward kernel: what comes in.
 * @returns What suits the adapter.
 */
export function readsOf(gpu: Gpu, run: NeuronRun, gradients: NeuronGradients): NeuronReads {
  const { neurons, timeSteps, constantCurrent = false } = run;
  const quads = timeQuads(timeSteps);
  const dense = Number(!constantCurrent) + Number(gradients.output === "dense") +
    (gradients.traces?.length ?? 0);
  const least = dense > 1 ? TEXTURE_QUADS.several : TEXTURE_QUADS.one;
  const bytes = neuronBytes(run);
  const textures = gpu.readsTextures(dense > 0 ? bytes.quads : bytes.current, {
    once: quads < least,
  });
  if (dense === 0) return { textures };
  // Slices are worth it however seldom a number is read, and however large all of them are.
  const slices = cutSlices({ neurons, neuronBytes: 16 * quads, lanes: LANES, constantCurrent });
  return slices && (textures || gpu.preset.textureReads && !constantCurrent)
    ? { textures: true, slices }
    : { textures };
}

/**
 * The values by which a run fills in the kernels.
 *
 * @param gpu Where it will run.
 * @param run The run.
 * @param gradients Of the backward kernel: what comes in.
 * @returns The values.
 */
export function runValues(
  gpu: Gpu,
  run: NeuronRun,
  gradients: NeuronGradients = {},
): TemplateValues {
  const { neurons, timeSteps } = run;
  const { segments, segmentQuads } = segmentsOf(timeSteps);
  const lengths = run.lengths !== undefined;
  const { textures, slices } = readsOf(gpu, run, gradients);
  return {
    neurons,
    steps: timeSteps,
    quads: timeQuads(timeSteps),
    segments,
    segmentQuads,
    ragged: lengths || segments > 1 && timeSteps % (4 * segmentQuads) !== 0,
    lengths,
    sampleNeurons: run.features ?? neurons,
    constantCurrent: run.constantCurrent ?? false,
    keepState: run.keepState ?? false,
    feedback: run.feedback ?? false,
    textureReads: textures,
    sliced: slices !== undefined,
  };
}
