import type { BufferPart } from "../../gpu/bindings.ts";
import type { Gpu } from "../../gpu/gpu.ts";
import type { Dispatch } from "../../gpu/dispatch.ts";
import { type NeuronDescription, stateOf } from "../model.ts";
import {
  bindNeurons,
  checkpointBytes,
  compileNeuronBackward,
  compileNeuronForward,
  equationsOf,
  tracesOf,
} from "./compile.ts";
import { bindLearnedGradients } from "./learned.ts";
import { neuronBytes, type NeuronGradients, type NeuronRun } from "./run.ts";

/** The memory that neurons run in. */
export interface PairMemory {
  /** The current; the backward kernel writes its gradient over it. */
  readonly current: GPUBuffer;
  /** All that the neurons learn, where they do: see {@linkcode learnedTensors}. */
  readonly learned?: GPUBuffer | undefined;
  /** Makes a buffer that lives as long as the neurons are run. */
  buffer(bytes: number, label: string): GPUBuffer;
}

/** Gradients that come into neurons, and where others go. */
export interface PairGradients {
  /** That of the output: f32 `[neurons]`, the same at each time step, or quads of time steps. */
  readonly output?: { readonly over: "constant" | "dense"; readonly buffer: GPUBuffer } | undefined;
  /** Those of the state after each step, by variable, in quads of time steps. */
  readonly traces?: Readonly<Record<string, GPUBuffer>> | undefined;
  /** Where that of the state before the first step goes, if anybody asks. */
  readonly initial?: GPUBuffer | undefined;
  /** Where that of what is learned goes. */
  readonly learned?: GPUBuffer | undefined;
}

/** Neurons over all T, ready to run: a kernel each way, with all that they read and write. */
export interface NeuronPair {
  /** Simulates all time steps. */
  readonly forward: Dispatch;
  /** What neurons fire, if they do: bits, and their counts over T. */
  readonly fired?: { readonly spikes: GPUBuffer; readonly counts: GPUBuffer };
  /** The state's variables after each step, of those that are kept: quads of time steps. */
  readonly traces: Readonly<Record<string, GPUBuffer>>;
  /** The states before the first step and after the last, `[neurons]`, where the run keeps them. */
  readonly kept?: { readonly initial: BufferPart; readonly final: BufferPart };
  /** Compiles the way back. */
  backward(gradients: PairGradients): Promise<Dispatch[]>;
}

/**
 * Compiles neurons and makes the memory that they need.
 *
 * @param gpu Where they will run.
 * @param description The neurons.
 * @param run How they are run.
 * @param memory Where the current is, and where more memory comes from.
 * @returns The neurons.
 * @throws {RangeError} If a constant has another number of values than a sample has neurons.
 */
export async function compilePair(
  gpu: Gpu,
  description: NeuronDescription,
  run: NeuronRun,
  memory: PairMemory,
): Promise<NeuronPair> {
  const { current, learned } = memory;
  const { fires = true } = description;
  const bytes = neuronBytes(run, stateOf(description).length);
  // Before there is memory: errors of the description come from here.
  const { constants: { each, learned: tensors } } = equationsOf(description, run);
  const forward = await compileNeuronForward(gpu, description, run);
  const buffer = (size: number, label: string) => memory.buffer(size, label);
  const host = { gpu, buffer };
  const fired = fires
    ? { spikes: buffer(bytes.spikes, "spikes"), counts: buffer(bytes.counts, "spike counts") }
    : undefined;
  const constants = each.length > 0 ? buffer(each.byteLength, "constants") : undefined;
  if (constants) gpu.write(constants, each);
  const checkpoints = checkpointBytes(description, run);
  // One buffer for all states that the kernels keep: some adapters bind no more than ten.
  const size = checkpoints + (run.keepState ? 2 * bytes.states : 0);
  const states = size > 0 ? buffer(size, "checkpoints") : undefined;
  const shared = {
    current,
    ...learned ? { learned } : {},
    ...constants ? { constants } : {},
    ...run.lengths ? { lengths: run.lengths } : {},
    ...states ? { checkpoints: states } : {},
  };
  const traces = Object.fromEntries(
    tracesOf(description, run).map((name) => [name, buffer(bytes.quads, `${name} over time`)]),
  );
  return {
    forward: await bindNeurons(host, forward, {
      ...shared,
      ...fired ?? {},
      ...named(traces, "trace"),
    }, run),
    ...fired ? { fired } : {},
    traces,
    ...states && run.keepState
      ? {
        kept: {
          initial: { buffer: states, offset: 0, size: bytes.states },
          final: { buffer: states, offset: bytes.states + checkpoints, size: bytes.states },
        },
      }
      : {},
    async backward(gradients) {
      const { output, initial, learned: gradient } = gradients;
      const kinds: NeuronGradients = {
        ...output ? { output: output.over } : {},
        traces: Object.keys(gradients.traces ?? {}),
        initial: initial !== undefined,
        learned: gradient !== undefined,
      };
      const kernel = await compileNeuronBackward(gpu, description, run, kinds);
      const shares = gradient
        ? buffer(tensors.length * bytes.each, "shares in learned gradients")
        : undefined;
      const backward = await bindNeurons(
        host,
        kernel,
        {
          ...shared,
          ...run.feedback && fired && checkpoints > 0 ? { spikes: fired.spikes } : {},
          ...output ? { output_gradient: output.buffer } : {},
          ...named(gradients.traces ?? {}, "gradient"),
          ...initial ? { initial_gradient: initial } : {},
          ...shares ? { shares } : {},
        },
        run,
        kinds,
      );
      return [
        backward,
        ...shares && learned && gradient
          ? await bindLearnedGradients(gpu, description, run, { shares, learned, gradient })
          : [],
      ];
    },
  };
}

/** Buffers of variables by their names in a kernel. */
function named(
  buffers: Readonly<Record<string, GPUBuffer>>,
  what: "trace" | "gradient",
): Record<string, GPUBuffer> {
  return Object.fromEntries(
    Object.entries(buffers).map(([name, buffer]) => [`${name}_${what}`, buffer]),
  );
}
