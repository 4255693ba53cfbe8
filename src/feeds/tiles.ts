/**
 * The bytes of each step by tiles, for software drivers: which features are active in any of some
 * samples, or in which samples any of some features is. The host makes them.
 *
 * @module
 */

import type { BatchStep, Feed } from "../core/feed.ts";
import type { Scope } from "../core/scope.ts";
import { type Shape, sizeOf } from "../core/shape.ts";
import type { Source } from "../core/source.ts";
import type { StepBuffer } from "../gpu/bindings.ts";
import { BYTES_A_TEXEL } from "../gpu/texels.ts";
import { activeLists, byLength } from "./lists.ts";

/** How many samples or features a tile has: their values are the bytes of three words of a texel. */
export const TILE = 12;
/** Rows of a block of an image. */
const BLOCK_ROWS = 3;
/** Bytes of a chunk's tiles at most, of samples or of features. */
const CHUNK_BYTES = 1 << 20;

/** A sample cut into blocks, row by row; those at its right and lower edge may stick out. */
export interface PixelBlocks {
  /** Rows of the sample. */
  readonly height: number;
  /** Columns of the sample. */
  readonly width: number;
  /** Rows of a block. */
  readonly rows: number;
  /** Columns of a block. */
  readonly columns: number;
  /** Blocks beside each other. */
  readonly across: number;
  /** Blocks. */
  readonly count: number;
}

/** The lists of one step of a chunk, as they come to a builder of tiles. */
interface StepLists {
  /** The chunk's entries, `place | value << 24`, each list in ascending order. */
  readonly entries: Uint32Array;
  /** For each sample the index of its first entry. */
  readonly first: ArrayLike<number>;
  /** For each sample how many entries it has. */
  readonly length: ArrayLike<number>;
  /** How many samples there are. */
  readonly samples: number;
}

/**
 * The bytes of a batch by tiles of samples, made once for a program.
 *
 * @param scope A part of the program.
 * @param origin What a sample has in its data set.
 * @returns The feed.
 */
export function sampleTiles(scope: Scope, origin: Shape): Promise<SampleTiles> {
  return scope.feed("tiles of samples", (scope) => new SampleTiles(scope, sizeOf(origin)));
}

/**
 * The bytes of a batch by tiles of features, for steps that learn, made once for a program.
 *
 * @param scope A part of the program.
 * @param origin What a sample has in its data set.
 * @returns The feed.
 */
export function featureTiles(scope: Scope, origin: Shape): Promise<FeatureTiles> {
  return scope.feed("tiles of features", (scope) => new FeatureTiles(scope, blocksOf(origin)));
}

/**
 * Cuts a sample into blocks of {@linkcode TILE} numbers.
 *
 * @param shape What it has: the last dimension is that of its columns, all others are rows.
 * @returns The blocks: strips where the sample is a single row.
 */
export function blocksOf(shape: Shape): PixelBlocks {
  const width = shape.at(-1)!;
  const height = sizeOf(shape) / width;
  const rows = height < BLOCK_ROWS ? 1 : BLOCK_ROWS;
  const columns = TILE / rows;
  const across = Math.ceil(width / columns);
  return { height, width, rows, columns, across, count: across * Math.ceil(height / rows) };
}

/** Lists of tiles in the making: what {@linkcode SampleTiles} and {@linkcode FeatureTiles} share. */
abstract class Tiles implements Feed {
  /** vec2 of u32 for each tile: the first texel of its list and how many. */
  readonly table: StepBuffer;
  /**
   * An entry a texel: an index and a byte for each sample or feature of the tile, the first in the lowest
   * byte. The entries of a tile are even in number.
   */
  readonly entries: GPUTexture;
  /** How many samples or features a tile has. */
  readonly size = TILE;
  readonly #scope: Scope;
  readonly #steps: number;
  #records = new Uint32Array(0);
  /** The lists of a step: kept, since they are large. */
  #lists = new Uint32Array(0);
  /** The entries of a chunk: kept, since they are large. */
  protected words: Uint32Array<ArrayBuffer> = new Uint32Array(1 << 12);
  protected texels = 0;
  protected record = 0;

  constructor(scope: Scope, of: string, tiles: number, entries: number) {
    const texels = tiles * (entries + 1);
    this.#scope = scope;
    this.#steps = Math.max(1, Math.floor(CHUNK_BYTES / (texels * BYTES_A_TEXEL)));
    this.table = scope.window(8 * tiles, this.#steps, `tiles of ${of}`);
    this.entries = scope.texture(this.#steps * texels, `bytes by tiles of ${of}`);
  }

  /**
   * Steps that it holds at once.
   *
   * @returns At least 1.
   */
  stepsOf(): number {
    return this.#steps;
  }

  /**
   * Orders the samples of a batch: those with the longest lists first.
   *
   * @param source Where they are.
   * @param samples Which.
   * @returns The same samples.
   */
  order(source: Source, samples: Uint32Array): Uint32Array {
    return byLength(activeLists(source), samples);
  }

  /**
   * Makes the tiles of steps and writes them.
   *
   * @param steps The steps.
   */
  load(steps: readonly BatchStep[]): void {
    this.#records = new Uint32Array(steps.length * this.table.stride / 4);
    this.texels = 0;
    steps.forEach((step, i) => {
      if (!this.takes(step)) return;
      this.record = i * this.table.stride / 4;
      this.build(this.#listsOf(step));
    });
    const { gpu } = this.#scope;
    gpu.write(this.table.buffer, this.#records);
    gpu.writeTexture(this.entries, this.words.subarray(0, 4 * this.texels));
  }

  #listsOf({ source, samples }: BatchStep): StepLists {
    const lists = activeLists(source);
    const first: number[] = [];
    const length = Array.from(samples, (sample) => lists.lengthOf(sample));
    let total = 0;
    for (const count of length) {
      first.push(total);
      total += count;
    }
    if (this.#lists.length < total) this.#lists = new Uint32Array(total);
    samples.forEach((sample, i) => lists.copy(sample, this.#lists, first[i]!));
    return { entries: this.#lists, first, length, samples: samples.length };
  }

  /** Whether a step needs the tiles. */
  protected takes(_step: BatchStep): boolean {
    return true;
  }

  /** Adds the lists of a step, one for each tile. */
  protected abstract build(lists: StepLists): void;

  /** Makes room for a list of at most so many entries; gives the index of its first word. */
  protected begin(entries: number): number {
    const most = 4 * (this.texels + entries + 1);
    if (this.words.length < most) {
      const larger = new Uint32Array(2 * most);
      larger.set(this.words);
      this.words = larger;
    }
    return 4 * this.texels;
  }

  /** Ends the list of a tile. Kernels take entries two by two: an odd list gets one that counts nothing. */
  protected finish(entries: number): void {
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
}

/** Some samples a tile: which features are active in any of them, and with which values. */
export class SampleTiles extends Tiles {
  readonly #tiles: number;
  /** For each feature where its entry ends; 0 without one. */
  readonly #ends: Uint32Array;

  /**
   * Makes room for tiles.
   *
   * @param scope The program's.
   * @param features Features of a sample.
   */
  constructor(scope: Scope, features: number) {
    const tiles = Math.ceil(scope.batchSize / TILE);
    super(scope, "samples", tiles, features);
    this.#tiles = tiles;
    this.#ends = new Uint32Array(features);
  }

  protected override build({ entries, first, length, samples }: StepLists): void {
    const ends = this.#ends;
    for (let tile = 0; tile < this.#tiles; tile++) {
      const start = this.begin(ends.length);
      let at = start;
      for (let s = 0; s < TILE && tile * TILE + s < samples; s++) {
        const sample = tile * TILE + s;
        for (let i = first[sample]!; i < first[sample]! + length[sample]!; i++) {
          const pixel = entries[i]!;
          const feature = pixel & 0xffffff;
          if (pixel === feature) continue;
          if (ends[feature] === 0) ends[feature] = at = this.entry(at, feature);
          this.set(ends[feature]!, s, pixel >>> 24);
        }
      }
      for (let i = start; i < at; i += 4) ends[this.words[i]!] = 0;
      this.finish((at - start) / 4);
    }
  }
}

/**
 * Some features a tile: in which samples any of them is active, and with which values. The features of
 * a tile are a block of the image, since neighbours are active together. One more feature is active in
 * each sample with the value 255; it has the last tile for itself.
 */
export class FeatureTiles extends Tiles {
  /** How a sample is cut. */
  readonly blocks: PixelBlocks;
  readonly #next: Uint32Array;
  /** The last sample that each tile has an entry of. */
  readonly #last: Int32Array;
  /** The tile of each feature, and its place there. */
  readonly #tileOf: Uint32Array;
  readonly #placeOf: Uint8Array;

  /**
   * Makes room for tiles.
   *
   * @param scope The program's.
   * @param blocks How a sample is cut.
   */
  constructor(scope: Scope, blocks: PixelBlocks) {
    super(scope, "features", blocks.count + 1, scope.batchSize);
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

  protected override takes(step: BatchStep): boolean {
    return step.update !== undefined;
  }

  protected override build({ entries, first, length, samples }: StepLists): void {
    const next = this.#next.fill(0);
    const last = this.#last.fill(-1);
    const tileOf = this.#tileOf;
    const placeOf = this.#placeOf;
    const always = next.length - 1;
    for (let sample = 0; sample < samples; sample++) {
      const end = first[sample]! + length[sample]!;
      for (let i = first[sample]!; i < end; i++) {
        const pixel = entries[i]!;
        const tile = tileOf[pixel & 0xffffff]!;
        if (pixel >>> 24 === 0 || last[tile] === sample) continue;
        last[tile] = sample;
        next[tile]!++;
      }
    }
    next[always] = samples;
    for (let tile = 0; tile < next.length; tile++) {
      const count = next[tile]!;
      next[tile] = this.begin(count);
      this.finish(count);
    }
    last.fill(-1);
    for (let sample = 0; sample < samples; sample++) {
      const end = first[sample]! + length[sample]!;
      for (let i = first[sample]!; i < end; i++) {
        const pixel = entries[i]!;
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
