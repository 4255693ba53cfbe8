/**
 * Counter-based random numbers: the TypeScript twin of `kernels/lib/random.wgsl`.
 *
 * @module
 */

/** 2^32 / golden ratio: a counter that steps by it visits every word once. */
const WEYL = 0x9e3779b9;

/**
 * Maps a word to a word, each output bit depending on all input bits.
 *
 * @param value A 32-bit word.
 * @returns A 32-bit word, 0 ... 2^32 - 1.
 */
export function hash(value: number): number {
  let x = value >>> 0;
  x ^= x >>> 16;
  x = Math.imul(x, 0x7feb352d);
  x ^= x >>> 15;
  x = Math.imul(x, 0x846ca68b);
  x ^= x >>> 16;
  return x >>> 0;
}

/**
 * One word from several, such as a seed, an epoch and a step.
 *
 * @param words The words.
 * @returns A 32-bit word that depends on all of them and on their order.
 */
export function hashAll(...words: number[]): number {
  return words.reduce(
    (state, word) => hash(Math.imul(state, 3) + hash(word + WEYL)),
    0,
  );
}

/** A stream of random numbers: the n-th is a pure function of the key and n. */
export class Random {
  #counter: number;

  /**
   * Starts a stream.
   *
   * @param key What distinguishes it from other streams.
   */
  constructor(...key: number[]) {
    this.#counter = hashAll(...key);
  }

  /**
   * The next word.
   *
   * @returns An integer, 0 ... 2^32 - 1.
   */
  word(): number {
    this.#counter = (this.#counter + WEYL) >>> 0;
    return hash(hash(this.#counter) ^ this.#counter);
  }

  /**
   * The next integer below a bound.
   *
   * @param bound Above 0, at most 2^21, where the bias is below 2^-11 of a chance.
   * @returns An integer, 0 ... bound - 1.
   */
  below(bound: number): number {
    return Math.floor(this.word() / 2 ** 32 * bound);
  }

  /**
   * The next number of a uniform distribution.
   *
   * @param low The least.
   * @param high The bound above.
   * @returns A number.
   */
  uniform(low: number, high: number): number {
    return low + this.word() / 2 ** 32 * (high - low);
  }

  /**
   * The integers 0 ... count - 1 in random order (Fisher-Yates).
   *
   * @param count How many.
   * @returns A permutation.
   */
  permutation(count: number): Uint32Array<ArrayBuffer> {
    const order = new Uint32Array(count);
    for (let i = 0; i < count; i++) order[i] = i;
    for (let i = count - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const swap = order[i]!;
      order[i] = order[j]!;
      order[j] = swap;
    }
    return order;
  }
}
