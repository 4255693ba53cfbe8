/**
 * How time steps are laid out in memory.
 *
 * @module
 */

/**
 * Spike events keep T steps in words of equally many steps, and words in blocks of four (a vec4).
 * A block starts at a multiple of four steps, so it covers whole quads of a dense signal.
 */
export interface EventTime {
  /** Steps in a word, at most 32; bit r of word w is step `w * wordSteps + r`. */
  readonly wordSteps: number;
  /** Words in a block that hold steps: 4, or fewer if all fit in fewer. */
  readonly words: number;
  /** Blocks that hold all T steps. */
  readonly blocks: number;
  /** Steps that a block covers; the last may reach past T. */
  readonly blockSteps: number;
}

/**
 * The layout of spike events over time.
 *
 * @param timeSteps T, the number of time steps.
 * @returns The layout.
 */
export function eventTime(timeSteps: number): EventTime {
  const allWords = Math.ceil(timeSteps / 32);
  const wordSteps = Math.ceil(timeSteps / allWords);
  const words = Math.min(4, allWords);
  return {
    wordSteps,
    words,
    blocks: Math.ceil(allWords / 4),
    blockSteps: words * wordSteps,
  };
}

/**
 * How many vec4 of four time steps hold T steps.
 *
 * @param timeSteps T, the number of time steps.
 * @returns `ceil(T / 4)`.
 */
export function timeQuads(timeSteps: number): number {
  return Math.ceil(timeSteps / 4);
}

/**
 * How many words of 32 time steps hold T steps.
 *
 * @param timeSteps T, the number of time steps.
 * @returns `ceil(T / 32)`.
 */
export function timeWords(timeSteps: number): number {
  return Math.ceil(timeSteps / 32);
}
