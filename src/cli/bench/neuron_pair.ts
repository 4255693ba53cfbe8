import type { Gpu } from "../../gpu/gpu.ts";
import type { Dispatch } from "../../gpu/dispatch.ts";
import { LifNode } from "../../neurons/lif_node.ts";
import { compilePair } from "../../neurons/pair/pair.ts";
import { neuronBytes, type NeuronRun } from "../../neurons/pair/run.ts";
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
  const buffers: GPUBuffer[] = [];
  const buffer = (size: number, label: string) => {
    const made = gpu.createBuffer(size, label);
    buffers.push(made);
    return made;
  };
  const current = buffer(bytes.current, "current");
  fillUniform(gpu, current, ...CURRENT);
  const pair = await compilePair(gpu, new LifNode().describe(), run, { current, buffer });
  const kernels: NeuronKernel[] = [{
    name: "forward",
    dispatch: pair.forward,
    bytes: bytes.current + bytes.spikes + bytes.counts + bytes.checkpoints,
  }];
  const gradients = new Map<GradientKind, GPUBuffer>();
  for (const over of kinds) {
    const gradient = buffer(over === "constant" ? bytes.each : bytes.quads, `${over} gradient`);
    gradients.set(over, gradient);
    fillUniform(gpu, gradient, -1, 1);
    const [dispatch] = await pair.backward({ output: { over, buffer: gradient } });
    kernels.push({
      name: `backward, ${over} gradient`,
      dispatch: dispatch!,
      bytes: bytes.checkpoints + 2 * bytes.current + gradient.size,
    });
  }
  return {
    kernels,
    current,
    counts: pair.fired!.counts,
    gradients,
    [Symbol.dispose]() {
      for (const each of buffers) each.destroy();
    },
  };
}
