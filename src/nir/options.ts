import { checkAbove } from "../validate.ts";

/**
 * What a neuron's threshold in a file means: that it fires above it, as NIR says and most programs do, or at
 * it, as SpikingJelly does. Here neurons fire at their threshold.
 */
export type NirFires = "above" | "at";

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
