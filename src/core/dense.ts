/**
 * How dense signals lie in memory: four consecutive time steps of a number in a vec4, and the numbers,
 * N samples times features, in blocks of eight, `[ceil(N / 8)][ceil(T / 4)][8]`. So all the time of a
 * neuron lies close together, and that of neighbours beside it. `kernels/lib/quads.wgsl` is the same.
 *
 * @module
 */

import { timeQuads } from "./time.ts";

/** Numbers of a block. */
const BLOCK = 8;

/** Numbers among all of a signal. */
export interface DenseRange {
  /** The first. */
  readonly first: number;
  /** How many. */
  readonly count: number;
  /** How many there are in all. */
  readonly of: number;
}

/**
 * How large a dense signal is.
 *
 * @param timeSteps T, the number of time steps.
 * @param numbers N, samples times features.
 * @returns Bytes; the last block is whole.
 */
export function denseBytes(timeSteps: number, numbers: number): number {
  return Math.ceil(numbers / BLOCK) * BLOCK * timeQuads(timeSteps) * 16;
}

/**
 * How many numbers a dense signal can have.
 *
 * @param timeSteps T, the number of time steps.
 * @param bytes How large it may be.
 * @returns N, a multiple of 8; 0 if not even one block fits.
 */
export function mostNumbers(timeSteps: number, bytes: number): number {
  return Math.floor(bytes / denseBytes(timeSteps, BLOCK)) * BLOCK;
}

/**
 * Lays out a dense signal.
 *
 * @param values The numbers, `[T, of]`.
 * @param timeSteps T, the number of time steps.
 * @param range Which numbers; by default all.
 * @returns The signal, `[ceil(count / 8)][ceil(T / 4)][8]` vec4 of f32; what is over is 0.
 */
export function toDense(
  values: ArrayLike<number>,
  timeSteps: number,
  range: DenseRange = all(values.length / timeSteps),
): Float32Array<ArrayBuffer> {
  const { first, count, of } = range;
  const dense = new Float32Array(denseBytes(timeSteps, count) / 4);
  for (let t = 0; t < timeSteps; t++) {
    const row = t * of + first;
    for (let n = 0; n < count; n++) dense[indexOf(timeSteps, t, n)] = values[row + n]!;
  }
  return dense;
}

/**
 * The reverse of {@linkcode toDense}.
 *
 * @param dense The signal.
 * @param values The numbers, `[T, of]`, into which those of the range are written.
 * @param timeSteps T, the number of time steps.
 * @param range Which numbers; by default all.
 * @returns `values`.
 */
export function fromDense<Values extends Float32Array | Float64Array>(
  dense: Float32Array,
  values: Values,
  timeSteps: number,
  range: DenseRange = all(values.length / timeSteps),
): Values {
  const { first, count, of } = range;
  for (let t = 0; t < timeSteps; t++) {
    const row = t * of + first;
    for (let n = 0; n < count; n++) values[row + n] = dense[indexOf(timeSteps, t, n)]!;
  }
  return values;
}

function all(numbers: number): DenseRange {
  return { first: 0, count: numbers, of: numbers };
}

/** Where a number stands at a time step. */
function indexOf(timeSteps: number, t: number, n: number): number {
  const quad = Math.floor(n / BLOCK) * BLOCK * timeQuads(timeSteps) + (t >> 2) * BLOCK + n % BLOCK;
  return 4 * quad + (t & 3);
}
