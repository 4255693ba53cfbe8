import type { Shape } from "../core/shape.ts";
import { countElements, formatShape, type Tensor } from "../formats/tensor.ts";
import type { NeuronValue } from "../neurons/model.ts";
import { shortest } from "./exact.ts";
import type { NirNode } from "./graph.ts";
import type { NirFires, NirSoftReset } from "./options.ts";

/** A node that is read, and how. */
export interface Reading {
  /** The node. */
  readonly node: NirNode;
  /** What a sample has that comes in. */
  readonly shape: Shape;
  /** Seconds of a time step. */
  readonly dt: number;
  /** What thresholds mean. */
  readonly fires: NirFires;
  /** Whether spikes subtract the threshold. */
  readonly softReset: NirSoftReset;
  /** Takes a note of what isn't as the file has it. */
  note(text: string): void;
  /** Makes the error of what can't be said of the node. */
  fail(reason: string): Error;
}

/**
 * A parameter as float32.
 *
 * @param reading The node.
 * @param name The parameter's name.
 * @returns The same numbers, or rounded ones, of which a note is taken.
 */
export function floats(reading: Reading, name: string): Tensor & { data: Float32Array } {
  const { shape, data } = tensorOf(reading, name);
  const rounded = Float32Array.from(data as ArrayLike<number>, Number);
  const changed = rounded.reduce((sum, value, i) => sum + Number(value !== Number(data[i])), 0);
  const infinite = rounded.findIndex((value) => !Number.isFinite(value));
  if (infinite >= 0) {
    throw reading.fail(`has ${data[infinite]} in ${name}, more than float32 holds`);
  }
  if (changed > 0) {
    reading.note(`${changed} of ${data.length} numbers of ${name} are rounded to float32`);
  }
  return { shape, data: rounded };
}

/**
 * A parameter that is sizes.
 *
 * @param reading The node.
 * @param name The parameter's name.
 * @param count How many there must be; one alone counts for all.
 * @returns The sizes.
 * @throws {TypeError} If they are others, or no integers.
 */
export function sizes(reading: Reading, name: string, count?: number): number[] {
  const { data } = tensorOf(reading, name);
  const own = Array.from(data as ArrayLike<number>, Number);
  if (!own.every(Number.isSafeInteger)) throw reading.fail(`has a ${name} that isn't integers`);
  if (count === undefined || own.length === count) return own;
  if (own.length === 1) return new Array<number>(count).fill(own[0]!);
  throw reading.fail(`has a ${name} of ${own.length} numbers: it must have ${count}`);
}

/** What a number that is stored, as float32 or not, is. */
type Read = (stored: number, isFloat: boolean) => number;

/** A float32 is its shortest decimal: a threshold of 0.1, not of 0.10000000149011612. */
const decimal: Read = (stored, isFloat) => isFloat ? shortest(stored) : stored;

/**
 * A parameter that is a number for each neuron, or one for all.
 *
 * @param reading The node.
 * @param name The parameter's name.
 * @param read What a number that is stored is.
 * @returns A number for each neuron.
 * @throws {TypeError} If its shape isn't that of what comes in.
 */
export function perNeuron(reading: Reading, name: string, read: Read = decimal): number[] {
  const { shape, data } = tensorOf(reading, name);
  const isFloat = data instanceof Float32Array;
  const own = Array.from(data as ArrayLike<number>, (stored) => read(Number(stored), isFloat));
  if (formatShape(shape) === formatShape(reading.shape)) return own;
  if (own.length === 1) return new Array<number>(countElements(reading.shape)).fill(own[0]!);
  throw reading.fail(
    `has ${name} of ${formatShape(shape)}, but ${formatShape(reading.shape)} comes in`,
  );
}

/**
 * Numbers as constants of neurons have them.
 *
 * @param values A number for each neuron.
 * @returns One number if they are all the same.
 */
export function alike(values: readonly number[]): NeuronValue {
  return values.every((value) => value === values[0]) ? values[0]! : values;
}

function tensorOf({ node, fail }: Reading, name: string): Tensor {
  const value = node.parameters[name];
  if (typeof value === "object") return value;
  throw fail(value === undefined ? `lacks ${name}` : `has a text as ${name}: it must be numbers`);
}
