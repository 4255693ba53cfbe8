import type { Gpu } from "../../gpu/gpu.ts";
import type { Dispatch } from "../../gpu/kernel.ts";
import {
  bindNeurons,
  compileNeuronBackward,
  compileNeuronForward,
  neuronBytes,
  type NeuronRun,
} from "../../neurons/pair/pair.ts";
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

/** How a gradient of the spikes comes in: the same at each time step or not. */
export type GradientKind = "constant" | "dense";

/** The kernels of a layer of LIF neurons alone. */
export interface NeuronPair extends Disposable {
  /** Forward, and backward from each kind of gradient. */
  readonly kernels: readonly NeuronKernel[];
  /** A dense signal: the current, then its gradient. */
  readonly current: GPUBuffer;
  /** u32 `[N]`: spikes over T. */
  readonly counts: GPUBuffer;
  /** The gradients of the spikes by kind: f32 `[N]`, or a dense signal. */
  readonly gradients: ReadonlyMap<GradientKind, GPUBuffer>;
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
 * @param kinds Which gradients to go back from.
 * @returns Its kernels.
 */
export async function compileNeuronPair(
  gpu: Gpu,
  run: NeuronRun,
  kinds: readonly GradientKind[] = ["constant", "dense"],
): Promise<NeuronPair> {
  const bytes = neuronBytes(run);
  const current = gpu.createBuffer(bytes.current, "current");
  const spikes = gpu.createBuffer(bytes.spikes, "spikes");
  const counts = gpu.createBuffer(bytes.counts, "counts");
  const checkpoints = gpu.createBuffer(bytes.checkpoints, "checkpoints");
  fillUniform(gpu, current, ...CURRENT);
  const neurons = new LifNode().model();
  const forward = await compileNeuronForward(gpu, neurons, run);
  const kernels: NeuronKernel[] = [{
    name: "forward",
    dispatch: await bindNeurons(gpu, forward, { current, spikes, counts, checkpoints }, run),
    bytes: bytes.current + bytes.spikes + bytes.counts + bytes.checkpoints,
  }];
  const gradients = new Map<GradientKind, GPUBuffer>();
  for (const kind of kinds) {
    const spike_gradient = gpu.createBuffer(
      kind === "constant" ? bytes.each : bytes.quads,
      `${kind} gradient`,
    );
    gradients.set(kind, spike_gradient);
    fillUniform(gpu, spike_gradient, -1, 1);
    const backward = await compileNeuronBackward(gpu, neurons, run, { spikes: kind });
    kernels.push({
      name: `backward, ${kind} gradient`,
      dispatch: await bindNeurons(gpu, backward, { current, checkpoints, spike_gradient }, run),
      bytes: bytes.checkpoints + 2 * bytes.current + spike_gradient.size,
    });
  }
  return {
    kernels,
    current,
    counts,
    gradients,
    [Symbol.dispose]() {
      for (const buffer of [current, spikes, counts, checkpoints, ...gradients.values()]) {
        buffer.destroy();
      }
    },
  };
}
