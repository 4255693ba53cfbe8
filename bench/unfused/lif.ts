/**
 * What the fused kernels are compared with: a layer of LIF neurons with one dispatch for each time step
 * and operation, as a program is that knows no more than arrays. It is no part of the library.
 */

import type { Gpu } from "../../mod.ts";
import type { Dispatch, Resource } from "../../src/extend.ts";
import type { Work } from "../../src/cli/bench/stopwatch.ts";
import charge from "./charge.wgsl" with { type: "text" };
import chargeBackward from "./charge_backward.wgsl" with { type: "text" };
import fire from "./fire.wgsl" with { type: "text" };
import fireBackward from "./fire_backward.wgsl" with { type: "text" };
import reset from "./reset.wgsl" with { type: "text" };
import resetBackward from "./reset_backward.wgsl" with { type: "text" };

/** LIFNode's and ATan's defaults. */
const CONSTANTS = { tau: 2, vThreshold: 1, vReset: 0, alpha: 2 };
const LANES = 64;
/** Bytes from the number of a time step to that of the next: offsets are multiples of it. */
const STRIDE = 256;

/** The layer, compiled. */
export interface UnfusedLif {
  /** f32 `[T][N]`. */
  readonly current: GPUBuffer;
  /** f32 `[T][N]`. */
  readonly spikes: GPUBuffer;
  /** f32 `[T][N]`: the gradient of the loss for the spikes. */
  readonly spikeGradient: GPUBuffer;
  /** f32 `[T][N]`. */
  readonly currentGradient: GPUBuffer;
  /** All T steps: 3 T dispatches. The potential starts where the last run ended. */
  readonly forward: Work;
  /** All T steps back: 3 T dispatches. */
  readonly backward: Work;
}

/**
 * Compiles the layer.
 *
 * @param gpu Where it will run.
 * @param neurons N.
 * @param timeSteps T.
 * @returns The layer, all its buffers zeros.
 */
export async function compileUnfusedLif(
  gpu: Gpu,
  neurons: number,
  timeSteps: number,
): Promise<UnfusedLif> {
  const numbers = new Uint32Array(timeSteps * STRIDE / 4);
  for (let t = 0; t < timeSteps; t++) numbers[t * STRIDE / 4] = t;
  const step = {
    buffer: gpu.createBuffer(numbers.byteLength, "steps"),
    stride: STRIDE,
    size: 16,
  };
  gpu.write(step.buffer, numbers);
  const each = (label: string) => gpu.createBuffer(neurons * 4, label);
  const all = (label: string) => gpu.createBuffer(timeSteps * neurons * 4, label);
  const buffers = {
    current: all("current"),
    potential: each("potential"),
    charged: all("charged"),
    spikes: all("spikes"),
    spike_gradient: all("spike gradient"),
    potential_gradient: each("potential gradient"),
    charged_gradient: each("charged gradient"),
    reset_gradient: each("reset gradient"),
    current_gradient: all("current gradient"),
  };
  const resources: Record<string, Resource> = { step, ...buffers };
  const bind = async (name: string, text: string): Promise<Dispatch> => {
    const values = { ...CONSTANTS, neurons };
    const kernel = await gpu.compile({ name: `unfused/${name}`, texts: [text], values });
    return await kernel.bind(resources, [Math.ceil(neurons / LANES)]);
  };
  const forward = [
    await bind("charge", charge),
    await bind("fire", fire),
    await bind("reset", reset),
  ];
  const backward = [
    await bind("reset_backward", resetBackward),
    await bind("fire_backward", fireBackward),
    await bind("charge_backward", chargeBackward),
  ];
  return {
    current: buffers.current,
    spikes: buffers.spikes,
    spikeGradient: buffers.spike_gradient,
    currentGradient: buffers.current_gradient,
    forward(commands) {
      for (let t = 0; t < timeSteps; t++) {
        for (const dispatch of forward) dispatch.encode(commands, t);
      }
    },
    backward(commands) {
      for (let t = timeSteps - 1; t >= 0; t--) {
        for (const dispatch of backward) dispatch.encode(commands, t);
      }
    },
  };
}
