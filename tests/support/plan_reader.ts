import type { Parameter, SpikeSignal } from "../../mod.ts";
import type { Plan } from "../../src/network/plan.ts";

/** The gradient of a parameter, its copies added up in float64. */
export async function readGradient(plan: Plan, parameter: Parameter): Promise<number[]> {
  const stride = Math.ceil(parameter.size / 4) * 4;
  const all = new Float32Array(await plan.gpu.read(parameter.gradient));
  return Array.from({ length: parameter.size }, (_, i) => {
    let sum = 0;
    for (let copy = 0; copy < parameter.copies; copy++) sum += all[copy * stride + i]!;
    return sum;
  });
}

/** The values of a parameter. */
export async function readValues(plan: Plan, parameter: Parameter): Promise<number[]> {
  return [...new Float32Array(await plan.gpu.read(parameter.values)).subarray(0, parameter.size)];
}

/** Spikes [T][batch * features], 0 or 1. */
export async function readSpikes(plan: Plan, signal: SpikeSignal): Promise<number[]> {
  const words = new Uint32Array(await plan.gpu.read(signal.spikes));
  const neurons = plan.batchSize * signal.features;
  return Array.from({ length: plan.timeSteps * neurons }, (_, at) => {
    const t = Math.floor(at / neurons);
    return words[(t >> 5) * neurons + at % neurons]! >>> (t & 31) & 1;
  });
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
