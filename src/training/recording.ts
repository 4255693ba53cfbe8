import type { Gpu } from "../gpu/gpu.ts";
import { fromDense } from "../signal/dense.ts";
import type { Plan, PlanNeurons } from "../network/plan.ts";

/** A network's whole simulation of one image. */
export interface Recording {
  /** Firing rates of the last neurons, in spikes per time step, or values without any, `[classes]`. */
  readonly scores: Float32Array<ArrayBuffer>;
  /** The class with the largest score, of equals the lowest. */
  readonly answer: number;
  /** What each layer of neurons did; empty without any. */
  readonly layers: readonly LayerRecording[];
}

/** A layer's simulation of one image. */
export interface LayerRecording {
  /** The layer's index in the network. */
  readonly layer: number;
  /** The kind of neurons. */
  readonly kind: string;
  /** Neurons of the layer. */
  readonly features: number;
  /** 1 for each spike, `[T][features]`. */
  readonly spikes: Uint8Array<ArrayBuffer>;
  /** The membrane potential after the reset, `[T][features]`. */
  readonly potential: Float32Array<ArrayBuffer>;
}

/**
 * Reads what the last step of a plan did, of its first sample.
 *
 * @param plan A plan that records, of one sample a batch.
 * @returns The recording.
 */
export async function readRecording(plan: Plan): Promise<Recording> {
  const { gpu, timeSteps, result } = plan;
  const layers = await Promise.all(
    plan.neurons.map((neurons) => readLayer(gpu, neurons, timeSteps)),
  );
  const scores = result.kind === "spikes"
    ? Float32Array.from(new Uint32Array(await gpu.read(result.counts)), (n) => n / timeSteps)
    : new Float32Array(await gpu.read(result.values));
  const classes = scores.subarray(0, result.features);
  return { scores: classes, answer: classes.indexOf(Math.max(...classes)), layers };
}

async function readLayer(
  gpu: Gpu,
  { layer, kind, output }: PlanNeurons,
  timeSteps: number,
): Promise<LayerRecording> {
  const { features } = output;
  const words = new Uint32Array(await gpu.read(output.spikes));
  const quads = new Float32Array(await gpu.read(output.potential!));
  const spikes = new Uint8Array(timeSteps * features);
  const potential = fromDense(quads, new Float32Array(timeSteps * features), timeSteps);
  for (let t = 0; t < timeSteps; t++) {
    for (let n = 0; n < features; n++) {
      spikes[t * features + n] = words[(t >> 5) * features + n]! >>> (t & 31) & 1;
    }
  }
  return { layer, kind, features, spikes, potential };
}
