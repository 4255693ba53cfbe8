import type { Gpu } from "../gpu/gpu.ts";
import type { StepBuffer } from "../gpu/kernel.ts";
import type { ColumnLists } from "../signal/compilation.ts";

/**
 * The lists of a chunk's pixels, transposed: for each feature the samples of a step in which it is
 * active. One more feature, the last, is active in each sample with the value 255.
 */
export class Columns implements ColumnLists {
  /** vec2 of u32 for each feature: the first texel of its column and how many. */
  readonly columns: StepBuffer;
  /** `sample | value << 24`, four to a texel; columns are filled up with zeros. */
  readonly entries: GPUTexture;
  readonly #rows: number;
  /** Where the next entry of each feature goes, of the step at hand. */
  readonly #next: Uint32Array;
  #table = new Uint32Array(0);
  #entries = new Uint32Array(0);
  #texels = 0;

  /**
   * Makes empty lists.
   *
   * @param columns The table, a window for each step.
   * @param entries The texture of the entries.
   * @param features Features of a sample.
   */
  constructor(columns: StepBuffer, entries: GPUTexture, features: number) {
    this.columns = columns;
    this.entries = entries;
    this.#rows = features + 1;
    this.#next = new Uint32Array(this.#rows);
  }

  /**
   * Starts the lists of a chunk.
   *
   * @param steps How many steps it has.
   */
  start(steps: number): void {
    this.#table = new Uint32Array(steps * this.columns.stride / 4);
    this.#texels = 0;
  }

  /**
   * Adds a step.
   *
   * @param step Its index in the chunk.
   * @param pixels The chunk's pixels, `feature | value << 24`.
   * @param samples For each sample of the step, the index of its first pixel and how many.
   */
  add(step: number, pixels: Uint32Array, samples: readonly (readonly [number, number])[]): void {
    const next = this.#next.fill(0);
    for (const [first, length] of samples) {
      for (let i = first; i < first + length; i++) next[pixels[i]! & 0xffffff]!++;
    }
    next[this.#rows - 1] = samples.length;
    const base = step * this.columns.stride / 4;
    for (let row = 0; row < this.#rows; row++) {
      const texels = (next[row]! + 3) >> 2;
      this.#table[base + 2 * row] = this.#texels;
      this.#table[base + 2 * row + 1] = texels;
      next[row] = 4 * this.#texels;
      this.#texels += texels;
    }
    if (this.#entries.length < 4 * this.#texels) {
      const larger = new Uint32Array(8 * this.#texels);
      larger.set(this.#entries);
      this.#entries = larger;
    }
    const entries = this.#entries;
    samples.forEach(([first, length], sample) => {
      for (let i = first; i < first + length; i++) {
        const pixel = pixels[i]!;
        entries[next[pixel & 0xffffff]!++] = sample | pixel & 0xff000000;
      }
      entries[next[this.#rows - 1]!++] = sample | 255 << 24;
    });
    // What an earlier chunk left at the ends of the columns.
    for (let row = 0; row < this.#rows; row++) {
      for (let at = next[row]!; at & 3; at++) entries[at] = 0;
    }
  }

  /**
   * Writes the lists to the device.
   *
   * @param gpu The device.
   */
  write(gpu: Gpu): void {
    gpu.write(this.columns.buffer, this.#table);
    gpu.writeTexture(this.entries, this.#entries.subarray(0, 4 * this.#texels));
  }
}
