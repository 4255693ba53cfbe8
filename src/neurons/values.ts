/**
 * Checks of neurons' constants: one number, or one for each neuron.
 *
 * @module
 */

import { checkFinite } from "../validate.ts";
import type { NeuronValue } from "./model.ts";

/** What a constant must be: `name` stands for it in messages. */
type Check = (what: string, name: string, value: number) => number;

/**
 * Checks a constant of neurons.
 *
 * @param what What can't be done, for messages.
 * @param name The constant's name.
 * @param value One number, or one for each neuron.
 * @param check What each number must be. By default finite.
 * @returns The number, or a copy of the numbers.
 * @throws {RangeError} If a number isn't what it must be, or there is none.
 */
export function checkEach(
  what: string,
  name: string,
  value: NeuronValue,
  check: Check = checkFinite,
): number | Float32Array<ArrayBuffer> {
  if (typeof value === "number") return check(what, name, value);
  if (value.length === 0) {
    throw new RangeError(`${what} as ${name} must be a number or one for each neuron: it is empty`);
  }
  return Float32Array.from(value, (each, i) => check(what, `${name}[${i}]`, each));
}

/**
 * A constant that follows from another.
 *
 * @param value One number, or one for each neuron.
 * @param from How it follows.
 * @returns One number, or one for each neuron.
 */
export function eachFrom(value: NeuronValue, from: (each: number) => number): NeuronValue {
  return typeof value === "number" ? from(value) : Float32Array.from(value, from);
}

/**
 * Checks a time constant, in time steps.
 *
 * @param what What can't be done, for messages.
 * @param name Its name.
 * @param value Its value.
 * @returns The value.
 * @throws {RangeError} If it isn't a finite number of at least 1.
 */
export function checkTime(what: string, name: string, value: number): number {
  if (!Number.isFinite(Math.fround(value)) || value < 1) {
    throw new RangeError(
      `${what} as ${name} must be a finite number of at least 1: current value is ${value}`,
    );
  }
  return value;
}

/**
 * A constant for JSON.
 *
 * @param value One number, or one for each neuron.
 * @returns The number, or a list.
 */
export function valueToJson(value: NeuronValue): number | number[] {
  return typeof value === "number" ? value : Array.from(value);
}
