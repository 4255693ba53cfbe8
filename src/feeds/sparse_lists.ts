import type { BatchStep, Feed, SampleRecords } from "../core/feed.ts";
import { SAMPLE_RECORD } from "../core/feed.ts";
import type { Scope } from "../core/scope.ts";
import type { Source } from "../core/source.ts";
import { eventTime } from "../core/time.ts";
import type { Gpu } from "../gpu/gpu.ts";
import { BYTES_A_TEXEL } from "../gpu/texels.ts";
import { byLength, type Lists, MOST_PLACES } from "./lists.ts";
import { Places } from "./places.ts";

/**
 * Bytes of a chunk's lists at most, where none stay on the device: each takes as much again on its way
 * there, and there is a program for each mode.
 */
const CHUNK_BYTES = { train: 1 << 22, infer: 1 << 21, record: 1 << 21 };
/** Words of a texel, each an entry of a list. */
const WORDS = BYTES_A_TEXEL / 4;

/** What a {@linkcode SparseLists} feed brings. */
export interface SparseListsOptions {
  /** Places of a sample. */
  readonly size: number;
  /** The lists of a data set. */
  readonly listsOf: (source: Source) => Lists;
  /**
   * Whether the lists come with their entries' spikes.
   *
   * @default {false}
   */
  readonly spikes?: boolean;
  /**
   * Orders the samples of a batch.
   *
   * @default {those with the longest lists first}
   */
  readonly order?: (source: Source, samples: Uint32Array) => Uint32Array;
}

/**
 * Brings lists of active places to the device, one after the other in a texture
 * (`kernels/lib/events.wgsl`). A list stays there as long as there is room: a data set that fits is
 * written once.
 */
export class SparseLists implements Feed {
  /** The lists, four entries to a texel. */
  readonly entries: GPUTexture;
  /** The spikes of the entries, in texels `(4 * first + i) * blocks` of the list that starts at `first`. */
  readonly spikes?: GPUTexture;
  readonly #gpu: Gpu;
  readonly #batchSize: number;
  readonly #blocks: number;
  readonly #listsOf: SparseListsOptions["listsOf"];
  readonly #order: NonNullable<SparseListsOptions["order"]>;
  readonly #places: Places;
  /** What is on its way to the device: kept, since it is large. */
  #words = new Uint32Array(0);
  #spikeWords = new Uint32Array(0);

  /**
   * Makes room for lists.
   *
   * @param scope The program's.
   * @param options What they are.
   * @throws {RangeError} If a sample has more places than an entry can tell apart.
   */
  constructor(scope: Scope, options: SparseListsOptions) {
    const { size, listsOf, spikes = false } = options;
    if (size > MOST_PLACES) {
      throw new RangeError(
        `Cannot list ${size} places of a sample: it can be ${MOST_PLACES} at most`,
      );
    }
    this.#gpu = scope.gpu;
    this.#batchSize = scope.batchSize;
    this.#blocks = eventTime(scope.timeSteps).blocks;
    this.#listsOf = listsOf;
    this.#order = options.order ?? ((source, samples) => byLength(listsOf(source), samples));
    const kept = scope.mode === "record" ? 0 : scope.gpu.preset.keptPixelBytes;
    const step = scope.batchSize * Math.ceil(size / WORDS);
    // With spikes a texel of entries has 4 * blocks others.
    const unit = BYTES_A_TEXEL * (spikes ? 1 + WORDS * this.#blocks : 1);
    const texels = Math.max(step, Math.floor(Math.max(CHUNK_BYTES[scope.mode], kept) / unit));
    this.entries = scope.texture(texels, "lists");
    if (spikes) this.spikes = scope.texture(texels * WORDS * this.#blocks, "spikes of lists");
    this.#places = new Places(
      texels,
      (source, sample) => Math.ceil(listsOf(source).lengthOf(sample) / WORDS),
    );
  }

  /**
   * Steps that it holds at once: as many as the longest list of a data set allows.
   *
   * @param source The data set.
   * @returns At least 1.
   */
  stepsOf(source: Source): number {
    const longest = Math.max(1, Math.ceil(this.#listsOf(source).longest / WORDS));
    return Math.max(1, Math.floor(this.#places.capacity / (this.#batchSize * longest)));
  }

  /**
   * Orders the samples of a batch.
   *
   * @param source Where they are.
   * @param samples Which.
   * @returns The same samples.
   */
  order(source: Source, samples: Uint32Array): Uint32Array {
    return this.#order(source, samples);
  }

  /**
   * Writes the lists that aren't there yet.
   *
   * @param steps The steps.
   * @param records The records of their samples.
   */
  load(steps: readonly BatchStep[], records: SampleRecords): void {
    const { first, length, missing } = this.#places.place(steps);
    if (length > 0) {
      const texels = WORDS * this.#blocks;
      const words = this.#words = cleared(this.#words, WORDS * length);
      const spikes = cleared(this.#spikeWords, this.spikes ? WORDS * texels * length : 0);
      this.#spikeWords = spikes;
      for (const { source, sample, offset } of missing) {
        const lists = this.#listsOf(source);
        lists.copy(sample, words, WORDS * offset);
        if (this.spikes) lists.copySpikes!(sample, spikes, WORDS * texels * offset);
      }
      this.#gpu.writeTexture(this.entries, words.subarray(0, WORDS * length), first);
      if (this.spikes) {
        const written = spikes.subarray(0, WORDS * texels * length);
        this.#gpu.writeTexture(this.spikes, written, texels * first);
      }
    }
    steps.forEach(({ source, samples }, step) => {
      samples.forEach((sample, i) => {
        const at = records.at(step, i);
        records.words[at + SAMPLE_RECORD.first] = this.#places.of(source, sample);
        records.words[at + SAMPLE_RECORD.events] = this.#listsOf(source).lengthOf(sample);
      });
    });
  }
}

/** An array of zeros with so many words at least, the same one where it is large enough. */
function cleared(words: Uint32Array<ArrayBuffer>, length: number): Uint32Array<ArrayBuffer> {
  if (words.length < length) return new Uint32Array(length);
  words.fill(0, 0, length);
  return words;
}
