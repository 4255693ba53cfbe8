import type { Gpu } from "../gpu/gpu.ts";
import type { StepBuffer } from "../gpu/kernel.ts";
import type { PixelTiles } from "../signal/compilation.ts";

/** How many samples or features a tile has: their values are the bytes of a word. */
const TILE = 4;

/** The lists of one step of a chunk, as they come to a builder of tiles. */
export interface StepPixels {
  /** The chunk's pixels, `feature | value << 24`, each list in ascending order. */
  readonly pixels: Uint32Array;
  /** For each sample the index of its first pixel. */
  readonly first: ArrayLike<number>;
  /** For each sample how many pixels it has. */
  readonly length: ArrayLike<number>;
  /** How many samples there are. */
  readonly samples: number;
}

/** Lists of tiles in the making: what {@linkcode SampleTiles} and {@linkcode FeatureTiles} share. */
abstract class Tiles implements PixelTiles {
  /** vec2 of u32 for each tile: the first texel of its list and how many. */
  readonly table: StepBuffer;
  /** Two entries a texel: an index and four bytes each. */
  readonly entries: GPUTexture;
  #records = new Uint32Array(0);
  /** The entries of a chunk: kept, since they are large. */
  protected words = new Uint32Array(1 << 12);
  protected texels = 0;
  protected record = 0;

  constructor(table: StepBuffer, entries: GPUTexture) {
    this.table = table;
    this.entries = entries;
  }

  /**
   * Starts the lists of a chunk.
   *
   * @param steps How many steps it has.
   */
  start(steps: number): void {
    this.#records = new Uint32Array(steps * this.table.stride / 4);
    this.texels = 0;
  }

  /**
   * Adds a step.
   *
   * @param step Its index in the chunk.
   * @param pixels Its pixels.
   */
  add(step: number, pixels: StepPixels): void {
    this.record = step * this.table.stride / 4;
    this.build(pixels);
  }

  /** Adds the lists of a step, one `list` for each tile. */
  protected abstract build(pixels: StepPixels): void;

  /** Makes room for the list of the next tile; gives the index of its first word. */
  protected list(entries: number): number {
    const texels = (entries + 1) >> 1;
    this.#records[this.record++] = this.texels;
    this.#records[this.record++] = texels;
    const first = 4 * this.texels;
    this.texels += texels;
    if (this.words.length < 4 * this.texels) {
      const larger = new Uint32Array(8 * this.texels);
      larger.set(this.words);
      this.words = larger;
    }
    // An odd list ends in an entry that counts nothing.
    if (entries & 1) this.words.fill(0, 4 * this.texels - 2, 4 * this.texels);
    return first;
  }

  /**
   * Writes the lists to the device.
   *
   * @param gpu The device.
   */
  write(gpu: Gpu): void {
    gpu.write(this.table.buffer, this.#records);
    gpu.writeTexture(this.entries, this.words.subarray(0, 4 * this.texels));
  }
}

/** Four samples a tile: which features are active in any of them, and with which values. */
export class SampleTiles extends Tiles {
  readonly #tiles: number;
  readonly #values: Uint32Array;
  readonly #active: Uint32Array;

  /**
   * Makes empty lists.
   *
   * @param table The table, a window for each step.
   * @param entries The texture of the entries.
   * @param batchSize Samples of a batch.
   * @param features Features of a sample.
   */
  constructor(table: StepBuffer, entries: GPUTexture, batchSize: number, features: number) {
    super(table, entries);
    this.#tiles = Math.ceil(batchSize / TILE);
    this.#values = new Uint32Array(features);
    this.#active = new Uint32Array(features);
  }

  protected override build({ pixels, first, length, samples }: StepPixels): void {
    const values = this.#values;
    const active = this.#active;
    for (let tile = 0; tile < this.#tiles; tile++) {
      let count = 0;
      for (let s = 0; s < TILE && tile * TILE + s < samples; s++) {
        const start = first[tile * TILE + s]!;
        const end = start + length[tile * TILE + s]!;
        for (let i = start; i < end; i++) {
          const pixel = pixels[i]!;
          const feature = pixel & 0xffffff;
          if (pixel === feature) continue;
          if (values[feature] === 0) active[count++] = feature;
          values[feature]! |= pixel >>> 24 << 8 * s;
        }
      }
      let at = this.list(count);
      for (let i = 0; i < count; i++) {
        const feature = active[i]!;
        this.words[at++] = feature;
        this.words[at++] = values[feature]!;
        values[feature] = 0;
      }
    }
  }
}

/**
 * Four features a tile: in which samples any of them is active, and with which values. One more
 * feature, the last, is active in each sample with the value 255.
 */
export class FeatureTiles extends Tiles {
  readonly #features: number;
  readonly #next: Uint32Array;

  /**
   * Makes empty lists.
   *
   * @param table The table, a window for each step.
   * @param entries The texture of the entries.
   * @param features Features of a sample.
   */
  constructor(table: StepBuffer, entries: GPUTexture, features: number) {
    super(table, entries);
    this.#features = features;
    this.#next = new Uint32Array(Math.ceil((features + 1) / TILE));
  }

  protected override build({ pixels, first, length, samples }: StepPixels): void {
    const next = this.#next.fill(0);
    const last = this.#features >> 2;
    for (let sample = 0; sample < samples; sample++) {
      const end = first[sample]! + length[sample]!;
      let before = -1;
      for (let i = first[sample]!; i < end; i++) {
        const pixel = pixels[i]!;
        const tile = (pixel & 0xffffff) >> 2;
        if (pixel >>> 24 === 0 || tile === before) continue;
        next[tile]!++;
        before = tile;
      }
      if (before !== last) next[last]!++;
    }
    for (let tile = 0; tile < next.length; tile++) next[tile] = this.list(next[tile]!);
    const words = this.words;
    for (let sample = 0; sample < samples; sample++) {
      const end = first[sample]! + length[sample]!;
      let before = -1;
      let at = 0;
      for (let i = first[sample]!; i < end; i++) {
        const pixel = pixels[i]!;
        if (pixel >>> 24 === 0) continue;
        const tile = (pixel & 0xffffff) >> 2;
        if (tile !== before) {
          at = next[tile]!;
          next[tile] = at + 2;
          words[at] = sample;
          words[at + 1] = 0;
          before = tile;
        }
        words[at + 1]! |= pixel >>> 24 << 8 * (pixel & 3);
      }
      if (before !== last) {
        at = next[last]!;
        next[last] = at + 2;
        words[at] = sample;
        words[at + 1] = 0;
      }
      words[at + 1]! |= 255 << 8 * (this.#features & 3);
    }
  }
}
