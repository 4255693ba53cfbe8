/**
 * States of neurons on the host, a row for each variable, `[N]`, and on the device, `array<State>`.
 *
 * @module
 */

import type { DenseRange } from "../core/dense.ts";
import { type NeuronDescription, type NeuronValue, stateOf } from "./model.ts";
import { stateBytes } from "./pair/state.ts";

/**
 * The states before the first step.
 *
 * @param description The neurons.
 * @param neurons N.
 * @param features How many of them a sample has.
 * @param given Variables that start elsewhere than the description says, `[N]`, by name.
 * @returns A row for each variable, `[N]`.
 * @throws {RangeError} If a variable starts at another number of values than a sample has neurons.
 */
export function firstStates(
  description: NeuronDescription,
  neurons: number,
  features: number,
  given: Readonly<Record<string, Float32Array>>,
): Float32Array[] {
  const { kind, vInit, initial = {} } = description;
  return stateOf(description).map((name, k) => {
    if (given[name]) return given[name];
    const value = k === 0 ? vInit : initial[name] ?? 0;
    if (typeof value !== "number" && value.length !== features) {
      throw new RangeError(
        `Cannot simulate ${kind} neurons as the first ${name} must have a number for each of the ` +
          `sample's ${features} neurons: it has ${value.length}`,
      );
    }
    return spread(value, neurons, features);
  });
}

/**
 * Lays the states of a range of neurons out as the device has them.
 *
 * @param rows A row for each variable, `[N]`.
 * @param range Which neurons.
 * @returns The states, one after the other.
 */
export function packStates(
  rows: readonly Float32Array[],
  { first, count }: DenseRange,
): Float32Array<ArrayBuffer> {
  const stride = stateBytes(rows.length) / 4;
  const states = new Float32Array(count * stride);
  rows.forEach((row, k) => {
    for (let n = 0; n < count; n++) states[n * stride + k] = row[first + n]!;
  });
  return states;
}

/**
 * The reverse of {@linkcode packStates}.
 *
 * @param states The states, one after the other.
 * @param rows A row for each variable, `[N]`, into which those of the range are written.
 * @param range Which neurons.
 */
export function unpackStates(
  states: Float32Array,
  rows: readonly Float32Array[],
  { first, count }: DenseRange,
): void {
  const stride = stateBytes(rows.length) / 4;
  rows.forEach((row, k) => {
    for (let n = 0; n < count; n++) row[first + n] = states[n * stride + k]!;
  });
}

function spread(value: NeuronValue, neurons: number, features: number): Float32Array {
  const row = new Float32Array(neurons);
  if (typeof value === "number") return row.fill(value);
  for (let n = 0; n < neurons; n++) row[n] = value[n % features]!;
  return row;
}
