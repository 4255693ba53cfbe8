import type { Gpu } from "../../mod.ts";
import { type Parameter, sizeOf, type SpikeSignal } from "../../src/extend.ts";

/** The gradient of a parameter, its copies added up in float64. */
export async function readGradient(gpu: Gpu, parameter: Parameter): Promise<number[]> {
  const stride = Math.ceil(parameter.size / 4) * 4;
  const all = new Float32Array(await gpu.read(parameter.gradient));
  return Array.from({ length: parameter.size }, (_, i) => {
    let sum = 0;
    for (let copy = 0; copy < parameter.copies; copy++) sum += all[copy * stride + i]!;
    return sum;
  });
}

/** The values of a parameter. */
export async function readValues(gpu: Gpu, parameter: Parameter): Promise<number[]> {
  return [...new Float32Array(await gpu.read(parameter.values)).subarray(0, parameter.size)];
}

/** Spikes [T][batch * size], 0 or 1. */
export async function readSpikes(
  gpu: Gpu,
  { timeSteps, batchSize }: { timeSteps: number; batchSize: number },
  signal: SpikeSignal,
): Promise<number[]> {
  const words = new Uint32Array(await gpu.read(signal.spikes));
  const neurons = batchSize * sizeOf(signal.shape);
  return Array.from({ length: timeSteps * neurons }, (_, at) => {
    const t = Math.floor(at / neurons);
    return words[(t >> 5) * neurons + at % neurons]! >>> (t & 31) & 1;
  });
}

/** Spikes over T, [batch * size]. */
export async function readCounts(
  gpu: Gpu,
  { batchSize }: { batchSize: number },
  { counts, shape }: SpikeSignal,
): Promise<number[]> {
  return [...new Uint32Array(await gpu.read(counts)).subarray(0, batchSize * sizeOf(shape))];
}

/** Weight [outputs][inputs] and bias, as PyTorch keeps them, in the layer's own order. */
export function fromTorch(
  weight: number[],
  bias: number[],
  inputs: number,
  outputs: number,
): number[] {
  const values = Array.from(
    { length: inputs * outputs },
    (_, at) => weight[at % outputs * inputs + Math.floor(at / outputs)]!,
  );
  return [...values, ...bias];
}
