import type { LearnedConstant, NeuronConstant, NeuronValue } from "./model.ts";
import { checkAbove } from "../validate.ts";
import { checkEach, checkTime, eachFrom, valueToJson } from "./values.ts";

/**
 * A time constant, in time steps: one for all neurons of a layer, or one for each neuron of a sample,
 * `[features]`; or the same as a time constant that is learned, from the given value on.
 */
export type TimeConstant = NeuronValue | { readonly learned: NeuronValue };

/**
 * Checks a time constant.
 *
 * @param what What can't be done, for messages.
 * @param name Its name.
 * @param time The time constant.
 * @returns A copy.
 * @throws {RangeError} If it is less than 1, or, as one that is learned starts, not greater than 1.
 */
export function checkTimeConstant(what: string, name: string, time: TimeConstant): TimeConstant {
  if (!isLearnedTime(time)) return checkEach(what, name, time, checkTime);
  const aboveOne = (what: string, name: string, value: number) => checkAbove(what, name, value, 1);
  return { learned: checkEach(what, name, time.learned, aboveOne) };
}

/**
 * The share by which something with a time constant decays in a step: `1 / tau`. Where it is learned, that is
 * `sigmoid(w)`, with `w` starting at `-ln(tau - 1)`, so that tau stays greater than 1.
 *
 * @param time The time constant.
 * @param name The name of w in files.
 * @returns The share, as a constant of neurons.
 */
export function decayOf(time: TimeConstant, name: string): NeuronConstant {
  if (!isLearnedTime(time)) return eachFrom(time, (tau) => 1 / tau);
  const learned = eachFrom(time.learned, (tau) => -Math.log(tau - 1));
  return { learned, by: "sigmoid", name } satisfies LearnedConstant;
}

function isLearnedTime(time: TimeConstant): time is { readonly learned: NeuronValue } {
  return typeof time === "object" && "learned" in time;
}

/**
 * A time constant for JSON.
 *
 * @param time The time constant.
 * @returns A number, a list, or either as one that is learned.
 */
export function timeToJson(time: TimeConstant): unknown {
  return isLearnedTime(time) ? { learned: valueToJson(time.learned) } : valueToJson(time);
}
