import { includes } from "../../kernels/includes.ts";
import * as kernels from "../../kernels/input/mod.ts";
import type { BatchStep, Feed, SampleRecords } from "../core/feed.ts";
import { SAMPLE_RECORD } from "../core/feed.ts";
import { denseBytes } from "../core/dense.ts";
import type { Scope } from "../core/scope.ts";
import { type Shape, sizeOf } from "../core/shape.ts";
import type { NumberSignal } from "../core/signal.ts";
import type { Source } from "../core/source.ts";
import { timeQuads } from "../core/time.ts";
import { workgroupsFor } from "../gpu/dispatch.ts";
import { LateDispatch } from "./late_dispatch.ts";
import { Places } from "./places.ts";

/** Bytes of a chunk's rows at most, where none stay on the device. */
const CHUNK_BYTES = 1 << 21;
/** Lanes of a workgroup in `kernels/input/gather.wgsl`. */
const LANES = 64;

/** What the rows of a {@linkcode Rows} feed hold. */
export interface RowsOptions {
  /** What a sample has at one time step. */
  readonly shape: Shape;
  /** Whether a number is a byte, read as value / 255, or a float. */
  readonly content: "bytes" | "floats";
  /** Whether each time step has numbers of its own. */
  readonly overTime: boolean;
}

/**
 * Brings the numbers of whole samples to the device, a row each, and gathers those of a step's batch
 * there. On a GPU the rows of a data set stay on the device as long as there is room, so that a step needs
 * nothing from the host but the numbers of its rows.
 */
export class Rows implements Feed {
  /** The numbers of the step's batch. */
  readonly signal: NumberSignal;
  readonly #scope: Scope;
  readonly #options: RowsOptions;
  /** Words of a row. */
  readonly #rowWords: number;
  readonly #gather = new LateDispatch("input/gather");
  /** Bytes of a chunk's rows, where none stay on the device. */
  readonly #chunkBytes: number;
  #buffer: GPUBuffer | undefined;
  #places!: Places;
  /** Rows on their way to the device: kept, since they are large. */
  #words = new Uint32Array(0);

  private constructor(scope: Scope, options: RowsOptions) {
    const { batchSize, timeSteps } = scope;
    const { shape, content, overTime } = options;
    const size = sizeOf(shape);
    this.#scope = scope;
    this.#options = options;
    this.#rowWords = content === "bytes" ? Math.ceil(size / 4) : size * (overTime ? timeSteps : 1);
    const step = batchSize * this.#rowWords * 4;
    this.#chunkBytes = Math.max(step, Math.floor(CHUNK_BYTES / step) * step);
    const bytes = overTime ? denseBytes(timeSteps, batchSize * size) : batchSize * size * 4;
    this.signal = {
      kind: "numbers",
      shape,
      over: overTime ? "time" : "constant",
      values: scope.buffer(bytes, "input"),
    };
    scope.add("forward", this.#gather);
  }

  /**
   * Makes the feed, with room for one chunk.
   *
   * @param scope The program's.
   * @param options What the rows hold.
   * @returns The feed.
   */
  static async create(scope: Scope, options: RowsOptions): Promise<Rows> {
    const rows = new Rows(scope, options);
    await rows.#resize(rows.#chunkBytes);
    return rows;
  }

  /**
   * Steps that it holds at once.
   *
   * @returns At least 1.
   */
  stepsOf(): number {
    const step = this.#scope.batchSize * this.#rowWords;
    return Math.max(1, Math.floor(this.#places.capacity / step));
  }

  /**
   * Makes room for the whole data set, where rows stay on the device.
   *
   * @param source The data set.
   * @param flush Submits the steps that were made ready before.
   * @param besides Data sets whose steps come in turn with those of this one.
   */
  async open(
    source: Source,
    flush: () => void,
    besides: readonly Source[] = [],
  ): Promise<void> {
    const { preset, largestBuffer } = this.#scope.gpu;
    if (this.#scope.mode === "record") return;
    const held = this.#places.capacity * 4;
    const rows = [source, ...besides].reduce((sum, { dataset }) => sum + dataset.count, 0);
    const wanted = this.#chunkBytes + rows * this.#rowWords * 4;
    const bytes = Math.min(wanted, preset.keptPixelBytes, largestBuffer);
    if (bytes > held) await this.#resize(bytes, flush);
  }

  /** Takes other memory, in which nothing is yet. */
  async #resize(bytes: number, flush?: () => void): Promise<void> {
    const scope = this.#scope;
    const { gpu, batchSize, timeSteps, step, samples } = scope;
    const { shape, content, overTime } = this.#options;
    const size = sizeOf(shape);
    const buffer = scope.buffer(bytes, "rows");
    const items = overTime
      ? batchSize * size * timeQuads(timeSteps)
      : content === "bytes"
      ? batchSize * this.#rowWords
      : batchSize * size;
    const kernel = await gpu.compile({
      name: "input/gather",
      texts: [kernels.gather],
      values: {
        batch: batchSize,
        size,
        rowWords: this.#rowWords,
        bytes: content === "bytes",
        overTime,
        steps: timeSteps,
        quads: timeQuads(timeSteps),
      },
      includes,
    });
    const { values } = this.signal;
    const dispatch = await kernel.bind(
      { step, samples, rows: buffer, values },
      workgroupsFor(items, LANES),
    );
    flush?.();
    if (this.#buffer) scope.free(this.#buffer);
    this.#buffer = buffer;
    this.#gather.dispatch = dispatch;
    this.#places = new Places(Math.floor(bytes / 4), () => this.#rowWords);
  }

  /**
   * Writes the rows that aren't there yet.
   *
   * @param steps The steps.
   * @param records The records of their samples.
   */
  load(steps: readonly BatchStep[], records: SampleRecords): void {
    const { first, length, missing } = this.#places.place(steps);
    if (length > 0) {
      if (this.#words.length < length) this.#words = new Uint32Array(length);
      for (const { source, sample, offset } of missing) this.#copy(source, sample, offset);
      this.#scope.gpu.write(this.#buffer!, this.#words.subarray(0, length), 4 * first);
    }
    steps.forEach(({ source, samples }, step) => {
      samples.forEach((sample, i) => {
        records.words[records.at(step, i) + SAMPLE_RECORD.row] = this.#places.of(source, sample);
      });
    });
  }

  #copy(source: Source, sample: number, word: number): void {
    const { content } = source.dataset;
    const { timeSteps } = this.#scope;
    const { shape, overTime } = this.#options;
    const size = sizeOf(shape);
    const numbers = size * (overTime ? timeSteps : 1);
    if (content.kind === "events") return;
    const row = content.data.subarray(sample * numbers, (sample + 1) * numbers);
    const target = content.kind === "bytes"
      ? new Uint8Array(this.#words.buffer)
      : new Float32Array(this.#words.buffer);
    const first = content.kind === "bytes" ? 4 * word : word;
    target.set(row, first);
    // What comes after a sample's end is nothing.
    const own = overTime ? size * source.lengthOf(sample, timeSteps) : numbers;
    target.fill(0, first + own, first + numbers);
  }
}
