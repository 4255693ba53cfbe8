import { checkAbove } from "../validate.ts";

/**
 * What a neuron's threshold in a file means: that it fires above it, as NIR says and most programs do, or at
 * it, as SpikingJelly does. Here neurons fire at their threshold.
 */
export type NirFires = "above" | "at";

/**
 * Whether the bias of what comes back to neurons is there at the first step already, when nothing has come back:
 * as in snnTorch and here, or from the second step on, as in Norse.
 */
export type NirFeedbackBias = "always" | "later";

/** Whether a spike subtracts the threshold at once, or (`"delayed"`) in the next step, after the decay. */
export type NirSoftReset = boolean | "delayed";

/** Seconds of a time step where nothing says otherwise: as SpikingJelly and snnTorch have it. */
export const DEFAULT_DT = 1e-4;

/**
 * Checks options that both ways have.
 *
 * @param what What can't be done otherwise.
 * @param dt Seconds of a time step.
 * @param fires What thresholds mean.
 * @throws {RangeError} If one is out of range.
 */
export function checkNirOptions(what: string, dt: number, fires: NirFires): void {
  checkAbove(what, "dt", dt, 0);
  if (fires === "above" || fires === "at") return;
  throw new RangeError(`${what} as fires must be "above" or "at": current value is "${fires}"`);
}
