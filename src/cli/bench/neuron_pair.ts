import type { Gpu } from "../../gpu/gpu.ts";
import type { Dispatch } from "../../gpu/kernel.ts";
import {
  compileNeuronBackward,
  compileNeuronForward,
  neuronBytes,
  type NeuronRun,
  neuronWorkgroups,
} from "../../neurons/fused.ts";
import { LifNode } from "../../neurons/lif_node.ts";
import { fillUniform } from "./fill.ts";

/** The current of neurons that fire now and then. */
const CURRENT = [0, 2.5] as const;

/** A kernel and the memory that it moves. */
export interface NeuronKernel {
  /** What it does. */
  readonly name: string;
  /** The kernel, bound. */
  readonly dispatch: Dispatch;
  /** Bytes that it reads and writes. */
  readonly bytes: number;
}

/** The kernels of a layer of LIF neurons alone. */
export interface NeuronPair extends Disposable {
  /** Forward, and backward from either kind of gradient. */
  readonly kernels: readonly NeuronKernel[];
  /** vec4 of f32 `[ceil(T / 4)][N]`: the current, then its gradient. */
  readonly current: GPUBuffer;
  /** u32 `[N]`: spikes over T. */
  readonly counts: GPUBuffer;
  /** f32 `[N]`: the gradient that is the same at each time step. */
  readonly constantGradient: GPUBuffer;
  /** vec4 of f32 `[ceil(T / 4)][N]`: the gradient that isn't. */
  readonly denseGradient: GPUBuffer;
}

/**
 * Bytes of the largest buffer that a layer of neurons alone needs.
 *
 * @param run N and T.
 * @returns Bytes.
 */
export function largestNeuronBytes(run: NeuronRun): number {
  return neuronBytes(run).quads;
}

/**
 * Compiles a layer of LIF neurons alone, its current random.
 *
 * @param gpu Where it will run.
 * @param run N and T.
 * @returns Its kernels.
 */
export async function compileNeuronPair(gpu: Gpu, run: NeuronRun): Promise<NeuronPair> {
  const bytes = neuronBytes(run);
  const current = gpu.createBuffer(bytes.current, "current");
  const spikes = gpu.createBuffer(bytes.spikes, "spikes");
  const counts = gpu.createBuffer(bytes.counts, "counts");
  const checkpoints = gpu.createBuffer(bytes.checkpoints, "checkpoints");
  const constantGradient = gpu.createBuffer(bytes.each, "constant gradient");
  const denseGradient = gpu.createBuffer(bytes.quads, "dense gradient");
  fillUniform(gpu, current, ...CURRENT);
  fillUniform(gpu, constantGradient, -1, 1);
  fillUniform(gpu, denseGradient, -1, 1);
  const neurons = new LifNode().describe();
  const groups = neuronWorkgroups(run.neurons);
  const backward = async (kind: "constant" | "dense", spike_gradient: GPUBuffer) => {
    const kernel = await compileNeuronBackward(gpu, neurons, run, { spikes: kind });
    return await kernel.bind({ current, checkpoints, spike_gradient }, groups);
  };
  const forward = await compileNeuronForward(gpu, neurons, run);
  const [x, gradient] = [bytes.current, bytes.checkpoints + 2 * bytes.current];
  return {
    kernels: [
      {
        name: "forward",
        dispatch: await forward.bind({ current, spikes, counts, checkpoints }, groups),
        bytes: x + bytes.spikes + bytes.counts + bytes.checkpoints,
      },
      {
        name: "backward, constant gradient",
        dispatch: await backward("constant", constantGradient),
        bytes: gradient + bytes.each,
      },
      {
        name: "backward, dense gradient",
        dispatch: await backward("dense", denseGradient),
        bytes: gradient + bytes.quads,
      },
    ],
    current,
    counts,
    constantGradient,
    denseGradient,
    [Symbol.dispose]() {
      for (
        const buffer of [current, spikes, counts, checkpoints, constantGradient, denseGradient]
      ) {
        buffer.destroy();
      }
    },
  };
}
