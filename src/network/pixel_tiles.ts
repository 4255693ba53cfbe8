import type { Gpu } from "../gpu/gpu.ts";
import type { StepBuffer } from "../gpu/kernel.ts";
import type { PixelBlocks, PixelTiles } from "../signal/compilation.ts";

/** How many samples or features a tile has: their values are the bytes of three words of a texel. */
export const TILE = 12;
/** Rows of a block of an image. */
const BLOCK_ROWS = 3;

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

/**
 * Cuts an image into blocks of {@linkcode TILE} pixels.
 *
 * @param features Pixels of the image.
 * @param width Pixels of a row.
 * @returns The blocks: strips where the image is a single row.
 */
export function blocksOf(features: number, width: number): PixelBlocks {
  const height = features / width;
  const rows = height < BLOCK_ROWS ? 1 : BLOCK_ROWS;
  const columns = TILE / rows;
  const across = Math.ceil(width / columns);
  return { height, width, rows, columns, across, count: across * Math.ceil(height / rows) };
}

/** Lists of tiles in the making: what {@linkcode SampleTiles} and {@linkcode FeatureTiles} share. */
abstract class Tiles implements PixelTiles {
  /** vec2 of u32 for each tile: the first texel of its list and how many. */
  readonly table: StepBuffer;
  /** An entry a texel: an index and a byte for each sample or feature of the tile. */
  readonly entries: GPUTexture;
  /** How many samples or features a tile has. */
  readonly size = TILE;
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

  /** Adds the lists of a step, one for each tile. */
  protected abstract build(pixels: StepPixels): void;

  /** Makes room for a list of at most so many entries; gives the index of its first word. */
  protected open(entries: number): number {
    const most = 4 * (this.texels + entries + 1);
    if (this.words.length < most) {
      const larger = new Uint32Array(2 * most);
      larger.set(this.words);
      this.words = larger;
    }
    return 4 * this.texels;
  }

  /** Ends the list of a tile. Kernels take entries two by two: an odd list gets one that counts nothing. */
  protected close(entries: number): void {
    const texels = entries + (entries & 1);
    this.#records[this.record++] = this.texels;
    this.#records[this.record++] = texels;
    this.texels += texels;
    if (entries & 1) this.words.fill(0, 4 * this.texels - 4, 4 * this.texels);
  }

  /** Starts an entry, all values 0; gives the index of the next one. */
  protected entry(at: number, index: number): number {
    const { words } = this;
    words[at] = index;
    words[at + 1] = words[at + 2] = words[at + 3] = 0;
    return at + 4;
  }

  /** Sets a value of the entry that ends at `end`. */
  protected set(end: number, place: number, value: number): void {
    this.words[end - 3 + (place >> 2)]! |= value << 8 * (place & 3);
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

/** Some samples a tile: which features are active in any of them, and with which values. */
export class SampleTiles extends Tiles {
  readonly #tiles: number;
  /** For each feature where its entry ends; 0 without one. */
  readonly #ends: Uint32Array;

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
    this.#ends = new Uint32Array(features);
  }

  protected override build({ pixels, first, length, samples }: StepPixels): void {
    const ends = this.#ends;
    for (let tile = 0; tile < this.#tiles; tile++) {
      const start = this.open(ends.length);
      let at = start;
      for (let s = 0; s < TILE && tile * TILE + s < samples; s++) {
        const sample = tile * TILE + s;
        for (let i = first[sample]!; i < first[sample]! + length[sample]!; i++) {
          const pixel = pixels[i]!;
          const feature = pixel & 0xffffff;
          if (pixel === feature) continue;
          if (ends[feature] === 0) ends[feature] = at = this.entry(at, feature);
          this.set(ends[feature]!, s, pixel >>> 24);
        }
      }
      for (let i = start; i < at; i += 4) ends[this.words[i]!] = 0;
      this.close((at - start) / 4);
    }
  }
}

/**
 * Some features a tile: in which samples any of them is active, and with which values. The features of
 * a tile are a block of the image, since neighbours are active together. One more feature is active in
 * each sample with the value 255; it has the last tile for itself.
 */
export class FeatureTiles extends Tiles {
  /** How the image is cut. */
  readonly blocks: PixelBlocks;
  readonly #next: Uint32Array;
  /** The last sample that each tile has an entry of. */
  readonly #last: Int32Array;
  /** The tile of each feature, and its place there. */
  readonly #tileOf: Uint32Array;
  readonly #placeOf: Uint8Array;

  /**
   * Makes empty lists.
   *
   * @param table The table, a window for each step.
   * @param entries The texture of the entries.
   * @param blocks How the image is cut.
   */
  constructor(table: StepBuffer, entries: GPUTexture, blocks: PixelBlocks) {
    super(table, entries);
    this.blocks = blocks;
    const { height, width, rows, columns, across, count } = blocks;
    this.#next = new Uint32Array(count + 1);
    this.#last = new Int32Array(count + 1);
    this.#tileOf = new Uint32Array(height * width);
    this.#placeOf = new Uint8Array(height * width);
    for (let feature = 0; feature < height * width; feature++) {
      const [y, x] = [Math.floor(feature / width), feature % width];
      this.#tileOf[feature] = Math.floor(y / rows) * across + Math.floor(x / columns);
      this.#placeOf[feature] = y % rows * columns + x % columns;
    }
  }

  protected override build({ pixels, first, length, samples }: StepPixels): void {
    const next = this.#next.fill(0);
    const last = this.#last.fill(-1);
    const tileOf = this.#tileOf;
    const placeOf = this.#placeOf;
    const always = next.length - 1;
    for (let sample = 0; sample < samples; sample++) {
      const end = first[sample]! + length[sample]!;
      for (let i = first[sample]!; i < end; i++) {
        const pixel = pixels[i]!;
        const tile = tileOf[pixel & 0xffffff]!;
        if (pixel >>> 24 === 0 || last[tile] === sample) continue;
        last[tile] = sample;
        next[tile]!++;
      }
    }
    next[always] = samples;
    for (let tile = 0; tile < next.length; tile++) {
      const entries = next[tile]!;
      next[tile] = this.open(entries);
      this.close(entries);
    }
    last.fill(-1);
    for (let sample = 0; sample < samples; sample++) {
      const end = first[sample]! + length[sample]!;
      for (let i = first[sample]!; i < end; i++) {
        const pixel = pixels[i]!;
        if (pixel >>> 24 === 0) continue;
        const feature = pixel & 0xffffff;
        const tile = tileOf[feature]!;
        if (last[tile] !== sample) {
          last[tile] = sample;
          next[tile] = this.entry(next[tile]!, sample);
        }
        this.set(next[tile]!, placeOf[feature]!, pixel >>> 24);
      }
      next[always] = this.entry(next[always]!, sample);
      this.set(next[always]!, 0, 255);
    }
  }
}
